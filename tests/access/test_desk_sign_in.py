"""Signing in at the desk: a proved mobile, then a second factor that is used once, then roles read anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from chalicelib.access.model import Role
from chalicelib.access.service import factor, staff
from chalicelib.access.service.sign_in import open_session_for
from chalicelib.audit import service as audit
from chalicelib.kernel import ConflictError, ForbiddenError, InvalidRequestError, Masked, NotFoundError
from chalicelib.platform import keyring
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from tests.access.desk_door import ask_desk, boss, code_now, enter_desk, hire
from tests.access.door import call

pytestmark = pytest.mark.usefixtures("aws_moto")

MOBILE, OTHER = "19900004001", "19900004002"
NOON = datetime(2026, 11, 27, 4, 0, 10, tzinfo=UTC)


@pytest.fixture
def at() -> time_machine.Coordinates:  # type: ignore[misc]
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def member(mobile: str = MOBILE) -> str:
    return open_session_for(Masked(mobile))


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
    secret = Masked("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    for at, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert factor.step_of(secret, code, at, 0) == at // 30
        assert factor.step_of(secret, code, at + 95, 0) is None


def test_p04_a_mobile_alone_is_nobody_at_the_desk(at: time_machine.Coordinates) -> None:
    """Guard: access.service.desk_sessions.open_session and access.guards.staff."""
    hired = hire(MOBILE)
    proved = member()
    assert ask_desk("GET", "me", member=proved).code == "desk.sign_in_required"
    assert ask_desk("POST", "sessions", {"code": code_now(hired)}).code == "sign_in.required"
    stranger = ask_desk("POST", "sessions", {"code": code_now(hired)}, member=member(OTHER))
    assert (stranger.status, stranger.code) == (403, "desk.not_staff")
    opened = ask_desk("POST", "sessions", {"code": code_now(hired)}, member=proved)
    assert opened.status == 201
    (cookie,) = opened.cookies
    assert cookie.startswith("__Host-desk=")
    assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=28800")
    me = ask_desk("GET", "me", token=opened.token)
    assert me.body["roles"] == ["clerk"]
    assert me.body["staff_id"] == hired.id
    # The desk's cookie is nothing to the member API, nor a member's to the desk.
    assert call("GET", "/me", token=opened.token).status == 401
    assert ask_desk("GET", "me", token=proved).status == 401


def test_p04_a_code_is_used_once_and_never_an_older_one_after_a_newer(at: time_machine.Coordinates) -> None:
    """Guard: access.service.factor.step_of and the condition of desk_sessions._use."""
    hired, proved = hire(MOBILE), member()
    code, older = code_now(hired), code_now(hired, -30)
    assert ask_desk("POST", "sessions", {"code": code}, member=proved).status == 201
    for used in (code, older):
        again = ask_desk("POST", "sessions", {"code": used}, member=proved)
        assert (again.status, again.code) == (400, "desk.wrong_code")
    at.shift(30)
    assert ask_desk("POST", "sessions", {"code": code_now(hired)}, member=proved).status == 201


def test_a_lost_answer_is_given_again_and_the_code_was_used_once(at: time_machine.Coordinates) -> None:
    hired, proved, key = hire(MOBILE), member(), "the-very-same-request"
    body = {"code": code_now(hired)}
    first = ask_desk("POST", "sessions", body, key=key, member=proved)
    again = ask_desk("POST", "sessions", body, key=key, member=proved)
    assert (first.status, again.status) == (201, 201)
    assert first.token == again.token
    entries = [each.action for each in audit.entries(audit.staff(hired.id))]
    assert entries == ["staff_added", "desk_signed_in"]


def test_guesses_end_before_they_can_find_anything(at: time_machine.Coordinates) -> None:
    """Guard: access.service.desk_sessions: limits.spend("desk_tries")."""
    hired, proved = hire(MOBILE), member()
    right = code_now(hired)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answers = [ask_desk("POST", "sessions", {"code": wrong}, member=proved).status for _ in range(6)]
    assert answers == [400] * LIMITS.desk_tries_per_staff + [429]
    assert ask_desk("POST", "sessions", {"code": right}, member=proved).status == 429
    at.shift(LIMITS.desk_tries_seconds)
    member_again = member()
    assert ask_desk("POST", "sessions", {"code": code_now(hired)}, member=member_again).status == 201


def test_a_recovery_code_goes_with_its_use(at: time_machine.Coordinates) -> None:
    hired, proved = hire(MOBILE), member()
    assert len(hired.factor.recovery_codes) == LIMITS.desk_recovery_codes
    typed = hired.factor.recovery_codes[3].reveal().lower()
    typed = f" {typed[:8]}-{typed[8:]} "
    assert ask_desk("POST", "sessions", {"recovery_code": typed}, member=proved).status == 201
    assert ask_desk("POST", "sessions", {"recovery_code": typed}, member=proved).code == "desk.wrong_code"
    other = hired.factor.recovery_codes[4].reveal()
    assert ask_desk("POST", "sessions", {"recovery_code": other}, member=proved).status == 201
    for body in ({}, {"code": "123456", "recovery_code": other}):
        assert ask_desk("POST", "sessions", body, member=proved).code == "desk.wrong_code"


def test_a_session_ends_when_idle_and_in_any_case(at: time_machine.Coordinates) -> None:
    """Guard: access.service.desk_sessions.admit."""
    token = enter_desk(MOBILE, hire(MOBILE))
    began = NOON
    while datetime.now(UTC) - began < timedelta(hours=7, minutes=50):
        at.shift(600)
        assert ask_desk("GET", "me", token=token).status == 200
    at.shift(600)
    assert ask_desk("GET", "me", token=token).status == 401  # eight hours
    at.shift(60)
    idle = enter_desk(OTHER, hire(OTHER))
    at.shift(LIMITS.desk_idle_seconds)
    assert ask_desk("GET", "me", token=idle).status == 401


def test_signing_out_is_at_once_and_safe_to_repeat(at: time_machine.Coordinates) -> None:
    token = enter_desk(MOBILE, hire(MOBILE))
    for _ in range(2):
        out = ask_desk("DELETE", "sessions", token=token)
        assert out.status == 204
        assert out.cookies[0].startswith("__Host-desk=;")
    assert ask_desk("GET", "me", token=token).status == 401


def test_roles_are_read_anew_and_whoever_is_removed_is_out_at_once(at: time_machine.Coordinates) -> None:
    """Guard: access.service.desk_sessions.admit reads the account with every request."""
    hired = hire(MOBILE, Role.CLERK)
    token = enter_desk(MOBILE, hired)
    staff.set_roles(boss(), hired.id, [Role.FINANCE, Role.UNDERWRITER], "luohe")
    me = ask_desk("GET", "me", token=token).body
    assert (me["roles"], me["region"]) == (["finance", "underwriter"], "luohe")
    staff.remove(boss(), hired.id)
    assert ask_desk("GET", "me", token=token).status == 401
    at.shift(60)
    assert ask_desk("POST", "sessions", {"code": code_now(hired)}, member=member()).code == "desk.not_staff"
    again = hire(MOBILE)  # the mobile is free for whoever has it next
    assert again.id != hired.id
    entries = [each.action for each in audit.entries(audit.staff(hired.id))]
    assert entries == ["staff_added", "desk_signed_in", "staff_roles", "staff_removed"]
    assert audit.verify(audit.staff(hired.id)) is None


def test_a_renewed_factor_makes_the_old_one_worthless(at: time_machine.Coordinates) -> None:
    hired = hire(MOBILE)
    made = staff.reset_factor(boss(), hired.id)
    proved = member()
    assert ask_desk("POST", "sessions", {"code": code_now(hired)}, member=proved).code == "desk.wrong_code"
    recovery = hired.factor.recovery_codes[0].reveal()
    assert ask_desk("POST", "sessions", {"recovery_code": recovery}, member=proved).status == 400
    code = pyotp.TOTP(made.secret.reveal()).at(datetime.now(UTC))
    assert ask_desk("POST", "sessions", {"code": code}, member=proved).status == 201


def test_only_an_administrator_hires_and_one_mobile_is_one_account() -> None:
    hire(MOBILE)
    with pytest.raises(ConflictError, match="known_mobile"):
        hire(MOBILE)
    with pytest.raises(InvalidRequestError, match="roles"):
        staff.add(boss(), OTHER, "钱某", [])
    with pytest.raises(InvalidRequestError, match="name"):
        staff.add(boss(), OTHER, " ", [Role.CLERK])
    with pytest.raises(NotFoundError):
        staff.remove(boss(), "nobody")
    clerk = Work(hire_as_actor())
    for act in (
        lambda: staff.add(clerk, OTHER, "钱某", [Role.CLERK]),
        lambda: staff.everybody(clerk),
        lambda: staff.reset_factor(clerk, "x"),
    ):
        with pytest.raises(ForbiddenError):
            act()
    assert [each.mobile_masked for each in staff.everybody(boss())] == ["199****4001"]


def hire_as_actor() -> object:
    from chalicelib.access.model import Staff

    return Staff("staff#2", "staff#2", frozenset({Role.CLERK, Role.FINANCE, Role.UNDERWRITER}))


def test_keys_turn_and_everybody_still_signs_in(at: time_machine.Coordinates) -> None:
    hired = hire(MOBILE)
    for purpose in keyring.PURPOSES:
        keyring.add_version(purpose)
    assert staff.reseal() == 1
    token = enter_desk(MOBILE, hired)
    assert ask_desk("GET", "me", token=token).status == 200
    with pytest.raises(ConflictError):
        hire(MOBILE)
