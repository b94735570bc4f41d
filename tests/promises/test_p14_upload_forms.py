"""P14: an upload form allows one object only: one key, one type, one length, one content, for five minutes.

What the store makes of a form is shown on the real stack: tests/stack/test_uploads.py; that a form changed by
its holder is refused: tests/infra/test_rights.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from chalicelib.platform import aws
from chalicelib.uploads.model import PURPOSES, Slot
from infra.deploy import upload_origin
from tests.clients import forget_everything
from tests.uploads.slots import NAMES, PAPER, opened

pytestmark = pytest.mark.usefixtures("upload_bucket")
NOON = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


def policy(slot: Slot) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(slot.upload.fields["policy"])))


def signer() -> str:
    return str(aws.session().get_credentials().access_key)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_p14_the_policy_is_a_list_of_equations_for_this_file(purpose: str) -> None:
    """Guards: uploads.rules:form, each of its conditions; uploads.service:open_slot, the exact key."""
    content_type = next(each for each in PURPOSES[purpose].types if each in NAMES)
    with time_machine.travel(NOON, tick=False):
        slot = opened(purpose=purpose, content_type=content_type)
    digest = base64.b64encode(hashlib.sha256(PAPER).digest()).decode()
    expected = {
        "bucket": "huzhu-test-uploads",
        "key": f"{purpose}/{slot.file_id}",
        "Content-Type": content_type,
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": digest,
        "success_action_status": "201",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{signer()}/20261127/cn-northwest-1/s3/aws4_request",
        "x-amz-date": "20261127T040000Z",
    }
    conditions = policy(slot)["conditions"]
    equations = [each for each in conditions if isinstance(each, dict)]
    assert {name: value for each in equations for name, value in each.items()} == expected
    assert len(equations) == len(expected)
    others = [each for each in conditions if not isinstance(each, dict)]
    assert others == [["content-length-range", len(PAPER), len(PAPER)]]
    assert {name: value for name, value in slot.upload.fields.items() if name in expected} | {
        "bucket": "huzhu-test-uploads"
    } == expected
    assert set(slot.upload.fields) == set(expected) - {"bucket"} | {"policy", "x-amz-signature"}


@pytest.mark.parametrize("microseconds", [0, 1, 999_999])
@pytest.mark.parametrize("late", [0, 3, 299])
def test_p14_a_form_ends_when_its_slot_says_and_never_later(microseconds: int, late: int) -> None:
    """Guard: uploads.bucket:form, counted from the work's clock reading, not from the signing."""
    began = NOON.replace(microsecond=microseconds)
    with time_machine.travel(began + timedelta(seconds=late), tick=False):
        slot = opened(now=began)
    ends = datetime.fromisoformat(policy(slot)["expiration"])
    assert began + timedelta(seconds=298) < ends <= began + timedelta(seconds=300)
    assert datetime.fromisoformat(slot.expires_at) == (began + timedelta(seconds=300)).replace(microsecond=0)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1", "cn-northwest-1"])
def test_p14_a_form_leads_to_the_one_origin_the_pages_policy_allows(
    monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    """Guards: platform.aws:_S3, regional addresses; infra.deploy:upload_origin."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("UPLOAD_BUCKET", "huzhu-x-uploads-123456789012")
    forget_everything()
    from chalicelib.uploads import bucket, rules

    what = rules.announced(PURPOSES["roster"], "a.csv", "text/csv", 1, "0" * 64)
    form = bucket.form("roster/x", what, datetime.now(UTC) + timedelta(seconds=9))
    assert form.url == upload_origin("huzhu-x", "123456789012", region) + "/"
    assert "s3v4" in aws.client("s3").meta.config.signature_version
