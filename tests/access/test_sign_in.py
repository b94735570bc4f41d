"""Signing in over HTTP, as the pages do it, on the in-process store."""

from datetime import UTC, datetime

import pytest
import time_machine

from chalicelib.access.records import ChallengeRow, SendsRow, SessionRow
from chalicelib.access.service import sign_in as service
from chalicelib.kernel import InvalidRequestError, Masked
from chalicelib.notify.records import OutboxRow
from chalicelib.notify.templates import newest
from chalicelib.platform import keyring
from chalicelib.platform.idempotency import IdempotencyRow
from chalicelib.platform.settings import LIMITS
from infra.people import demo_person
from tests.access import door
from tests.typed_cases import full_width

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
A, B = demo_person(1).mobile, demo_person(2).mobile


def test_puzzle_code_session_and_out_again(served_store: None) -> None:
    puzzle = door.call("GET", "/sign-in/challenge")
    assert puzzle.status == 200
    assert set(puzzle.body) == {"algorithm", "challenge", "salt", "signature", "maxnumber"}
    sent = door.ask_code(A, altcha=door.solve(puzzle.body))
    assert sent.status == 202
    assert sent.body["expires_in_seconds"] == 300
    assert sent.body["resend_in_seconds"] == 60
    opened = door.enter_code(sent.body["challenge_id"], door.code_of(sent))
    assert opened.status == 201
    assert opened.body == {"mobile_masked": f"{A[:3]}****{A[7:]}"}
    out = door.call("DELETE", "/sign-in/sessions", token=opened.token)
    assert (out.status, out.body) == (204, None)
    assert out.cookies == ["__Host-huzhu=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"]
    assert list(SessionRow.scan(SessionRow.key.startswith("session#"))) == []


def test_signing_out_twice_or_without_a_session_is_fine(served_store: None) -> None:
    for token in (None, "x" * 43, "not a token"):
        assert door.call("DELETE", "/sign-in/sessions", token=token).status == 204


def test_the_table_holds_neither_code_nor_mobile_nor_token(served_store: None) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    token = door.enter_code(sent.body["challenge_id"], code).token
    rows = [*ChallengeRow.scan(), *SessionRow.scan(), *OutboxRow.scan(), *IdempotencyRow.scan()]
    text = repr([row.attribute_values for row in rows])
    assert A not in text
    assert f"'{code}'" not in text
    assert token not in text


def test_a_wrong_code_says_how_many_tries_are_left(served_store: None) -> None:
    sent = door.ask_code(A)
    wrong = door.another(door.code_of(sent))
    told = [door.enter_code(sent.body["challenge_id"], wrong).body["fields"]["code"] for _ in range(5)]
    assert [f"还可以试{left}次" in sentence for left, sentence in zip((4, 3, 2, 1), told, strict=False)] == [
        True
    ] * 4
    assert "次数已用完" in told[4]
    assert door.enter_code(sent.body["challenge_id"], door.code_of(sent)).code == "sign_in.code_dead"


def test_a_code_that_is_no_code_costs_no_try(served_store: None) -> None:
    sent = door.ask_code(A)
    challenge_id = sent.body["challenge_id"]
    for code in ("", "12345", "1234567", "12345a", "١٢٣٤٥٦", "①②③④⑤⑥"):
        refused = door.enter_code(challenge_id, code)
        assert (refused.code, list(refused.body["fields"])) == ("sign_in.no_code", ["code"])
    assert ChallengeRow.get(f"challenge#{challenge_id}").tries == 0


@pytest.mark.parametrize("spelt", ["\u202d{}\u202c", "\ufeff{}\n", "full width"])
def test_a_code_may_be_pasted(served_store: None, spelt: str) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    typed = full_width(code) if spelt == "full width" else spelt.format(f"{code[:3]}\u2009{code[3:]}")
    assert door.enter_code(sent.body["challenge_id"], typed).status == 201


def test_an_unknown_challenge_reads_like_an_expired_one(served_store: None) -> None:
    unknown = door.enter_code("a" * 26, "123456")
    with time_machine.travel(NOON, tick=False) as clock:
        sent = door.ask_code(A)
        code = door.code_of(sent)
        clock.shift(LIMITS.code_seconds)
        expired = door.enter_code(sent.body["challenge_id"], code)
    assert unknown == expired
    assert unknown.code == "sign_in.code_expired"


