"""Who pays how much, and who may join: pure decisions over catalogue values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from chalicelib.catalog.campaigns import Campaign, CampaignKind, FundingLine, Payer
from chalicelib.catalog.insured import (
    GENDER_NAMES,
    MEDICAL_NAMES,
    Insured,
    MedicalInsurance,
)
from chalicelib.catalog.model import AgeBand, Region
from chalicelib.catalog.terms import PlanKind, Product
from chalicelib.kernel import Fen, InvalidRequestError, ShanghaiDate, completed_years
from chalicelib.pricing.model import Answers, Eligibility, Quote, Reason, Share


class FundingError(ValueError):
    """The funding lines do not split the fee exactly; the compiler refuses such a campaign."""


def quote(
    products: Sequence[Product],
    campaign: Campaign | None,
    people: int,
    region: Region,
    on: ShanghaiDate,
) -> Quote:
    """The fee and its split for `people` joining on `on`.

    Split for one person, then multiplied, so that the shares stored with each person's cover add up to the
    group's. Raises InvalidRequestError when the campaign is not for this day, region or set of products.
    """
    if people < 1:
        raise _refused("people", "人数至少是一人，请重新填写。")
    if not products or len({each.code for each in products}) != len(products):
        raise _refused("products", "请选择保障项目，每个项目选一次。")
    fee = sum(each.fee_fen for each in products)
    if campaign is None:
        shares = [Share(payer=Payer.WORKER, label="本人或所在单位", fee_fen=Fen(fee))]
    else:
        _refuse_if_closed(campaign, region, on)
        shares = _campaign_shares(products, campaign, on)
    return Quote(
        fee_fen=Fen(fee * people),
        people=people,
        shares=tuple(
            Share(payer=each.payer, label=each.label, fee_fen=Fen(each.fee_fen * people)) for each in shares
        ),
    )


def _refused(field: str, detail: str) -> InvalidRequestError:
    return InvalidRequestError(f"catalog.{field}_refused", detail, {field: detail})


def _refuse_if_closed(campaign: Campaign, region: Region, on: ShanghaiDate) -> None:
    for reason in _campaign_reasons(campaign, region, on):
        raise InvalidRequestError(f"catalog.{reason.code}", reason.text, {"campaign": reason.text})


def _campaign_shares(products: Sequence[Product], campaign: Campaign, on: ShanghaiDate) -> list[Share]:
    asked = {each.code: each for each in products}
    if asked.keys() - set(campaign.products):
        raise _refused("products", "这个活动不包含所选的保障项目，请重新选择。")
    plans = {each.plan for each in products}
    if campaign.kind is CampaignKind.MAIN_GIVES_SUPPLEMENT and PlanKind.BASE not in plans:
        raise _refused("products", "副险随主险赠送，请同时选择主险。")
    shares: list[Share] = []
    for scope, lines in funding_scopes(campaign).items():
        chosen = [asked[code] for code in scope if code in asked]
        if not chosen:
            continue
        if len(chosen) < len(scope):
            raise _refused("products", "这几个保障项目要一起参加才有补助，请全部选择。")
        scope_fee = Fen(sum(each.fee_fen for each in chosen))
        shares += split(scope_fee, lines, campaign.rounding_payer, on)
    return _merged(shares)


def funding_scopes(campaign: Campaign) -> dict[tuple[str, ...], list[FundingLine]]:
    """The lines grouped by the products they pay for, in campaign order; no products means all of them."""
    scopes: dict[tuple[str, ...], list[FundingLine]] = {}
    for line in campaign.funding:
        scopes.setdefault(line.products or campaign.products, []).append(line)
    return scopes


def split(fee: Fen, lines: Sequence[FundingLine], rounding_payer: Payer, on: ShanghaiDate) -> list[Share]:
    """Split one person's fee exactly, "rest" last; the fen lost by rounding down go to `rounding_payer`.

    Counted in hundredths of a fen, so a whole percent is exact until the one rounding at the end.
    Raises FundingError when the lines take more than the fee, or leave some of it to nobody.
    """
    ordered = sorted(lines, key=lambda line: line.rest)
    parts = [_part(line, fee, on) for line in ordered if not line.rest]
    left = fee * 100 - sum(parts)
    rests = len(ordered) - len(parts)
    if left < 0 or rests > 1 or (not rests and left):
        raise FundingError(f"lines pay {sum(parts) / 10000:.2f} of {fee / 100:.2f} yuan on {on}")
    parts += [left] * rests
    amounts = [part // 100 for part in parts]
    payers = [line.payer for line in ordered]
    rounded_to = payers.index(rounding_payer) if rounding_payer in payers else len(payers) - 1
    amounts[rounded_to] += fee - sum(amounts)
    return [
        Share(payer=line.payer, label=line.label, fee_fen=Fen(amount))
        for line, amount in zip(ordered, amounts, strict=True)
    ]


def _part(line: FundingLine, fee: Fen, on: ShanghaiDate) -> int:
    """In hundredths of a fen. A dated line pays nothing on days it does not name."""
    if line.fixed_fen is not None:
        return line.fixed_fen * 100
    if line.percent is not None:
        return fee * line.percent
    return sum(each.fixed_fen for each in line.by_enrolment_date if each.first <= on <= each.last) * 100


def _merged(shares: Sequence[Share]) -> list[Share]:
    """One share a payer, in order of first appearance (two scopes may name the same payer)."""
    order = list(dict.fromkeys((each.payer, each.label) for each in shares))
    by_payer = sorted(shares, key=lambda each: order.index((each.payer, each.label)))
    return [
        Share(payer=payer, label=label, fee_fen=Fen(sum(each.fee_fen for each in group)))
        for (payer, label), group in groupby(by_payer, key=lambda each: (each.payer, each.label))
    ]


def by_product(shares: Sequence[Share], products: Sequence[Product]) -> dict[str, tuple[Share, ...]]:
    """One person's shares laid over the products they pay for: who pays which part of each product's fee.

    Payers fill the products in the order of both, so every product's shares sum to its fee and every payer's
    to their share, exactly. `shares` must be those of exactly these products for one person.
    """
    left = [(share, share.fee_fen) for share in shares]
    laid: dict[str, tuple[Share, ...]] = {}
    for product in products:
        owed, parts = product.fee_fen, []
        while owed:
            share, fen = left[0]
            part = min(owed, fen)
            if part:
                parts.append(Share(payer=share.payer, label=share.label, fee_fen=Fen(part)))
            owed = Fen(owed - part)
            left[0] = (share, Fen(fen - part))
            if part == fen:
                left.pop(0)
        laid[product.code] = tuple(parts)
    return laid


# --- eligibility -----------------------------------------------------------------------------------------


def eligibility(
    product: Product,
    campaign: Campaign | None,
    answers: Answers,
    on: ShanghaiDate,
    effective: ShanghaiDate | None = None,
) -> Eligibility:
    """May this person join on `on`? Age counts on `effective`, the first day of cover (the next day)."""
    effective = effective or on + timedelta(days=1)
    reasons = [
        *_age_reasons(product, answers.born, effective),
        *_person_reasons(product, answers),
        *_medical_reasons(product, answers),
        *(_campaign_reasons(campaign, answers.region, on) if campaign else ()),
    ]
    if campaign and product.code not in campaign.products:
        reasons.append(
            Reason(code="product_not_in_campaign", text="这个活动不含该保障项目，请看看其他活动。")
        )
    if campaign and answers.occupation_group not in campaign.occupation_groups:
        reasons.append(
            Reason(
                code="campaign_occupation", text="这个活动面向其他职业。请拨打12351，问问您所在行业的活动。"
            )
        )
    return Eligibility(eligible=not reasons, reasons=tuple(reasons))


def _age_reasons(product: Product, born: ShanghaiDate | AgeBand, effective: ShanghaiDate) -> list[Reason]:
    """Of the member's age. A child's is asked when the child is named, not here."""
    if product.insured is Insured.CHILD:
        return []
    ages = product.ages
    if isinstance(born, AgeBand):
        youngest, oldest = born.first, born.last
    else:
        youngest = oldest = completed_years(born, effective)
    if youngest < ages.first:
        text = f"保障开始那天要满{ages.first}周岁。满{ages.first}周岁后欢迎再来，也可拨打12351咨询。"
        return [Reason(code="age_too_low", text=text)]
    if oldest > ages.last:
        text = f"保障开始那天不能超过{ages.last}周岁。请拨打12351，问问适合您的其他保障。"
        return [Reason(code="age_too_high", text=text)]
    return []


def _person_reasons(product: Product, answers: Answers) -> list[Reason]:
    reasons = []
    of_member = product.insured is Insured.MEMBER
    if of_member and answers.gender is not None and answers.gender not in product.genders:
        names = "、".join(GENDER_NAMES[each] for each in product.genders)
        reasons.append(Reason(code="gender", text=f"这项保障只面向{names}职工。请看看其他保障项目。"))
    if answers.occupation_group not in product.occupation_groups:
        text = "这项保障不面向您选的职业。请看看其他保障项目，或拨打12351咨询。"
        reasons.append(Reason(code="occupation", text=text))
    return reasons


def _medical_reasons(product: Product, answers: Answers) -> list[Reason]:
    rule = product.medical_insurance
    if not rule.accepted or answers.occupation_group in rule.waived_for:
        return []
    if answers.medical_insurance in rule.accepted:
        return []
    wanted = "或".join(MEDICAL_NAMES[each] for each in rule.accepted)
    if answers.medical_insurance is MedicalInsurance.UNKNOWN:
        text = f"这项保障要先参加{wanted}。请在当地医保服务平台查一查，再回来选择。"
        return [Reason(code="medical_insurance_unknown", text=text)]
    text = f"这项保障要先参加{wanted}。请拨打12351，问问当地能否放宽，或看看其他保障项目。"
    return [Reason(code="medical_insurance", text=text)]


def _campaign_reasons(campaign: Campaign, region: Region, on: ShanghaiDate) -> list[Reason]:
    reasons = []
    if on < campaign.window.first:
        first = campaign.window.first
        text = f"活动{first.year}年{first.month}月{first.day}日开始。请到时再来。"
        reasons.append(Reason(code="campaign_not_open", text=text))
    if on > campaign.window.last:
        reasons.append(Reason(code="campaign_over", text="这个活动已经结束。请拨打12351，问问新的活动。"))
    if not region.is_within(campaign.regions):
        text = "这个活动不在您所在的地区。请拨打12351，问问当地工会的活动。"
        reasons.append(Reason(code="campaign_region", text=text))
    return reasons
