"""State tables: what may become of a thing, by which action, and by whom. Pure; the one way states change.

A domain's `model.py` holds one `States`. From an edge of it come the check, the write that makes the change,
and the drawing in docs/states.md; nothing else compares states.

    table.edge(state, action)      the edge, or the refusal that says what stands now
    table.move(row, action)        what to write to the row, under which condition

A row that is moved has the attributes `state` and `version`; where duties are split also `acted_by`, the set
of actor keys that have decided on it: whoever is in it cannot take another such edge, whatever their roles.
The condition is the truth: a check before it only makes the refusal kinder.

    state in the store   version   acted_by has the actor   move
    as the edge begins   as read   no, or duties not split  written, version + 1
    anything else        any       any                      refused
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from chalicelib.kernel import ConflictError

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Edge(Generic[S, A]):
    """`who` are roles, or `system`. `split`: nobody takes two such edges of one thing."""

    state: S
    action: A
    to: S
    who: tuple[str, ...]
    split: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """What to write to a row, and the condition it stands under (a store's own expressions)."""

    actions: list[Any]
    condition: Any


class States(Generic[S, A]):
    """The edges of one kind of thing. No two begin with the same state and action."""

    def __init__(self, name: str, edges: Iterable[Edge[S, A]]) -> None:
        self.name = name
        self.edges: dict[tuple[S, A], Edge[S, A]] = {}
        for edge in edges:
            if (edge.state, edge.action) in self.edges:
                raise ValueError(f"{name}: two edges begin with {edge.state} and {edge.action}")
            self.edges[edge.state, edge.action] = edge

    def allows(self, state: S, action: A) -> bool:
        return (state, action) in self.edges

    def edge(self, state: S, action: A) -> Edge[S, A]:
        """Raises ConflictError (`<name>.not_now`) for an action this state does not allow."""
        if not self.allows(state, action):
            raise ConflictError(
                f"{self.name}.not_now", "现在的状态不能办这一步。请刷新页面，查看最新的状态。"
            )
        return self.edges[state, action]

    def actions_of(self, state: S, who: Iterable[str]) -> tuple[A, ...]:
        """What somebody with these roles may do now, in the table's order."""
        roles = set(who)
        return tuple(
            each.action for each in self.edges.values() if each.state == state and roles & set(each.who)
        )

    def move(self, row: Any, action: A, actor_key: str = "") -> Move:
        """The change of `row`, a stored row as it was read. Raises ConflictError as `edge` does.

        `actor_key` is needed where duties are split.
        """
        kind = type(row)
        edge = self.edge(self._state_of(row), action)
        condition = (kind.state == edge.state.value) & (kind.version == row.version)
        actions = [kind.state.set(edge.to.value), kind.version.set(row.version + 1)]
        if edge.split:
            if not actor_key:
                raise ValueError(f"{self.name}: {action} splits duties, so it needs an actor")
            condition &= ~kind.acted_by.contains(actor_key)
            actions.append(kind.acted_by.add({actor_key}))
        return Move(actions, condition)

    def _state_of(self, row: Any) -> S:
        states = {each.value: each for edge in self.edges.values() for each in (edge.state, edge.to)}
        return states[row.state]

    def drawing(self) -> str:
        """The table for docs/states.md, one line an edge."""
        lines = ["| state | action | becomes | who |", "|---|---|---|---|"]
        for edge in self.edges.values():
            who = ", ".join(edge.who) + (" (never twice the same person)" if edge.split else "")
            lines.append(f"| {edge.state} | {edge.action} | {edge.to} | {who} |")
        return "\n".join(lines) + "\n"