def test_an_older_code_stays_valid_while_it_lives(served_store: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = door.ask_code(A, key="first-key-of-this-page")
        clock.shift(60)
        second = door.ask_code(A, key="second-key-of-this-page")
        assert second.status == 202
        clock.shift(60)
        for sent, key in ((first, "third-key-of-this-page"), (second, "fourth-key-of-this-page")):
            assert door.enter_code(sent.body["challenge_id"], door.code_of(sent), key=key).status == 201


def test_a_second_code_within_a_minute_is_told_how_long_to_wait(served_store: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert door.ask_code(A, key="first-key-of-this-page").status == 202
        clock.shift(59)
        early = door.ask_code(A, key="second-key-of-this-page")
        assert (early.status, early.code) == (429, "sign_in.too_soon")
        assert early.body["retry_after_seconds"] == 1
        assert early.headers["Retry-After"] == "1"
        clock.shift(1)
        assert door.ask_code(A, key="second-key-of-this-page").status == 202


def test_ten_codes_a_day_and_no_more(served_store: None) -> None:
    sent = 0
    with time_machine.travel(NOON, tick=False) as clock:
        for n in range(20):  # one every 45 minutes, each from another network
            sent += door.ask_code(A, key=f"key-number-{n:06d}", ip=f"198.51.{n}.1").status == 202
            clock.shift(45 * 60)
    assert sent == LIMITS.codes_per_mobile_day


def test_asking_again_with_the_same_key_gets_the_same_answer_and_no_second_sms(served_store: None) -> None:
    solution = door.solved()
    first, second = (door.ask_code(A, altcha=solution) for _ in range(2))
    assert first.status == second.status == 202
    assert first.body == second.body
    assert OutboxRow.count() == 1


def test_the_same_key_for_another_mobile_is_refused(served_store: None) -> None:
    door.ask_code(A)
    assert door.ask_code(B).code == "request.key_reused"
    assert OutboxRow.count() == 1


def test_a_used_proof_buys_no_second_code(served_store: None) -> None:
    solution = door.solved()
    assert door.ask_code(A, key="first-key-of-this-page", altcha=solution).status == 202
    again = door.ask_code(B, key="second-key-of-this-page", altcha=solution)
    assert (again.status, again.code) == (400, "sign_in.proof_used")
    assert OutboxRow.count() == 1
    assert len(list(SendsRow.scan(SendsRow.key.startswith("sends#")))) == 1


def test_a_reply_lost_on_the_way_gives_the_very_same_session_again(served_store: None) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    first, second = (door.enter_code(sent.body["challenge_id"], code) for _ in range(2))
    assert first == second
    assert first.status == 201
    other_key = door.enter_code(sent.body["challenge_id"], code, key="another-key-from-elsewhere")
    assert (other_key.status, other_key.code) == (400, "sign_in.code_used")


def test_the_same_key_with_another_code_is_refused_after_it_opened_a_session(served_store: None) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    door.enter_code(sent.body["challenge_id"], code)
    assert door.enter_code(sent.body["challenge_id"], door.another(code)).status == 422


def test_a_repeat_after_signing_out_opens_nothing(served_store: None) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    token = door.enter_code(sent.body["challenge_id"], code).token
    door.call("DELETE", "/sign-in/sessions", token=token)
    again = door.enter_code(sent.body["challenge_id"], code)
    assert (again.status, again.cookies) == (401, [])


def test_codes_and_sessions_live_through_a_turn_of_the_keys(served_store: None) -> None:
    sent = door.ask_code(A)
    code = door.code_of(sent)
    keyring.add_version("index")
    first = door.enter_code(sent.body["challenge_id"], code)
    assert first.status == 201
    keyring.add_version("index")
    keyring.add_version("field")
    assert door.enter_code(sent.body["challenge_id"], code) == first


def test_all_resellers_mobiles_share_one_budget_that_others_do_not_feel(
    served_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.platform.limits import TABLE, Limit

    monkeypatch.setitem(TABLE, "codes_resellers_hour", Limit(2, 3600))
    statuses = [
        door.ask_code(f"1701234567{n}", key=f"key-number-{n:06d}", ip=f"198.51.{n}.1").status
        for n in range(4)
    ]
    assert statuses == [202, 202, 429, 429]
    assert door.ask_code(A, key="the-key-of-another-page").status == 202


def test_a_session_for_the_demo_needs_a_mainland_mobile_too(served_store: None) -> None:
    with pytest.raises(InvalidRequestError):
        service.open_session_for(Masked("+85251234567"))
    token = service.open_session_for(Masked(A))
    assert door.call("DELETE", "/sign-in/sessions", token=token).status == 204


def test_the_sms_promises_as_long_as_the_code_lives() -> None:
    template = newest("sign_in_code")
    assert f"{LIMITS.code_seconds // 60}分钟内有效" in template.text
    assert template.useful_seconds == LIMITS.code_seconds
