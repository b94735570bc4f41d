"""Pure checks of what a worker agreed to (P31)."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.catalog.terms import Product
from chalicelib.enrollment.model import Consent
from chalicelib.kernel import ForbiddenError

TERMS = "terms"
# One consent a purpose: joining under the terms; handling personal data (PIPL 13, 17); and, apart from it,
# the identity number, handled as sensitive (PIPL 28-29).
SCOPES = (TERMS, "personal_information", "id_number")


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
    """Each required text must be agreed to in exactly the version and hash in force. Raises ForbiddenError."""
    agreed = set(given)
    scopes = {consent.scope for consent in agreed}
    for consent in required:
        if consent in agreed:
            continue
        if consent.scope in scopes:
            sentence = "告知书或条款已经更新。请刷新页面，阅读新的内容后再同意。"
            raise ForbiddenError("enrollments.consent_outdated", sentence, {"consents": sentence})
        sentence = "还有一项需要您单独同意。不同意不会影响您浏览本站，但不能在线参加。"
        raise ForbiddenError("enrollments.consent_missing", sentence, {"consents": sentence})
