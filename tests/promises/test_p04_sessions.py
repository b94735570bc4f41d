"""P04: a stolen or old session is worthless."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine

from chalicelib.access.records import ChallengeRow, SessionRow, session_key
from chalicelib.access.service import sign_in as service
from chalicelib.kernel import Masked
from chalicelib.platform.settings import LIMITS, settings
from infra.people import demo_person
from infra.resources.tables import TABLES
from tests.access import door
from tests.contract.wire import routes
from tests.faults import seam

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
A, B = demo_person(1).mobile, demo_person(2).mobile


def session_for(mobile: str) -> str:
    return service.open_session_for(Masked(mobile))


def admitted(token: str) -> bool:
    """Whether a member's route lets this cookie in, now."""
    reply = door.call("GET", "/me", token=token)
    assert (reply.status, reply.code) in ((200, ""), (401, "sign_in.required"))
    return reply.status == 200


def test_p04_signing_in_again_ends_the_session_held_before(served_store: None) -> None:
    """Guard: access.service.sign_in:open_session, the line `sessions.end_write(before)`."""
    old = door.sign_in(A)
    new = door.sign_in(B, token=old, key="the-key-of-the-second-time")
    assert new != old
    assert not admitted(old)
    assert admitted(new)
    assert len(list(SessionRow.scan(SessionRow.key.startswith("session#")))) == 1


def test_p04_every_sign_in_gets_a_token_of_its_own(served_store: None) -> None:
    """Guard: access.service.sign_in:_derivation, the challenge id in what the token is derived from."""
    with time_machine.travel(NOON, tick=False) as now:
        first = door.sign_in(A)
        now.shift(MINUTE)
        challenge = door.ask_code(A, key="another-key-for-the-code")
        # The same Idempotency-Key as the first sign-in's is refused rather than given the first's session.
        again = door.enter_code(challenge.body["challenge_id"], door.code_of(challenge))
        assert (again.status, again.cookies) == (422, [])
        now.shift(
            timedelta(seconds=LIMITS.idempotency_seconds)
        )  # the key is forgotten, the session's row is not
        second = door.sign_in(A)
    assert re.fullmatch("[0-9a-f]{64}", second)
    assert second != first


def test_p04_a_cookie_is_worthless_after_signing_out(served_store: None) -> None:
    """Guard: access.service.sign_in:end_session, the line that deletes the row."""
    token = door.sign_in(A)
    assert admitted(token)
    door.call("DELETE", "/sign-in/sessions", token=token)
    assert not admitted(token)


def test_p04_a_session_left_alone_for_half_an_hour_is_over(served_store: None) -> None:
    """Guard: access.rules:session_ends, `seen + member_idle_seconds`."""
    with time_machine.travel(NOON, tick=False) as now:
        token = session_for(A)
        now.shift(timedelta(seconds=LIMITS.member_idle_seconds - 1))
        assert admitted(token)  # and by being used it begins another half hour
        now.shift(timedelta(seconds=LIMITS.member_idle_seconds - 1))
        assert admitted(token)
        now.shift(timedelta(seconds=LIMITS.member_idle_seconds))
        assert not admitted(token)


