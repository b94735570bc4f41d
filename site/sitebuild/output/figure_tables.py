"""Every published figure as a table to download: /boards/figures.csv and .xlsx, one line a figure."""

from __future__ import annotations

from chalicelib.platform.spreadsheets import csv_bytes, xlsx_bytes
from publishing.catalogue import PublishedCatalogue
from publishing.compiler import Compiled
from sitebuild.built import Built, Files

HEAD = (
    "案例",
    "地区",
    "指标",
    "数值",
    "约数",
    "单位",
    "统计地方",
    "统计时间",
    "来源",
    "原文",
    "说明",
    "材料",
    "网页",
)
WIDTHS = (22, 14, 30, 12, 6, 8, 22, 26, 30, 46, 40, 40, 44)
FOLDER = "boards"


def rows_of(catalogue: PublishedCatalogue, address: str, urls: dict[str, str]) -> list[tuple[str, ...]]:
    """The digits as the source prints them, without separators, so that a program reads them too."""
    return [
        (
            case.name,
            catalogue.region(case.region).name,
            figure.label,
            str(figure.value),
            figure.about,
            figure.unit.value,
            figure.place,
            figure.period,
            figure.source,
            figure.quote,
            figure.note,
            case.document,
            address + urls[case.code],
        )
        for case in catalogue.cases
        for figure in case.figures
    ]


def figure_tables(built: Built) -> Files:
    rows = rows_of(built.compiled.catalogue, built.address, _urls(built.compiled))
    return {
        f"{FOLDER}/figures.csv": lambda: csv_bytes(HEAD, rows),
        f"{FOLDER}/figures.xlsx": lambda: xlsx_bytes("数字", HEAD, rows, WIDTHS),
    }


def _urls(made: Compiled) -> dict[str, str]:
    return {
        str(page.meta["code"]): path.removesuffix(".md") + "/"
        for path, page in made.pages.items()
        if page.type == "case"
    }
