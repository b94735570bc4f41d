"""The least list of papers of a claim type, derived from what it pays. Raises ContentError on its line.

Only of terms nobody replaced yet: a list too short in a published file is mended by the next version.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.benefits.rules.checks import causes_of, trigger_of
from chalicelib.catalog.terms import (
    AnyBenefit,
    ClaimType,
    DailyAllowance,
    GradedDisability,
    LumpSum,
    Product,
    ReimbursedCost,
)
from publishing.source import Page

Proof = tuple[str, tuple[str, ...]]  # what has to be shown, and the papers any of which shows it
IDENTITY: Proof = ("who claims", ("id_card", "beneficiary_id", "guardian_id", "heir_papers"))
ACCOUNT: Proof = (
    "where the money goes",
    ("bank_card", "beneficiary_bank_card", "guardian_bank_card", "heir_papers"),
)
RELATION: Proof = ("who inherits", ("relation_proof", "heir_papers"))
DEATH: Proof = ("the death", ("death_certificate", "heir_papers"))
ACCIDENT: Proof = ("the accident", ("accident_account", "unit_statement"))
TREATMENT: Proof = ("what was treated", ("diagnosis", "discharge_record"))
BILL: Proof = ("the bill", ("invoices", "hospital_invoice", "medical_invoices"))
SETTLEMENT: Proof = ("what medical insurance paid", ("settlement",))
FEES: Proof = ("what is outside the catalogue", ("fee_list",))
STAY: Proof = ("the days in hospital", ("discharge_record",))
GRADE: Proof = ("the grade of disability", ("disability_appraisal",))
DIAGNOSIS: Proof = ("the diagnosis", ("diagnosis", "first_diagnosis"))
FINDINGS: Proof = ("what the diagnosis rests on", ("findings", "pathology"))


def check_papers(product: Product, page: Page) -> None:
    for n, claim in enumerate(product.claim_types):
        listed = {each.id for each in claim.documents}
        for shows, papers in least(product, claim):
            if not listed.intersection(papers):
                wanted = " or ".join(f"`{each}`" for each in papers)
                raise page.error(f".claim_types[{n}].documents", f"nothing shows {shows}: ask for {wanted}")


def least(product: Product, claim: ClaimType) -> Iterator[Proof]:
    yield IDENTITY
    yield ACCOUNT
    for benefit in product.benefits:
        if benefit.id in claim.benefits:
            yield from _proofs(product, benefit)


def _proofs(product: Product, benefit: AnyBenefit) -> Iterator[Proof]:
    if causes_of(product, benefit) == ("accident",):
        yield ACCIDENT
    if isinstance(benefit, LumpSum):
        yield from (DEATH, RELATION) if trigger_of(product, benefit) == "death" else (DIAGNOSIS, FINDINGS)
    elif isinstance(benefit, GradedDisability):
        yield from (TREATMENT, GRADE)
    elif isinstance(benefit, DailyAllowance):
        yield STAY
    elif benefit.cost is ReimbursedCost.IN_CATALOGUE_SELF_PAID:
        yield from (BILL, STAY, SETTLEMENT, FEES)
    else:
        yield from (BILL, TREATMENT)
