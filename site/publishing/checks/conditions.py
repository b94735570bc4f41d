"""What may make a payment smaller is data: exclusions, each of one kind, and conditions of each benefit.

Each raises ContentError on its line.
"""

from __future__ import annotations

from chalicelib.catalog.terms import (
    AnyBenefit,
    Condition,
    CostSum,
    DailyAllowance,
    Excludes,
    Exclusion,
    LumpSum,
    Need,
    Product,
    Reimbursement,
)
from publishing.checks.pages import anchored, unique
from publishing.readings import clause_texts
from publishing.source import Page

# Words that put a condition on a payment. A clause that has them is the clause of some benefit's condition.
CONDITIONAL = ("二级及以上", "定点医疗机构", "必需且合理", "未从其他途径", "一百八十日", "国家对未成年人")
NEEDED_OF = {
    Need.SECOND_GRADE_HOSPITAL: (DailyAllowance, LumpSum),
    Need.DESIGNATED_HOSPITAL: (DailyAllowance, Reimbursement),
}


def check_exclusions(product: Product, page: Page) -> None:
    """An exclusion takes away the event, the benefits or the sums it names, and only one of these."""
    bills = {each.id for each in product.benefits if isinstance(each, Reimbursement)}
    asked: list[tuple[str, CostSum]] = []
    for n, each in enumerate(product.exclusions):
        at = f".exclusions[{n}]"
        anchored(page, f"{at}.clause", each.clause)
        for unknown in set(each.benefits) - {benefit.id for benefit in product.benefits}:
            raise page.error(f"{at}.benefits", f"there is no benefit `{unknown}`")
        _check_kind(each, page, at, bills)
        for benefit in bills:
            asked += [(benefit, each_sum) for each_sum in each.sums if each.is_about(benefit)]
        if len(asked) != len(set(asked)):
            raise page.error(f"{at}.sums", "another exclusion takes this sum off the same bill")


def _check_kind(each: Exclusion, page: Page, at: str, bills: set[str]) -> None:
    if bool(each.sums) != (each.excludes is Excludes.COST):
        raise page.error(f"{at}.sums", "an exclusion of cost names the sums to ask for, and only such a one")
    if each.excludes is Excludes.EVENT and each.benefits:
        raise page.error(
            f"{at}.benefits", "an excluded event is paid nothing; name benefits, or exclude them"
        )
    if each.excludes is Excludes.BENEFITS and not each.benefits:
        raise page.error(f"{at}.benefits", "name the benefits it takes away")
    if each.excludes is Excludes.COST and not (set(each.benefits) or bills) <= bills:
        raise page.error(f"{at}.benefits", "only what pays for bills has a cost to exclude")
    if each.excludes is Excludes.COST and not bills:
        raise page.error(f"{at}.excludes", "nothing here pays for bills")


def check_conditions(product: Product, page: Page, newest: bool) -> None:
    for n, benefit in enumerate(product.benefits):
        at = f".benefits[{n}].conditions"
        unique(page, at, [each.id for each in benefit.conditions])
        for m, condition in enumerate(benefit.conditions):
            _check_condition(benefit, condition, page, f"{at}[{m}]")
    if newest:
        _check_none_missing(product, page)


def _check_condition(benefit: AnyBenefit, condition: Condition, page: Page, at: str) -> None:
    anchored(page, f"{at}.clause", condition.clause)
    if condition.needs is not None and not isinstance(benefit, NEEDED_OF[condition.needs]):
        raise page.error(f"{at}.needs", f"nobody is asked for this of a {type(benefit).__name__}")


def _check_none_missing(product: Product, page: Page) -> None:
    told = {each.clause for benefit in product.benefits for each in benefit.conditions}
    for clause, words in clause_texts(page).items():
        found = next((each for each in CONDITIONAL if each in words), None)
        if found and clause not in told:
            raise page.error(
                ".benefits", f"{clause} pays only under a condition (「{found}」) that no benefit's data says"
            )
