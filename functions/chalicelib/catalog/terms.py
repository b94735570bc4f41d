"""The nouns of a product: one published terms version is one `Product` value.

These types are the schema of the terms' front matter (unknown fields are refused), of the compiled
`data.json`, and what every rule reads, so a figure has one home.

Money is int fen, days are Shanghai dates, percents are whole percents. msgspec Structs rather than
dataclasses: they validate, read JSON in one pass, and cost a cold start nothing the HTTP layer has not paid.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.catalog.insured import Gender, Insured, MedicalInsurance, OccupationGroup
from chalicelib.kernel import DateInterval, Fen, ShanghaiDate, years_later

Percent = Annotated[int, Meta(ge=0, le=100)]
Days = Annotated[int, Meta(ge=0)]
Amount = Annotated[Fen, Meta(ge=0)]
Text = Annotated[str, Meta(min_length=1)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*$")]
Version = Annotated[str, Meta(pattern=r"^\d{4}-\d+$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Noun(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of everything here: immutable, closed, built by name."""


class Line(StrEnum):
    ACCIDENT = "accident"
    HOSPITAL = "hospital"
    CRITICAL_ILLNESS = "critical_illness"
    WOMENS_DISEASE = "womens_disease"
    CHILDRENS_ACCIDENT = "childrens_accident"
    LIGHT_ILLNESS = "light_illness"
    ALLOWANCE = "allowance"
    COMPREHENSIVE = "comprehensive"


class PlanKind(StrEnum):
    BASE = "base_plan"  # 主险
    SUPPLEMENTARY = "supplementary_plan"  # 副险


class SourceKind(StrEnum):
    PUBLISHED = "published"
    SAMPLE = "sample"  # shown with the sample notice of `figures.NOTICE`


class Source(Noun, frozen=True, kw_only=True):
    """Where a figure comes from. `where` names the public document; empty only for a sample."""

    kind: SourceKind
    where: str = ""


# --- product ---------------------------------------------------------------------------------------------


class AgeRange(Noun, frozen=True, kw_only=True):
    """Completed years on the effective date, both bounds inclusive (P13)."""

    first: Annotated[int, Meta(ge=0, le=120)]
    last: Annotated[int, Meta(ge=0, le=120)]

    def __contains__(self, age: int) -> bool:
        return self.first <= age <= self.last


class Units(Noun, frozen=True, kw_only=True):
    """How many shares (份) one person may hold."""

    least: Annotated[int, Meta(ge=1)] = 1
    most: Annotated[int, Meta(ge=1)] = 1


class MedicalRule(Noun, frozen=True, kw_only=True):
    """`accepted` empty: no medical insurance is asked for. `waived_for`: groups that need none."""

    accepted: tuple[MedicalInsurance, ...] = ()
    waived_for: tuple[OccupationGroup, ...] = ()


class GroupRules(Noun, frozen=True, kw_only=True):
    minimum_people: Annotated[int, Meta(ge=1)] = 1
    participation_percent: Percent = 0
    everybody_below_people: int = 0  # units smaller than this enrol everybody


class WaitingPeriod(Noun, frozen=True, kw_only=True):
    """Days from the first day of cover without benefit; an accident may be excepted with its own number."""

    first_days: Days = 0
    renewal_days: Days = 0
    accident_days: Days = 0
    clause: Code | None = None


class ReducedBenefitPeriod(Noun, frozen=True, kw_only=True):
    """After the waiting period, up to day `first_until_day` of cover, benefits are `percent` of full."""

    first_until_day: Days = 0
    renewal_until_day: Days = 0
    accident_until_day: Days = 0
    percent: Percent = 100
    clause: Code | None = None


class JoiningWay(StrEnum):
    """How somebody comes under cover. Nobody buys it for themselves alone."""

    BY_UNIT = "by_unit"  # 单位或者工会统一组织: a roster
    BY_SEAT = "by_seat"  # 个人在团体参保协议的名额内参加, and is a member of that group


class Joining(Noun, frozen=True, kw_only=True):
    ways: Annotated[tuple[JoiningWay, ...], Meta(min_length=1)]
    clause: Code


Cause = Literal["accident", "disease"]


class Need(StrEnum):
    """What the engine has to be told of a condition, because it decides the sum."""

    SECOND_GRADE_HOSPITAL = "second_grade_hospital"  # 二级及以上医院, where somebody stayed or was diagnosed
    DESIGNATED_HOSPITAL = "designated_hospital"  # 基本医疗保险定点医疗机构


class Condition(Noun, frozen=True, kw_only=True):
    """What must hold for a benefit to be paid in full, where none of its figures says so.

    Shown wherever the benefit is; with `needs`, asked and decided by the engine too.
    """

    id: Code
    clause: Code
    plain: Text
    needs: Need | None = None


class Benefit(Noun, frozen=True, kw_only=True, tag_field="kind"):
    """What every benefit states. `clause` is the anchor in the terms text; `plain` the line people read."""

    id: Code
    clause: Code
    name: Text
    plain: Text
    not_with: tuple[Code, ...] = ()  # what these paid for the same accident is deducted
    causes: tuple[Cause, ...] = ()  # empty: as the product's line implies (benefits.rules.checks)
    conditions: tuple[Condition, ...] = ()


class LumpSum(Benefit, frozen=True, kw_only=True, tag="lump_sum"):
    """Paid once a period. `trigger` may be left out where the line implies it (benefits.rules.checks).

    `diseases` are the names listed in the terms whose first diagnosis is paid for.
    """

    amount_fen: Amount
    trigger: Literal["death", "diagnosis"] | None = None
    diseases: tuple[Text, ...] = ()

    @property
    def disease_count(self) -> int:
        return len(self.diseases)