def test_p04_a_session_in_use_is_over_after_twelve_hours(served_store: None) -> None:
    """Guard: access.rules:session_ends, `started + member_session_seconds`."""
    with time_machine.travel(NOON, tick=False) as now:
        token = session_for(A)
        for _ in range(LIMITS.member_session_seconds // 1200 - 1):
            now.shift(20 * MINUTE)
            assert admitted(token)
        now.move_to(NOON + timedelta(seconds=LIMITS.member_session_seconds - 1))
        assert admitted(token)
        now.shift(timedelta(seconds=1))
        assert not admitted(token)


def test_p04_a_page_of_many_reads_writes_the_session_once_a_minute(served_store: None) -> None:
    """Guard: access.service.sessions:admit, the line `member_seen_seconds`."""
    with time_machine.travel(NOON, tick=False) as now:
        token = session_for(A)
        with seam.faults() as seen:
            for _ in range(6):
                now.shift(timedelta(seconds=20))
                admitted(token)
    assert seen.calls.count("UpdateItem") == 2
    assert seen.calls.count("GetItem") == 6


def test_p04_marking_a_session_as_seen_never_brings_an_ended_one_back(served_store: None) -> None:
    """Guard: access.service.sessions:_mark_seen, the condition `key.exists()`."""
    table = boto3.resource("dynamodb").Table(settings().table("codes"))
    with time_machine.travel(NOON, tick=False) as now:
        token = session_for(A)
        now.shift(MINUTE)

        def signed_out_meanwhile(operation: str, number: int) -> None:
            if operation == "UpdateItem":
                table.delete_item(Key={"key": session_key(token)})

        with seam.faults(signed_out_meanwhile):
            assert not admitted(token)
    assert "Item" not in table.get_item(Key={"key": session_key(token)})


def test_p04_nothing_in_the_tables_is_of_use_as_a_cookie(served_store: None) -> None:
    """Guard: access.records:session_key, the hash."""
    token = door.sign_in(A)
    client = boto3.client("dynamodb")
    texts: set[str] = set()
    for spec in TABLES:
        for item in client.scan(TableName=settings().table(spec.name))["Items"]:
            texts |= set(strings(item))
    assert token not in texts
    parts = texts | {part for text in texts for part in text.split("#")}
    assert session_key(token).partition("#")[2] in parts
    for text in parts:
        if re.fullmatch(r"[\x21-\x7e]+", text):
            assert not admitted(text), text


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    if isinstance(value, bytes):
        return [value.hex()]
    return [str(value)]


def test_p04_the_cookie_is_for_this_host_alone_and_never_for_scripts_or_other_sites(
    served_store: None,
) -> None:
    """Guard: access.service.sessions:_RULES and _NAME."""
    sent = door.ask_code(A)
    (cookie,) = door.enter_code(sent.body["challenge_id"], door.code_of(sent)).cookies
    name_value, *rules = cookie.split("; ")
    assert name_value.startswith("__Host-huzhu=")
    assert set(rules) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=43200"}


FOREIGN: list[dict[str, str | None]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "https://evil.example", "sec-fetch-site": None},
    {"origin": "https://huzhu.example.evil.example", "sec-fetch-site": None},
    {"origin": None, "sec-fetch-site": None},
    {"origin": None, "sec-fetch-site": "none"},
]


def test_p04_another_site_cannot_write_in_a_members_name(served_store: None) -> None:
    """Guard: platform.http:_refuse_foreign."""
    token = session_for(A)
    assert admitted(token)
    writes = [(route.method, route.path) for route in routes() if route.method != "GET"]
    assert len(writes) >= 4
    for browser in FOREIGN:
        for method, path in writes:
            reply = door.call(method, path, {}, token=token, headers=browser, key=door.KEY)
            assert (reply.status, reply.code) == (403, "request.foreign_origin"), (browser, path)
    assert admitted(token)
    assert list(ChallengeRow.scan(ChallengeRow.key.startswith("challenge#"))) == []


def test_p04_an_old_browser_that_sends_only_its_origin_may_write(served_store: None) -> None:
    """Guard: platform.http:_refuse_foreign must admit Chromium 67, which sends no Sec-Fetch-Site."""
    token = session_for(A)
    out = door.call("DELETE", "/sign-in/sessions", token=token, headers={"sec-fetch-site": None})
    assert out.status == 204
    assert not admitted(token)


def test_p04_neither_token_nor_code_is_logged(served_store: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Guard: platform.log:ALLOWED."""
    sent = door.ask_code(A)
    code = door.code_of(sent)
    token = door.enter_code(sent.body["challenge_id"], code).token
    door.call("DELETE", "/sign-in/sessions", token=token)
    captured = capsys.readouterr()
    logged = captured.out + captured.err
    assert '"event":"code_verified"' in logged
    for secret in (token, session_key(token), A, f'"{code}"', sent.body["challenge_id"]):
        assert secret not in logged
