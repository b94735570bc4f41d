"""The estimate on a product's page: which facts its benefits need, and what its script is told.

The page holds the questions, so that they can be read without script. Everything else (errors, exclusions,
listed diseases, the headings of clauses) is in a file beside it, asked for on first use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from chalicelib.benefits.rules import checks as fact_checks
from chalicelib.catalog.terms import (
    CostSum,
    DailyAllowance,
    Excludes,
    LumpSum,
    Need,
    Product,
    ReimbursedCost,
    Reimbursement,
)
from publishing.compiler import Compiled
from publishing.page_types import Question
from sitebuild.addresses import page_url
from sitebuild.built import Built, Files
from sitebuild.forms import Asked, FormView, words_of
from sitebuild.products.conditions import conditions_of

WORDS = "forms/estimate.md"
COSTS = ("total_fen", "medical_insurance_paid_fen", CostSum.THIRD_PARTY_PAID)
_HEADING = re.compile(r"^#+\s+(.+?)\s*\{#([a-z0-9_-]+)\}\s*$", re.MULTILINE)


def form_view(made: Compiled, product: Product) -> FormView:
    front = words_of(made, WORDS)
    named = {each.name: each for each in front.questions}
    options = _options(product, front.words)
    asked = tuple(
        Asked(name, named[_words_name(product, name)], options.get(name, ())) for name in asked_facts(product)
    )
    return FormView(made.pages[WORDS].title, front, asked, f"/products/{product.code}/estimate.json")


def asked_facts(product: Product) -> tuple[str, ...]:
    """What this product's benefits need to be told, in the order people tell it."""
    needed = {fact_checks.asks(product, each) for each in product.benefits}
    reimbursed = [each for each in product.benefits if isinstance(each, Reimbursement)]
    asked_sums = {each for exclusion in product.exclusions for each in exclusion.sums}
    if any(each.cost is ReimbursedCost.IN_CATALOGUE_SELF_PAID for each in reimbursed):
        asked_sums.add(CostSum.OUTSIDE_CATALOGUE)
    order: dict[str, bool] = {
        "cause": len(causes(product)) > 1,
        "happened_on": True,
        "cover_from": True,
        "renewed": _renewal_matters(product),
        "diagnosis": "diagnosis" in needed,
        "diagnosis_hospital_grade": _graded(product, LumpSum),
        "stays": "stays" in needed,
        "undesignated": _needs(product, Need.DESIGNATED_HOSPITAL),
        **dict.fromkeys(COSTS, "costs" in needed),
        **{each: each in asked_sums for each in CostSum if each not in COSTS},
        "disability_grade": "disability_grade" in needed,
        "death": "death" in needed,
        "units": product.units.most > product.units.least,
        "exclusions": True,
    }
    return tuple(name for name, wanted in order.items() if wanted)


def _needs(product: Product, need: Need) -> bool:
    return any(fact_checks.condition_of(each, need) for each in product.benefits)


def _graded(product: Product, kind: type[LumpSum | DailyAllowance]) -> bool:
    """Whether the grade of a hospital decides a benefit of this kind."""
    return any(
        isinstance(each, kind) and fact_checks.condition_of(each, Need.SECOND_GRADE_HOSPITAL)
        for each in product.benefits
    )


def causes(product: Product) -> tuple[str, ...]:
    """What its benefits are for, all together."""
    found = {cause for each in product.benefits for cause in fact_checks.causes_of(product, each)}
    return tuple(each for each in ("accident", "disease") if each in found)


def diagnoses(product: Product) -> tuple[LumpSum, ...]:
    return tuple(
        each
        for each in product.benefits
        if isinstance(each, LumpSum) and fact_checks.trigger_of(product, each) == "diagnosis"
    )


def _options(product: Product, words: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The script names each listed disease instead of its benefit: the lists are long."""
    none = ("", words["none"])
    grades = (("", words["choose"]), *((n, words[f"hospital-{n}"]) for n in ("3", "2", "1")))
    units = range(product.units.least, product.units.most + 1)
    return {
        "diagnosis": (none, *((each.id, each.name) for each in diagnoses(product))),
        "diagnosis_hospital_grade": grades,
        "stays": grades if _graded(product, DailyAllowance) else (),
        "disability_grade": (none, *((str(n), f"{n}{words['grade']}") for n in range(1, 11))),
        "units": tuple((str(n), f"{n}{words['unit']}") for n in units),
    }


def _renewal_matters(product: Product) -> bool:
    waiting, reduced = product.waiting_period, product.reduced_benefit_period
    return (waiting.first_days, reduced.first_until_day) != (waiting.renewal_days, reduced.renewal_until_day)


def _words_name(product: Product, name: str) -> str:
    """A question's words depend on what else is asked."""
    only, asked = causes(product), asked_facts(product)
    if name == "happened_on" and len(only) == 1:
        return f"{only[0]}_on"
    if name == "total_fen" and CostSum.OUTSIDE_CATALOGUE in asked:
        return "inpatient_total_fen"
    if name == CostSum.THIRD_PARTY_PAID and CostSum.WORK_INJURY not in asked:
        return "anybody_paid_fen"
    return name


def estimate_files(built: Built) -> Files:
    """`/products/<code>/estimate.json` for every product of today."""
    return {
        f"products/{product.code}/estimate.json": partial(_encoded, built.compiled, product)
        for product in built.compiled.catalogue.products_on(built.on)
    }


def _encoded(made: Compiled, product: Product) -> bytes:
    return msgspec.json.encode(about(made, product))


def about(made: Compiled, product: Product) -> dict[str, Any]:
    """All versions' clauses: the first day of cover decides which of them holds."""
    view = form_view(made, product)
    versions = [each for each in made.catalogue.products if each.code == product.code]
    return {
        "product": product.code,
        "version": product.version,
        "causes": causes(product),
        "words": {
            **view.front.words,
            "exclusions-label": _question(view, "exclusions").label,
            "exclusions-hint": _question(view, "exclusions").hint,
        },
        "problems": {each.name: each.words.error for each in view.questions if each.words.error},
        "exclusions": [
            {"id": each.id, "title": each.title}
            for each in product.exclusions
            if each.excludes is not Excludes.COST  # told as a sum
        ],
        "diagnoses": [
            {"id": each.id, "name": each.name, "diseases": each.diseases} for each in diagnoses(product)
        ],
        "terms": {each.version: named_clauses(made, each) for each in versions},
    }


def _question(view: FormView, name: str) -> Question:
    return next(each.words for each in view.questions if each.name == name)


def named_clauses(made: Compiled, terms: Product) -> dict[str, Any]:
    """Where the terms are read, and the headings of the clauses an answer may name."""
    named = {
        terms.period_limit_clause,
        terms.waiting_period.clause,
        terms.reduced_benefit_period.clause,
        *(each.clause for each in (*terms.benefits, *terms.exclusions)),
        *(condition.clause for each in terms.benefits for condition in each.conditions),
    }
    headings = _HEADING.findall(made.pages[terms.terms_path].body)
    return {
        "url": page_url(terms.terms_path),
        "clauses": {anchor: text for text, anchor in headings if anchor in named},
        "conditions": {each.id: "".join(conditions_of(terms, each)) for each in terms.benefits},
    }
