"""One file, checked: `check(data, product, on, words) -> Report`. No store, no clock, nothing of the file's
name."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.catalog.terms import Product
from chalicelib.groups.rosters import delimited, header
from chalicelib.groups.rosters.container import is_workbook
from chalicelib.groups.rosters.model import COLUMN_NAMES, MAX_PEOPLE, Column, Report, refused
from chalicelib.groups.rosters.occupations import Words
from chalicelib.groups.rosters.people import Collector, SheetPeople
from chalicelib.groups.rosters.rules import Checker
from chalicelib.groups.rosters.typed import shown_text, without_numbers
from chalicelib.groups.rosters.workbook import EnoughError, Workbook
from chalicelib.kernel import ShanghaiDate


def check(data: bytes, product: Product, on: ShanghaiDate, words: Words) -> Report:
    """Every person row and everything wrong with it.

    Sample rows of our template count only where there is nobody else, so that it checks clean itself.
    `on`: the first day of cover. `words`: `occupations.words_of(catalogue)`. Raises RosterRefused for a file
    that cannot be read as a whole; it then says what to do in WPS and in Excel.
    """
    report = Report()
    sheets = list(_sheets(data, report.notes))
    read = [each for each in sheets if each.header is not None]
    complete = [each for each in read if each.header is not None and not each.header.missing]
    if not read:
        raise refused("no_header")
    if not complete:
        missing = min((each.header.missing for each in read if each.header), key=len)
        raise refused("missing_column", "、".join(COLUMN_NAMES[each] for each in missing) + "。")
    for each in sheets:
        report.notes.extend(_notes(each, several=len(sheets) > 1))
        report.people.extend(each.people)
    if not report.people:
        raise refused("no_rows")
    samples = [each for each in report.people if each.is_sample]
    if len(samples) < len(report.people):
        report.people = [each for each in report.people if not each.is_sample]
    if samples:
        rows = "、".join(str(each.row) for each in samples[:10])
        report.notes.append(f"第{rows}行是模板里的示例，接受名单时不算。")
    Checker(product, on, words).check(report)
    return report


def _sheets(data: bytes, notes: list[str]) -> Iterator[SheetPeople]:
    if not is_workbook(data):
        yield _text_people(data)
        return
    book = Workbook(data)
    room = MAX_PEOPLE
    for sheet in book.sheets:
        if sheet.hidden:
            notes.append(f"工作表「{shown_text(sheet.name, 20)}」是隐藏的，没有读。")
            continue
        collector = Collector(without_numbers(sheet.name), room)

        merges = book.rows(sheet, collector.take)
        found = collector.finish(merges)
        room -= len(found.people)
        yield found


def _text_people(data: bytes) -> SheetPeople:
    def knows(text: str) -> bool:
        lines = text[:20_000].splitlines()[: delimited.SAMPLE_LINES]
        return any(
            header.known_in(line.replace("\t", ",").replace(";", ",").split(",")) > 1 for line in lines
        )

    collector = Collector("")
    for row in delimited.rows(delimited.text_of(data, knows), header.known_in):
        try:
            collector.take(row)
        except EnoughError:
            break
    return collector.finish()


def _notes(sheet: SheetPeople, *, several: bool) -> Iterator[str]:
    where = f"工作表「{shown_text(sheet.name, 20)}」" if several else ""
    if sheet.header is None:
        yield f"{where}里没有名单的表头，没有读。"
        return
    if sheet.header.missing:
        missing = "、".join(COLUMN_NAMES[each] for each in sheet.header.missing)
        yield f"{where}的表头缺了{missing}，这张表没有读。"
        return
    if sheet.header.unknown:
        names = "、".join(f"「{shown_text(each, 20)}」" for each in sheet.header.unknown[:20])
        yield f"{where}这些列没有用到：{names}。"
    if Column.OCCUPATION not in sheet.header.groups[0]:
        yield f"{where}没有职业这一列。能参加哪项保障要看职业，最好补上。"
    if sheet.repeated_headers:
        yield f"{where}中间又出现{sheet.repeated_headers}次表头，已经跳过。"
    if len(sheet.header.groups) > 1:
        yield f"{where}是并排的{len(sheet.header.groups)}组名单，都读了。"
    if sheet.without_person:
        rows = "、".join(str(each) for each in sheet.without_person[:10])
        more = "等" if len(sheet.without_person) > 10 else ""
        yield f"{where}第{rows}行{more}只有职业、平台或地区，没有人，没有算进去。"
