"""The pictures a page may show: `![说明](../pictures/photo-good.png)` in Markdown.

Sample papers and photos lie in content/pictures; flow charts are drawn (`flows.FLOWS`). The text in brackets
is read out to who cannot see the picture; without it the build stops. Size and lazy loading are filled in
here.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from mkdocs.exceptions import PluginError
from PIL import Image

from sitebuild.printed.flows import FLOWS, size_of

FOLDER = "pictures"
Sizes = dict[str, tuple[int, int]]  # name -> (width, height)
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


def sizes(content: Path) -> Sizes:
    """Of every picture a page may show."""
    found = {name: size_of(steps) for name, steps in FLOWS.items()}
    for file in (content / FOLDER).glob("*.png"):
        with Image.open(file) as picture:
            found[file.stem] = picture.size
    return found


def sized(html: str, known: Sizes) -> str:
    """Pictures with the room they will take, so that nothing jumps, loaded when they are near.

    A list whose items begin with pictures stands in two columns.
    """
    html = re.sub(r"<ul>(\s*<li[^>]*><img )", r'<ul class="photos">\1', html)
    return _IMG.sub(partial(_complete, known), html)


def paper_url(document_id: str) -> str:
    """Where a document of the terms is shown, or nothing."""
    name = PAPER_OF.get(document_id)
    return f"/guide/samples/#{name}" if name else ""


def paper_picture(document_id: str, known: Sizes) -> tuple[str, int, int] | None:
    """(address, width, height) of a document's sample picture, or nothing where none is named."""
    name = PAPER_OF.get(document_id)
    if name is None:
        return None
    if name not in known:
        raise PluginError(f"{FOLDER}/{name}.png: there is no such picture; papers of `{document_id}` show it")
    return (f"/{FOLDER}/{name}.png", *known[name])


def _complete(known: Sizes, match: re.Match[str]) -> str:
    attributes = match.group(1).rstrip(" /")
    name = _SRC.search(attributes)
    if name is None or name.group(1) not in known:
        return match.group(0)  # of a picture that is not there, the gates say so
    width, height = known[name.group(1)]
    return f'<img {attributes} width="{width}" height="{height}" loading="lazy">'
