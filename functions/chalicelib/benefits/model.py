"""The nouns of the benefit engine: the facts of one event of one person, and what the terms give for them.

Facts are typed, closed, and checked before use: an error names the field (`facts.stays`) and says what to
fill in. Money is int fen, days are Shanghai dates. Every printed step of an assessment is whole fen and the
next step starts from it, so that anybody can follow it with a pocket calculator; a percentage is rounded half
up to a fen (四舍五入到分), once, after its parts are added (`rounded`, the one place that rounds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.catalog.terms import Amount, Cause, Code, Days, Noun, Text
from chalicelib.kernel import Fen, InvalidRequestError, ShanghaiDate

Sum = Annotated[Fen, Meta(ge=0, le=10_000_000_000)]  # 100 million yuan: beyond any bill, exact in JavaScript
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


HospitalGrade = Annotated[int, Meta(ge=1, le=3)]  # 一级或者没有定级, 二级, 三级


class Stay(Noun, frozen=True, kw_only=True):
    """One stay in hospital, as on the discharge record. Its grade is needed where the terms ask for one."""

    admitted_on: ShanghaiDate
    discharged_on: ShanghaiDate
    hospital_grade: HospitalGrade | None = None


class Costs(Noun, frozen=True, kw_only=True):
    """The medical bills of this event that no earlier payment has counted, and the parts that may not count.

    A part that the terms do not take away changes nothing.
    """

    total_fen: Sum
    medical_insurance_paid_fen: Sum = Fen(0)
    third_party_paid_fen: Sum = Fen(0)  # whoever else paid: who caused it, platform or commercial cover
    outside_catalogue_fen: Sum | None = None  # needed where the terms count in-catalogue cost only
    work_injury_fen: Sum = Fen(0)  # what work-injury insurance or the platform's scheme has to pay
    unsettled_fen: Sum = Fen(0)  # what medical insurance would pay, had it been asked
    not_treatment_fen: Sum = Fen(0)  # cosmetic, corrective, check-ups


class EarlierPayment(Noun, frozen=True, kw_only=True):
    """What one benefit was paid before, in the same period of cover. An assessed line says the two counts."""

    benefit: Code
    amount_fen: Sum
    same_event: bool
    paid_days: Annotated[int, Meta(ge=0, le=10_000)] = 0  # of a daily allowance
    counted_cost_fen: Sum = Fen(0)  # of a reimbursement: the cost it was computed from


class Facts(Noun, frozen=True, kw_only=True):
    """`happened_on`: the accident; of a disease the day of first diagnosis, for a stay that of admission.

    `diagnosis` is the benefit whose listed disease was diagnosed; `exclusions` those of events and benefits
    that apply (one of cost is a sum in `costs`). `designated_hospital`: one of medical insurance.
    `cover_to` only where cover ended before its full period. `renewed`: cover went on without a gap.
    """

    cover_from: ShanghaiDate
    cover_to: ShanghaiDate | None = None
    renewed: bool = False
    cause: Cause
    happened_on: ShanghaiDate
    death: bool = False
    disability_grade: Annotated[int, Meta(ge=1, le=10)] | None = None
    diagnosis: Code | None = None
    diagnosis_hospital_grade: HospitalGrade | None = None
    designated_hospital: bool = True
    stays: Annotated[tuple[Stay, ...], Meta(max_length=50)] = ()
    costs: Costs | None = None
    exclusions: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    earlier: Annotated[tuple[EarlierPayment, ...], Meta(max_length=200)] = ()
    units: Annotated[int, Meta(ge=1, le=100)] = 1


NAMES = {
    "cover_from": "保障开始日期",
    "cover_to": "保障结束日期",
    "renewed": "是否连续参加",
    "cause": "意外还是疾病",
    "happened_on": "发生日期",
    "death": "是否身故",
    "disability_grade": "伤残等级",
    "diagnosis": "确诊的病种",
    "diagnosis_hospital_grade": "确诊医院的等级",
    "designated_hospital": "是不是医保定点医院",
    "stays": "住院记录",
    "admitted_on": "入院日期",
    "discharged_on": "出院日期",
    "hospital_grade": "住院医院的等级",
    "costs": "医疗费用",
    "total_fen": "费用总额",
    "medical_insurance_paid_fen": "医保已付金额",
    "third_party_paid_fen": "别处已付金额",
    "outside_catalogue_fen": "医保目录外费用",
    "work_injury_fen": "工伤保险、职业伤害保障该付的费用",
    "unsettled_fen": "医保该付、还没报的费用",
    "not_treatment_fen": "整形、矫正、体检等不是治伤的费用",
    "exclusions": "责任免除情形",
    "earlier": "以前领过的互助金",
    "benefit": "领过的项目",
    "amount_fen": "领过的金额",
    "same_event": "是否同一次",
    "paid_days": "领过的天数",
    "counted_cost_fen": "已计入的费用",
    "units": "份数",
}


def invalid(field: str, sentence: str) -> InvalidRequestError:
    """`field` is a path inside the facts, such as `costs.total_fen`."""
    return InvalidRequestError("benefits.invalid_fact", sentence, {f"facts.{field}": sentence})


def read(value: Any) -> Facts:
    """Facts from parsed JSON. Raises InvalidRequestError naming what is missing, unknown or wrong."""
    try:
        return msgspec.convert(value, Facts, strict=True)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        named = re.search(r"(required|unknown) field `(\w*)`", message)
        path = [step for step in re.sub(r"\[\d*\.*\]|`", "", where).split(".") if step]
        if named and named[1] == "unknown":
            sentence = "多了一项不认识的内容，请刷新页面后重填。"  # never quoted: it is the sender's text
        elif named:
            path.append(named[2])
            sentence = f"「{NAMES[named[2]]}」没有填，请补上。"
        else:
            sentence = f"「{NAMES[path[-1]] if path else '情况'}」没有填对，请重新填写。"
        code = "benefits.unknown_fact" if named and named[1] == "unknown" else "benefits.invalid_fact"
        raise InvalidRequestError(code, sentence, {".".join(["facts", *path]): sentence}) from None


def schema() -> dict[str, Any]:
    """The JSON schema of Facts in one piece, for a request body that is read by `read`."""
    made = msgspec.json.schema(Facts)

    def inlined(value: Any) -> Any:
        if isinstance(value, dict):
            reference = value.get("$ref")
            if reference:
                return inlined(made["$defs"][reference.rpartition("/")[2]])
            return {name: inlined(each) for name, each in value.items()}
        return [inlined(each) for each in value] if isinstance(value, list) else value

    whole: dict[str, Any] = inlined({"$ref": made["$ref"]})
    return whole


def every_day(facts: Facts) -> Iterator[tuple[str, ShanghaiDate]]:
    """(field, day) of every date given."""
    yield "cover_from", facts.cover_from
    if facts.cover_to is not None:
        yield "cover_to", facts.cover_to
    yield "happened_on", facts.happened_on
    for stay in facts.stays:
        yield "stays", stay.admitted_on
        yield "stays", stay.discharged_on


def rounded(parts: Iterable[tuple[int, int]]) -> int:
    """Fen of (fen, percent) parts added up, rounded half up once. All parts are >= 0."""
    return (sum(fen * percent for fen, percent in parts) + 50) // 100


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """From 00:00 of `first` (on the wire: `from`) this cause is paid, `percent` of it until the day before
    `full_from`; the two days are one where nothing is reduced, and `percent` is then 100."""

    cause: Cause
    first: ShanghaiDate = msgspec.field(name="from")
    full_from: ShanghaiDate
    percent: int


class Why(StrEnum):
    """What took money away, in the order in which they are applied."""

    OUTSIDE_COVER = "outside_cover"
    CAUSE = "cause"  # the benefit is not for accidents, or not for diseases
    EXCLUSION = "exclusion"
    WAITING_PERIOD = "waiting_period"
    CONDITION = "condition"  # one of the benefit's conditions does not hold
    MAX_DAYS = "max_days"
    REDUCED_BENEFIT_PERIOD = "reduced_benefit_period"
    ALREADY_PAID = "already_paid"
    NOT_WITH = "not_with"
    ANNUAL_LIMIT = "annual_limit"
    PERIOD_LIMIT = "period_limit"


class Deduction(Noun, frozen=True, kw_only=True):
    """`clause` is None where the terms' data names none. Zero fen: a further reason for the same refusal."""

    why: Why
    clause: Code | None
    amount_fen: Amount
    text: Text


