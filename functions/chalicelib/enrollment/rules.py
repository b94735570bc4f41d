"""Pure checks of an application: what was typed, who may join, who may agree, and to what (P13, P31)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chalicelib import typed
from chalicelib.catalog.campaigns import Campaign, Payer
from chalicelib.catalog.insured import Gender, OccupationGroup
from chalicelib.catalog.model import Catalogue, PrivacyText
from chalicelib.catalog.terms import Product
from chalicelib.enrollment.model import Acknowledgement, Applicant, Application, Consent
from chalicelib.kernel import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    ShanghaiDate,
    completed_years,
)
from chalicelib.people.rules import read_id_number, read_name
from chalicelib.pricing import rules as pricing
from chalicelib.pricing.model import Answers

T = TypeVar("T")

TERMS = "terms"
# One consent a purpose: joining under the terms; handling personal data (PIPL 13, 17); and, apart from it,
# the identity number, handled as sensitive (PIPL 28-29).
SCOPES = (TERMS, "personal_information", "id_number")

GUARDIAN_BELOW = 14  # PIPL 31: a younger child's data needs a parent's or guardian's consent

# Several may be named, as people list them: 「美团、饿了么」, 「美团/饿了么」.
_PLATFORM = re.compile(r"[\w·（）()\-、，,；;／/ ]{0,30}")
# Where the reader of a refusal should look: the field that decided it.
_FIELDS = {
    "age_too_low": "id_number",
    "age_too_high": "id_number",
    "gender": "id_number",
    "occupation": "occupation_group",
    "campaign_occupation": "occupation_group",
    "campaign_region": "district",
}


# --- who applies, for what -------------------------------------------------------------------------------


def read(
    catalogue: Catalogue, application: Application, today: ShanghaiDate
) -> tuple[Campaign, tuple[Product, ...], Applicant]:
    """Read what was typed and ask whether they may. All wrong fields are reported together.

    Raises InvalidRequestError (`enrollments.invalid`, `enrollments.not_eligible`), ForbiddenError (a child on
    their own) and ConflictError (`enrollments.needs_unit`: this campaign has no prepaid seats, or the worker
    pays a share).
    """
    campaign = catalogue.campaign(application.campaign)
    products = tuple(catalogue.product(code, today) for code in campaign.products)
    applicant = _read_typed(catalogue, application, today)
    answers = Answers(
        occupation_group=OccupationGroup(application.occupation_group),
        born=applicant.id_number.birthday,
        gender=Gender(applicant.id_number.gender),
        region=catalogue.region(application.district),
    )
    refuse_ineligible(products, campaign, answers, today)
    refuse_child(applicant.id_number.birthday, today)
    shares = pricing.quote(products, campaign, 1, answers.region, today).shares
    worker_pays = any(share.payer is Payer.WORKER and share.fee_fen for share in shares)
    if campaign.sponsor_policy is None or worker_pays:
        raise ConflictError("enrollments.needs_unit", "这个活动由单位统一办理。请联系所在工会，或拨打12351。")
    return campaign, products, applicant


def refuse_ineligible(
    products: Iterable[Product], campaign: Campaign, answers: Answers, today: ShanghaiDate
) -> None:
    """Every product of the campaign must be open to this person. Raises InvalidRequestError with each reason
    once, beside the field that decided it."""
    reasons = {
        reason.code: reason.text
        for product in products
        for reason in pricing.eligibility(product, campaign, answers, today).reasons
    }
    if reasons:
        fields = {_FIELDS.get(code, "campaign"): text for code, text in reasons.items()}
        raise InvalidRequestError("enrollments.not_eligible", "".join(reasons.values()), fields)


def _read_typed(catalogue: Catalogue, application: Application, today: ShanghaiDate) -> Applicant:
    """Name, number, occupation, platform and district together, so that one round shows every mistake."""
    wrong: dict[str, str] = {}
    name = _try(lambda: read_name(application.name), wrong)
    id_number = _try(lambda: read_id_number(application.id_number, today), wrong)
    if application.occupation_group not in set(OccupationGroup):
        wrong["occupation_group"] = "请选择您的职业。"
    if application.district not in {region.code for region in catalogue.regions}:
        wrong["district"] = "请选择您工作的地区。"
    if not _PLATFORM.fullmatch(typed.read(application.platform)):
        wrong["platform"] = "平台名称请用文字，不超过30个字；没有平台可以不填。"
    if wrong or name is None or id_number is None:
        raise InvalidRequestError("enrollments.invalid", "有几项没有填对，请看每一项下面的提示。", wrong)
    return Applicant(name, id_number)


def _try(read_one: Callable[[], T], wrong: dict[str, str]) -> T | None:
    try:
        return read_one()
    except InvalidRequestError as error:
        wrong.update(error.fields)
        return None


def refuse_child(birthday: ShanghaiDate, today: ShanghaiDate) -> None:
    """Whatever the terms allow: nobody under 14 agrees for themselves, online. Raises ForbiddenError."""
    if completed_years(birthday, today) < GUARDIAN_BELOW:
        sentence = (
            f"未满{GUARDIAN_BELOW}周岁要由父母或其他监护人同意并办理。请监护人带证件到服务网点，或拨打12351。"
        )
        raise ForbiddenError("enrollments.needs_guardian", sentence, {"id_number": sentence})


# --- what they agree to ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreedText:
    """A text in force that a join needs agreement to. `text` names it within its scope: two products may
    have terms of the same version."""

    text: str
    consent: Consent


def required_texts(products: Iterable[Product], privacy: Iterable[PrivacyText]) -> tuple[AgreedText, ...]:
    """The terms of each product, by exact version, and each privacy text."""
    terms = [
        AgreedText(product.code, Consent(TERMS, product.version, product.terms_sha256))
        for product in products
    ]
    others = [AgreedText(text.code, Consent(text.scope, text.version, text.sha256)) for text in privacy]
    return (*terms, *others)


def refuse_unacknowledged(products: Sequence[Product], acknowledgements: Iterable[Acknowledgement]) -> None:
    """Every exclusion of every product must have been acknowledged, one by one: an id ticked for one product
    says nothing of another's. Raises ForbiddenError."""
    seen = {(each.product, exclusion) for each in acknowledgements for exclusion in each.exclusions}
    missing = [
        each.title
        for product in products
        for each in product.exclusions
        if (product.code, each.id) not in seen
    ]
    if missing:
        sentence = f"还有{len(missing)}项“不保什么”没有确认，请逐条阅读并勾选：{'、'.join(missing)}。"
        raise ForbiddenError(
            "enrollments.exclusions_not_acknowledged", sentence, {"acknowledgements": sentence}
        )


def refuse_missing_consent(required: Iterable[Consent], given: Iterable[Consent]) -> None:
    """The texts agreed to must be exactly those in force, by version and hash, and no other: a stored consent
    to a text that nobody published would prove nothing. Raises ForbiddenError."""
    agreed, wanted = set(given), set(required)
    if {consent.scope for consent in wanted} - {consent.scope for consent in agreed}:
        sentence = "还有一项需要您单独同意。不同意不会影响您浏览本站，但不能在线参加。"
        raise ForbiddenError("enrollments.consent_missing", sentence, {"consents": sentence})
    if agreed != wanted:
        sentence = "告知书或条款已经更新。请刷新页面，阅读新的内容后再同意。"
        raise ForbiddenError("enrollments.consent_outdated", sentence, {"consents": sentence})


# --- what a form is told before anybody types -----------------------------------------------------------


# Coarse, so that nobody can count who joins by asking again and again; 1 is "fewer than fifty".
SEAT_STEPS = (1, 50, *range(100, 1000, 100), 1000, 2000, 5000, 10_000)


def rounded_down(seats: int) -> int:
    """A number of seats that stays true for a while: the highest step not above it; 0 for none."""
    return max((step for step in SEAT_STEPS if step <= seats), default=0)
