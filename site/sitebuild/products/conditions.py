"""What a benefit's sum depends on, in words that stand wherever the benefit stands.

Some of it the terms' data say as figures, some as conditions; here both become sentences. Templates draw them
by one macro (`ui.covered`), the build refuses a page without them (sitebuild.output.promised).
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.catalog.terms import (
    AnyBenefit,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    Product,
    Reimbursement,
)
from sitebuild.formats import yuan


def conditions_of(product: Product, benefit: AnyBenefit) -> tuple[str, ...]:
    """Of one benefit: what has to hold, from when, how much of it, what is set off."""
    return (*(each.plain for each in benefit.conditions), *_figures(benefit), *_rivals(product, benefit))


def limits_of(product: Product) -> tuple[str, ...]:
    """Of all benefits together: shares, waiting, the most of a period, the days to report and to claim."""
    return tuple(_limits(product))


def _figures(benefit: AnyBenefit) -> Iterator[str]:
    if isinstance(benefit, LumpSum):
        yield "一个保障期只给一次。"
    elif isinstance(benefit, GradedDisability):
        grades = benefit.percent_by_grade
        yield f"最重的一级给{grades[0]}%，最轻的十级给{grades[-1]}%。"
    elif isinstance(benefit, DailyAllowance):
        yield f"从每次住院的第{benefit.from_day}天起给，一个保障期最多{benefit.max_days}天。"
    else:
        yield _bands(benefit)


def _bands(benefit: Reimbursement) -> str:
    """ "减去100元，余下的给80%。" or "5,000元以内给40%，5,000元到20,000元给50%，超过20,000元给60%。" """
    first = f"减去{yuan(benefit.deductible_fen)}元，" if benefit.deductible_fen else ""
    if len(benefit.bands) == 1:
        return f"{first}{'余下的' if first else ''}给{benefit.bands[0].percent}%。"
    ends = [*(f"到{yuan(each.above_fen)}元" for each in benefit.bands[1:]), "再往上"]
    parts = (f"{end}的部分给{band.percent}%" for end, band in zip(ends, benefit.bands, strict=True))
    return f"{first}{'，'.join(parts)}。"


def _rivals(product: Product, benefit: AnyBenefit) -> Iterator[str]:
    for other in product.benefits:
        if other.id in benefit.not_with or benefit.id in other.not_with:
            yield f"同一次已经领了{other.name}的，要扣除。"


def _limits(product: Product) -> Iterator[str]:
    if product.units.most > 1:
        yield f"写的是一份的金额，每人最多{product.units.most}份。"
    waiting, reduced = product.waiting_period, product.reduced_benefit_period
    until = reduced.first_until_day if reduced.percent < 100 else 0
    if waiting.first_days:
        accident = "，意外受伤不用等" if waiting.accident_days == 0 else ""
        half = f"，到第{until}天给{reduced.percent}%" if until else ""
        yield f"第一次参加，头{waiting.first_days}天不给{half}{accident}。"
    yield f"各项合计，一个保障期最多{yuan(product.period_limit_fen)}元。"
    yield f"{product.notice.days}天内报告，{product.notice.starts_with}。{product.notice.late}"
    yield f"{product.filing.days}天内申领，{product.filing.starts_with}。{product.filing.late}"
