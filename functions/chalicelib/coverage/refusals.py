"""Every no of this domain: its stable code, its HTTP meaning and the sentence the person reads."""

from __future__ import annotations

from chalicelib.kernel import ConflictError, DomainError, InvalidRequestError, NotFoundError

_REFUSALS: dict[str, tuple[type[DomainError], str]] = {
    "coverage.sequence_taken": (
        InvalidRequestError,
        "有两条变更用了同一个序号。请刷新页面，核对后重新提交。",
    ),
    "coverage.certificate_taken": (ConflictError, "这个凭证号已经用过。请重新提交，系统会换一个新号。"),
    "coverage.unknown_certificate": (NotFoundError, "没有这张凭证。请核对编号后再试。"),
    "coverage.not_standing": (
        ConflictError,
        "这份保障已经退出、替换或撤回，不能再办这项变更。如需保障，请重新参保。",
    ),
    "coverage.past_is_settled": (
        InvalidRequestError,
        "受理当天及以前的保障不能改动，新的保障最早从次日零时开始。请改选今天或以后的日期。",
    ),
    "coverage.double_cover": (
        ConflictError,
        "这位职工在这段时间已有同一项目的保障，不能重复参保。请核对日期，或等原保障到期后再办。",
    ),
    "coverage.after_the_end": (
        InvalidRequestError,
        "所填日期已超出这份保障的最后一天。请核对保障期后重新填写。",
    ),
    "coverage.same_person": (InvalidRequestError, "替换的新职工和原职工是同一人。请填写新职工的信息。"),
    "coverage.other_person": (InvalidRequestError, "续保只能由本人延续。换人请办理替换或重新参保。"),
    "coverage.other_product": (
        InvalidRequestError,
        "前后两份保障不是同一个项目。请选择相同的项目，或另行参保。",
    ),
    "coverage.has_claim": (ConflictError, "原职工已有理赔申请，名额不能替换。新职工请按新参保办理。"),
    "coverage.substitution_too_late": (
        ConflictError,
        "保障开始满一个月后不能替换。新职工请按新参保办理。",
    ),
    "coverage.hole": (
        InvalidRequestError,
        "前后两段保障没有接上。请按系统给出的起止日期办理，中间不留空档。",
    ),
    "coverage.renewed_already": (
        ConflictError,
        "这份保障已经办过续保，不能再改最后一天，也不用重复续保。请在续保的凭证上办理。",
    ),
    "coverage.renewal_too_late": (
        ConflictError,
        "保障到期已超过三十天，不能续保。请按新参保办理。",
    ),
    "coverage.nothing_to_correct": (InvalidRequestError, "没有写明要更正什么。请选择更正日期或人员信息。"),
    "coverage.no_seat_on_hold": (ConflictError, "排队号与记录不一致。请刷新页面，查看最新的状态。"),
    "certificates.unknown": (
        NotFoundError,
        "没有这张凭证。请核对编号和验证字；还是不行，请拨打12351。",
    ),
    "certificates.mistyped": (
        InvalidRequestError,
        "号码抄错了。编号是HZ加12位数字，请对照凭证，一位一位重新填写。",
    ),
}

# Said beside the field as well.
_FIELDS = {"certificates.mistyped": ("number",)}


def refusal(code: str) -> DomainError:
    """The error to raise for `code`. Raises KeyError for a code that is not listed above."""
    kind, detail = _REFUSALS[code]
    return kind(code, detail, dict.fromkeys(_FIELDS.get(code, ()), detail))
