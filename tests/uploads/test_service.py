"""Slots, receipts and links, one at a time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chalicelib.access.model import Handler, Member, Role, Staff, Thing
from chalicelib.kernel import Actor, ConflictError, NotFoundError, System, Visitor
from chalicelib.platform import aws, clock, ids
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.work import Work
from chalicelib.uploads import bucket, records, service, worker
from chalicelib.uploads.model import PURPOSES, FileState, Owner
from tests.uploads.slots import (
    CLERK,
    OTHER,
    OWNER,
    PAPER,
    ROSTER,
    SOMEBODY_ELSE,
    found,
    log_of,
    message,
    opened,
    pinned,
    put,
    tell,
    versions,
)

pytestmark = pytest.mark.usefixtures("upload_bucket")


def test_a_slot_says_where_to_send_the_file_and_by_when() -> None:
    now = clock.now()
    slot = opened(now=now)
    assert slot.expires_at == clock.stamp(now + timedelta(seconds=300))
    assert slot.max_bytes == 20 * 1024 * 1024
    assert slot.upload.fields["key"] == f"roster/{slot.file_id}"
    assert found(slot).state is FileState.AWAITING_UPLOAD
    assert found(slot).receipt is None


def test_no_two_slots_share_a_key() -> None:
    assert opened().upload.fields["key"] != opened().upload.fields["key"]


def test_a_slot_whose_transaction_failed_is_no_slot() -> None:
    slot, _ = service.open_slot(
        Work(CLERK), OWNER, ROSTER, "a.csv", "text/csv", len(PAPER), hashlib.sha256(PAPER).hexdigest()
    )
    tell(slot, put(slot))
    assert service.find(Work(System()), slot.file_id) is None


def test_nothing_of_the_files_name_is_stored_or_sent() -> None:
    work = Work(CLERK)
    digest = hashlib.sha256(PAPER).hexdigest()
    slot, writes = service.open_slot(work, OWNER, ROSTER, "赵六名册.csv", "text/csv", len(PAPER), digest)
    work.add(writes)
    work.commit()
    row = records.read(slot.file_id)
    assert row is not None
    for text in (json.dumps(slot.upload.fields, ensure_ascii=False), json.dumps(row.to_simple_dict())):
        assert "赵六" not in text
        assert "\\u8d75" not in text


def test_the_announced_bytes_are_received_with_an_entry_in_the_log() -> None:
    slot = opened()
    version_id = put(slot)
    tell(slot, version_id)
    receipt = found(slot).receipt
    assert receipt is not None
    assert (receipt.sha256, receipt.bytes) == (hashlib.sha256(PAPER).hexdigest(), len(PAPER))
    assert (found(slot).state, pinned(slot)) == (FileState.STORED, version_id)
    assert log_of(slot) == ["file_stored"]
    assert service.content(slot.file_id) == PAPER


def test_what_nobody_used_is_forgotten_and_what_is_stored_is_not() -> None:
    now = clock.now()
    slot = opened(now=now)
    row = records.read(slot.file_id)
    assert row is not None
    assert row.forget_at == int((now + timedelta(minutes=5, days=7)).timestamp())
    tell(slot, put(slot))
    row = records.read(slot.file_id)
    assert row is not None
    assert row.forget_at is None


@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [
        (PAPER + b"x", "text/csv", "bytes"),
        (PAPER[:-1], "text/csv", "bytes"),
        (PAPER, "text/html", "content_type"),
        (OTHER, "text/csv", "sha256"),
    ],
)
def test_what_was_not_announced_is_refused_and_removed(data: bytes, content_type: str, reason: str) -> None:
    slot = opened()
    wrong = put(slot, data, content_type)
    tell(slot, wrong)
    assert (found(slot).state, found(slot).refusal, versions(slot)) == (FileState.REFUSED, reason, [])
    tell(slot, wrong)  # told again of what is gone
    right = put(slot)
    tell(slot, right)
    assert (found(slot).state, found(slot).refusal, versions(slot)) == (FileState.STORED, "", [right])


def test_too_many_bytes_are_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = opened()
    version_id = put(slot, PAPER + b"x")
    arrived = bucket.arrived(f"roster/{slot.file_id}", version_id, len(PAPER))
    assert arrived is not None
    assert arrived.sha256 == hashlib.sha256(b"").hexdigest()


def test_of_two_workers_with_the_right_bytes_one_pins_and_the_others_version_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = opened()
    first, second = put(slot), put(slot)
    read, asked = bucket.arrived, []

    def and_another_is_faster(place: str, version_id: str, most: int) -> object:
        asked.append(version_id)
        if asked == [second]:
            tell(slot, first)
        return read(place, version_id, most)

    monkeypatch.setattr(bucket, "arrived", and_another_is_faster)
    tell(slot, second)
    assert (pinned(slot), versions(slot), log_of(slot)) == (first, [first], ["file_stored"])


def test_a_checker_is_told_of_what_is_stored_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least once: an event that comes again tells again, since whoever told may have died before."""
    queue = aws.client("sqs").create_queue(QueueName="checks")["QueueUrl"]
    monkeypatch.setenv("CHECK_QUEUES", f"another=https://x.example/q,roster_checks={queue}")
    settings.cache_clear()
    monkeypatch.setitem(PURPOSES, ROSTER, replace(PURPOSES[ROSTER], checked_by="roster_checks"))
    slot = opened()
    tell(slot, put(slot, OTHER))
    assert told(queue) == []
    version_id = put(slot)
    tell(slot, version_id)
    assert told(queue) == [{"file_id": slot.file_id}]
    tell(slot, put(slot))
    assert told(queue) == []
    tell(slot, version_id)
    assert told(queue) == [{"file_id": slot.file_id}]


