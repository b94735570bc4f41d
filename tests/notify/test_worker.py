"""The stream only wakes, the schedule catches up: neither trusts what an event says beyond the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from chalicelib.notify import delivery, senders, worker
from chalicelib.notify.model import OutboxState
from chalicelib.platform import aws
from chalicelib.platform.work import Work
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import BEGIN, insert_record, state_of, store

pytestmark = pytest.mark.usefixtures("aws_moto")


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSmsSender]:
    made = FakeSmsSender()
    monkeypatch.setattr(senders, "chosen", lambda: made)
    with time_machine.travel(BEGIN, tick=False):
        yield made


def test_the_stream_sends_what_was_stored(sender: FakeSmsSender) -> None:
    store("joined-1")
    store("joined-2")
    event = {"Records": [insert_record("joined-1", 1), insert_record("joined-2", 2)]}
    assert worker.on_stream(event) == {"batchItemFailures": []}
    assert sender.tries == ["joined-1", "joined-2"]


@pytest.mark.parametrize("event_name", ["MODIFY", "REMOVE"])
def test_only_new_rows_wake_the_sender(sender: FakeSmsSender, event_name: str) -> None:
    store("joined-1")
    worker.on_stream({"Records": [insert_record("joined-1", event_name=event_name)]})
    assert sender.tries == []


def test_an_event_for_a_row_that_was_never_stored_sends_nothing(sender: FakeSmsSender) -> None:
    assert worker.on_stream({"Records": [insert_record("ghost")]}) == {"batchItemFailures": []}
    assert sender.tries == []


def test_what_an_event_says_beyond_the_key_is_not_believed(sender: FakeSmsSender) -> None:
    store("joined-1")
    record = insert_record("joined-1")
    record["dynamodb"]["NewImage"] = {"mobile": {"S": "19911112222"}, "state": {"S": "pending"}}
    worker.on_stream({"Records": [record, record]})
    assert [mobile for _, mobile, _ in sender.delivered] == ["+8619900001234"]


@pytest.mark.parametrize(
    "poison",
    [
        {"eventName": "INSERT", "dynamodb": {"Keys": {}, "SequenceNumber": "7"}},
        {"eventName": "INSERT", "dynamodb": {"Keys": {"id": {"N": "1"}}, "SequenceNumber": "7"}},
        {"eventName": "INSERT", "dynamodb": {"Keys": {"id": {"S": ""}}, "SequenceNumber": "7"}},
    ],
)
def test_a_poisoned_record_is_named_and_the_others_go(sender: FakeSmsSender, poison: dict[str, Any]) -> None:
    store("joined-1")
    store("joined-2")
    event = {"Records": [insert_record("joined-1", 1), poison, insert_record("joined-2", 2)]}
    assert worker.on_stream(event) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert sender.tries == ["joined-1", "joined-2"]


def test_a_store_that_does_not_answer_fails_its_record_only(
    sender: FakeSmsSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("joined-1")
    store("joined-2")
    real = delivery.dispatch

    def down_for_the_first(work: Work, outbox_id: str, chosen: FakeSmsSender) -> None:
        if outbox_id == "joined-1":
            raise aws.busy()
        real(work, outbox_id, chosen)

    monkeypatch.setattr(delivery, "dispatch", down_for_the_first)
    first = insert_record("joined-1", 1)
    answer = worker.on_stream({"Records": [first, insert_record("joined-2", 2)]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": first["dynamodb"]["SequenceNumber"]}]}
    assert state_of("joined-2") is OutboxState.SENT


def test_the_schedule_sends_what_the_stream_missed(
    sender: FakeSmsSender, capsys: pytest.CaptureFixture[str]
) -> None:
    store("joined-1")
    worker.on_schedule({"source": "aws.events"})
    worker.on_schedule({})
    assert sender.tries == ["joined-1"]
    assert '"event":"outbox_swept","count":1,' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sms_sender", "stage", "file"),
    [("local", "production", "/tmp/x"), ("local", "test", ""), ("carrier_pigeon", "test", "/tmp/x")],
)
def test_a_deployment_that_names_no_usable_sender_stops_loudly_and_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, sms_sender: str, stage: str, file: str
) -> None:
    from chalicelib.platform.settings import settings

    store("joined-1")
    monkeypatch.setenv("SMS_SENDER", sms_sender)
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("LOCAL_SMS_FILE", file)
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="no SMS sender"):
        worker.on_stream({"Records": [insert_record("joined-1")]})
    assert state_of("joined-1") is OutboxState.PENDING
