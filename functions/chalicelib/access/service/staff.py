"""Members of staff: added, given roles, their second factor renewed, removed. An administrator's work.

The first administrator is made on the office's command line (`infra.office staff add`), by whoever holds the
stack's credentials.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pynamodb.expressions.update import Action as StoreAction

from chalicelib.access import staff_records as records
from chalicelib.access.mobiles import read_mobile
from chalicelib.access.model import ANYTHING, Action, Role
from chalicelib.access.rules import require
from chalicelib.access.service import factor
from chalicelib.access.staff_model import Factor, StaffAccount, StaffState
from chalicelib.access.staff_records import LOCK, SEALED, STAFF, StaffMobileRow, StaffRow
from chalicelib.audit import service as audit
from chalicelib.kernel import ConflictError, InvalidRequestError, Masked, NotFoundError
from chalicelib.platform import cipher, ids, resealing
from chalicelib.platform.transaction import Write, WriteRefused, delete, put, update
from chalicelib.platform.work import Work, retry


@dataclass(frozen=True, slots=True)
class NewStaff:
    id: str
    factor: Factor


def add(work: Work, mobile: str, name: str, roles: Iterable[Role], region: str = "") -> NewStaff:
    """Their factor is handed over now and never again.

    Raises ForbiddenError, InvalidRequestError (mobile, name, roles), ConflictError (`desk.known_mobile`).
    """
    require(work.actor, Action.MANAGE_STAFF, ANYTHING)
    owner = read_mobile(mobile)
    if not name.strip():
        raise InvalidRequestError("desk.name", "请填姓名。", {"name": "请填姓名。"})
    given, staff_id, made = _read_roles(roles), ids.new_id(), factor.new_factor()
    row = StaffRow(
        STAFF,
        staff_id,
        mobile_masked=owner.masked,
        roles=given,
        region=region,
        state=StaffState.ACTIVE,
        recovery=[factor.recovery_hashes(each)[-1] for each in made.recovery_codes],
    ).seal(name=Masked(name.strip()), mobile=owner.number, secret=made.secret)
    facts = {"roles": ",".join(given), "region": region}
    work.add(
        put(row, StaffRow.folder.does_not_exist()),
        [_lock(index, staff_id) for index in cipher.blind_indexes("mobile", owner.number)],
        audit.entry_writes(work, audit.staff(staff_id), "staff_added", facts, None),
    )
    try:
        work.commit()
    except WriteRefused:
        raise ConflictError("desk.known_mobile", "这个手机号已经是工作人员了。请先查看名单。") from None
    return NewStaff(staff_id, made)


def set_roles(work: Work, staff_id: str, roles: Iterable[Role], region: str = "") -> None:
    """From the next request on. Raises ForbiddenError, NotFoundError, InvalidRequestError."""
    given = _read_roles(roles)
    actions = [StaffRow.roles.set(given), StaffRow.region.set(region)]
    _change(work, staff_id, actions, "staff_roles", {"roles": ",".join(given), "region": region})


def reset_factor(work: Work, staff_id: str) -> Factor:
    """A new factor; the old one and its recovery codes are worth nothing from now on."""
    made = factor.new_factor()
    row = _account(work, staff_id)
    row.seal(secret=made.secret)
    actions = [
        StaffRow.secret_sealed.set(row.secret_sealed),
        StaffRow.last_step.set(0),
        StaffRow.recovery.set([factor.recovery_hashes(each)[-1] for each in made.recovery_codes]),
    ]
    _change(work, staff_id, actions, "staff_factor_reset", {})
    return made


def remove(work: Work, staff_id: str) -> None:
    """Their sessions end with the next request; their mobile may be somebody else's tomorrow."""
    row = _account(work, staff_id)
    locks = [
        delete(StaffMobileRow(records.mobile_folder(index), LOCK), None)
        for index in cipher.blind_indexes("mobile", row.open("mobile"))
    ]
    _change(work, staff_id, [StaffRow.state.set(StaffState.REMOVED)], "staff_removed", {}, locks)


def everybody(work: Work) -> list[StaffAccount]:
    """Removed ones too. Raises ForbiddenError."""
    require(work.actor, Action.MANAGE_STAFF, ANYTHING)
    return [_shown(row) for row in records.everybody()]


def reseal() -> int:
    """Part of a key rotation: seals and locks under the newest keys. Safe to repeat."""
    rows = records.everybody()
    for row in rows:
        if row.state == StaffState.ACTIVE:
            for index in cipher.blind_indexes("mobile", row.open("mobile")):
                StaffMobileRow(records.mobile_folder(index), LOCK, staff_id=row.part).save()
    return resealing.reseal(rows, SEALED)


def _change(
    work: Work,
    staff_id: str,
    actions: Sequence[StoreAction],
    action: str,
    facts: dict[str, str],
    more: list[Write] | None = None,
) -> None:
    _account(work, staff_id)

    def one_round() -> None:
        head = audit.read_head(audit.staff(staff_id))
        active = StaffRow.state == StaffState.ACTIVE
        work.add(
            update(StaffRow(STAFF, staff_id), list(actions), active),
            more or [],
            audit.entry_writes(work, audit.staff(staff_id), action, facts, head),
        )
        work.commit()

    retry(work, one_round)


def _account(work: Work, staff_id: str) -> StaffRow:
    require(work.actor, Action.MANAGE_STAFF, ANYTHING)
    row = records.account(staff_id)
    if row is None or row.state != StaffState.ACTIVE:
        raise NotFoundError("desk.unknown_staff", "没有这位工作人员，或者已经停用。请先查看名单。")
    return row


def _lock(index: str, staff_id: str) -> Write:
    row = StaffMobileRow(records.mobile_folder(index), LOCK, staff_id=staff_id)
    return put(row, StaffMobileRow.folder.does_not_exist())


def _read_roles(roles: Iterable[Role]) -> list[str]:
    chosen = frozenset(roles)
    given = [role.value for role in Role if role in chosen]
    if not given:
        raise InvalidRequestError("desk.roles", "请至少给一个岗位。", {"roles": "请至少给一个岗位。"})
    return given


def _shown(row: StaffRow) -> StaffAccount:
    return StaffAccount(
        id=row.part,
        name=row.open("name"),
        mobile_masked=row.mobile_masked,
        roles=tuple(Role(each) for each in row.roles),
        region=row.region,
        state=StaffState(row.state),
    )
