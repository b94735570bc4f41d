"""What printed matter says, as plain values: chosen here from the catalogue, only placed by the drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.insured import (
    GENDER_NAMES,
    MEDICAL_NAMES,
    OCCUPATION_NAMES,
    Gender,
    Insured,
    OccupationGroup,
)
from chalicelib.catalog.terms import Product
from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from publishing.page_types import Card
from sitebuild import formats
from sitebuild.campaigns.view import CampaignView
from sitebuild.products.conditions import conditions_of
from sitebuild.products.sums import benefit_sum

SAMPLE = "示范数值，以经办机构正式条款为准"
FINE_PRINT = "工会组织的互助互济活动，不是商业保险。办理不收任何费用，不需要中介。"
_ONE_GENDER = ({(Gender.FEMALE,)}, {(Gender.MALE,)})
HASH_SHOWN = 12  # characters of a text's SHA-256, enough to tell two versions apart by eye


@dataclass(frozen=True)
class House:
    """What every sheet carries."""

    name: str
    slogan: str
    hotline: str
    hotline_name: str


@dataclass(frozen=True)
class Share:
    label: str
    yuan: str
    percent: float
    style: str


@dataclass(frozen=True)
class CampaignWords:
    house: House
    code: str
    name: str
    lead: str
    own_label: str  # with the last day of this sum, if it changes while the campaign runs
    own: str  # yuan
    fee: str
    shares: tuple[Share, ...]
    until: str
    who: str
    where: str
    organiser: str
    not_covered: tuple[str, ...]
    is_sample: bool


@dataclass(frozen=True)
class ProductWords:
    house: House
    code: str
    name: str
    short_name: str
    summary: str
    fee: str
    per: str
    who: str
    conditions: tuple[str, ...]
    limit: str
    benefits: tuple[tuple[str, str, str], ...]  # name, sum, plain words with every condition
    exclusions: tuple[tuple[str, str], ...]  # title, plain
    claim_steps: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]  # what happened, papers in a row
    version: str
    sha256: str
    is_sample: bool


def house(made: Compiled) -> House:
    contact = made.catalogue.contact
    lead = str(made.pages["index.md"].meta["lead"])
    return House(made.pages["index.md"].title, lead, contact.hotline, contact.hotline_name)


def campaign_words(made: Compiled, view: CampaignView, on: ShanghaiDate) -> CampaignWords:
    campaign = view.campaign
    shares = [Share(each.label, formats.yuan(each.fee_fen), each.width, each.style) for each in view.slices]
    return CampaignWords(
        house=house(made),
        code=campaign.code,
        name=campaign.name,
        lead=_front(made, "campaign", campaign.code).lead,
        own_label=_own_label(campaign, on),
        own=formats.yuan(view.own_fen),
        fee=formats.yuan(view.fee_fen),
        shares=tuple(shares),
        until=formats.day(campaign.window.last),
        who=_who(campaign.occupation_groups, view.products),
        where=formats.listed(view.regions),
        organiser=campaign.organiser,
        not_covered=tuple(dict.fromkeys(each.title for each in view.exclusions)),
        is_sample=view.is_sample,
    )


def product_words(made: Compiled, product: Product, on: ShanghaiDate) -> ProductWords:
    cards = (each for each in made.front.values() if isinstance(each, Card))
    card = next((each for each in cards if each.product == product.code), None)
    number, unit = formats.big(product.period_limit_fen)
    return ProductWords(
        house=house(made),
        code=product.code,
        name=product.name,
        short_name=product.short_name,
        summary=card.summary if card else product.short_name,
        fee=formats.yuan(product.fee_fen),
        per=formats.per(product),
        who=_who(product.occupation_groups, (product,)),
        conditions=_conditions(product),
        limit=f"{formats.span(product)}最多{number}{unit}",
        benefits=tuple(
            (each.name, _sum(each), "".join((each.plain, *conditions_of(product, each))))
            for each in product.benefits
        ),
        exclusions=tuple((each.title, each.plain) for each in product.exclusions),
        claim_steps=(
            f"{product.notice.days}天内打{made.catalogue.contact.hotline}报告，{product.notice.starts_with}；晚报查不清的可能领不到",
            f"{product.filing.days}天内交材料，{product.filing.starts_with}；过期不受理；不齐的，一次告诉您",
            "钱只打到领取人本人的银行卡上，不付现金",
        ),
        papers=tuple(
            (each.name, "；".join(paper.name for paper in each.documents)) for each in product.claim_types
        ),
        version=product.version,
        sha256=product.terms_sha256[:HASH_SHOWN],
        is_sample=product.is_sample,
    )


def campaign_text(given: CampaignWords, url: str) -> str:
    """For a chat group: everything a decision needs, what is not covered included."""
    paid = "，".join(f"{each.label}出{each.yuan}元" for each in given.shares)
    if given.own_label != "您自己出":
        paid = f"{given.own_label}{given.own}元（{paid}）"
    first = "；".join(given.not_covered[:3])
    sample = f"（{SAMPLE}）" if given.is_sample else ""
    return (
        f"{given.name}：{paid}。{given.who}，{given.where}，{given.until}截止。"
        f"先看不保什么：{first}……共{len(given.not_covered)}种情况不保。"
        f"看清再参加：{url} 问{given.house.hotline}。{sample}"
    )


def product_text(given: ProductWords, url: str) -> str:
    first = "；".join(title for title, _ in given.exclusions[:3])
    sample = f"（{SAMPLE}）" if given.is_sample else ""
    return (
        f"{given.short_name}：{given.per}{given.fee}元，{given.limit}。"
        f"先看不保什么：{first}……共{len(given.exclusions)}种情况不保。"
        f"明白卡：{url} 问{given.house.hotline}。{sample}"
    )


def _own_label(campaign: Campaign, on: ShanghaiDate) -> str:
    """A sheet stays on its wall: a sum that holds only for some weeks says until when."""
    day = min(max(on, campaign.window.first), campaign.window.last)
    lasts = [
        each.last
        for line in campaign.funding
        for each in line.by_enrolment_date
        if each.first <= day <= each.last
    ]
    last = min(lasts, default=campaign.window.last)
    return "您自己出" if last >= campaign.window.last else f"{last.month}月{last.day}日（含）前参加，您出"


def _front(made: Compiled, kind: str, code: str) -> Any:
    path = next(
        path for path, page in made.pages.items() if page.type == kind and page.meta.get("code") == code
    )
    return made.front[path]


def _who(groups: tuple[OccupationGroup, ...], products: tuple[Product, ...]) -> str:
    """Whose work, whose age. A child is covered through a parent who is a member."""
    kinds = {each.insured for each in products}
    child = "的子女" if kinds == {Insured.CHILD} else "和子女" if Insured.CHILD in kinds else ""
    genders = {each.genders for each in products}
    only = f"，限{GENDER_NAMES[products[0].genders[0]]}职工" if not child and genders in _ONE_GENDER else ""
    return f"{_occupations(groups)}{child}，{_ages(products)}{only}"


def _occupations(groups: tuple[OccupationGroup, ...]) -> str:
    if set(groups) == set(OCCUPATION_NAMES):
        return "各行各业的职工"
    return formats.listed(OCCUPATION_NAMES[each] for each in groups)


def _ages(products: tuple[Product, ...]) -> str:
    """One range if they share it; else how far they reach, and that they differ."""
    ranges = {(each.ages.first, each.ages.last) for each in products}
    if len(ranges) == 1:
        first, last = ranges.pop()
        return f"{first}至{last}周岁"
    first, last = min(first for first, _ in ranges), max(last for _, last in ranges)
    return f"{first}至{last}周岁（每项不一样，扫码看）"


def _conditions(product: Product) -> tuple[str, ...]:
    found = []
    if product.units.most > 1:
        found.append(f"每人最多{product.units.most}份")
    if product.medical_insurance.accepted:
        found.append(
            "要先参加" + "或".join(MEDICAL_NAMES[each] for each in product.medical_insurance.accepted)
        )
    waiting = product.waiting_period
    if waiting.first_days:
        found.append(
            f"等待期：第一次{waiting.first_days}天，续保{waiting.renewal_days}天，意外{waiting.accident_days}天"
        )
    reduced = product.reduced_benefit_period
    if reduced.percent < 100:
        found.append(f"第一次参加，等待期后到第{reduced.first_until_day}天给{reduced.percent}%")
    return tuple(found)


def _sum(benefit: Any) -> str:
    fen, word = benefit_sum(benefit)
    number, unit = formats.big(fen)
    return f"{word}{number}{unit}"
