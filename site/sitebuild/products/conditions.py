"""What a benefit's sum depends on, in words that stand wherever the benefit stands.

Some of it the terms' data say as figures, some as conditions; here both become sentences. Templates draw them
by one macro (`ui.covered`), the build refuses a page without them (sitebuild.output.promised).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.benefits.model import Start
from chalicelib.benefits.rules import starts_of
from chalicelib.catalog.terms import (
    AnyBenefit,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    Product,
    Reimbursement,
)
from sitebuild.formats import yuan

CAUSES = {"accident": "意外", "disease": "生病"}
_DAY_1 = date(2000, 1, 1)  # any day: only distances from it are said


def conditions_of(product: Product, benefit: AnyBenefit) -> tuple[str, ...]:
    """Of one benefit: what has to hold, from when, how much of it, what is set off."""
    return (*(each.plain for each in benefit.conditions), *_figures(benefit), *_rivals(product, benefit))


def limits_of(product: Product) -> tuple[str, ...]:
    """Of all benefits together: shares, waiting, the most of a period, the days to report and to claim."""
    return tuple(_limits(product))


def starts_words(product: Product) -> str:
    """From which day of cover what is paid, joining for the first time: waiting and reduced periods.

    "意外从第1天起给；生病从第31天起给50%，第91天起全给。不间断续保的，不用再等。"
    """
    found = starts_of(product, _DAY_1, renewed=False)
    again = starts_of(product, _DAY_1, renewed=True)
    waived = all(each.full_from == _DAY_1 for each in again) and found != again
    return "；".join(map(_start, found)) + ("。不间断续保的，不用再等。" if waived else "。")


def _start(start: Start) -> str:
    first, full = ((each - _DAY_1).days + 1 for each in (start.first, start.full_from))
    part = f"{start.percent}%，第{full}天起全给" if first < full else ""
    return f"{CAUSES[start.cause]}从第{first}天起给{part}"


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
    yield starts_words(product)
    yield f"各项合计，一个保障期最多{yuan(product.period_limit_fen)}元。"
    yield f"{product.notice.days}天内报告，{product.notice.starts_with}。{product.notice.late}"
    yield f"{product.filing.days}天内申领，{product.filing.starts_with}。{product.filing.late}"