class LeftOut(Noun, frozen=True, kw_only=True):
    """A part of the bill that does not count, and the clause that says so."""

    clause: Code
    amount_fen: Amount
    text: Text


class AssessedBenefit(Noun, frozen=True, kw_only=True):
    """`left_out` was taken from the bill before anything was computed.

    `amount_fen` is `before_fen` less every deduction. The two counts go into the next EarlierPayment.
    """

    benefit: Code
    clause: Code
    name: Text
    text: Text
    left_out: tuple[LeftOut, ...] = ()
    before_fen: Amount
    deductions: tuple[Deduction, ...]
    amount_fen: Amount
    paid_days: Days = 0
    counted_cost_fen: Annotated[Fen, Meta(ge=0)] = Fen(0)


class Assessment(Noun, frozen=True, kw_only=True):
    lines: tuple[AssessedBenefit, ...]
    total_fen: Amount


class Running:
    """One benefit's money while deductions are taken from it."""

    def __init__(self, before_fen: int) -> None:
        self.left = before_fen
        self.deductions: list[Deduction] = []

    def refuse(self, why: Why, clause: Code | None, text: str) -> None:
        """Take everything; told even when nothing is left to take."""
        self.deductions.append(Deduction(why=why, clause=clause, amount_fen=Fen(self.left), text=text))
        self.left = 0

    def take(self, why: Why, clause: Code | None, fen: int, text: str) -> None:
        """Take up to `fen`; not told when that is nothing."""
        taken = min(fen, self.left)
        if taken > 0:
            self.deductions.append(Deduction(why=why, clause=clause, amount_fen=Fen(taken), text=text))
            self.left -= taken

    def keep(self, why: Why, clause: Code | None, most: int, text: str) -> None:
        """Take whatever is above `most`."""
        self.take(why, clause, self.left - max(0, most), text)


def yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}元" if rest else f"{whole:,}元"


def day(on: ShanghaiDate) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
