"""What can be said of an application before any store is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.catalog.campaigns import Campaign, Payer
from chalicelib.catalog.insured import Gender, OccupationGroup
from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Product
from chalicelib.enrollment import rules
from chalicelib.enrollment.model import Application
from chalicelib.kernel import ConflictError, InvalidRequestError, Masked, ShanghaiDate
from chalicelib.people.rules import IdNumber, mask_name, read_id_number, read_name
from chalicelib.pricing import rules as pricing
from chalicelib.pricing.model import Answers

T = TypeVar("T")

_PLATFORM = re.compile(r"[\w·（）()\- ]{0,30}")
# Where the reader of a refusal should look: the field that decided it.
_FIELDS = {
    "age_too_low": "id_number",
    "age_too_high": "id_number",
    "gender": "id_number",
    "occupation": "occupation_group",
    "campaign_occupation": "occupation_group",
    "campaign_region": "district",
}


@dataclass(frozen=True, slots=True)
class Facts:
    name: Masked
    id_number: IdNumber

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)


def read(
    catalogue: Catalogue, application: Application, today: ShanghaiDate
) -> tuple[Campaign, tuple[Product, ...], Facts]:
    """Read what was typed and ask the rules. All wrong fields are reported together.

    Raises InvalidRequestError (`enrollments.invalid`, `enrollments.not_eligible`), ForbiddenError (a child on
    their own) and ConflictError (`enrollments.needs_unit`: this campaign has no prepaid seats, or the worker
    pays a share).
    """
    campaign = catalogue.campaign(application.campaign)
    products = tuple(catalogue.product(code, today) for code in campaign.products)
    facts = _read_typed(catalogue, application, today)
    for product in products:
        answer = pricing.eligibility(product, campaign, _answers(catalogue, application, facts), today)
        if not answer.eligible:
            sentence = "".join(reason.text for reason in answer.reasons)
            fields = {_FIELDS.get(reason.code, "campaign"): reason.text for reason in answer.reasons}
            raise InvalidRequestError("enrollments.not_eligible", sentence, fields)
    rules.refuse_child(facts.id_number.birthday, today)
    region = catalogue.region(application.district)
    shares = pricing.quote(products, campaign, 1, region, today).shares
    worker_pays = any(share.payer is Payer.WORKER and share.fee_fen for share in shares)
    if campaign.sponsor_policy is None or worker_pays:
        raise ConflictError("enrollments.needs_unit", "这个活动由单位统一办理。请联系所在工会，或拨打12351。")
    return campaign, products, facts


def _read_typed(catalogue: Catalogue, application: Application, today: ShanghaiDate) -> Facts:
    """Name, number, occupation, platform and district together, so that one round shows every mistake."""
    wrong: dict[str, str] = {}
    name = _try(lambda: read_name(application.name), wrong)
    id_number = _try(lambda: read_id_number(application.id_number, today), wrong)
    if application.occupation_group not in set(OccupationGroup):
        wrong["occupation_group"] = "请选择您的职业。"
    if application.district not in {region.code for region in catalogue.regions}:
        wrong["district"] = "请选择您工作的地区。"
    if not _PLATFORM.fullmatch(application.platform):
        wrong["platform"] = "平台名称请用文字，不超过30个字；没有平台可以不填。"
    if wrong or name is None or id_number is None:
        raise InvalidRequestError("enrollments.invalid", "有几项没有填对，请看每一项下面的提示。", wrong)
    return Facts(name, id_number)


def _try(read_one: Callable[[], T], wrong: dict[str, str]) -> T | None:
    try:
        return read_one()
    except InvalidRequestError as error:
        wrong.update(error.fields)
        return None


def _answers(catalogue: Catalogue, application: Application, facts: Facts) -> Answers:
    return Answers(
        occupation_group=OccupationGroup(application.occupation_group),
        born=facts.id_number.birthday,
        gender=Gender(facts.id_number.gender),
        region=catalogue.region(application.district),
    )
