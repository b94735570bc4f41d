"""What the page of a case is given: its drawings, and what our terms would pay."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import ShanghaiDate
from publishing.cases import CaseStudy
from publishing.compiler import Compiled
from publishing.page_types import Comparison
from sitebuild.figures.bars import Bar, bars
from sitebuild.figures.computed import computed


def case_view(made: Compiled, code: str, on: ShanghaiDate) -> dict[str, Any]:
    """What a case's page is given."""
    case = next(each for each in made.catalogue.cases if each.code == code)
    front: Any = made.front[f"cases/{code}.md"]
    charts = case_charts(case, front.charts)
    return {"case": case, "charts_of": charts, "computed": computed(made, case, on)}


def case_charts(case: CaseStudy, asked: tuple[Comparison, ...]) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    """(title, bars) of each drawing a case asks for; the words are the figure's own, with unit."""
    return tuple(
        (
            chart.title,
            bars(
                [
                    (figure.label, f"{figure.value:,}{figure.counted}", figure.value)
                    for figure in map(case.figure, chart.figures)
                ]
            ),
        )
        for chart in asked
    )
