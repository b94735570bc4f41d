"""Pure checks of who may agree, and to what (P13, P31)."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.catalog.terms import Product
from chalicelib.enrollment.model import Consent
from chalicelib.kernel import ForbiddenError, ShanghaiDate, completed_years

TERMS = "terms"
# One consent a purpose: joining under the terms; handling personal data (PIPL 13, 17); and, apart from it,
# the identity number, handled as sensitive (PIPL 28-29).
SCOPES = (TERMS, "personal_information", "id_number")

GUARDIAN_BELOW = 14  # PIPL 31: a younger child's data needs a parent's or guardian's consent


def refuse_child(birthday: ShanghaiDate, today: ShanghaiDate) -> None:
    """Whatever the terms allow: nobody under 14 agrees for themselves, online. Raises ForbiddenError."""
    if completed_years(birthday, today) < GUARDIAN_BELOW:
        sentence = (
            f"未满{GUARDIAN_BELOW}周岁要由父母或其他监护人同意并办理。请监护人带证件到服务网点，或拨打12351。"
        )
        raise ForbiddenError("enrollments.needs_guardian", sentence, {"id_number": sentence})


def terms_consents(products: Iterable[Product]) -> tuple[Consent, ...]:
    """The terms consent of each product: its exact version."""
    return tuple(Consent(TERMS, product.version, product.terms_sha256) for product in products)


def refuse_unacknowledged(products: Iterable[Product], acknowledged: Iterable[str]) -> None:
    """Every exclusion of every product must have been acknowledged, one by one. Raises ForbiddenError."""
    seen = set(acknowledged)
    missing = [each.title for product in products for each in product.exclusions if each.id not in seen]
    if missing:
        sentence = f"还有{len(missing)}项“不保什么”没有确认，请逐条阅读并勾选：{'、'.join(missing)}。"
        raise ForbiddenError(
            "enrollments.exclusions_not_acknowledged", sentence, {"acknowledged_exclusions": sentence}
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
