"""What is wrong with each person of a roster, all of it at once. Pure.

An error keeps the row from being accepted, a warning asks somebody to look. Sentences name the cause and what
to do; nothing that is shown holds a whole name or number.
"""

from __future__ import annotations

import re
from collections import defaultdict

from chalicelib.catalog.insured import GENDER_NAMES, OCCUPATION_NAMES, Gender
from chalicelib.catalog.terms import Product
from chalicelib.groups.rosters.faults import AS_TEXT, id_fault, is_mobile, mobile_fault
from chalicelib.groups.rosters.model import (
    COLUMN_NAMES,
    NEEDED,
    Cell,
    Column,
    Kind,
    Person,
    Problem,
    Report,
    Severity,
)
from chalicelib.groups.rosters.occupations import Words, group_of, nearest
from chalicelib.groups.rosters.repeats import problem_at, repeated, shared
from chalicelib.groups.rosters.typed import (
    cleaned,
    is_scientific,
    joined,
    masked_number,
    shown_number,
    shown_text,
    whole_number,
)
from chalicelib.kernel import InvalidRequestError, ShanghaiDate, completed_years
from chalicelib.people.model import IdNumber
from chalicelib.people.rules import read_id_number, read_name

_PREFIX = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)|^0(?=1\d{10}$)")
_TWO_MOBILES = re.compile(r"1\d{10}\D+1\d{10}|(?:1\d{10}){2,}")


