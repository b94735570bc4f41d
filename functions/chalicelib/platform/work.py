"""One use case at work: one clock reading, who asks, what is obeyed, and the writes it commits together.

    def join(work: Work, application: Application) -> Joined:
        ...                                  # pure checks, once
        return retry(work, lambda: _round(work, ...))

    def _round(work, ...) -> Joined:
        found = people.find(...)             # read what stands
        work.add(people.bind_writes(...))    # lower services offer writes, they never commit
        work.commit()                        # all or nothing; WriteRefused: something changed first
        return Joined(...)

A use case takes a `Work` and returns domain values; it knows nothing of HTTP. Day, sequence, the time in the
audit log and that of a message all come from the one clock reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from chalicelib.kernel import Actor, ShanghaiDate, shanghai_day
from chalicelib.platform import aws, clock, ids
from chalicelib.platform.transaction import Write, WriteRefused, commit

if TYPE_CHECKING:
    from chalicelib.platform.idempotency import Attempt

T = TypeVar("T")

ROUNDS = 4  # a refusal teaches one fact each round: a seat, a lock, a head; four is more than there are


class Work:
    """`attempt` is the request's idempotency attempt, None where nobody can repeat it. `catalogue` is set by
    who obeys another than the compiled one; `catalog.service.of` reads it."""

    def __init__(
        self,
        actor: Actor,
        *,
        now: datetime | None = None,
        attempt: Attempt | None = None,
        catalogue: object | None = None,
    ) -> None:
        self.actor = actor
        self.now = now or clock.now()
        self.attempt = attempt
        self.catalogue = catalogue
        self.writes: list[Write] = []

    @property
    def today(self) -> ShanghaiDate:
        """The Shanghai day."""
        return shanghai_day(self.now)

    @property
    def seconds(self) -> int:
        """Epoch seconds."""
        return int(self.now.timestamp())

    @property
    def sequence(self) -> int:
        """Orders what is accepted on one day: the microsecond, server time."""
        return int(self.now.timestamp() * 1_000_000)

    @property
    def stamp(self) -> str:
        """The wire form of `now`, whole seconds."""
        return clock.stamp(self.now)

    def add(self, *writes: Write | Iterable[Write]) -> None:
        for each in writes:
            self.writes.extend([each] if isinstance(each, Write) else each)

    def commit(self) -> None:
        """All that was added, or nothing. Raises WriteRefused, ConflictError, UnavailableError; and
        ValueError for two writes to one item. Afterwards nothing is added any more, whatever came of it."""
        writes, self.writes = self.writes, []
        commit(writes, ids.new_id())

    def for_another(self) -> Work:
        """A transaction of its own for the same actor at the same time: one person of many."""
        return Work(self.actor, now=self.now, catalogue=self.catalogue)


def retry(work: Work, one_round: Callable[[], T]) -> T:
    """Let a round read, decide and commit, again after each WriteRefused, at most ROUNDS times.

    Raises what a round raises, and UnavailableError after the last refusal.
    """
    for _ in range(ROUNDS):
        work.writes = []
        try:
            return one_round()
        except WriteRefused:
            continue
    raise aws.busy("platform.busy")
