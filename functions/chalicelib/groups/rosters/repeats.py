"""What is wrong between rows: a person twice, one number of two names, a mobile of several people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from chalicelib.groups.rosters.model import Column, Person, Problem, Severity
from chalicelib.groups.rosters.parts import letters
from chalicelib.groups.rosters.typed import masked_number, shown_text

_NAMED = 5  # other rows named in one sentence

_Found = Iterator[tuple[int, Problem]]


def repeated(people: Sequence[Person], ids: dict[str, list[tuple[int, str]]]) -> _Found:
    """One ID number: the same name again is too many, another name is somebody's mistake."""
    for number, rows in ids.items():
        if len(rows) == 1:
            continue
        shown = masked_number(number)
        others = _namer(people, [n for n, _ in rows])
        if len({name for _, name in rows if name}) > 1:
            for n, _ in rows:
                detail = f"同一个身份证号，{others(n)}写的是另一个姓名。"
                hint = "请对照证件，看哪一行写错了。"
                yield n, _error(people[n], "duplicate.two_names", shown, detail, hint)
            continue
        first = people[rows[0][0]]
        for n, _ in rows[1:]:
            detail = f"和{_place(first, people[n])}是同一个人，重复了。"
            hint = "一个人一行就够，请删掉这一行；先出现的那一行不受影响。"
            yield n, _error(people[n], "duplicate.same_person", shown, detail, hint)


def shared(people: Sequence[Person], mobiles: dict[str, list[tuple[int, str]]]) -> _Found:
    """One mobile of several people is allowed; it is more often copied by mistake."""
    for mobile, rows in mobiles.items():
        if len({number for _, number in rows}) == 1:
            continue
        others = _namer(people, [n for n, _ in rows])
        for n, _ in rows:
            yield (
                n,
                problem_at(
                    people[n],
                    Column.MOBILE,
                    "mobile.shared",
                    Severity.WARNING,
                    masked_number(mobile),
                    f"{others(n)}也是这个手机号。",
                    "夫妻共用可以；写错的请改。短信发到这个手机号，本人要收得到。",
                ),
            )


def _error(person: Person, rule: str, shown: str, detail: str, hint: str) -> Problem:
    return problem_at(person, Column.ID_NUMBER, rule, Severity.ERROR, shown, detail, hint)


def _namer(people: Sequence[Person], rows: Sequence[int]) -> Callable[[int], str]:
    """Names the other rows of a group, a few of them, in a sentence about one of it."""

    def others(n: int) -> str:
        named = [_place(people[each], people[n]) for each in rows[: _NAMED + 1] if each != n][:_NAMED]
        more = len(rows) - 1 - len(named)
        return "、".join(named) + (f"等{len(rows) - 1}行" if more > 0 else "")

    return others


def _place(person: Person, beside: Person) -> str:
    sheet = f"「{shown_text(person.sheet, 20)}」" if person.sheet != beside.sheet else ""
    return f"{sheet}第{person.row}行"


def problem_at(
    person: Person,
    column: Column | None,
    rule: str,
    severity: Severity,
    shown: str,
    detail: str,
    hint: str,
) -> Problem:
    cell = person.cells.get(column) if column is not None else None
    at = person.columns.get(column, 0) if column is not None else 0
    place = cell.column if cell is not None else at
    address = f"{letters(place)}{person.row}" if place else ""
    return Problem(person.sheet, person.row, address, column or "", rule, severity, shown, detail, hint)
