"""Campaign pages: every kind and way of paying is there, and every sum drawn is the one `quote` counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.catalog.campaigns import Campaign, CampaignKind, FundingLine, Payer
from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Product, SourceKind
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform import clock
from chalicelib.pricing import rules
from chalicelib.pricing.model import Quote
from publishing import compiler
from publishing.compiler import Compiled
from sitebuild import formats
from sitebuild.campaigns import funding, lists
from tests.site.altered_site import Altered
from tests.site.building import ROOT
from tests.site.html import Parsed, read_html

KB = 1024
TODAY = clock.today()
COMPILED: Compiled = compiler.compile_content(ROOT / "content")
CATALOGUE: Catalogue = COMPILED.catalogue
CODES = [each.code for each in CATALOGUE.campaigns]
PAST = [each.code for each in CATALOGUE.campaigns if each.window.last < TODAY]
OPEN = [each.code for each in CATALOGUE.campaigns if each.window.first <= TODAY <= each.window.last]
SEVERAL = [each.code for each in CATALOGUE.campaigns if len(each.products) > 1]


def page_of(site_dir: Path, code: str) -> Parsed:
    return read_html(site_dir / "campaigns" / code / "index.html")


def raw_text(site_dir: Path, path: str) -> str:
    """All words of a page, without tags."""
    html = (site_dir / path / "index.html").read_text("utf-8")
    return re.sub(r"<[^>]+>", "", html.partition("<main")[2])


def nearest_day(campaign: Campaign) -> ShanghaiDate:
    return min(max(TODAY, campaign.window.first), campaign.window.last)


def products_of(campaign: Campaign, day: ShanghaiDate) -> tuple[Product, ...]:
    return tuple(CATALOGUE.product(code, day) for code in campaign.products)


def quote_on(campaign: Campaign, day: ShanghaiDate) -> Quote:
    region = CATALOGUE.region(campaign.regions[0])
    return rules.quote(products_of(campaign, day), campaign, 1, region, day)


def own(quote: Quote) -> int:
    return sum(share.fee_fen for share in quote.shares if share.payer is Payer.WORKER)


def drawings(page: Parsed, kind: str) -> list[list[dict[str, str]]]:
    """The attributes of the rectangles of each picture of class `kind`."""
    found: list[list[dict[str, str]]] = []
    inside = False
    for each in page.elements:
        if each.tag == "svg":
            inside = each.attributes.get("class") == kind
            if inside:
                found.append([])
        elif each.tag == "rect" and inside:
            found[-1].append(each.attributes)
    return found


# --- what there is ---------------------------------------------------------------------------------------


def test_every_kind_of_campaign_is_there() -> None:
    assert {each.kind for each in CATALOGUE.campaigns} == set(CampaignKind)


def lines(code: str) -> Sequence[FundingLine]:
    return CATALOGUE.campaign(code).funding


def payers(code: str) -> set[Payer]:
    return {line.payer for line in lines(code)}


WAYS: dict[str, Any] = {
    "the union pays it all": lambda: own(quote_on(CATALOGUE.campaign("union-pays-nef"), TODAY)) == 0,
    "main bought, supplement given": lambda: (
        {line.products for line in lines("buy-main-get-supplement")}
        == {("hospital-medical",), ("womens-disease",)}
    ),
    "a package shared": lambda: CATALOGUE.campaign("package-shared").bundle == "worry-free",
    "three parties": lambda: (
        payers("three-parties") == {Payer.EMPLOYER, Payer.GRASSROOTS_UNION, Payer.WORKER}
    ),
    "province grant": lambda: 875 in {line.fixed_fen for line in lines("province-grant")},
    "gift to eight groups": lambda: len(CATALOGUE.campaign("million-gift").occupation_groups) == 8,
    "city, county, grassroots": lambda: (
        [line.fixed_fen for line in lines("qingfeng-2025")] == [2000, 1000, 5000]
    ),
    "aid by enrolment date": lambda: (
        [step.fixed_fen for line in lines("luyi-2025") for step in line.by_enrolment_date]
        == [3000, 2000, 1000]
    ),
    "employer half, paid in advance": lambda: (
        CATALOGUE.campaign("shilin-2025").advance_payer is Payer.EMPLOYER
        and lines("shilin-2025")[0].percent == 50
    ),
    "dues refunded": lambda: payers("dues-refund") == {Payer.GRASSROOTS_UNION, Payer.WORKER},
    "told by text message": lambda: CATALOGUE.campaign("five-gifts").kind is CampaignKind.GIFT,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_paying_has_a_campaign(way: str) -> None:
    assert WAYS[way]()


@pytest.mark.parametrize("words_", ["大单位", "小单位", "骑手", "大流乡", "2万元", "320人", "79人"])
def test_the_other_grants_of_the_county_are_told_with_its_campaign(site_dir: Path, words_: str) -> None:
    assert words_ in raw_text(site_dir, "campaigns/qingfeng-2025")


def test_published_splits_add_up_as_published() -> None:
    quote = quote_on(CATALOGUE.campaign("qingfeng-2025"), CATALOGUE.campaign("qingfeng-2025").window.first)
    assert (quote.fee_fen, [share.fee_fen for share in quote.shares]) == (8000, [2000, 1000, 5000])
    half = quote_on(CATALOGUE.campaign("shilin-2025"), CATALOGUE.campaign("shilin-2025").window.first)
    assert [share.fee_fen for share in half.shares] == [4000, 4000]


@pytest.mark.parametrize("code", CODES)
def test_a_campaign_says_where_its_split_comes_from(site_dir: Path, code: str) -> None:
    text, source = raw_text(site_dir, f"campaigns/{code}"), CATALOGUE.campaign(code).sources["funding"]
    if source.kind is SourceKind.PUBLISHED:
        assert f"谁出多少：{source.where}" in text
    else:
        assert "示范数值，以经办机构正式条款为准" in text
    assert "/cases/" in _html(site_dir, code), "links the case it follows"


def _html(site_dir: Path, code: str) -> str:
    return (site_dir / "campaigns" / code / "index.html").read_text("utf-8").partition("<main")[2]


@pytest.mark.parametrize("code", OPEN)
def test_an_open_campaign_has_posters_and_one_button(site_dir: Path, code: str) -> None:
    assert CATALOGUE.campaign(code).channels
    page = page_of(site_dir, code)
    buttons = [
        each.attributes["href"] for each in page.elements if each.attributes.get("class", "") == "button"
    ]
    view = lists.view_of(COMPILED, code, TODAY)
    assert buttons == [view.join_url if view.joins_online else "/guide/clerk/"]


# --- who pays what, drawn --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_the_parts_of_each_bar_fill_it(site_dir: Path, code: str) -> None:
    bars = drawings(page_of(site_dir, code), "bar")
    scopes = rules.funding_scopes(CATALOGUE.campaign(code))
    assert len(bars) == len(scopes)
    for bar in bars:
        assert sum(float(each["width"]) for each in bar) == pytest.approx(100, abs=0.05)
        ends = [float(each["x"]) + float(each["width"]) for each in bar]
        assert [float(each["x"]) for each in bar][1:] == pytest.approx(ends[:-1], abs=0.05)


@pytest.mark.parametrize("code", CODES)
def test_the_number_set_big_is_the_workers_own_part(site_dir: Path, code: str) -> None:
    campaign = CATALOGUE.campaign(code)
    quote = quote_on(campaign, nearest_day(campaign))
    big = next(
        each for each in page_of(site_dir, code).all("b") if "accent" in each.attributes.get("class", "")
    )
    if Payer.WORKER not in payers(code):
        assert big.text == formats.yuan(quote.fee_fen)
        assert "您自己出" not in raw_text(site_dir, f"campaigns/{code}")
    elif code == "luyi-2025":
        assert big.text == "50—70"
    else:
        assert big.text == formats.yuan(own(quote))


@pytest.mark.parametrize("code", CODES)
def test_every_payers_part_is_said_in_words(site_dir: Path, code: str) -> None:
    campaign = CATALOGUE.campaign(code)
    text = raw_text(site_dir, f"campaigns/{code}").replace("\n", "")
    for share in quote_on(campaign, nearest_day(campaign)).shares:
        if len(rules.funding_scopes(campaign)) == 1:
            assert f"{share.label}{formats.yuan(share.fee_fen)}元" in text
    if campaign.advance_payer is None:
        assert not re.search("先替大家垫上|先付清", text)
    else:
        label = funding.label_of(campaign, campaign.advance_payer)
        pays = own(quote_on(campaign, nearest_day(campaign)))
        said = f"{label}先替大家垫上全部会费" if pays else f"会费由{label}先付清"
        assert said in text
        assert not pays or f"自己的{formats.yuan(pays)}元随后再交" in text


def test_a_supplement_given_has_a_bar_of_its_own_with_nothing_for_the_worker(site_dir: Path) -> None:
    text = raw_text(site_dir, "campaigns/buy-main-get-supplement").replace("\n", "")
    campaign = CATALOGUE.campaign("buy-main-get-supplement")
    main, given = products_of(campaign, TODAY)
    half = formats.yuan(main.fee_fen // 2)
    assert f"您的单位{half}元您自己{half}元" in text
    assert f"{given.short_name} 送省总工会{formats.yuan(given.fee_fen)}元您自己0元" in text


def steps_told(page_text: str) -> list[tuple[str, str, str]]:
    """(days, aid, own part) of each line beside the steps."""
    return re.findall(r"(\d+月\d+日至\d+月\d+日)(?: 今天)?县总工会补([\d.]+)元自己出([\d.]+)元", page_text)


def test_the_steps_have_the_same_numbers_in_words_as_the_quote_of_each_day(site_dir: Path) -> None:
    campaign = CATALOGUE.campaign("luyi-2025")
    text = raw_text(site_dir, "campaigns/luyi-2025").replace("\n", "")
    told = steps_told(text)
    dated = campaign.funding[0].by_enrolment_date
    assert len(told) == len(dated) == 3
    for (days, aid, own_part), step in zip(told, dated, strict=True):
        assert days == formats.step_days(step.first, step.last, (step.first, step.last))
        for day in (step.first, step.last):
            quote = quote_on(campaign, day)
            assert own_part == formats.yuan(own(quote))
            assert aid == formats.yuan(quote.fee_fen - own(quote))
    (chart,) = drawings(page_of(site_dir, "luyi-2025"), "chart")
    heights = [int(each["height"]) for each in chart if each["class"] == "own"]
    fees = [own(quote_on(campaign, step.first)) for step in dated]
    assert heights == [round(132 * fee / 8000) for fee in fees]
    assert sum(float(each["width"].rstrip("%")) for each in chart) / 2 == pytest.approx(100, abs=0.05)
    assert "今天" not in text.partition("哪天参加")[2].partition("先看")[0]


def test_todays_step_is_marked_while_the_campaign_runs(altered: Altered) -> None:
    """The same campaign, with today in its second step."""
    text = raw_text(altered.site, "campaigns/luyi-now").replace("\n", "")
    assert text.count("今天县总工会补20元自己出60元") == 1
    assert "今天参加，您自己出 60元" in text
    page = page_of(altered.site, "luyi-now")
    (line,) = page.all("line")
    (chart,) = drawings(page, "chart")
    second = next(each for each in chart[2:4] if each["class"] == "own")
    start, width = (float(second[name].rstrip("%")) for name in ("x", "width"))
    assert start < float(line.attributes["x1"].rstrip("%")) < start + width


def test_steps_too_short_to_label_are_drawn_equally_wide() -> None:
    campaign = CATALOGUE.campaign("luyi-2025")
    first, last = campaign.window.first, campaign.window.last
    dated = campaign.funding[0].by_enrolment_date
    cut = (
        msgspec.structs.replace(dated[0], last=first + timedelta(days=2)),
        msgspec.structs.replace(dated[1], first=first + timedelta(days=3)),
        dated[2],
    )
    changed = msgspec.structs.replace(
        campaign,
        funding=(msgspec.structs.replace(campaign.funding[0], by_enrolment_date=cut), *campaign.funding[1:]),
    )
    chart = funding.step_chart(changed, products_of(campaign, first), CATALOGUE.region("luyi"), last)
    assert chart is not None
    assert [each.width for each in chart.steps] == [33.33] * 3
    assert chart.current is chart.steps[-1]
    assert chart.today is not None
    assert chart.today > 99


def test_somebody_is_named_for_the_odd_fen_only_where_there_is_one() -> None:
    campaign = CATALOGUE.campaign("three-parties")
    (product,) = products_of(campaign, TODAY)
    assert not funding.rounds(campaign, [product])
    odd = msgspec.structs.replace(product, fee_fen=8001)
    assert funding.rounds(campaign, [odd])
    shares = rules.split(odd.fee_fen, campaign.funding, campaign.rounding_payer, TODAY)
    assert sum(share.fee_fen for share in shares) == 8001


def test_a_split_that_ends_at_the_unit_says_nothing_about_the_worker(site_dir: Path) -> None:
    text = raw_text(site_dir, "campaigns/qingfeng-2025").replace("\n", "")
    assert "每人会费 80元" in text
    assert "职工出多少，没有写" in text
    shares = quote_on(
        CATALOGUE.campaign("qingfeng-2025"), nearest_day(CATALOGUE.campaign("qingfeng-2025"))
    ).shares
    assert [each.label for each in funding.slices_of(shares, worker_named=False)] == [
        "市级补助",
        "县区补助",
        "基层自筹",
    ]


# --- several products ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SEVERAL)
def test_what_is_not_covered_is_grouped_by_product_and_stands_before_what_is(
    site_dir: Path, code: str
) -> None:
    campaign = CATALOGUE.campaign(code)
    refused, _, covered = _html(site_dir, code).partition('id="not-covered"')[2].partition('id="covered"')
    at = -1
    for product in products_of(campaign, nearest_day(campaign)):
        found = refused.index(f"<h3>{product.short_name}</h3>")
        assert found > at
        at = found
        assert f"<h3>{product.short_name}</h3>" in covered
        assert f"/products/{product.code}/#not-covered" in refused
        for each in product.exclusions:
            assert f"<li>{each.title}</li>" in refused[at:]


def test_ages_are_said_once_and_sex_with_its_product(site_dir: Path) -> None:
    campaign = CATALOGUE.campaign("package-shared")
    view = lists.view_of(COMPILED, "package-shared", TODAY)
    women = next(each for each in products_of(campaign, TODAY) if each.code == "womens-disease")
    assert f"{women.short_name}：只面向女职工" in view.who
    assert sum("周岁" in line for line in view.who) in (1, len(campaign.products))
    for line in view.who:
        assert line in raw_text(site_dir, "campaigns/package-shared")


def test_a_childs_ages_are_the_childs(site_dir: Path) -> None:
    child = CATALOGUE.product("childrens-accident", TODAY)
    text = raw_text(site_dir, "bundles/family")
    assert f"{child.short_name}：保您的孩子，{child.ages.first}至{child.ages.last}周岁" in text


def test_a_package_shows_its_fee_and_the_campaigns_that_share_it(site_dir: Path) -> None:
    for bundle in CATALOGUE.bundles:
        products = [CATALOGUE.product(code, TODAY) for code in bundle.products]
        fee = formats.yuan(sum(each.fee_fen for each in products))
        assert f"每人会费共{fee}元" in raw_text(site_dir, f"bundles/{bundle.code}").replace("\n", "")
    assert 'href="/campaigns/package-shared/"' in (site_dir / "bundles/worry-free/index.html").read_text(
        "utf-8"
    )


# --- past, present and to come ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", PAST)
def test_a_past_campaign_stays_readable_as_past(site_dir: Path, code: str) -> None:
    html, page = _html(site_dir, code), page_of(site_dir, code)
    assert "这个活动已经结束" in html
    assert not [each for each in page.elements if "button" in each.attributes.get("class", "").split()]
    assert [each.attributes["src"].split(".")[0] for each in page.all("script")] == ["/js/large"]
    assert "立即参加" not in html
    open_links = [each for each in OPEN if f'href="/campaigns/{each}/"' in html.partition('class="pay"')[0]]
    assert len(open_links) == 2
    own_products = set(CATALOGUE.campaign(code).products)
    assert own_products & set(CATALOGUE.campaign(open_links[0]).products)
    assert not (site_dir / "services/join" / code).exists()


def test_the_list_is_grouped_by_what_is_open_to_come_and_over(site_dir: Path) -> None:
    html = (site_dir / "campaigns/index.html").read_text("utf-8").partition("<main")[2]
    running, past = html.partition("<h2>已经结束</h2>")[::2]
    assert "<h2>正在进行</h2>" in running
    for code in CODES:
        assert html.count(f'href="/campaigns/{code}/"') == 1
        assert (f'href="/campaigns/{code}/"' in past) == (code in PAST)
    view = lists.view_of(COMPILED, "three-parties", TODAY)
    assert f"{view.own_words}<small>元</small>" in running
    coming = lists.grouped(COMPILED, date(2026, 6, 1))
    assert "还没开始" in [name for name, _ in coming]
    assert all(views for _, views in coming)


def test_the_front_page_shows_three_open_campaigns_and_the_way_to_all(site_dir: Path) -> None:
    html = (site_dir / "index.html").read_text("utf-8").partition("<main")[2]
    shown = [code for code in CODES if f'href="/campaigns/{code}/"' in html]
    assert len(shown) == min(3, len(OPEN))
    assert set(shown) <= set(OPEN)
    assert re.search(r'href="/campaigns/">全部活动<', html)
