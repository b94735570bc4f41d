"""`check-roster`: one JSON line a file, the same check as the page's, without a stack."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chalicelib.catalog import service as catalog
from chalicelib.catalog.terms import Product
from chalicelib.groups.rosters import RosterRefused, check
from chalicelib.groups.rosters.model import MAX_SENT_BYTES, refused
from chalicelib.groups.rosters.occupations import words_of
from chalicelib.platform import clock


def terms_for(code: str, on: date | None) -> tuple[Product, date]:
    """The terms in force on the first day of cover. Raises InvalidRequestError for an unknown product."""
    day = on or clock.today() + timedelta(days=1)
    return catalog.catalogue().product(code, day), day


def line_of(file: Path, product: Product, on: date) -> str:
    """What is known of one file as a JSON line; refused too is an answer, whatever the file is."""
    answer: dict[str, Any] = {"file": str(file)}
    try:
        report = check(_bytes_of(file), product, on, words_of(catalog.catalogue()))
    except RosterRefused as error:
        answer |= {"state": "refused", "refusal": {"code": error.code, "detail": error.detail}}
    except Exception as error:  # one file must not keep the others from being answered
        print(f"{type(error).__name__} while reading a file", file=sys.stderr)
        damaged = refused("damaged")
        answer |= {"state": "refused", "refusal": {"code": damaged.code, "detail": damaged.detail}}
    else:
        answer |= {
            "state": "checked",
            "counts": {"rows": report.rows, "good": report.good, "bad": report.bad},
            "problems": [dataclasses.asdict(each) for each in report.problems],
            "notes": report.notes,
        }
    return json.dumps(answer, ensure_ascii=False)


def _bytes_of(file: Path) -> bytes:
    """Raises RosterRefused for what is too large, and for what is no file that can be read."""
    try:
        if file.stat().st_size > MAX_SENT_BYTES:
            raise refused("too_large")
        return file.read_bytes()
    except OSError:
        raise refused("not_a_spreadsheet", "（没有这个文件，或者读不了。）") from None
