"""Consents and acknowledgements: required before anything is stored, stored with what they were given to."""

from __future__ import annotations

from chalicelib import typed
from chalicelib.catalog import service as catalog
from chalicelib.catalog.terms import Product
from chalicelib.enrollment import records, rules
from chalicelib.enrollment.model import Application
from chalicelib.enrollment.records import AcknowledgementRow, ConsentRow
from chalicelib.platform.transaction import Write, put
from chalicelib.platform.work import Work


def texts_in_force(work: Work, products: tuple[Product, ...]) -> tuple[rules.AgreedText, ...]:
    """Every text a join needs agreement to today."""
    catalogue = catalog.of(work)
    privacy = [catalogue.consent_text(scope, work.today) for scope in rules.SCOPES if scope != rules.TERMS]
    return rules.required_texts(products, privacy)


def refuse_incomplete(work: Work, products: tuple[Product, ...], application: Application) -> None:
    """Raises ForbiddenError unless every exclusion is acknowledged and every text in force agreed to."""
    rules.refuse_unacknowledged(products, application.acknowledgements)
    required = [each.consent for each in texts_in_force(work, products)]
    rules.refuse_missing_consent(required, application.consents)


def writes(
    work: Work, person_id: str, products: tuple[Product, ...], application: Application
) -> list[Write]:
    """One row a text agreed to and one a product's acknowledgements. Rows are only ever added: agreeing again
    later is a new row, and a withdrawal marks the row it withdraws."""
    at = work.now.isoformat()
    channel = application.channel or "web"
    agreed = [
        ConsentRow(
            person_id,
            records.consent_part(each.consent.scope, each.text, each.consent.version, at),
            scope=each.consent.scope,
            text=each.text,
            version=each.consent.version,
            sha256=each.consent.sha256,
            at=at,
            channel=channel,
        )
        for each in texts_in_force(work, products)
    ]
    acknowledged = [
        AcknowledgementRow(
            person_id,
            records.acknowledged_part(product.code, product.version, at),
            exclusions=[each.id for each in product.exclusions],
            terms_sha256=product.terms_sha256,
            at=at,
            occupation_group=application.occupation_group,
            work_platform=typed.read(application.platform),
            district=application.district,
        )
        for product in products
    ]
    return [
        *(put(row, ConsentRow.person_id.does_not_exist()) for row in agreed),
        *(put(row, AcknowledgementRow.person_id.does_not_exist()) for row in acknowledged),
    ]
