"""Files on the real stack: the form is obeyed, the bucket's events reach the worker, one version counts."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from chalicelib.platform import aws, clock
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from chalicelib.uploads import service
from chalicelib.uploads.model import FileState, Slot
from infra.stack import Stack
from tests.patience import wait_for
from tests.uploads import slots
from tests.uploads.slots import CLERK, OTHER, PAPER, found, opened, pinned, place, post, put, versions

pytestmark = pytest.mark.usefixtures("on_stack")


def stored(slot: Slot) -> None:
    wait_for(lambda: found(slot).state is FileState.STORED, "the file is stored")


def test_a_posted_file_is_received_and_its_very_bytes_are_given_by_a_link() -> None:
    slot = opened()
    answer = post(slot)
    assert answer.status_code == 201, answer.text
    stored(slot)
    receipt = found(slot).receipt
    assert receipt is not None
    assert (receipt.sha256, receipt.bytes) == (hashlib.sha256(PAPER).hexdigest(), len(PAPER))
    assert slots.log_of(slot) == ["file_stored"]

    given = httpx.get(service.link(Work(CLERK), slot.file_id).url, timeout=30, trust_env=False)
    assert (given.status_code, given.content) == (200, PAPER)
    assert slots.log_of(slot) == ["file_stored", "file_viewed"]


ANOTHER_SHA = base64.b64encode(hashlib.sha256(OTHER).digest()).decode()


@pytest.mark.parametrize(
    ("data", "changes"),
    [
        (PAPER + b"x", {}),
        (PAPER[:-1], {}),
        (b"", {}),
        (PAPER, {"key": "roster/another"}),
        (PAPER, {"key": "roster/${filename}"}),
        (PAPER, {"content_type": "text/html"}),
        (PAPER, {"content_type": None}),
        (PAPER, {"x_amz_checksum_sha256": ANOTHER_SHA}),
        (PAPER, {"x_amz_checksum_sha256": None}),
        (PAPER, {"acl": "public-read"}),
        (PAPER, {"x_amz_meta_note": "x"}),
        (PAPER, {"success_action_redirect": "https://elsewhere.example/"}),
        (PAPER, {"policy": None}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(len(value)),
)
def test_p14_the_emulator_really_enforces_every_condition_of_a_form(
    data: bytes, changes: dict[str, str | None]
) -> None:
    """Guard: uploads.rules:form, whose conditions are equations; and the emulator, which obeys them. The
    whole bucket is looked at: nothing may lie at any key."""
    before = everything()
    answer = post(opened(), data, **changes)
    assert answer.status_code in (400, 403), answer.text
    assert everything() == before


def everything() -> list[str]:
    pages = aws.client("s3").get_paginator("list_object_versions").paginate(Bucket=slots.bucket())
    return [each["VersionId"] for page in pages for each in page.get("Versions", [])]


def test_p14_a_form_is_dead_after_five_minutes() -> None:
    """Guard: uploads.service:open_slot, LIMITS.upload_seconds from the work's own clock reading."""
    late = clock.now() - timedelta(seconds=LIMITS.upload_seconds)
    answer = post(opened(now=late))
    assert (answer.status_code, "expired" in answer.text) == (403, True)
    assert post(opened(now=late + timedelta(seconds=60))).status_code == 201


def test_p15_a_second_post_with_the_same_form_changes_nothing_anybody_sees() -> None:
    """Guards: uploads.service:_receive removes what is not the pinned version; links name the pinned one."""
    slot = opened()
    post(slot)
    stored(slot)
    first = pinned(slot)
    link = service.link(Work(CLERK), slot.file_id).url
    post(slot)
    put(slot, OTHER)  # as if the store did not look at what is posted
    assert httpx.get(link, timeout=30, trust_env=False).content == PAPER
    wait_for(lambda: versions(slot) == [first], "what was posted later is gone")
    assert pinned(slot) == first
    assert slots.log_of(slot) == ["file_stored", "file_viewed"]


def test_p15_of_bytes_that_were_not_announced_nothing_is_kept() -> None:
    """Guard: uploads.service:_receive compares what it read; the emulator takes any bytes of the length."""
    slot = opened()
    assert post(slot, OTHER).status_code == 201
    wait_for(lambda: found(slot).state is FileState.REFUSED, "the file is refused")
    wait_for(lambda: versions(slot) == [], "its bytes are gone")
    assert found(slot).refusal == "sha256"
    assert post(slot).status_code == 201  # the right bytes, while the form lives
    stored(slot)


@pytest.fixture
def impatient_queue(on_stack: Stack) -> Iterator[str]:
    """The queue of events, which gives a message back after a second instead of six minutes."""
    queues, url = aws.client("sqs"), on_stack.outputs["InfraUploadEventsUrl"]
    usual = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    queues.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    yield url
    queues.set_queue_attributes(QueueUrl=url, Attributes=usual)


def test_p20_only_the_poisoned_message_ends_with_the_dead_letters(
    on_stack: Stack, impatient_queue: str
) -> None:
    """Guards: uploads.worker:on_queue names what failed; the queue's redrive policy."""
    queues, slot = aws.client("sqs"), opened()
    version_id = put(slot)
    poison = json.dumps({"Records": [{"s3": {"object": {"key": place(slot)}}}]})
    entries = [{"Id": "0", "MessageBody": poison}]
    entries += [{"Id": str(n), "MessageBody": slots.message(slot, version_id)["body"]} for n in (1, 2, 3)]
    queues.send_message_batch(QueueUrl=impatient_queue, Entries=entries)
    stored(slot)
    dead: list[str] = []

    def arrived() -> bool:
        letters = queues.receive_message(
            QueueUrl=on_stack.outputs["InfraUploadDeadLettersUrl"], MaxNumberOfMessages=10
        )
        dead.extend(each["Body"] for each in letters.get("Messages", []))
        return bool(dead)

    wait_for(arrived, "the poisoned message is with the dead letters")
    assert dead == [poison]
    wait_for(lambda: waiting(impatient_queue) == 0, "the queue is empty")
    assert (versions(slot), slots.log_of(slot)) == ([version_id], ["file_stored"])


def waiting(queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(told[name]) for name in names)
