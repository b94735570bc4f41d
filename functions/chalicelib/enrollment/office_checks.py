"""When a number or a mobile is already somebody's: tell nothing, change nothing, leave it to the desk."""

from __future__ import annotations

from chalicelib.access.model import Member
from chalicelib.enrollment.checks import Facts
from chalicelib.enrollment.model import Application
from chalicelib.enrollment.records import OfficeCheckRow
from chalicelib.kernel import ConflictError
from chalicelib.platform import clock, desk_rows, ids, limits
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.transaction import WriteRefused, commit, put

_DAYS = "office_check#"
_LIMIT = "office_checks_mobile_day"


def leave(member: Member, application: Application, facts: Facts, attempt: Attempt) -> ConflictError:
    """File one item a request and return the error to raise. A repeat of the request files nothing more.

    At most three a mobile a day (TooManyError); the same key with another body is UnprocessableError.
    """
    now, part = clock.now(), attempt.key
    row = OfficeCheckRow(
        f"{_DAYS}{clock.today().isoformat()}",
        part,
        name_sealed=desk_rows.seal(part, "name", facts.name),
        id_number_sealed=desk_rows.seal(part, "id_number", facts.id_number.number),
        mobile_sealed=desk_rows.seal(part, "mobile", member.mobile),
        body_hash=attempt.body_hash(),
        campaign=application.campaign,
        at=clock.stamp(now),
    )
    spent = limits.spend_write(_LIMIT, member.key, now)
    try:
        commit([put(row, OfficeCheckRow.person_id.does_not_exist()), spent], ids.new_id())
    except WriteRefused:
        filed = _filed(row)
        if filed is None:
            raise limits.exhausted(_LIMIT, now) from None
        attempt.refuse_another(filed.body_hash)
    return ConflictError(
        "enrollments.needs_office_check",
        "您填写的信息需要工作人员核对，核对前保障没有生效。请带身份证到服务网点，或拨打12351。",
    )


def reseal() -> int:
    """Part of a key rotation: every item to the newest key. Safe to repeat."""
    return desk_rows.reseal(OfficeCheckRow, _DAYS, ("name", "id_number", "mobile"))


def _filed(row: OfficeCheckRow) -> OfficeCheckRow | None:
    try:
        return OfficeCheckRow.get(row.person_id, row.part, consistent_read=True)
    except OfficeCheckRow.DoesNotExist:
        return None
