"""The generated pictures a page may show: `![说明](../pictures/photo-good.png)` in Markdown.

The names are those of `forms.FORMS`, `papers.OTHERS`, `photos.PHOTOS` and `flows.FLOWS`. The text in brackets
is read out to who cannot see the picture; without it the build stops. Size and lazy loading are filled in
here.
"""

from __future__ import annotations

import re
from functools import cache

from sitebuild.printed import files
from sitebuild.printed.flows import FLOWS, flow_png
from sitebuild.printed.forms import FORMS
from sitebuild.printed.papers import OTHERS, sample_png
from sitebuild.printed.photos import PHOTOS, photo_png

FOLDER = "pictures"
PAPERS = (*OTHERS, *FORMS)
# Which paper a document of the terms looks like. Here and not in the terms: those never change.
PAPER_OF = {
    "id_card": "id-card",
    "beneficiary_id": "id-card",
    "guardian_id": "id-card",
    "child_id": "household-page",
    "bank_card": "bank-card",
    "beneficiary_bank_card": "bank-card",
    "guardian_bank_card": "bank-card",
    "claim_form": "claim-form",
    "beneficiary_claim_form": "claim-form",
    "guardian_claim_form": "claim-form",
    "accident_account": "account",
    "unit_statement": "unit-statement",
    "school_statement": "school-statement",
    "police_record": "police-record",
    "diagnosis": "diagnosis",
    "first_diagnosis": "diagnosis",
    "pathology": "pathology",
    "findings": "findings",
    "surgery_record": "surgery-record",
    "discharge_record": "discharge-record",
    "invoices": "invoice",
    "medical_invoices": "invoice",
    "hospital_invoice": "invoice",
    "settlement": "settlement",
    "fee_list": "fee-list",
    "disability_appraisal": "appraisal",
    "death_certificate": "death-certificate",
    "household_cancellation": "household",
    "relation_proof": "relation",
    "heir_papers": "heir-papers",
}
_IMG = re.compile(r"<img ([^>]*)>")
_SRC = re.compile(rf'src="[./]*/?{FOLDER}/([a-z-]+)\.png"')


@cache
def png_of(name: str) -> bytes:
    if name in FLOWS:
        return flow_png(name)
    return photo_png(name) if name in PHOTOS else sample_png(name)


def pictures() -> dict[str, bytes]:
    """Path below the content -> PNG."""
    return {f"{FOLDER}/{name}.png": png_of(name) for name in (*PAPERS, *PHOTOS, *FLOWS)}


def sized(html: str) -> str:
    """Pictures with the room they will take, so that nothing jumps, loaded when they are near.

    A list whose items begin with pictures stands in two columns.
    """
    html = re.sub(r"<ul>(\s*<li[^>]*><img )", r'<ul class="photos">\1', html)
    return _IMG.sub(_complete, html)


def paper_url(document_id: str) -> str:
    """Where a document of the terms is shown, or nothing."""
    name = PAPER_OF.get(document_id)
    return f"/guide/samples/#{name}" if name else ""


def paper_picture(document_id: str) -> tuple[str, int, int] | None:
    """(address, width, height) of a document's sample picture, or nothing."""
    name = PAPER_OF.get(document_id)
    return (f"/{FOLDER}/{name}.png", *files.size_of(png_of(name))) if name else None


def _complete(match: re.Match[str]) -> str:
    attributes = match.group(1).rstrip(" /")
    name = _SRC.search(attributes)
    if name is None:
        return match.group(0)
    width, height = files.size_of(png_of(name.group(1)))
    return f'<img {attributes} width="{width}" height="{height}" loading="lazy">'
