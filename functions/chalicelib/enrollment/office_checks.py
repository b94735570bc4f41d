"""When a number or a mobile is already somebody's: tell nothing, change nothing, leave it to the desk."""

from __future__ import annotations

from chalicelib.enrollment.checks import Facts
from chalicelib.enrollment.model import Application
from chalicelib.enrollment.records import OfficeCheckRow
from chalicelib.identity import limits
from chalicelib.identity.model import Member
from chalicelib.kernel import ConflictError, Masked
from chalicelib.platform import cipher, clock
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.settings import settings


def leave(member: Member, application: Application, facts: Facts, attempt: Attempt) -> ConflictError:
    """File one item a request and return the error to raise. At most three a mobile a day (TooManyError)."""
    now = clock.now()
    day, part = f"office_check#{clock.today().isoformat()}", attempt.key
    answer = ConflictError(
        "enrollments.needs_office_check",
        "您填写的信息需要工作人员核对，核对前保障没有生效。请带身份证到服务网点，或拨打12351。",
    )
    if _filed(day, part):
        return answer
    limits.spend("office_checks_mobile_day", member.key, now)
    row = OfficeCheckRow(
        day,
        part,
        name_sealed=_seal(part, "name", facts.name),
        id_number_sealed=_seal(part, "id_number", facts.id_number.number),
        mobile_sealed=_seal(part, "mobile", member.mobile),
        campaign=application.campaign,
        at=clock.stamp(now),
    )
    row.save(condition=OfficeCheckRow.person_id.does_not_exist())
    return answer


def _filed(day: str, part: str) -> bool:
    try:
        OfficeCheckRow.get(day, part, consistent_read=True)
    except OfficeCheckRow.DoesNotExist:
        return False
    return True


def _seal(row: str, field: str, text: Masked) -> bytes:
    return cipher.seal(text, table=settings().table("people"), row=row, field=field)
