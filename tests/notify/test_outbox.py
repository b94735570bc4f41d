"""A message is stored with its fact, sealed, once."""

from __future__ import annotations

import pytest
import time_machine

from chalicelib.audit import service as audit
from chalicelib.kernel import Masked, System
from chalicelib.notify import records
from chalicelib.notify.model import OutboxState
from chalicelib.platform import cipher
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import WriteRefused
from chalicelib.platform.work import Work
from tests.notify.outbox import (
    BEGIN,
    CODE,
    JOINED,
    MOBILE,
    fact_is_stored,
    message,
    raw,
    row_of,
    state_of,
    store,
)

pytestmark = pytest.mark.usefixtures("aws_moto")


def test_a_message_waits_beside_its_fact() -> None:
    store("joined-1")
    assert fact_is_stored("joined-1")
    assert state_of("joined-1") is OutboxState.PENDING
    assert list(records.pending_ids(records.shard_of("joined-1"))) == ["joined-1"]


def test_a_refused_fact_stores_no_message() -> None:
    work = Work(System())
    work.add(
        audit.entry_writes(work, "fact#x", "joined", {}, audit.Head(1, "0" * 64)), message(work, "joined-1")
    )
    with pytest.raises(WriteRefused):
        work.commit()
    assert records.read("joined-1") is None


def test_the_same_news_is_stored_once_and_refuses_the_whole_second_transaction() -> None:
    store("joined-1")
    again = Work(System())
    again.add(audit.entry_writes(again, "fact#other", "joined", {}, None), message(again, "joined-1"))
    with pytest.raises(WriteRefused):
        again.commit()
    assert audit.read_head("fact#other") is None


def test_mobile_and_code_lie_sealed_for_their_own_row() -> None:
    store("code-1", "sign_in_code", CODE)
    store("code-2", "sign_in_code", CODE)
    text = str(raw("code-1"))
    assert "19900001234" not in text
    assert "402817" not in text
    row = row_of("code-1")
    assert records.unseal(row) == (MOBILE, {"code": "402817"})
    row.mobile_sealed = row_of("code-2").mobile_sealed
    with pytest.raises(cipher.SealBroken):
        records.unseal(row)


def test_a_code_has_no_recipient_so_no_inbox_can_find_it() -> None:
    store("code-1", "sign_in_code", CODE)
    assert "recipient" not in raw("code-1")


@pytest.mark.parametrize(
    ("template", "params", "error"),
    [
        ("sign_in_code", {"code": "402817"}, TypeError),  # a secret in the clear
        ("sign_in_code", {}, ValueError),
        ("joined", {**JOINED, "extra": "x"}, ValueError),
        ("joined", {name: JOINED[name] for name in ("covers", "from")}, ValueError),
        ("joined", {**JOINED, "from": "明天"}, ValueError),  # not a day
        ("no_such_news", {}, KeyError),
    ],
)
def test_params_that_do_not_fit_are_refused_before_anything_is_stored(
    template: str, params: dict[str, str | Masked], error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        message(Work(System()), "x", template, params)
    assert "402817" not in str(raised.value)


def test_waiting_messages_are_spread_so_that_no_key_is_hot() -> None:
    """No index key takes more than 5 % of a launch day's messages."""
    shards = [records.shard_of(f"joined-NEF-26-{n:06d}") for n in range(20_000)]
    assert len(set(shards)) == LIMITS.outbox_shards
    assert max(shards.count(shard) for shard in set(shards)) <= 0.05 * len(shards)


def test_messages_of_a_shard_come_oldest_first() -> None:
    names = [f"m-{n}" for n in range(200) if records.shard_of(f"m-{n}") == "0"]
    assert len(names) > 2
    for minute, name in enumerate(reversed(names)):
        with time_machine.travel(BEGIN.replace(minute=minute), tick=False):
            store(name)
    assert list(records.pending_ids("0")) == names[::-1]
