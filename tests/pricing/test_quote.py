"""Every way of sharing a fee the field knows, with its own figures; then any way at all, by property."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.campaigns import DatedAmount, FundingLine, Payer
from chalicelib.catalog.model import Catalogue
from chalicelib.kernel import Fen, InvalidRequestError
from chalicelib.pricing import rules

JUNE = date(2026, 6, 1)


def shares_of(
    catalogue: Catalogue, campaign: str, region: str, on: date = JUNE, people: int = 1, only: str = ""
) -> dict[str, int]:
    chosen = catalogue.campaign(campaign)
    codes = [only] if only else chosen.products
    products = [catalogue.product(code, on) for code in codes]
    quote = rules.quote(products, chosen, people, catalogue.region(region), on)
    assert sum(share.fee_fen for share in quote.shares) == quote.fee_fen
    assert quote.fee_fen == people * sum(each.fee_fen for each in products)
    return {share.payer: share.fee_fen for share in quote.shares}


def test_city_twenty_county_ten_and_grassroots_fifty_make_eighty_yuan(catalogue: Catalogue) -> None:
    split = shares_of(catalogue, "city-county-grassroots", "qingfeng")
    assert split == {"city_union": 2000, "county_union": 1000, "grassroots_union": 5000}


def test_the_employer_pays_half_for_427_people_and_advances_all(catalogue: Catalogue) -> None:
    split = shares_of(catalogue, "employer-half", "luohe", people=427)
    assert split == {"employer": 1_708_000, "worker": 1_708_000}
    assert catalogue.campaign("employer-half").advance_payer is Payer.EMPLOYER


@pytest.mark.parametrize(
    ("on", "county_fen"),
    [
        (date(2026, 1, 1), 3000),
        (date(2026, 3, 31), 3000),
        (date(2026, 4, 1), 2000),
        (date(2026, 6, 30), 2000),
        (date(2026, 7, 1), 1000),
        (date(2026, 12, 31), 1000),
    ],
)
def test_county_aid_falls_from_thirty_to_twenty_to_ten_by_enrolment_day(
    catalogue: Catalogue, on: date, county_fen: int
) -> None:
    assert shares_of(catalogue, "early-bird", "luyi", on) == {
        "county_union": county_fen,
        "worker": 8000 - county_fen,
    }


def test_three_parties_share_a_bundle_and_the_lost_fen_goes_to_the_named_payer(catalogue: Catalogue) -> None:
    # 33 % of 100.01 yuan is 33.0033; rounding down loses one fen of the whole, which the union takes.
    split = shares_of(catalogue, "three-parties", "xian")
    assert split == {"employer": 3300, "grassroots_union": 3301, "worker": 3400}


def test_a_fixed_province_grant_leaves_the_rest_to_the_union(catalogue: Catalogue) -> None:
    assert shares_of(catalogue, "province-grant", "shaanxi") == {
        "province_union": 875,
        "grassroots_union": 7125,
    }


def test_who_buys_the_base_plan_is_given_the_supplementary_one(catalogue: Catalogue) -> None:
    assert shares_of(catalogue, "supplement", "henan") == {"worker": 8000, "grassroots_union": 2001}
    assert shares_of(catalogue, "supplement", "henan", only="hospital") == {"worker": 8000}


def test_the_supplementary_plan_alone_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        shares_of(catalogue, "supplement", "henan", only="hospital-allowance")
    assert refused.value.code == "catalog.products_refused"


def test_half_a_bundle_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        shares_of(catalogue, "three-parties", "xian", only="hospital")
    assert refused.value.code == "catalog.products_refused"


def test_a_gift_costs_the_worker_nothing(catalogue: Catalogue) -> None:
    assert shares_of(catalogue, "gift", "xian", people=3) == {"province_union": 6003}


def test_the_union_pays_all_of_the_accident_plan_and_the_worker_nothing(catalogue: Catalogue) -> None:
    assert shares_of(catalogue, "union-pays-nef", "qingfeng") == {"worker": 0, "industry_union": 2500}


def test_without_a_campaign_nobody_else_pays(catalogue: Catalogue) -> None:
    product = catalogue.product("hospital", JUNE)
    quote = rules.quote([product], None, 2, catalogue.region("beijing"), JUNE)
    assert [(share.payer, share.fee_fen) for share in quote.shares] == [("worker", 16000)]


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2025, 12, 31), "catalog.unknown_product"),
        (date(2026, 1, 1), ""),
        (date(2027, 12, 31), ""),
        (date(2028, 1, 1), "catalog.campaign_over"),
    ],
)
def test_a_campaign_is_open_from_its_first_to_its_last_day(catalogue: Catalogue, on: date, code: str) -> None:
    try:
        shares_of(catalogue, "union-pays-nef", "henan", on)
        refused = ""
    except InvalidRequestError as error:
        refused = error.code
    assert refused == code


def test_a_campaign_does_not_reach_beyond_its_regions(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        shares_of(catalogue, "union-pays-nef", "xian")
    assert refused.value.code == "catalog.campaign_region"


def test_nobody_and_nothing_have_no_quote(catalogue: Catalogue) -> None:
    product, region = catalogue.product("hospital", JUNE), catalogue.region("beijing")
    for products, people in (([product], 0), ([product, product], 1), ([], 1)):
        with pytest.raises(InvalidRequestError):
            rules.quote(products, None, people, region, JUNE)


# --- any funding at all ----------------------------------------------------------------------------------


@st.composite
def fundings(draw: st.DrawFn) -> tuple[int, list[FundingLine], Payer]:
    """A fee with lines that fit it: fixed, percent and dated parts in any order, and one rest."""
    fee = draw(st.integers(0, 100_000))
    payers = draw(st.permutations(list(Payer)))
    count = draw(st.integers(0, len(payers) - 1))
    left_fen, left_percent, lines = fee, 100, []
    for payer in payers[:count]:
        way = draw(st.sampled_from(["fixed", "percent", "dated"]))
        if way == "percent":
            part = draw(st.integers(0, min(left_percent, left_fen * 100 // fee if fee else 0)))
            lines.append(FundingLine(payer=payer, label="占比", percent=part))
            left_percent -= part
            left_fen -= -(-fee * part // 100)
        else:
            part = draw(st.integers(0, left_fen))
            left_fen -= part
            if way == "fixed":
                lines.append(FundingLine(payer=payer, label="定额", fixed_fen=Fen(part)))
            else:
                other = Fen(draw(st.integers(0, part)))
                steps = (
                    DatedAmount(first=date(2026, 1, 1), last=JUNE, fixed_fen=Fen(part)),
                    DatedAmount(first=JUNE + timedelta(days=1), last=date(2026, 12, 31), fixed_fen=other),
                )
                lines.append(FundingLine(payer=payer, label="按日期", by_enrolment_date=steps))
    at = draw(st.integers(0, len(lines)))
    lines.insert(at, FundingLine(payer=payers[-1], label="其余", rest=True))
    return fee, lines, draw(st.sampled_from([line.payer for line in lines]))


@given(fundings(), st.sampled_from([JUNE, JUNE + timedelta(days=1)]))
def test_any_fitting_funding_splits_the_fee_exactly(
    funding: tuple[int, list[FundingLine], Payer], on: date
) -> None:
    fee, lines, rounding_payer = funding
    shares = rules.split(Fen(fee), lines, rounding_payer, on)
    assert sum(share.fee_fen for share in shares) == fee
    assert all(share.fee_fen >= 0 for share in shares)
    assert shares[-1].label == "其余"
    exact = {line.payer: line.fixed_fen for line in lines if line.fixed_fen is not None}
    for share in shares:
        if share.payer is not rounding_payer and share.payer in exact:
            assert share.fee_fen == exact[share.payer]
        line = next(each for each in lines if each.payer is share.payer)
        if line.percent is not None:
            lost = share.fee_fen - fee * line.percent // 100
            assert 0 <= lost < len(lines) if share.payer is rounding_payer else lost == 0


@given(fundings())
def test_funding_that_takes_more_than_the_fee_is_refused(
    funding: tuple[int, list[FundingLine], Payer],
) -> None:
    fee, lines, rounding_payer = funding
    greedy = [*lines, FundingLine(payer=Payer.WORKER, label="多收", fixed_fen=Fen(fee + 1))]
    with pytest.raises(rules.FundingError):
        rules.split(Fen(fee), greedy, rounding_payer, JUNE)


@given(st.integers(1, 100_000), st.integers(0, 99))
def test_funding_that_leaves_some_of_the_fee_to_nobody_is_refused(fee: int, percent: int) -> None:
    lines = [FundingLine(payer=Payer.EMPLOYER, label="单位", percent=percent)]
    with pytest.raises(rules.FundingError):
        rules.split(Fen(fee), lines, Payer.EMPLOYER, JUNE)
