"""When a number or a mobile is already somebody's: tell nothing, change nothing, leave it to the desk."""

from __future__ import annotations

from chalicelib.access.model import Member
from chalicelib.enrollment import records
from chalicelib.enrollment.model import Applicant, Application
from chalicelib.enrollment.records import OfficeCheckRow
from chalicelib.kernel import ConflictError
from chalicelib.platform import limits, resealing
from chalicelib.platform.transaction import WriteRefused, put
from chalicelib.platform.work import Work

_LIMIT = "office_checks_mobile_day"


def leave(work: Work, member: Member, application: Application, applicant: Applicant) -> ConflictError:
    """File one item a request and return the error to raise. A repeat of the request files nothing more.

    At most three a mobile a day (TooManyError); the same key with another body is UnprocessableError.
    """
    assert work.attempt is not None  # the route demands a key
    row = OfficeCheckRow(
        records.office_check_folder(work.today),
        work.attempt.key,
        body_hash=work.attempt.body_hash(),
        campaign=application.campaign,
        at=work.stamp,
    ).seal(name=applicant.name, id_number=applicant.id_number.number, mobile=member.mobile)
    work.writes = []
    work.add(
        put(row, OfficeCheckRow.folder.does_not_exist()),
        limits.spend_write(_LIMIT, member.key, work.now),
    )
    try:
        work.commit()
    except WriteRefused:
        filed = records.office_check(row.folder, row.part)
        if filed is None:
            raise limits.exhausted(_LIMIT, work.now) from None
        work.attempt.refuse_another(filed.body_hash)
    return ConflictError(
        "enrollments.needs_office_check",
        "您填写的信息需要工作人员核对，核对前保障没有生效。请带身份证到服务网点，或拨打12351。",
    )


def reseal() -> int:
    """Part of a key rotation: every item to the newest key. Safe to repeat."""
    items = OfficeCheckRow.scan(OfficeCheckRow.folder.startswith(records.OFFICE_CHECK), consistent_read=True)
    return resealing.reseal(items, records.OFFICE_CHECK_SEALED)