class Checker:
    """Problems of one file. `on` is the first day of cover; ages are completed years on it."""

    def __init__(self, product: Product, on: ShanghaiDate, words: Words) -> None:
        self._product = product
        self._on = on
        self._words = words
        self._problems: list[Problem] = []
        self._bad = False
        self._person: Person

    def check(self, report: Report) -> None:
        """Fills in `problems` and `bad`."""
        ids: dict[str, list[tuple[int, str]]] = defaultdict(list)
        mobiles: dict[str, list[tuple[int, str]]] = defaultdict(list)
        bad: set[int] = set()
        found: list[list[Problem]] = []
        for n, person in enumerate(report.people):
            self._person, self._problems, self._bad = person, [], False
            name = self._name()
            number = self._id_number()
            mobile = self._mobile()
            self._occupation()
            self._others()
            if person.hidden:
                self._say(
                    None,
                    "row.hidden",
                    "这一行在表里是隐藏的，或者被筛选掉了，也读进来了。",
                    "不参保的，请在WPS或Excel里取消隐藏和筛选，删掉这一行再上传。",
                    Severity.WARNING,
                )
            if number is not None:
                ids[number].append((n, name))
                if mobile is not None:
                    mobiles[mobile].append((n, number))
            if self._bad:
                bad.add(n)
            found.append(self._problems)
        for n, problem in (*repeated(report.people, ids), *shared(report.people, mobiles)):
            found[n].append(problem)
            if problem.severity is Severity.ERROR:
                bad.add(n)
        report.problems = [each for problems in found for each in problems]
        report.bad = len(bad)
        report.bad_rows = {(report.people[n].sheet, report.people[n].row) for n in bad}

    def _say(
        self,
        column: Column | None,
        rule: str,
        detail: str,
        hint: str,
        severity: Severity = Severity.ERROR,
        shown: str = "",
    ) -> None:
        self._bad = self._bad or severity is Severity.ERROR
        self._problems.append(problem_at(self._person, column, rule, severity, shown, detail, hint))

    def _readable(self, column: Column) -> Cell | None:
        """The cell of a column, unless it is empty, or a formula or an error, which is said."""
        cell = self._person.cells.get(column)
        if cell is None or (cell.kind is not Kind.FORMULA and not cleaned(cell.text)):
            if column in NEEDED:
                name = COLUMN_NAMES[column]
                self._say(
                    column, f"{column}.missing", f"没有填{name}。", f"请补上{name}；不参保的，请删掉这一行。"
                )
            return None
        if cell.kind is Kind.FORMULA:
            self._say(
                column,
                "cell.formula",
                f"{COLUMN_NAMES[column]}这一格是公式，不能当作填好的内容。",
                "请复制这一列，在原处「选择性粘贴」—「数值」，再上传。",
            )
            return None
        if cell.kind is Kind.ERROR:
            self._say(
                column,
                "cell.error",
                f"{COLUMN_NAMES[column]}这一格是出错的值。",
                "请在WPS或Excel里改成真正的内容。",
                shown=shown_text(cell.text, 12),
            )
            return None
        return cell

    def _name(self) -> str:
        """What tells whether two rows mean one person: the name without blanks and dots."""
        cell = self._readable(Column.NAME)
        if cell is None:
            return ""
        text = cleaned(cell.text)
        try:
            if cell.kind is not Kind.TEXT:
                raise InvalidRequestError("", "")
            name = read_name(text)
        except InvalidRequestError:
            self._say(
                Column.NAME,
                "name.invalid",
                "姓名没有填对：里面有数字或符号，或者太长。",
                "请照身份证上的姓名填写，只填姓名。",
                shown=_shown_name(text),
            )
            return re.sub(r"[\s·.]", "", text)
        return re.sub(r"[\s·.]", "", name.reveal())

    def _id_number(self) -> str | None:
        cell = self._readable(Column.ID_NUMBER)
        if cell is None:
            return None
        text = joined(cell.text).upper()
        say = self._say
        shown = masked_number(re.sub(r"[^0-9A-Z*]", "", text))
        whole = whole_number(text)  # up to 15 digits a number keeps them all: read as if typed
        if whole is None and (cell.kind is Kind.NUMBER or is_scientific(text)):
            say(
                Column.ID_NUMBER,
                "id_number.digits_lost",
                "身份证号存成了数字，第16位往后已经丢了，找不回来。",
                AS_TEXT,
                shown=shown_number(cell.text),
            )
            return None
        text = whole or text
        if "*" in text:
            hint = "请填完整的18位号码。"
            say(Column.ID_NUMBER, "id_number.masked", "身份证号被星号遮住了。", hint, shown=shown)
            return None
        try:
            number = read_id_number(text, self._on)
        except InvalidRequestError as error:
            rule, hint = id_fault(text)
            say(Column.ID_NUMBER, rule, error.fields.get("id_number", error.detail), hint, shown=shown)
            return None
        if len(text) == 15:
            say(
                Column.ID_NUMBER,
                "id_number.fifteen_digits",
                "这是15位的老号码，已经按18位读。",
                "请照现在的身份证核对，最好填18位。",
                Severity.WARNING,
                shown,
            )
        self._fits(number, shown)
        return number.number.reveal()

    def _fits(self, number: IdNumber, shown: str) -> None:
        """Age and sex as the terms ask for."""
        ages, age = self._product.ages, completed_years(number.birthday, self._on)
        if age not in ages:
            self._say(
                Column.ID_NUMBER,
                "age.outside",
                f"保障开始那天（{self._on.isoformat()}）{age}周岁，这项保障要{ages.first}至{ages.last}周岁。",
                "请核对身份证号；年龄确实不合的，请从名单里删掉，并告诉本人。",
                shown=shown,
            )
        if Gender(number.gender) not in self._product.genders:
            only = "、".join(GENDER_NAMES[each] for each in self._product.genders)
            self._say(
                Column.ID_NUMBER,
                "gender.outside",
                f"这项保障只限{only}性参加。",
                "请核对身份证号；不符合的，请从名单里删掉。",
                shown=shown,
            )

    def _mobile(self) -> str | None:
        cell = self._readable(Column.MOBILE)
        if cell is None:
            return None
        text = joined(cell.text)
        if cell.kind is Kind.NUMBER or is_scientific(text):
            digits = whole_number(text)
            if digits is None:
                self._say(
                    Column.MOBILE,
                    "mobile.digits_lost",
                    "手机号存成了数字，后面几位看不全了。",
                    AS_TEXT.replace("证件", "本人的手机号"),
                    shown=shown_number(cell.text),
                )
                return None
            text = digits
        digits = _PREFIX.sub("", re.sub(r"[\s\-–—()（）.·]", "", text))
        if is_mobile(digits):
            return digits
        if _TWO_MOBILES.search(text):
            rule, detail, hint = (
                "mobile.several",
                "一格里有两个手机号。",
                "请只留本人能收到短信的那一个。",
            )
        else:
            rule, detail, hint = (
                "mobile.invalid",
                mobile_fault(digits),
                "请填本人的11位内地手机号，要能收短信。",
            )
        self._say(Column.MOBILE, rule, detail, hint, shown=masked_number(re.sub(r"\D", "", text)))
        return None

    def _occupation(self) -> None:
        cell = self._readable(Column.OCCUPATION)
        if cell is None:
            if Column.OCCUPATION in self._person.columns and Column.OCCUPATION not in self._person.cells:
                self._say(
                    Column.OCCUPATION,
                    "occupation.missing",
                    "没有填职业。",
                    "能参加哪项保障要看职业，请补上，例如外卖配送员、快递员。",
                    Severity.WARNING,
                )
            return
        group = group_of(cell.text, self._words)
        shown = shown_text(cell.text, 20)
        if group is None:
            like = nearest(cell.text, self._words)
            fits = [OCCUPATION_NAMES[each] for each in self._product.occupation_groups]
            hint = f"是不是：{'、'.join(like)}？" if like else f"请从这些里选：{'、'.join(fits)}。"
            self._say(Column.OCCUPATION, "occupation.unknown", "没有这个职业的说法。", hint, shown=shown)
        elif group not in self._product.occupation_groups:
            fits = [OCCUPATION_NAMES[each] for each in self._product.occupation_groups]
            self._say(
                Column.OCCUPATION,
                "occupation.not_covered",
                f"{OCCUPATION_NAMES[group]}不在这项保障里。",
                f"这项保障管：{'、'.join(fits)}。请核对，或者换一项保障。",
                shown=shown,
            )

    def _others(self) -> None:
        for column in (Column.PLATFORM, Column.DISTRICT):
            cell = self._readable(column)
            if cell is not None and len(cell.text) > 60:
                self._say(
                    column,
                    f"{column}.long",
                    f"{COLUMN_NAMES[column]}太长。",
                    "请写短一些，60个字以内。",
                    shown=shown_text(cell.text, 20),
                )


def _shown_name(text: str) -> str:
    plain = shown_text(text)
    return plain[0] + "*" * min(len(plain) - 1, 8) if plain else ""
