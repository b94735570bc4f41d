"""Terms are the single source, through the doors: one fee and one age change in a copy of the terms, and the
quote, who may join and the certificate follow. No code is edited. The pages: tests/site/test_build.py."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.kernel import years_later
from chalicelib.platform import clock
from infra.people import demo_person
from tests.enrollment.newer_terms import VERSION, newer_data, read_from
from tests.house import Phone, add_seats, phone


@pytest.fixture
def new_terms(aws_moto: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of content/ with a newer version of the accident terms in force; functions read its data."""
    read_from(newer_data(tmp_path), monkeypatch)
    return tmp_path / "content"


def born(years: int) -> date:
    """The birthday of somebody who turns `years` on the first day of cover."""
    return years_later(clock.today() + timedelta(days=1), -years)


def join(seed: int, birthday: date) -> tuple[Phone, int, dict[str, Any]]:
    rider = Phone(demo_person(seed, born=birthday)).sign_in()
    answer = rider.join()
    return rider, answer.status_code, answer.json_body


def test_one_fee_and_one_age_change_quote_eligibility_and_certificate(new_terms: Path) -> None:
    add_seats(5)
    asked = {"products": ["nef-accident"], "campaign": "union-pays-nef", "region": "qingfeng", "people": 2}
    quote = phone(1).call("POST", "/quotes", {**asked, "on": clock.today().isoformat()}).json_body
    assert (quote["fee_fen"], quote["terms"][0]["version"]) == (6300, VERSION)

    _, status, refused = join(2, born(17))
    assert (status, "18周岁" in str(refused["fields"])) == (400, True)
    rider, status, joined = join(3, born(18))
    assert status == 201

    (certificate,) = joined["certificates"]
    path = f"/certificates/{certificate['number']}?check={certificate['check']}"
    shown = rider.call("GET", path).json_body
    text = (new_terms / f"products/nef-accident/terms-{VERSION}.md").read_bytes()
    assert (shown["terms_version"], shown["terms_sha256"]) == (VERSION, hashlib.sha256(text).hexdigest())
    rows = boto3.client("dynamodb").scan(TableName="huzhu-test-coverages")["Items"]
    (row,) = [each for each in rows if "certificate_number" in each]
    assert sum(share["fee_fen"] for share in json.loads(row["funding"]["S"])) == 3150
