"""The suggestion box: anybody writes, the office reads (`infra.office suggestions`).

One transaction files the text, counts it against the box's limits and records the answer. Nothing of it is
ever shown on a page, so a stranger's text can reach no other stranger.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel import Masked, ShanghaiDate, shanghai_day
from chalicelib.office import records, rules
from chalicelib.office.answers import Filed
from chalicelib.office.model import Suggestion, SuggestionKind
from chalicelib.office.records import SuggestionRow
from chalicelib.platform import aws, clock, desk_rows, ids, limits
from chalicelib.platform.http import Answer
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.transaction import WriteRefused, commit, delete, put

_NETWORK, _OFFICE = "suggestions_network_hour", "suggestions_office_day"
_ROUNDS = 4  # a refusal is a repeat, a full shard, a full box, or a receipt drawn twice


def leave(
    kind: SuggestionKind,
    text: str,
    contact: str,
    page: str,
    *,
    source_ip: str,
    attempt: Attempt,
    now: datetime,
) -> Answer:
    """201 with the receipt; the same again for a repeat under the same key.

    Raises InvalidRequestError (`text`, `contact`), TooManyError when the network or the box is full today.
    """
    wanted = rules.read_text(text), rules.read_contact(contact)
    network, shard = limits.network_key(source_ip), limits.any_shard(_OFFICE)
    for _ in range(_ROUNDS):
        on, code = shanghai_day(now), ids.new_check_code()
        row = SuggestionRow(
            records.day_key(on),
            code,
            kind=kind,
            text_sealed=desk_rows.seal(code, "text", Masked(wanted[0])),
            contact_sealed=desk_rows.seal(code, "contact", Masked(wanted[1])),
            page=rules.read_page(page),
            at=clock.stamp(now),
        )
        answer = Filed(rules.receipt(on, code))
        writes = [
            put(row, SuggestionRow.person_id.does_not_exist()),
            limits.spend_write(_NETWORK, network, now),
            limits.spend_write(_OFFICE, "all", now, shard),
            attempt.record(201, answer),
        ]
        try:
            commit(writes, ids.new_id())
            return Answer(201, answer)
        except WriteRefused:
            earlier = attempt.earlier(Filed)
            if earlier is not None:
                return earlier
        limits.shard_with_room(_NETWORK, network, now)
        shard = limits.shard_with_room(_OFFICE, "all", now)
    raise aws.busy()


def read(on: ShanghaiDate) -> list[Suggestion]:
    """Everything left on a day, oldest first."""
    return [_opened(row) for row in sorted(records.of_day(on), key=lambda row: (row.at, row.part))]


def forget(receipt: str) -> bool:
    """Delete one, when its writer asks for it by its receipt. Whether it was there. Safe to repeat."""
    key = rules.receipt_key(receipt)
    if key is None:
        return False
    try:
        commit(
            [delete(SuggestionRow(records.day_key(key[0]), key[1]), SuggestionRow.person_id.exists())],
            ids.new_id(),
        )
    except WriteRefused:
        return False
    return True


def reseal() -> int:
    """Part of a key rotation: every text to the newest key. Safe to repeat."""
    return desk_rows.reseal(SuggestionRow, records.PREFIX, ("text", "contact"))


def _opened(row: SuggestionRow) -> Suggestion:
    day = ShanghaiDate.fromisoformat(row.person_id.removeprefix(records.PREFIX))
    return Suggestion(
        receipt=rules.receipt(day, row.part),
        kind=SuggestionKind(row.kind),
        text=desk_rows.unseal(row, "text"),
        contact=desk_rows.unseal(row, "contact"),
        page=row.page,
        at=row.at,
    )
