"""P26 on the whole stack: somebody unmistakable errs and joins; then everything stored is searched."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator
from datetime import date

import httpx

from chalicelib.access.service import sign_in as identity
from chalicelib.kernel import Masked
from chalicelib.people.rules import check_digit
from chalicelib.platform import ids
from infra.demo import application
from infra.people import DemoPerson
from infra.stack import Stack

NAME = "欧阳镜湖"
FIRST_17 = "99000019870614713"
PERSON = DemoPerson(NAME, FIRST_17 + check_digit(FIRST_17), "19987654321", date(1987, 6, 14), "male")


def disguises(secret: str) -> set[str]:
    """The secret, and what a careless log or dump would make of it."""
    raw = secret.encode()
    forms = {
        secret,
        urllib.parse.quote(secret),
        json.dumps(secret).strip('"'),
        raw.hex(),
        repr(raw)[2:-1],
        base64.b64encode(raw).decode().rstrip("=")[:-1],
        base64.urlsafe_b64encode(raw).decode().rstrip("=")[:-1],
    }
    if secret.isascii() and secret[:11].isdigit():
        for separator in (" ", "-"):
            forms.add(separator.join((secret[:3], secret[3:7], secret[7:])))
            forms.add(separator.join(re.findall(".{1,4}", secret)))
            forms.add(separator.join((secret[:6], secret[6:14], secret[14:])))
    return forms


def everything(stack: Stack) -> Iterator[tuple[str, str]]:
    """(place, text) of all tables, buckets, queues and logs. Not the SMS file: that is the phone."""
    session = stack.session()
    tables = session.client("dynamodb")
    for name in tables.list_tables()["TableNames"]:
        for page in tables.get_paginator("scan").paginate(TableName=name):
            yield f"table {name}", json.dumps(page["Items"], ensure_ascii=False, default=repr)
    objects = session.client("s3")
    for bucket in objects.list_buckets()["Buckets"]:
        for page in objects.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for entry in page.get("Contents", []):
                body = objects.get_object(Bucket=bucket["Name"], Key=entry["Key"])["Body"].read()
                yield f"bucket {bucket['Name']}/{entry['Key']}", body.decode("utf-8", "backslashreplace")
    logs = session.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for event in logs.filter_log_events(logGroupName=name).get("events", []):
            yield f"log {name}", event["message"]
    queues = session.client("sqs")
    for url in queues.list_queues().get("QueueUrls", []):
        for message in queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            yield f"queue {url}", json.dumps(message)
    yield "emulator log", (stack.folder / "emulator.log").read_text(errors="backslashreplace")


def test_p26_no_table_bucket_queue_or_log_of_the_stack_holds_the_canary(on_stack: Stack, origin: str) -> None:
    """Guard: people.service.bind_writes and notify seal what they store; platform.log has no free text."""
    token = identity.open_session_for(Masked(PERSON.mobile))

    def call(method: str, path: str, body: object = None, key: str | None = None) -> httpx.Response:
        answer = httpx.request(
            method,
            f"{origin}/api{path}",
            json=body,
            headers={
                "Origin": origin,
                "Cookie": f"__Host-huzhu={token}",
                "Idempotency-Key": key or ids.new_id(),
            },
            timeout=30,
        )
        assert answer.headers["x-huzhu-api"] == on_stack.api_id
        return answer

    good = application(PERSON)
    mistakes = [
        {**good, "id_number": PERSON.id_number[:-1] + "A"},
        {**good, "name": PERSON.name + "3"},
        {**good, "district": PERSON.id_number},
        {**good, "consents": []},
        {**good, "surprise": PERSON.mobile},
        {**good, "campaign": PERSON.name},
        [PERSON.id_number],
        PERSON.mobile,
    ]
    for mistake in mistakes:
        assert call("POST", "/enrollments", mistake).status_code in (400, 403)
    key = ids.new_id()
    assert call("POST", "/enrollments", good, key).status_code == 201
    assert call("POST", "/enrollments", good, key).status_code == 201
    assert call("POST", "/enrollments", {**good, "platform": "别的"}, key).status_code == 422
    assert call("GET", f"/certificates/{PERSON.id_number}?check={PERSON.mobile}").status_code == 400
    assert call("GET", f"/me?{PERSON.mobile}={PERSON.id_number}").status_code == 400
    assert (
        call("POST", "/sign-in/codes", {"mobile": PERSON.mobile, "altcha": PERSON.id_number}).status_code
        >= 400
    )
    assert call("GET", "/me/coverages").status_code == 200

    canaries = {
        form
        for secret in (PERSON.name, PERSON.id_number, PERSON.mobile, token, PERSON.id_number.lower())
        for form in disguises(secret)
    }
    places, found = 0, []
    for place, text in everything(on_stack):
        places += 1
        found += [(place, form) for form in canaries if form in text]
    assert places > 10
    assert found == []
