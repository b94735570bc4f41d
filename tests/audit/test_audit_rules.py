"""The chain without a store: whatever is changed, dropped or moved, the first wrong place is named (P30)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.audit import rules
from chalicelib.audit.model import Break, Entry, Fault, Head
from chalicelib.kernel import Masked

SUBJECT = "person#p1"
TEXT_FIELDS = ("subject", "at", "action", "actor", "facts", "previous", "hash")


def chain_of(length: int) -> tuple[list[Entry], Head | None]:
    entries: list[Entry] = []
    head: Head | None = None
    for n in range(length):
        entry = rules.entry_after(
            head,
            subject=SUBJECT,
            at=f"2026-11-22T03:00:{n:02d}.000000+00:00",
            action="joined" if n == 0 else "viewed",
            actor="self",
            facts={"terms": ["nef@2026.1"], "n": n},
        )
        entries.append(entry)
        head = Head(entry.seq, entry.hash)
    return entries, head


@pytest.mark.parametrize("length", [0, 1, 2, 7])
def test_an_untouched_chain_holds(length: int) -> None:
    entries, head = chain_of(length)
    assert rules.first_break(SUBJECT, entries, head) is None


@given(st.data())
def test_one_changed_byte_is_named_at_its_entry(data: st.DataObject) -> None:
    entries, head = chain_of(5)
    at = data.draw(st.integers(0, 4))
    field = data.draw(st.sampled_from(TEXT_FIELDS))
    old = getattr(entries[at], field).encode()
    byte = data.draw(st.integers(0, len(old) - 1))
    new = bytes([*old[:byte], (old[byte] + data.draw(st.integers(1, 127))) % 128, *old[byte + 1 :]])
    entries[at] = replace(entries[at], **{field: new.decode()})
    found = rules.first_break(SUBJECT, entries, head)
    assert found == Break(SUBJECT, at + 1, Fault.CHANGED)


@pytest.mark.parametrize("dropped", range(5))
def test_a_dropped_entry_is_named(dropped: int) -> None:
    entries, head = chain_of(5)
    del entries[dropped]
    assert rules.first_break(SUBJECT, entries, head) == Break(SUBJECT, dropped + 1, Fault.MISSING)


@pytest.mark.parametrize("first", range(4))
def test_two_entries_that_changed_places_are_named(first: int) -> None:
    entries, head = chain_of(5)
    entries[first], entries[first + 1] = (
        replace(entries[first + 1], seq=first + 1),
        replace(entries[first], seq=first + 2),
    )
    assert rules.first_break(SUBJECT, entries, head) == Break(SUBJECT, first + 1, Fault.CHANGED)


@pytest.mark.parametrize("kept", range(5))
def test_a_cut_tail_is_named_through_the_head(kept: int) -> None:
    entries, head = chain_of(5)
    assert rules.first_break(SUBJECT, entries[:kept], head) == Break(SUBJECT, kept + 1, Fault.MISSING)


def test_an_entry_rewritten_with_a_fresh_hash_is_named_at_its_successor() -> None:
    entries, head = chain_of(3)
    old = entries[1]
    facts = rules.canonical({"n": 99})
    forged = rules.digest(SUBJECT, 2, old.at, old.action, old.actor, facts, old.previous)
    entries[1] = replace(old, facts=facts, hash=forged)
    assert rules.first_break(SUBJECT, entries, head) == Break(SUBJECT, 3, Fault.RELINKED)


def test_a_last_entry_rewritten_with_a_fresh_hash_is_named_through_the_head() -> None:
    entries, head = chain_of(3)
    old = entries[2]
    facts = rules.canonical({"n": 99})
    forged = rules.digest(SUBJECT, 3, old.at, old.action, old.actor, facts, old.previous)
    entries[2] = replace(old, facts=facts, hash=forged)
    assert rules.first_break(SUBJECT, entries, head) == Break(SUBJECT, 3, Fault.UNANCHORED)


def test_an_entry_the_head_never_reached_is_named() -> None:
    entries, _ = chain_of(3)
    assert rules.first_break(SUBJECT, entries, Head(2, entries[1].hash)) == Break(
        SUBJECT, 3, Fault.UNANCHORED
    )


def test_a_chain_whose_head_is_gone_is_named() -> None:
    entries, _ = chain_of(3)
    assert rules.first_break(SUBJECT, entries, None) == Break(SUBJECT, 1, Fault.UNANCHORED)


def test_an_entry_of_another_subject_does_not_fit() -> None:
    entries, head = chain_of(2)
    assert rules.first_break("person#p2", entries, head) == Break("person#p2", 1, Fault.CHANGED)


@pytest.mark.parametrize("value", [Masked("13800138000"), 0.5, {"a": 1}, [Masked("x")], [1], b"x"])
def test_facts_hold_only_plain_values(value: object) -> None:
    with pytest.raises(TypeError, match="audit fact x is a"):
        rules.canonical({"x": value})  # type: ignore[dict-item]


def test_facts_have_one_spelling() -> None:
    assert rules.canonical({"b": "工会", "a": [True and "x"]}) == '{"a":["x"],"b":"工会"}'
