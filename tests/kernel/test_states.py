"""State tables: an edge, its refusal, and the condition under which the store lets a row move."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.kernel import ConflictError
from chalicelib.platform import ids
from chalicelib.platform.rows import GroupsRow
from chalicelib.platform.transaction import WriteRefused, commit, update
from chalicelib.states import Edge, States
from infra.paths import FUNCTIONS


class State(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    DECIDED = "decided"


class Action(StrEnum):
    REVIEW = "review"
    DECIDE = "decide"
    RETURN = "return"


THINGS = States(
    "things",
    (
        Edge(State.DRAFT, Action.REVIEW, State.REVIEWED, ("clerk",), split=True),
        Edge(State.REVIEWED, Action.DECIDE, State.DECIDED, ("underwriter", "finance"), split=True),
        Edge(State.REVIEWED, Action.RETURN, State.DRAFT, ("underwriter", "system")),
    ),
)


class ThingRow(GroupsRow):
    state = UnicodeAttribute(default=State.DRAFT.value)
    version = NumberAttribute(default=0)
    acted_by = UnicodeSetAttribute(null=True)
    note = UnicodeAttribute(null=True)


@pytest.fixture
def thing(aws_moto: None) -> ThingRow:
    row = ThingRow("thing-1", "thing")
    row.save()
    return row


def read() -> ThingRow:
    return ThingRow.get("thing-1", "thing", consistent_read=True)


def take(row: ThingRow, action: Action, actor: str = "", *more: Any) -> None:
    """Move `row`, as it was read, in the store."""
    move = THINGS.move(row, action, actor)
    commit([update(ThingRow(row.id, row.part), [*move.actions, *more], move.condition)], ids.new_id())


# --- the table -------------------------------------------------------------------------------------------

EDGES = {
    (State.DRAFT, Action.REVIEW): State.REVIEWED,
    (State.REVIEWED, Action.DECIDE): State.DECIDED,
    (State.REVIEWED, Action.RETURN): State.DRAFT,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_an_action_leads_where_the_table_says_or_is_refused_with_a_sentence(
    state: State, action: Action
) -> None:
    assert THINGS.allows(state, action) == ((state, action) in EDGES)
    if (state, action) in EDGES:
        assert THINGS.edge(state, action).to is EDGES[state, action]
        return
    with pytest.raises(ConflictError) as refused:
        THINGS.edge(state, action)
    assert refused.value.code == "things.not_now"
    assert refused.value.detail.endswith("。")


def test_no_two_edges_begin_alike() -> None:
    twice = Edge(State.DRAFT, Action.REVIEW, State.DECIDED, ("clerk",))
    with pytest.raises(ValueError, match="two edges begin with draft and review"):
        States("things", (*THINGS.edges.values(), twice))


def test_what_somebody_may_do_now_is_what_their_roles_may_in_the_tables_order() -> None:
    assert THINGS.actions_of(State.REVIEWED, ["underwriter"]) == (Action.DECIDE, Action.RETURN)
    assert THINGS.actions_of(State.REVIEWED, ["finance", "clerk"]) == (Action.DECIDE,)
    assert THINGS.actions_of(State.REVIEWED, ["system"]) == (Action.RETURN,)
    assert THINGS.actions_of(State.DECIDED, ["underwriter", "finance", "clerk", "system"]) == ()
    assert THINGS.actions_of(State.REVIEWED, []) == ()


def test_the_drawing_has_a_line_an_edge_and_says_where_duties_are_split() -> None:
    lines = THINGS.drawing().splitlines()
    assert [line for line in lines if re.match(r"\| (draft|reviewed|decided) ", line)] == [
        "| draft | review | reviewed | clerk (never twice the same person) |",
        "| reviewed | decide | decided | underwriter, finance (never twice the same person) |",
        "| reviewed | return | draft | underwriter, system |",
    ]


# --- the store's condition -------------------------------------------------------------------------------


def test_a_move_writes_the_new_state_and_counts_the_version(thing: ThingRow) -> None:
    take(thing, Action.REVIEW, "staff#1", ThingRow.note.set("seen"))
    row = read()
    assert (row.state, row.version, row.acted_by, row.note) == ("reviewed", 1, {"staff#1"}, "seen")
    take(row, Action.RETURN)
    row = read()
    assert (row.state, row.version, row.acted_by) == ("draft", 2, {"staff#1"})


def test_a_move_the_table_does_not_have_never_reaches_the_store(thing: ThingRow) -> None:
    with pytest.raises(ConflictError):
        take(thing, Action.DECIDE, "staff#1")
    assert (read().state, read().version) == ("draft", 0)


def test_of_two_moves_on_one_reading_the_store_takes_one(thing: ThingRow) -> None:
    first, second = read(), read()
    take(first, Action.REVIEW, "staff#1")
    with pytest.raises(WriteRefused):
        take(second, Action.REVIEW, "staff#2")
    assert (read().version, read().acted_by) == (1, {"staff#1"})


def test_the_store_compares_the_state(thing: ThingRow) -> None:
    """Guard: states.States.move, `kind.state == edge.state`."""
    stale = read()
    ThingRow("thing-1", "thing", state=State.DECIDED.value, version=0).save()  # same version, another state
    with pytest.raises(WriteRefused):
        take(stale, Action.REVIEW, "staff#1")
    assert read().state == "decided"


def test_the_store_compares_the_version(thing: ThingRow) -> None:
    """Guard: states.States.move, `kind.version == row.version`: there and back again is a change."""
    stale = read()
    take(read(), Action.REVIEW, "staff#1")
    take(read(), Action.RETURN)
    assert read().state == stale.state
    with pytest.raises(WriteRefused):
        take(stale, Action.REVIEW, "staff#2")
    assert (read().state, read().version) == ("draft", 2)


def test_a_row_that_is_gone_is_not_made_again_by_a_move(thing: ThingRow) -> None:
    stale = read()
    thing.delete()
    with pytest.raises(WriteRefused):
        take(stale, Action.REVIEW, "staff#1")
    assert not ThingRow.count("thing-1")


def test_whoever_acted_is_refused_by_the_store_where_duties_are_split(thing: ThingRow) -> None:
    """Guard: states.States.move, `~kind.acted_by.contains(actor_key)`. Nothing before the write knows it:
    the row is moved as if it had been read before the actor acted."""
    take(read(), Action.REVIEW, "staff#1")
    row = read()
    row.acted_by = None
    with pytest.raises(WriteRefused):
        take(row, Action.DECIDE, "staff#1")
    assert (read().state, read().version) == ("reviewed", 1)
    take(row, Action.DECIDE, "staff#2")
    assert (read().state, read().acted_by) == ("decided", {"staff#1", "staff#2"})


def test_who_acted_once_may_not_act_again_after_a_return_but_may_return(thing: ThingRow) -> None:
    take(read(), Action.REVIEW, "staff#1")
    take(read(), Action.RETURN, "staff#1")  # not a split edge
    with pytest.raises(WriteRefused):
        take(read(), Action.REVIEW, "staff#1")
    take(read(), Action.REVIEW, "staff#12")  # a whole key is compared, not its beginning
    assert read().acted_by == {"staff#1", "staff#12"}


def test_a_split_edge_without_an_actor_is_a_bug_and_not_a_way_round(thing: ThingRow) -> None:
    with pytest.raises(ValueError, match="needs an actor"):
        THINGS.move(thing, Action.REVIEW)


def test_no_room_sets_a_state_that_has_a_table_by_itself() -> None:
    """Guard: none to remove; a `state` of a row with a `version` is written by `States.move` alone."""
    setting = re.compile(r"\bOutboxRow\.(?:state|version)\.set\(|\.acted_by\.(?:set|add|delete|remove)\(")
    rooms = [path for path in FUNCTIONS.rglob("*.py") if path.name != "states.py"]
    assert len(rooms) > 80
    assert [path.name for path in rooms if setting.search(path.read_text("utf-8"))] == []
