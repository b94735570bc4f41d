"""From pending to settled: one try at a time, visible when it fails, never again when it may have arrived."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.access.model import Role, Staff
from chalicelib.kernel import ConflictError, UnavailableError
from chalicelib.notify import delivery, records
from chalicelib.notify.model import MESSAGES, MessageAction, OutboxState, Settlement
from chalicelib.platform import aws, ids, keyring
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, commit
from chalicelib.platform.work import Work
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import (
    BEGIN,
    CODE,
    change,
    dead_letters,
    dispatch,
    let_everything_settle,
    raw,
    row_of,
    state_of,
    store,
    waiting_ids,
)

pytestmark = pytest.mark.usefixtures("aws_moto")
CLERK = Staff("staff#1", "staff#1", frozenset({Role.CLERK}))


def bring_back(outbox_id: str) -> None:
    delivery.bring_back(Work(CLERK), outbox_id)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def test_a_message_is_sent_and_what_was_sealed_is_gone() -> None:
    store("code-1", "sign_in_code", CODE)
    sender = FakeSmsSender()
    dispatch("code-1", sender)
    assert sender.delivered == [
        (
            "code-1",
            "+8619900001234",
            "【职工互助保障】登录验证码402817，5分钟内有效。工作人员不会向您索要，请勿告诉他人。",
        )
    ]
    row = raw("code-1")
    assert (row["state"], row["provider_id"]) == ("sent", "fake-1")
    assert not {"mobile_sealed", "secrets_sealed", "pending_shard"} & row.keys()
    assert waiting_ids() == []


def test_news_of_cover_reads_as_written() -> None:
    store("joined-1")
    sender = FakeSmsSender()
    dispatch("joined-1", sender)
    assert sender.delivered[0][2] == (
        "【职工互助保障】您已参保意外伤害互助保障（凭证号NEF-26-0001，保到2027年11月22日），"
        "2026年11月23日零时起生效，由市总工会出资。要理赔，请拨打12351。"
    )


def test_a_settled_or_unknown_id_is_left_alone() -> None:
    store("joined-1")
    sender = FakeSmsSender()
    for _ in range(3):
        dispatch("joined-1", sender)
    dispatch("no-such-id", sender)
    assert sender.tries == ["joined-1"]


@pytest.mark.parametrize("moment", ["before the claim", "while sending"])
def test_of_two_workers_one_sends(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store("joined-1")
    second = FakeSmsSender()
    first = FakeSmsSender()
    if moment == "while sending":
        first.before = lambda: dispatch("joined-1", second)
    else:  # the other worker does its whole work between our read and our claim
        real = records.unseal

        def unseal_after_the_other(row: records.OutboxRow) -> object:
            monkeypatch.setattr(records, "unseal", real)
            dispatch("joined-1", second)
            return real(row)

        monkeypatch.setattr(records, "unseal", unseal_after_the_other)
    dispatch("joined-1", first)
    assert len(first.tries) + len(second.tries) == 1
    assert state_of("joined-1") is OutboxState.SENT


def test_a_busy_provider_is_tried_again_after_each_wait_and_then_given_up(
    clock: time_machine.Traveller,
) -> None:
    store("joined-1")
    sender = FakeSmsSender(["busy"] * 99)
    dispatch("joined-1", sender)
    for tries, wait in enumerate(LIMITS.sms_retry_seconds, start=1):
        clock.shift(timedelta(seconds=wait) - timedelta(microseconds=1))
        dispatch("joined-1", sender)
        assert len(sender.tries) == tries
        assert state_of("joined-1") is OutboxState.PENDING
        clock.shift(timedelta(microseconds=1))
        dispatch("joined-1", sender)
        assert len(sender.tries) == tries + 1
    assert state_of("joined-1") is OutboxState.FAILED
    clock.shift(timedelta(days=1))
    delivery.sweep(sender)
    assert len(sender.tries) == 1 + len(LIMITS.sms_retry_seconds)
    assert dead_letters() == [{"outbox_id": "joined-1", "template": "joined", "reason": "gave_up:Throttled"}]


def test_a_busy_provider_that_recovers_gets_the_message_once() -> None:
    store("joined-1")
    sender = FakeSmsSender(["busy", "busy"])
    let_everything_settle(sender)
    assert sender.times("joined-1") == 1
    assert state_of("joined-1") is OutboxState.SENT
    assert dead_letters() == []


def test_a_final_refusal_is_not_tried_again_and_is_reported() -> None:
    store("joined-1")
    sender = FakeSmsSender(["refuse"])
    let_everything_settle(sender)
    assert len(sender.tries) == 1
    assert state_of("joined-1") is OutboxState.FAILED
    assert dead_letters() == [{"outbox_id": "joined-1", "template": "joined", "reason": "refused:OptedOut"}]
    assert waiting_ids() == []


@pytest.mark.parametrize("answer", ["lost", "dead"])
def test_no_clear_answer_is_unknown_for_ever_and_reported(answer: str) -> None:
    store("code-1", "sign_in_code", CODE)
    sender = FakeSmsSender([answer])
    let_everything_settle(sender)
    assert len(sender.tries) == 1
    assert state_of("code-1") is OutboxState.UNKNOWN
    assert dead_letters() == [
        {"outbox_id": "code-1", "template": "sign_in_code", "reason": "unknown:ReadTimeout"}
    ]
    assert not {"mobile_sealed", "secrets_sealed", "pending_shard"} & raw("code-1").keys()


def test_a_senders_surprise_is_unknown_and_its_text_is_not_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    store("joined-1")
    sender = FakeSmsSender()

    def surprise() -> None:
        raise RuntimeError("could not send to 19900001234")

    sender.after = surprise
    dispatch("joined-1", sender)
    assert row_of("joined-1").reason == "unknown:RuntimeError"
    assert "19900001234" not in capsys.readouterr().err + json.dumps(dead_letters())


@pytest.mark.parametrize(("seconds", "state"), [(180, "sending"), (180.001, "unknown")])
def test_a_message_a_dead_worker_held_becomes_unknown_when_its_lease_is_over(
    clock: time_machine.Traveller, seconds: float, state: str
) -> None:
    assert LIMITS.sms_lease_seconds == 180
    store("joined-1")

    class Killed(BaseException):
        pass

    def killed() -> None:
        raise Killed

    dying = FakeSmsSender(after=killed)
    with pytest.raises(Killed):
        dispatch("joined-1", dying)
    clock.shift(timedelta(seconds=seconds))
    sender = FakeSmsSender()
    delivery.sweep(sender)
    assert sender.tries == []
    assert raw("joined-1")["state"] == state
    assert [letter["reason"] for letter in dead_letters()] == (
        ["unknown:worker_lost"] if state == "unknown" else []
    )


@pytest.mark.parametrize("answer", ["accept", "busy", "refuse"])
def test_a_worker_that_wakes_up_after_its_lease_changes_nothing_any_more(
    clock: time_machine.Traveller, answer: str
) -> None:
    """Else its late "again, please" could meet a message that somebody already decided about."""
    store("joined-1")
    other = FakeSmsSender()

    def stall() -> None:
        clock.shift(timedelta(seconds=LIMITS.sms_lease_seconds + 1))
        delivery.sweep(other)

    dispatch("joined-1", FakeSmsSender([answer], after=stall))
    assert state_of("joined-1") is OutboxState.UNKNOWN
    let_everything_settle(other, BEGIN + timedelta(hours=1))
    assert other.tries == []
    assert [letter["reason"] for letter in dead_letters()] == ["unknown:worker_lost"]


@pytest.mark.parametrize(("seconds", "sent"), [(300, True), (300.001, False)])
def test_a_code_that_is_dead_already_is_not_sent(
    clock: time_machine.Traveller, seconds: float, sent: bool
) -> None:
    assert LIMITS.code_seconds == 300
    store("code-1", "sign_in_code", CODE)
    clock.shift(timedelta(seconds=seconds))
    sender = FakeSmsSender()
    delivery.sweep(sender)
    assert bool(sender.tries) is sent
    assert [letter["reason"] for letter in dead_letters()] == ([] if sent else ["too_late"])
    assert not {"mobile_sealed", "secrets_sealed"} & raw("code-1").keys()


def test_news_is_sent_however_late() -> None:
    store("joined-1")
    sender = FakeSmsSender()
    with time_machine.travel(BEGIN + timedelta(days=3), tick=False):
        delivery.sweep(sender)
    assert sender.times("joined-1") == 1


def test_with_the_keys_out_of_reach_nothing_is_begun_and_later_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store("joined-1")
    sender = FakeSmsSender()

    def down(purpose: str) -> object:
        raise aws.busy("platform.keys_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(keyring, "keys", down)
        with pytest.raises(UnavailableError):
            delivery.sweep(sender)
    assert state_of("joined-1") is OutboxState.PENDING
    assert sender.tries == []
    delivery.sweep(sender)
    assert sender.times("joined-1") == 1


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        ({"mobile_sealed": b"\x01" + b"x" * 40}, "unreadable"),
        ({"template": "from_the_future"}, "no_such_template"),
        ({"template_version": 99}, "no_such_template"),
        ({"params": "{}"}, "unreadable"),
    ],
)
def test_a_poisoned_message_fails_visibly_and_the_others_go(poison: dict[str, object], reason: str) -> None:
    for name in ("joined-1", "joined-2", "joined-3"):
        store(name)
    change("joined-2", **poison)
    sender = FakeSmsSender()
    let_everything_settle(sender)
    assert sorted(sender.tries) == ["joined-1", "joined-3"]
    assert state_of("joined-2") is OutboxState.FAILED
    assert [letter["reason"] for letter in dead_letters()] == [reason]
    assert waiting_ids() == []


def test_a_row_that_cannot_even_be_handled_does_not_stop_the_sweep() -> None:
    for name in ("joined-1", "joined-2", "joined-3"):
        store(name)
    change("joined-2", created_at="not an instant", template="sign_in_code")
    sender = FakeSmsSender()
    assert delivery.sweep(sender) == 3
    assert sorted(sender.tries) == ["joined-1", "joined-3"]


def test_a_failure_is_reported_again_until_the_queue_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    store("joined-1")
    sender = FakeSmsSender(["refuse"])
    queue = aws.client("sqs")

    def refuse(**_: object) -> None:
        raise aws.busy()

    queue.meta.events.register_first("before-call.sqs.SendMessage", refuse, unique_id="down")
    with pytest.raises(UnavailableError):
        dispatch("joined-1", sender)
    assert state_of("joined-1") is OutboxState.FAILED
    assert waiting_ids() == ["joined-1"]
    queue.meta.events.unregister("before-call.sqs.SendMessage", unique_id="down")
    delivery.sweep(sender)
    assert [letter["outbox_id"] for letter in dead_letters()] == ["joined-1"]
    assert len(sender.tries) == 1
    assert waiting_ids() == []


def test_a_failure_is_logged_without_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    store("joined-1")
    dispatch("joined-1", FakeSmsSender(["refuse"]))
    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    assert {line["event"] for line in lines} == {"sms_settled", "sms_not_sent"}
    assert all(line["outbox_id"] == "joined-1" for line in lines)
    for form in ("19900001234", base64.b64encode(b"19900001234").decode(), "意外伤害", "NEF-26"):
        assert form not in logged


def test_the_office_brings_a_failed_message_back_once_it_mended_the_cause() -> None:
    store("joined-1")
    sender = FakeSmsSender(["refuse"])
    dispatch("joined-1", sender)
    bring_back("joined-1")
    assert waiting_ids() == ["joined-1"]
    delivery.sweep(sender)
    assert state_of("joined-1") is OutboxState.SENT
    assert sender.times("joined-1") == 1


@pytest.mark.parametrize("answer", ["accept", "lost", "dead", "never tried"])
def test_only_what_surely_failed_can_be_brought_back(answer: str) -> None:
    store("joined-1")
    sender = FakeSmsSender([answer])
    if answer != "never tried":
        dispatch("joined-1", sender)
    before = raw("joined-1")
    with pytest.raises(ConflictError, match=r"notify\.cannot_bring_back"):
        bring_back("joined-1")
    assert raw("joined-1") == before
    with pytest.raises(ConflictError):
        bring_back("no-such-id")


def test_a_failed_code_cannot_be_brought_back() -> None:
    store("code-1", "sign_in_code", CODE)
    dispatch("code-1", FakeSmsSender(["refuse"]))
    with pytest.raises(ConflictError):
        bring_back("code-1")


def test_a_sweep_ends_in_time_and_the_next_one_goes_on() -> None:
    for n in range(5):
        store(f"joined-{n}")
    sender = FakeSmsSender()
    assert delivery.sweep(sender, seconds=-1) == 0
    assert delivery.sweep(sender) == 5
    assert delivery.sweep(sender) == 0


def test_of_two_claims_on_one_reading_the_store_takes_one() -> None:
    """Guard: notify.records.claim_write stands under the condition of MESSAGES.move."""
    store("joined-1")
    first, second = row_of("joined-1"), row_of("joined-1")
    commit([records.claim_write(first, "worker-1", BEGIN)], ids.new_id())
    with pytest.raises(WriteRefused):
        commit([records.claim_write(second, "worker-2", BEGIN)], ids.new_id())
    row = row_of("joined-1")
    assert (row.state, row.claim, row.tries, row.version) == ("sending", "worker-1", 1, 1)


@pytest.mark.parametrize("action", MessageAction)
@pytest.mark.parametrize("state", OutboxState)
def test_a_message_moves_only_by_its_table(state: OutboxState, action: MessageAction) -> None:
    """Every way the room has to change a message's state, from every state: as the table says, or refused
    with nothing written; and what was read before another change is refused by the store."""
    store("joined-1")
    change("joined-1", state=state.value, version=7)
    before, read_early = raw("joined-1"), row_of("joined-1")

    def write(row: records.OutboxRow) -> Write:
        if action is MessageAction.CLAIM:
            return records.claim_write(row, "worker-1", BEGIN)
        if action is MessageAction.BRING_BACK:
            return records.bring_back_write(row)
        return records.settle_write(row, Settlement(action), BEGIN, forget=False)

    if not MESSAGES.allows(state, action):
        with pytest.raises(ConflictError):
            write(read_early)
        assert raw("joined-1") == before
        return
    stale = write(read_early)
    change("joined-1", version=8)  # somebody else was here
    with pytest.raises(WriteRefused):
        commit([stale], ids.new_id())
    commit([write(row_of("joined-1"))], ids.new_id())
    row = row_of("joined-1")
    assert (row.state, row.version) == (MESSAGES.edges[state, action].to.value, 9)
