"""Consents and acknowledgements: required before anything is stored, stored with what they were given to."""

from __future__ import annotations

from chalicelib.catalog.model import Catalogue
from chalicelib.catalog.terms import Product
from chalicelib.enrollment import rules
from chalicelib.enrollment.model import Application, Consent
from chalicelib.enrollment.records import AcknowledgementRow, ConsentRow
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform import clock
from chalicelib.platform.transaction import Write, put


def refuse_incomplete(
    catalogue: Catalogue, products: tuple[Product, ...], application: Application, today: ShanghaiDate
) -> None:
    """Raises ForbiddenError unless every exclusion is acknowledged and every text in force agreed to."""
    rules.refuse_unacknowledged(products, application.acknowledged_exclusions)
    texts = [catalogue.consent_text(scope, today) for scope in rules.SCOPES if scope != rules.TERMS]
    required = [
        *rules.terms_consents(products),
        *(Consent(text.scope, text.version, text.sha256) for text in texts),
    ]
    rules.refuse_missing_consent(required, application.consents)


def writes(person_id: str, products: tuple[Product, ...], application: Application) -> list[Write]:
    """One row a consent and one a product's acknowledgements. Rows are only ever added: agreeing again
    later is a new row, and a withdrawal marks the row it withdraws."""
    at = clock.now().isoformat()
    channel = application.channel or "web"
    agreed = [
        ConsentRow(
            person_id,
            f"consent#{consent.scope}#{consent.version}#{at}",
            scope=consent.scope,
            version=consent.version,
            sha256=consent.sha256,
            at=at,
            channel=channel,
        )
        for consent in dict.fromkeys(application.consents)
    ]
    acknowledged = [
        AcknowledgementRow(
            person_id,
            f"acknowledged#{product.code}#{product.version}#{at}",
            exclusions=[each.id for each in product.exclusions],
            terms_sha256=product.terms_sha256,
            at=at,
            occupation_group=application.occupation_group,
            work_platform=application.platform,
            district=application.district,
        )
        for product in products
    ]
    return [
        *(put(row, ConsentRow.person_id.does_not_exist()) for row in agreed),
        *(put(row, AcknowledgementRow.person_id.does_not_exist()) for row in acknowledged),
    ]
