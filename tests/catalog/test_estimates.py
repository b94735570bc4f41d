"""POST /estimates as whole API Gateway events; terms the engine could not compute with fail the build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.benefits import service as estimates
from chalicelib.benefits.rules import assess
from chalicelib.catalog import service
from publishing import compiler, figures, lock
from publishing.source import ContentError
from tests.benefits.plans import facts
from tests.catalog.asking import our_origin, post

__all__ = ["our_origin"]
FACTS = {"cover_from": "2026-01-01", "cause": "accident", "happened_on": "2026-03-01", "death": True}
BODY = {"product": "nef-accident", "version": "2026-2", "facts": FACTS}


def told(**facts: Any) -> dict[str, Any]:
    return {**BODY, "facts": {**FACTS, **facts}}


def test_an_estimate_shows_each_line_with_its_clause_and_the_terms_it_rests_on() -> None:
    status, body = post(
        "/estimates", told(earlier=[{"benefit": "disability", "amount_fen": 3_500_000, "same_event": True}])
    )
    assert status == 200
    assert body == {
        "product": "nef-accident",
        "version": "2026-2",
        "sha256": service.catalogue().product_version("nef-accident", "2026-2").terms_sha256,
        "total_fen": 1_500_000,
        "lines": [
            {
                "benefit": "death",
                "clause": "article-6",
                "name": "意外身故互助金（含丧葬）",
                "text": "一次给付50,000元。",
                "left_out": [],
                "before_fen": 5_000_000,
                "deductions": [
                    {
                        "why": "not_with",
                        "clause": "article-7",
                        "amount_fen": 3_500_000,
                        "text": "同一次的意外伤残互助金已给付35,000元，要扣除。",
                    }
                ],
                "amount_fen": 1_500_000,
                "paid_days": 0,
                "counted_cost_fen": 0,
            }
        ],
        "notice": "这是按您填写的情况估算的，不是给付决定；以经办机构审核结果为准。"
        "示范数值，以经办机构正式条款为准。",
    }


def test_the_sample_sentence_is_the_one_the_pages_show() -> None:
    assert figures.NOTICE.endswith(estimates.SAMPLE)


def test_every_fact_may_be_told_at_once() -> None:
    status, body = post(
        "/estimates",
        told(
            cover_to="2026-06-30",
            renewed=True,
            disability_grade=10,
            exclusions=[],
            units=1,
            designated_hospital=True,
            diagnosis_hospital_grade=3,
            stays=[{"admitted_on": "2026-03-01", "discharged_on": "2026-03-16", "hospital_grade": 2}],
            costs={
                "total_fen": 30_000,
                "medical_insurance_paid_fen": 0,
                "third_party_paid_fen": 0,
                "outside_catalogue_fen": 0,
                "work_injury_fen": 0,
                "unsettled_fen": 0,
                "not_treatment_fen": 0,
            },
            earlier=[
                {
                    "benefit": "medical",
                    "amount_fen": 1,
                    "same_event": False,
                    "counted_cost_fen": 10_001,
                    "paid_days": 0,
                }
            ],
        ),
    )
    assert status == 200
    assert body["total_fen"] == 5_000_000 + 0 + 60_000 + 16_000
    assert [line["paid_days"] for line in body["lines"]] == [0, 0, 12, 0]
    assert [line["counted_cost_fen"] for line in body["lines"]] == [0, 0, 0, 30_000]


@pytest.mark.parametrize(
    ("day", "status", "version"),
    [
        ("2025-12-31", 400, ""),
        ("2026-01-01", 200, "2026-1"),
        ("2026-11-26", 200, "2026-1"),
        ("2026-11-27", 200, "2026-2"),
    ],
)
def test_without_a_version_the_terms_of_the_first_day_of_cover_hold(
    day: str, status: int, version: str
) -> None:
    body = {"product": "nef-accident", "facts": {**FACTS, "cover_from": day, "happened_on": day}}
    answered, answer = post("/estimates", body)
    assert answered == status
    assert answer.get("version") == (version if status == 200 else None)
    assert list(answer.get("fields", {})) == ([] if status == 200 else ["facts.cover_from"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**BODY, "product": "nothing"}, "product"),
        ({**BODY, "version": "2025-1"}, "version"),
        ({**BODY, "facts": []}, "facts"),
        ({**BODY, "facts": {}}, "facts.cover_from"),
        ({"product": "nef-accident"}, "facts"),
        ({**BODY, "total_fen": 1}, ""),
        (told(happened_on="2026-02-29"), "facts.happened_on"),
        (told(disability_grade=11), "facts.disability_grade"),
        (told(costs={"total_fen": 10_000_000_001}), "facts.costs.total_fen"),
        (told(approved_fen=1), "facts"),
        (told(exclusions=["rain"]), "facts.exclusions"),
        (told(death=False), "facts.death"),
    ],
)
def test_an_estimate_nobody_can_give_is_a_400_that_names_the_field(body: dict[str, Any], field: str) -> None:
    status, problem = post("/estimates", body)
    assert status == 400
    assert list(problem.get("fields", {})) == ([field] if field else [])


def test_the_largest_bill_that_may_be_told_is_computed() -> None:
    status, body = post("/estimates", told(death=False, costs={"total_fen": 10_000_000_000}))
    assert (status, body["total_fen"]) == (200, 500_000)


# --- terms the engine could not compute with ---------------------------------------------------------------

NEF = "products/nef-accident/terms-2026-2.md"
MISTAKES = {
    "a lump sum nobody knows when to pay": (
        NEF,
        "line: accident\n",
        "line: comprehensive\n",
        "benefits[0].trigger",
    ),
    "an unknown trigger": (
        NEF,
        "    amount_fen: 5000000\n",
        "    amount_fen: 5000000\n    trigger: luck\n",
        "trigger",
    ),
    "an unknown cause": (
        NEF,
        "    amount_fen: 5000000\n",
        "    amount_fen: 5000000\n    causes: [luck]\n",
        "causes",
    ),
    "a deductible per month": (
        NEF,
        "    annual_limit_fen: 500000\n",
        "    annual_limit_fen: 500000\n    deductible_per: month\n",
        "deductible_per",
    ),
    "a limit's clause that is not there": (
        NEF,
        "period_limit_fen: 5950000\n",
        "period_limit_fen: 5950000\nperiod_limit_clause: article-99\n",
        "period_limit_clause",
    ),
    "a waiting period's clause that is not there": (
        NEF,
        "accident_days: 0}",
        "accident_days: 0, clause: article-99}",
        "waiting_period.clause",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_terms_the_engine_could_not_compute_with_fail_the_build(
    mistake: str, content: Path, edit: Callable[[str, str, str], Path]
) -> None:
    path, old, new, field = MISTAKES[mistake]
    edit(path, old, new)
    (content / lock.NAME).unlink()
    lock.publish(content, compiler.read_pages(content))
    with pytest.raises(ContentError) as refused:
        compiler.compile_content(content)
    assert refused.value.path == path
    assert field in str(refused.value)


def test_a_limits_clause_that_is_there_is_told_with_the_limit(
    content: Path, edit: Callable[[str, str, str], Path]
) -> None:
    edit(NEF, "period_limit_fen: 5950000\n", "period_limit_fen: 100\nperiod_limit_clause: article-10\n")
    (content / lock.NAME).unlink()
    lock.publish(content, compiler.read_pages(content))
    terms = compiler.compile_content(content).catalogue.product_version("nef-accident", "2026-2")
    (line,) = assess(terms, facts(death=True)).lines
    assert [(each.clause, line.amount_fen) for each in line.deductions] == [("article-10", 100)]