class GradedDisability(Benefit, frozen=True, kw_only=True, tag="graded_disability"):
    sum_fen: Amount
    percent_by_grade: Annotated[tuple[Percent, ...], Meta(min_length=10, max_length=10)]  # grade 1 first


class DailyAllowance(Benefit, frozen=True, kw_only=True, tag="daily_allowance"):
    """Paid for hospital day `from_day` and later, at most `max_days` paid days a period."""

    daily_fen: Amount
    from_day: Annotated[int, Meta(ge=1)]
    max_days: Annotated[int, Meta(ge=1)]


class Band(Noun, frozen=True, kw_only=True):
    """`percent` of the part above `above_fen`, up to the next band."""

    above_fen: Amount
    percent: Percent


class ReimbursedCost(StrEnum):
    IN_CATALOGUE_SELF_PAID = "in_catalogue_self_paid"  # what the patient bears after medical insurance
    REASONABLE_MEDICAL = "reasonable_medical"  # necessary cost not paid by anyone else


class Reimbursement(Benefit, frozen=True, kw_only=True, tag="reimbursement"):
    cost: ReimbursedCost
    deductible_fen: Amount
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]
    annual_limit_fen: Amount
    deductible_per: Literal["event", "period"] = "event"  # deductible and bands count its costs together


AnyBenefit = LumpSum | GradedDisability | DailyAllowance | Reimbursement


class Excludes(StrEnum):
    EVENT = "event"  # this accident, stay or diagnosis: every benefit
    BENEFITS = "benefits"  # only the benefits it names
    COST = "cost"  # a part of the bill: the rest is counted as if it had never been on it


class CostSum(StrEnum):
    """The part of a bill that a cost exclusion is about; a field of `benefits.model.Costs`."""

    OUTSIDE_CATALOGUE = "outside_catalogue_fen"
    THIRD_PARTY_PAID = "third_party_paid_fen"
    WORK_INJURY = "work_injury_fen"
    UNSETTLED = "unsettled_fen"
    NOT_TREATMENT = "not_treatment_fen"


class Exclusion(Noun, frozen=True, kw_only=True):
    """Acknowledged one by one at joining, so `plain` must stand alone.

    `benefits` are those it takes away, or takes the cost from; empty: all of the product's. An exclusion of
    cost is never a yes or no: it is told as the `sums` it names.
    """

    id: Code
    clause: Code
    title: Text
    plain: Text
    example: Text
    excludes: Excludes
    benefits: tuple[Code, ...] = ()
    sums: tuple[CostSum, ...] = ()

    def is_about(self, benefit: str) -> bool:
        return not self.benefits or benefit in self.benefits


class Document(Noun, frozen=True, kw_only=True):
    """One paper of a claim. `when` is empty when it is always needed."""

    id: Code
    name: Text
    why: Text
    when: str = ""
    sample_picture: str = ""  # path under content/, drawn by us, never a real paper
    if_you_cannot_get_it: Text
    photo_hints: Annotated[tuple[Text, ...], Meta(min_length=1)]


class ClaimType(Noun, frozen=True, kw_only=True):
    code: Code
    name: Text
    benefits: Annotated[tuple[Code, ...], Meta(min_length=1)]
    documents: Annotated[tuple[Document, ...], Meta(min_length=1)]


class TimeLimit(Noun, frozen=True, kw_only=True):
    """`days` counted from `starts_with` (shown as text). `late` says what happens afterwards."""

    days: Annotated[int, Meta(ge=1)]
    starts_with: Text
    late: Text


class Product(Noun, frozen=True, kw_only=True):
    """One immutable terms version. `sources` maps a figure path (`benefits.death`) to its source."""

    code: Code
    version: Version
    name: Text
    short_name: Text
    line: Line
    plan: PlanKind
    valid_from: ShanghaiDate
    fee_fen: Amount
    units: Units
    insured: Insured = Insured.MEMBER
    period_years: Annotated[int, Meta(ge=1)]
    ages: AgeRange
    genders: Annotated[tuple[Gender, ...], Meta(min_length=1)]
    occupation_groups: Annotated[tuple[OccupationGroup, ...], Meta(min_length=1)]
    medical_insurance: MedicalRule
    group_rules: GroupRules
    joining: Joining | None = None  # terms before 2026-11-27 do not say it as data
    waiting_period: WaitingPeriod
    reduced_benefit_period: ReducedBenefitPeriod
    benefits: Annotated[tuple[AnyBenefit, ...], Meta(min_length=1)]
    period_limit_fen: Amount  # per person and period, all benefits together
    period_limit_clause: Code | None = None
    exclusions: Annotated[tuple[Exclusion, ...], Meta(min_length=1)]
    claim_types: Annotated[tuple[ClaimType, ...], Meta(min_length=1)]
    notice: TimeLimit
    filing: TimeLimit
    sources: dict[str, Source]
    terms_path: str  # under content/, e.g. products/x/terms-2026-1.md
    terms_sha256: Sha256  # of that file's raw bytes

    def cover_from(self, first: ShanghaiDate) -> DateInterval:
        """The cover interval that begins 00:00 of `first`: `period_years` long, last day included."""
        return DateInterval(first, years_later(first, self.period_years) - timedelta(days=1))

    def source_of(self, figure: str) -> Source:
        """The source of a figure path; `benefits.death.amount_fen` falls back to `benefits.death`."""
        while figure not in self.sources:
            if "." not in figure:
                raise KeyError(figure)
            figure = figure.rpartition(".")[0]
        return self.sources[figure]

    @property
    def is_sample(self) -> bool:
        return any(source.kind is SourceKind.SAMPLE for source in self.sources.values())