def test_a_checker_that_could_not_be_told_is_told_when_the_event_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Guard: uploads.service:receive tells of the pinned version, after the receipt, each time."""
    monkeypatch.setitem(PURPOSES, ROSTER, replace(PURPOSES[ROSTER], checked_by="roster_checks"))
    slot = opened()
    event = {"Records": [message(slot, put(slot))]}
    assert worker.on_queue(event) == {
        "batchItemFailures": [{"itemIdentifier": "m"}]
    }  # there is no such queue
    assert found(slot).state is FileState.STORED
    queue = aws.client("sqs").create_queue(QueueName="checks")["QueueUrl"]
    monkeypatch.setenv("CHECK_QUEUES", f"roster_checks={queue}")
    settings.cache_clear()
    assert worker.on_queue(event) == {"batchItemFailures": []}
    assert told(queue) == [{"file_id": slot.file_id}]


def told(queue: str) -> list[dict[str, str]]:
    letters = aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in letters]


# ---- links -----------------------------------------------------------------------------------------------


def test_a_link_names_the_pinned_version_for_a_minute_and_is_kept_by_nobody() -> None:
    slot = opened()
    tell(slot, put(slot))
    before = pinned(slot)
    given = service.link(Work(CLERK), slot.file_id)
    address = urlsplit(given.url)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert query["versionId"] == before
    assert query["X-Amz-Expires"] == "60" == str(LIMITS.link_seconds)
    assert query["response-cache-control"] == "no-store"
    assert query["response-content-disposition"] == "attachment"
    assert query["response-content-type"] == "text/csv"
    assert log_of(slot) == ["file_stored", "file_viewed"]


def test_each_link_is_a_view_in_the_log_by_whom_it_was_given() -> None:
    from chalicelib.audit import service as audit

    slot = opened()
    tell(slot, put(slot))
    for _ in range(2):
        service.link(Work(CLERK), slot.file_id)
    entries = audit.entries(audit.file(slot.file_id))
    assert [each.actor for each in entries] == ["uploads", "handler", "handler"]


def refusal(actor: Actor, file_id: str) -> tuple[str, str]:
    with pytest.raises(NotFoundError) as refused:
        service.link(Work(actor), file_id)
    return refused.value.code, refused.value.detail


def test_p05_not_yours_and_unknown_are_the_same_and_leave_no_trace() -> None:
    slot = opened()
    tell(slot, put(slot))
    unknown = refusal(CLERK, ids.new_id())
    for actor in (SOMEBODY_ELSE, Member("m"), System(), Visitor(), Handler("clerk", "handler")):
        assert refusal(actor, slot.file_id) == unknown
    for no_id in ("reconciliation", "", "x" * 26, "../roster"):
        assert refusal(CLERK, no_id) == unknown
    assert log_of(slot) == ["file_stored"]


@pytest.mark.parametrize(
    ("purpose", "readers"),
    [
        ("roster", {"handler", "underwriter", "clerk"}),
        ("unit_document", {"handler", "underwriter", "clerk"}),
        ("claim_photo", {"member", "clerk"}),
        ("bank_file", {"finance"}),
    ],
)
def test_who_may_read_a_file_is_its_purposes(purpose: str, readers: set[str]) -> None:
    owner = Owner("x", Thing(regions=(("zhoukou", "henan"),), unit_id="unit-1", member="m"))
    data, kind = PAPER, next(iter(PURPOSES[purpose].types))
    digest, work = hashlib.sha256(data).hexdigest(), Work(System())
    name = f"a{PURPOSES[purpose].types[kind][0]}"
    slot, writes = service.open_slot(work, owner, purpose, name, kind, len(data), digest)
    work.add(writes)
    work.commit()
    tell(slot, put(slot, data, kind))
    people: dict[str, Actor] = {
        "handler": CLERK,
        "other handler": SOMEBODY_ELSE,
        "member": Member("m"),
        "other member": Member("n"),
        **{role.value: Staff(role, role, frozenset({role}), "zhoukou") for role in Role},
    }
    people |= {f"{role} elsewhere": Staff(role, role, frozenset({role}), "luoyang") for role in Role}
    may = set()
    for name, actor in people.items():
        try:
            service.link(Work(actor), slot.file_id)
        except NotFoundError:
            continue
        may.add(name)
    assert may == readers


@pytest.mark.parametrize("sent", [None, OTHER])
def test_there_is_no_link_to_what_is_not_stored(sent: bytes | None) -> None:
    slot = opened()
    if sent:
        tell(slot, put(slot, sent))
    with pytest.raises(ConflictError):
        service.link(Work(CLERK), slot.file_id)
    with pytest.raises(LookupError):
        service.content(slot.file_id)


def test_a_link_gives_the_first_bytes_though_others_lie_above() -> None:
    slot = opened()
    tell(slot, put(slot))
    put(slot, OTHER)
    address = urlsplit(service.link(Work(CLERK), slot.file_id).url)
    [version_id] = parse_qs(address.query)["versionId"]
    assert bucket.content(f"roster/{slot.file_id}", version_id) == PAPER
    assert httpx.URL(address.geturl()).host.startswith("huzhu-test-uploads.s3.cn-northwest-1.")
