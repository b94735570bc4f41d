"""The line: a bare Chalice app on PynamoDB with one shared client, doing the same store calls as ours.

No guard, no validation, no problem details, no log, no sealing, no rules: what any function of this kind
must do. It is run from the same packages and with the same kind of bytecode as ours.
"""

import json
import os
from typing import Any

from chalice.app import Chalice, Response
from pynamodb.attributes import (
    BinaryAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.models import Model

PREFIX = os.environ["TABLE_PREFIX"]
shared = Connection(connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=2)
shared.client  # noqa: B018 - made here, as ours


class Row(Model):
    @classmethod
    def _get_connection(cls) -> Any:
        if cls._connection is None:
            made = super()._get_connection()
            shared._tables.update(made.connection._tables)
            made.connection = shared
        return cls._connection


class Ring(Row):
    class Meta:
        table_name = f"{PREFIX}-keys"

    purpose = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(range_key=True)
    wrapped = BinaryAttribute(legacy_encoding=False)


class Policy(Row):
    class Meta:
        table_name = f"{PREFIX}-groups"

    id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    holder = UnicodeAttribute()
    region = UnicodeAttribute()
    window_first = UnicodeAttribute()
    window_last = UnicodeAttribute()
    seats = NumberAttribute()
    counters = NumberAttribute()
    created_at = UnicodeAttribute()


class Lock(Row):
    class Meta:
        table_name = f"{PREFIX}-people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    owner = UnicodeAttribute()


class Person(Row):
    class Meta:
        table_name = f"{PREFIX}-people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name_sealed = BinaryAttribute(legacy_encoding=False)
    id_number_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    name_masked = UnicodeAttribute()
    id_number_masked = UnicodeAttribute()
    mobile_masked = UnicodeAttribute()
    created_at = UnicodeAttribute()


class Session(Row):
    class Meta:
        table_name = f"{PREFIX}-codes"

    key = UnicodeAttribute(hash_key=True)
    started_at = NumberAttribute()
    seen_at = NumberAttribute()
    expires_at = NumberAttribute()
    mobile_sealed = BinaryAttribute(legacy_encoding=False)
    mobile_indexes = ListAttribute(of=UnicodeAttribute)
    mobile_masked = UnicodeAttribute()


class Earlier(Row):
    class Meta:
        table_name = f"{PREFIX}-codes"

    key = UnicodeAttribute(hash_key=True)
    body_hash = UnicodeAttribute()
    outcome = UnicodeAttribute()
    expires_at = NumberAttribute()


class Cover(Row):
    class Meta:
        table_name = f"{PREFIX}-coverages"

    person_id = UnicodeAttribute(hash_key=True)
    product_start = UnicodeAttribute(range_key=True)
    certificate_number = UnicodeAttribute(null=True)
    check_code = UnicodeAttribute(null=True)
    name_masked = UnicodeAttribute(null=True)
    product = UnicodeAttribute()
    product_name = UnicodeAttribute()
    policy_id = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute()
    sponsor = UnicodeAttribute(null=True)
    funding = JSONAttribute(null=True)
    endorsements = UnicodeAttribute(null=True)
    head_policy_id = UnicodeAttribute(null=True)
    kind = UnicodeAttribute()
    state = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)


app = Chalice(app_name="line")
# Which rows, as the recorded request of ours names them; a real one would work them out.
keys: dict[str, Any] = {}


def _answer(status: int, body: Any) -> Response:
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(text, status_code=status, headers={"Content-Type": "application/json"})


@app.route("/health")
def health() -> Response:
    return _answer(200, {"status": "ok", "release": "line", "stage": "line", "catalogue_sha256": "0" * 64})


@app.route("/me")
def me() -> Response:
    session = Session.get(keys["session"])
    list(Lock.batch_get([tuple(key) for key in keys["locks"]], consistent_read=True))
    person = Person.get(keys["self"], "person", consistent_read=True)
    return _answer(
        200, {"mobile_masked": session.mobile_masked, "person": {"name_masked": person.name_masked}}
    )


@app.route("/me/coverages")
def my_coverages() -> Response:
    """The session, whose mobile it is, what they hold; and the QR code, drawn by the very same function."""
    Session.get(keys["session"])
    list(Lock.batch_get([tuple(key) for key in keys["locks"]], consistent_read=True))
    rows = list(Cover.query(keys["person"], consistent_read=True))
    items = [
        {
            "product": row.product,
            "product_name": row.product_name,
            "campaign": row.campaign,
            "sponsor": row.sponsor,
            "certificate_number": row.certificate_number,
            "check": row.check_code,
            "name_masked": row.name_masked,
            "endorsements": json.loads(row.endorsements),
            "qr_path": draw(row.certificate_number, row.check_code),
        }
        for row in rows
        if row.certificate_number
    ]
    return _answer(200, {"items": items})


def draw(number: str, check: str) -> Any:
    from chalicelib.coverage import qr

    return qr.path(number, check)


@app.route("/enrollments", methods=["POST"])
def enroll() -> Response:
    """A replay, or a first join: the same reads, the same transaction with the same items."""
    json.loads(app.current_request.raw_body)
    if keys.get("rings"):
        _open_rings()
    Session.get(keys["session"])
    list(Lock.batch_get([tuple(key) for key in keys["locks"]], consistent_read=True))
    if "earlier" in keys:
        row = Earlier.get(keys["earlier"], consistent_read=True)
        return _answer(201, row.outcome)
    if "policy" in keys:
        Policy.get(*keys["policy"], consistent_read=True)
    shared.dispatch("TransactWriteItems", dict(keys["commit"]))
    return _answer(201, {"state": "in_force_from"})


def _open_rings() -> None:
    """As often as ours: each ring's rows, and KMS for the key in each."""
    kms = shared.session.create_client("kms")
    for ring in keys["rings"]:
        for row in Ring.query(ring["purpose"], consistent_read=True):
            kms.decrypt(KeyId=ring["kms"], CiphertextBlob=row.wrapped, EncryptionContext=ring["context"])
