"""A case's figures, its drawings, and a published payment against what the terms named would pay.

Each raises ContentError on its line.
"""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.benefits.model import Facts
from chalicelib.benefits.rules import assess
from chalicelib.catalog.terms import Product
from chalicelib.kernel import Fen, InvalidRequestError
from publishing import figures
from publishing.cases import CaseStudy, Compares, Computation
from publishing.catalogue import PublishedCatalogue
from publishing.checks.pages import known_region, unique
from publishing.source import Page


def check_case(case: CaseStudy, catalogue: PublishedCatalogue, page: Page) -> None:
    known_region(catalogue, case.region, page, ".region")
    unique(page, ".figures", [each.id for each in case.figures])
    _check_charts(case, page)
    said = [name for name in ("computed", "not_computed") if getattr(case, name)]
    if case.is_claim and len(said) != 1:
        raise page.error(
            f".{said[-1] if said else 'computed'}",
            "a claim case has either `computed` or, in words, why not: `not_computed`",
        )
    if said and not case.is_claim:
        raise page.error(f".{said[0]}", "only a claim case (claim-…) is computed")
    if case.computed is not None:
        _check_computed(case, case.computed, catalogue, page)


def _check_charts(case: CaseStudy, page: Page) -> None:
    """Bars of different units would say what nobody counted."""
    known = {each.id: each for each in case.figures}
    for n, chart in enumerate(page.meta.get("charts", [])):
        for unknown in set(chart["figures"]) - set(known):
            raise page.error(f".charts[{n}].figures", f"there is no figure `{unknown}`")
        units = {known[each].unit for each in chart["figures"]}
        if len(units) > 1:
            raise page.error(f".charts[{n}].figures", f"of different units: {', '.join(sorted(units))}")


def _check_computed(case: CaseStudy, made: Computation, catalogue: PublishedCatalogue, page: Page) -> None:
    at = ".computed"
    terms = [each for each in catalogue.products if (each.code, each.version) == (made.product, made.version)]
    if not terms:
        raise page.error(f"{at}.version", f"`{made.product}` has no terms {made.version}")
    paid = next((each for each in case.figures if each.id == made.figure), None)
    if paid is None or paid.fen is None:
        raise page.error(f"{at}.figure", f"there is no sum of money `{made.figure}` among the figures")
    try:
        total = assess(terms[0], made.facts).total_fen
        less = _a_fen_less(terms[0], made.facts) if made.compares is Compares.REACHES else total
    except InvalidRequestError as error:
        (field, message), *_ = error.fields.items()
        raise page.error(f"{at}.{field}", message) from None
    if total != made.amount_fen:
        raise page.error(f"{at}.amount_fen", f"the terms give {total}")
    if made.compares is Compares.EQUAL:
        holds = total == paid.fen and not paid.about
    elif made.compares is Compares.DIFFERS:
        holds = total != paid.fen
    else:
        holds = total >= paid.fen > less
    if not holds:
        raise page.error(f"{at}.compares", f"{total} by the terms and {paid.fen} published: not so")
    last = max(each.valid_from for each in catalogue.products)
    for words in (made.supposes, made.why):
        figures.render_words(words, page, catalogue, last)


def _a_fen_less(terms: Product, facts: Facts) -> int:
    """What the terms would pay if the bill were one fen smaller; without a bill, the same as now."""
    if facts.costs is None:
        return assess(terms, facts).total_fen
    costs = replace(facts.costs, total_fen=Fen(facts.costs.total_fen - 1))
    return assess(terms, replace(facts, costs=costs)).total_fen
