"""The benefit engine: examples computed by hand, and each boundary from both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.benefits.model import Facts, Why, rounded
from chalicelib.benefits.rules import assess
from chalicelib.catalog.terms import Product, WaitingPeriod
from tests.benefits.plans import (
    START,
    allowance,
    bill,
    deductions,
    facts,
    hospital,
    ill,
    nef,
    paid,
    stay,
    total,
    womens,
)

# --- worked by hand --------------------------------------------------------------------------------------

# (terms, facts, fen). The arithmetic beside each is the one a person would do on paper, in yuan.
BY_HAND: dict[str, tuple[Product, Facts, int]] = {
    "death, funeral included": (nef(), facts(death=True), 5_000_000),
    "grade 4: 50,000 x 70 %": (nef(), facts(disability_grade=4), 3_500_000),
    "15 days: days 4 to 15 are 12, x 50": (nef(), facts(stays=(stay(15),)), 60_000),
    "(300 - 100) x 80 %": (nef(), facts(costs=bill(30_000)), 16_000),
    "others paid 300 of 1,000: (700 - 100) x 80 %": (
        nef(),
        facts(costs=bill(100_000, others_fen=30_000)),
        48_000,
    ),
    "insurance 400, others 300: (300 - 100) x 80 %": (
        nef(),
        facts(costs=bill(100_000, 40_000, 30_000)),
        16_000,
    ),
    "12,345.67: 80 % of 12,245.67 is 9,796.54, at most 5,000": (nef(), facts(costs=bill(1_234_567)), 500_000),
    "grade 10, 15 days, a bill of 300: 5,000 + 600 + 160": (
        nef(),
        facts(disability_grade=10, stays=(stay(15),), costs=bill(30_000)),
        576_000,
    ),
    "death after 35,000 for disability: 50,000 - 35,000": (
        nef(),
        facts(death=True, earlier=(paid("disability", 3_500_000, same=True),)),
        1_500_000,
    ),
    "death and grade 4 at once: 50,000, not 85,000": (
        nef(),
        facts(death=True, disability_grade=4),
        5_000_000,
    ),
    "40,000 for another accident before: 59,500 - 40,000": (
        nef(),
        facts(death=True, earlier=(paid("disability", 4_000_000),)),
        1_950_000,
    ),
    "grade 8 became grade 5 by the same accident: 30,000 - 15,000": (
        nef(),
        facts(disability_grade=5, earlier=(paid("disability", 1_500_000, same=True),)),
        1_500_000,
    ),
    "80 days paid before, 17 more due, 10 left, x 50": (
        nef(),
        facts(stays=(stay(20),), earlier=(paid("hospital_allowance", 400_000, days=80),)),
        50_000,
    ),
    "a second bill of the same accident: (300 + 500 - 100) x 80 % - 160": (
        nef(),
        facts(costs=bill(50_000), earlier=(paid("medical", 16_000, same=True, cost=30_000),)),
        40_000,
    ),
    "a bill of another accident: (500 - 100) x 80 %": (
        nef(),
        facts(costs=bill(50_000), earlier=(paid("medical", 16_000, cost=30_000),)),
        32_000,
    ),
    "4,900 of the 5,000 were paid before": (
        nef(),
        facts(costs=bill(50_000), earlier=(paid("medical", 490_000, cost=622_500),)),
        10_000,
    ),
    "5,000 x 40 % + 2,000 x 50 %": (hospital(), ill(costs=bill(700_000)), 300_000),
    "bill 20,000, insurance 12,000, outside 1,000: the same 7,000": (
        hospital(),
        ill(costs=bill(2_000_000, 1_200_000, outside_fen=100_000)),
        300_000,
    ),
    "others paid 60 of 100, 60 are outside the catalogue: nothing is left": (
        hospital(),
        ill(costs=bill(10_000, others_fen=6_000, outside_fen=6_000)),
        0,
    ),
    "5,000 x 40 % + 15,000 x 50 % + 10,000 x 60 %": (hospital(), ill(costs=bill(3_000_000)), 1_550_000),
    "two events of 5,000: 40 % each": (
        hospital(),
        ill(costs=bill(500_000), earlier=(paid("hospital", 200_000, cost=500_000),)),
        200_000,
    ),
    "counted by period, the second 5,000 is in the 50 % band": (
        hospital("period"),
        ill(costs=bill(500_000), earlier=(paid("hospital", 200_000, cost=500_000),)),
        250_000,
    ),
    "diagnosed on day 60: half of 15,000": (womens(), ill(diagnosis="diagnosis"), 750_000),
}


@pytest.mark.parametrize("example", BY_HAND)
def test_an_example_computed_by_hand_comes_out_to_the_fen(example: str) -> None:
    terms, told, fen = BY_HAND[example]
    assert total(terms, told) == fen


def test_published_sums_come_out_as_published() -> None:
    """Beijing: 15,000 yuan for a women's disease (2021 showcase); 40 a day from day 4, at most 7,200 (2011).

    No claim in our sources tells both the bill and the payment, so none can be computed back.
    """
    since_february = {"cover_from": START, "happened_on": date(2026, 6, 1)}
    assert total(womens(), ill(diagnosis="diagnosis", **since_february)) == 1_500_000
    beijing = allowance(4_000, from_day=4, max_days=180)
    assert total(beijing, ill(stays=(stay(183),))) == total(beijing, ill(stays=(stay(300),))) == 720_000


def test_every_line_says_its_clause_its_sum_and_how_it_was_computed() -> None:
    answer = assess(nef(), facts(disability_grade=4, stays=(stay(15),), costs=bill(1_234_567)))
    assert [(line.benefit, line.clause, line.before_fen, line.amount_fen) for line in answer.lines] == [
        ("disability", "article-7", 3_500_000, 3_500_000),
        ("hospital_allowance", "article-8", 60_000, 60_000),
        ("medical", "article-9", 979_654, 500_000),
    ]
    assert [line.text for line in answer.lines] == [
        "伤残第4级：50,000元×70%＝35,000元。",
        "住院15天，从第4天起算，12天×50元＝600元。",
        "别处没有报销的费用12,345.67元，起付线100元：12,245.67元×80%＝9,796.54元。",
    ]
    (limit,) = answer.lines[2].deductions
    assert (limit.why, limit.clause, limit.amount_fen) == (Why.ANNUAL_LIMIT, "article-9", 479_654)
    assert limit.text == "这一项每个保障期最多5,000元，超出部分不给付。"


# --- boundaries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grade", range(1, 11))
def test_each_grade_pays_its_own_percent_of_the_sum(grade: int) -> None:
    assert total(nef(), facts(disability_grade=grade)) == 5_000_000 * (11 - grade) // 10


@pytest.mark.parametrize(
    ("days", "fen"), [(2, 0), (3, 0), (4, 5_000), (5, 10_000), (93, 450_000), (94, 450_000)]
)
def test_the_allowance_begins_on_day_four_and_ends_after_ninety_paid_days(days: int, fen: int) -> None:
    assert total(nef(), facts(stays=(stay(days),))) == fen


def test_a_stay_that_ends_on_the_day_it_began_is_one_day() -> None:
    assert total(allowance(4_000, 1, 180), ill(stays=(stay(0),))) == 4_000
    assert total(allowance(4_000, 1, 180), ill(stays=(stay(1),))) == 4_000
    assert total(allowance(4_000, 1, 180), ill(stays=(stay(2),))) == 8_000


def test_stays_share_the_ninety_days_and_the_last_paid_day_is_the_ninetieth() -> None:
    first = stay(48)
    for second_days, fen in ((47, 445_000), (48, 450_000), (49, 450_000)):
        told = facts(stays=(first, stay(second_days, date(2026, 6, 1))))
        assert total(nef(), told) == fen
    (over,) = deductions(nef(), told, "hospital_allowance")
    assert (over.why, over.amount_fen) == (Why.MAX_DAYS, 5_000)


@pytest.mark.parametrize(
    ("cost", "fen"),
    [(0, 0), (9_999, 0), (10_000, 0), (10_001, 1), (10_002, 2), (635_000, 500_000), (635_001, 500_000)],
)
def test_nothing_is_paid_up_to_the_deductible_and_no_more_than_the_limit(cost: int, fen: int) -> None:
    """One fen above the deductible is 0.8 fen: rounded half up, one."""
    assert total(nef(), facts(costs=bill(cost))) == fen


@pytest.mark.parametrize(
    ("cost", "fen"),
    [
        (500_000, 200_000),
        (500_001, 200_001),  # 0.5 fen more: rounded up
        (500_002, 200_001),
        (2_000_000, 950_000),
        (2_000_001, 950_001),  # 0.6 fen more
        (17_083_333, 10_000_000),
        (20_000_000, 10_000_000),
    ],
)
def test_each_band_begins_exactly_where_the_last_one_ends(cost: int, fen: int) -> None:
    assert total(hospital(), ill(costs=bill(cost))) == fen


@pytest.mark.parametrize(("parts", "fen"), [([(1, 49)], 0), ([(1, 50)], 1), ([(1, 25), (1, 25)], 1), ([], 0)])
def test_parts_are_added_before_they_are_rounded_half_up_once(parts: list[tuple[int, int]], fen: int) -> None:
    assert rounded(parts) == fen


@pytest.mark.parametrize(
    ("day_of_cover", "renewed", "fen"),
    [
        (1, False, 0),
        (30, False, 0),
        (31, False, 750_000),
        (90, False, 750_000),
        (91, False, 1_500_000),
        (1, True, 1_500_000),
        (30, True, 1_500_000),
    ],
)
def test_waiting_ends_after_day_thirty_and_half_benefit_after_day_ninety(
    day_of_cover: int, renewed: bool, fen: int
) -> None:
    on = START + timedelta(days=day_of_cover - 1)
    assert total(womens(), ill(diagnosis="diagnosis", happened_on=on, renewed=renewed)) == fen


def test_an_accident_is_excepted_from_the_waiting_period() -> None:
    first_day = {"costs": bill(700_000), "happened_on": START}
    assert total(hospital(), facts(**first_day)) == 300_000
    assert total(hospital(), ill(**first_day)) == 0


@pytest.mark.parametrize(
    ("day_of_cover", "renewed", "pays"), [(10, False, False), (11, False, True), (1, True, True)]
)
def test_an_accident_may_wait_by_its_own_number_but_never_longer_than_a_renewal(
    day_of_cover: int, renewed: bool, pays: bool
) -> None:
    terms = hospital(waiting_period=WaitingPeriod(first_days=30, renewal_days=0, accident_days=10))
    on = START + timedelta(days=day_of_cover - 1)
    told = facts(costs=bill(700_000), happened_on=on, renewed=renewed)
    assert total(terms, told) == (300_000 if pays else 0)


@pytest.mark.parametrize(
    ("cover_from", "happened_on", "covered"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), False),
        (date(2026, 1, 1), date(2026, 1, 1), True),
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 1, 1), date(2027, 1, 1), False),
        (date(2028, 2, 29), date(2029, 2, 28), True),  # cover from a leap day ends the day before 1 March
        (date(2028, 2, 29), date(2029, 3, 1), False),
        (date(2027, 3, 1), date(2028, 2, 29), True),
        (date(2027, 3, 1), date(2028, 3, 1), False),
    ],
)
def test_only_what_happens_from_the_first_to_the_last_day_is_paid(
    cover_from: date, happened_on: date, covered: bool
) -> None:
    told = facts(cover_from=cover_from, happened_on=happened_on, death=True)
    assert total(nef(), told) == (5_000_000 if covered else 0)


def test_cover_that_ended_early_ends_with_its_last_day() -> None:
    ended = {"cover_to": date(2026, 3, 1), "death": True}
    assert total(nef(), facts(**ended)) == 5_000_000
    assert total(nef(), facts(**ended, happened_on=date(2026, 3, 2))) == 0


def test_a_stay_over_the_leap_day_counts_it() -> None:
    told = {"cover_from": date(2028, 1, 1), "happened_on": date(2028, 2, 26)}
    assert total(nef(), facts(**told, stays=(stay(4, date(2028, 2, 26)),))) == 5_000
    last = stay(4, date(2028, 2, 26)).discharged_on
    assert last == date(2028, 3, 1)
