"""The suggestion box: anybody writes, the office reads (`infra.office suggestions`).

One transaction files the text, counts it against the box's limits and records the outcome. Nothing of it is
ever shown on a page, so a stranger's text can reach no other stranger.
"""

from __future__ import annotations

import msgspec

from chalicelib.access.model import ANYTHING, Action
from chalicelib.access.rules import require
from chalicelib.kernel import Masked, ShanghaiDate, Visitor
from chalicelib.office import records, rules
from chalicelib.office.model import Suggestion, SuggestionKind
from chalicelib.office.records import SuggestionRow
from chalicelib.platform import ids, limits, resealing
from chalicelib.platform.transaction import WriteRefused, delete, put
from chalicelib.platform.work import Work, retry

_NETWORK, _OFFICE = "suggestions_network_hour", "suggestions_office_day"


class Filed(msgspec.Struct, frozen=True):
    """`receipt` is `<Shanghai day>-<check code>`."""

    receipt: str


def leave(work: Work, kind: SuggestionKind, text: str, contact: str, page: str) -> Filed:
    """File a suggestion; a repeat under the same key files nothing more.

    Raises InvalidRequestError (`text`, `contact`), TooManyError when the network or the box is full today.
    """
    source_ip = work.actor.source_ip if isinstance(work.actor, Visitor) else ""
    network = limits.network_key(source_ip)
    wanted = {"text": Masked(rules.read_text(text)), "contact": Masked(rules.read_contact(contact))}
    shard = limits.any_shard(_OFFICE)

    def one_round() -> Filed:
        """A refusal is a repeat, a full shard, a full box, or a receipt drawn twice."""
        nonlocal shard
        code = ids.new_check_code()
        row = SuggestionRow(
            records.day_folder(work.today),
            code,
            kind=kind,
            page=rules.read_page(page),
            at=work.stamp,
        ).seal(**wanted)
        filed = Filed(rules.receipt(work.today, code))
        work.add(
            put(row, SuggestionRow.folder.does_not_exist()),
            limits.spend_write(_NETWORK, network, work.now),
            limits.spend_write(_OFFICE, "all", work.now, shard),
        )
        if work.attempt is not None:
            work.add(work.attempt.record(filed))
        try:
            work.commit()
        except WriteRefused:
            earlier = work.attempt.earlier(Filed) if work.attempt else None
            if earlier is not None:
                return earlier
            limits.shard_with_room(_NETWORK, network, work.now)
            shard = limits.shard_with_room(_OFFICE, "all", work.now)
            raise
        return filed

    return retry(work, one_round)


def read(work: Work, on: ShanghaiDate) -> list[Suggestion]:
    """Everything left on a day, oldest first. Raises ForbiddenError."""
    require(work.actor, Action.READ_SUGGESTIONS, ANYTHING)
    return [_opened(row) for row in sorted(records.of_day(on), key=lambda row: (row.at, row.part))]


def forget(work: Work, receipt: str) -> bool:
    """Delete one, when its writer asks for it by its receipt. Whether it was there. Safe to repeat."""
    require(work.actor, Action.READ_SUGGESTIONS, ANYTHING)
    key = rules.receipt_key(receipt)
    if key is None:
        return False
    work.add(delete(SuggestionRow(records.day_folder(key[0]), key[1]), SuggestionRow.folder.exists()))
    try:
        work.commit()
    except WriteRefused:
        return False
    return True


def reseal() -> int:
    """Part of a key rotation: every text to the newest key. Safe to repeat."""
    return resealing.reseal(records.everything(), records.SEALED)


def _opened(row: SuggestionRow) -> Suggestion:
    day = ShanghaiDate.fromisoformat(row.folder.removeprefix(records.PREFIX))
    return Suggestion(
        receipt=rules.receipt(day, row.part),
        kind=SuggestionKind(row.kind),
        text=row.open("text"),
        contact=row.open("contact"),
        page=row.page,
        at=row.at,
    )
