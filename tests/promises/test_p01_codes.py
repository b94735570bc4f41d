"""P01: a code cannot be guessed or used twice. On a served store, with real threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.access.records import ChallengeRow, SessionRow, challenge_key, session_key
from chalicelib.access.service import sign_in as service
from chalicelib.kernel import DomainError, UnavailableError, Visitor
from chalicelib.platform import clock
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from infra.people import demo_person
from tests.access import door
from tests.faults import seam

A, B = demo_person(1).mobile, demo_person(2).mobile


TOKEN = "token:"


def enter(challenge_id: str, code: str, key: str = "a-key-of-sixteen-or-more") -> str:
    """The use case itself: one Chalice app serves one request at a time, so threads go below it."""
    now, raw = clock.now(), f"{challenge_id} {code}".encode()
    attempt = Attempt(Visitor(), "POST /sign-in/sessions", key, raw, now)
    return service.open_session(Work(Visitor(), now=now, attempt=attempt), challenge_id, code, None).token


def outcome(challenge_id: str, code: str, key: str = "a-key-of-sixteen-or-more") -> str:
    """The problem's code, or the token of the session."""
    try:
        return TOKEN + enter(challenge_id, code, key)
    except DomainError as error:
        return error.code


def at_once(count: int, work: Callable[[int], str]) -> list[str]:
    barrier = Barrier(count)

    def one(number: int) -> str:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def sessions() -> list[SessionRow]:
    return list(SessionRow.scan(SessionRow.key.startswith("session#")))


def test_p01_a_hundred_guesses_at_once_are_five_and_then_the_right_code_is_dead(served_store: None) -> None:
    """Guard: access.records:count_try, the condition `tries < LIMITS.code_tries`."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    wrong = door.another(right)
    outcomes = Counter(at_once(100, lambda _: outcome(challenge_id, wrong)))
    # A guess was compared exactly when the answer says that the code was wrong.
    assert outcomes == {"sign_in.wrong_code": LIMITS.code_tries, "sign_in.code_dead": 100 - LIMITS.code_tries}
    assert outcome(challenge_id, right) == "sign_in.code_dead"
    assert sessions() == []


def test_p01_twenty_uses_of_a_right_code_at_once_open_one_session(served_store: None) -> None:
    """Guard: access.service.sign_in:open_session, the condition `ChallengeRow.used.does_not_exist()`."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    outcomes = at_once(20, lambda n: outcome(challenge_id, right, f"key-of-thread-{n:06d}"))
    assert sum(each.startswith(TOKEN) for each in outcomes) == 1
    assert len(sessions()) == 1


def test_p01_twenty_sends_of_one_submission_open_one_session_and_answer_alike(served_store: None) -> None:
    """Guard: access.service.sign_in:_earlier, deriving the token again instead of refusing the repeat."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    outcomes = set(at_once(20, lambda _: outcome(challenge_id, right)))
    assert len(sessions()) == 1
    assert len({each for each in outcomes if each.startswith(TOKEN)}) == 1
    # Those that found the tries used up before the first was stored are told so; nobody else is let in.
    assert {each for each in outcomes if not each.startswith(TOKEN)} <= {"sign_in.code_dead"}


def test_p01_a_reply_lost_on_the_counting_write_only_ever_costs_a_try(served_store: None) -> None:
    """Guard: access.records:count_try, counting before the comparison and under a condition."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    with seam.faults(seam.once("UpdateItem", "after")) as seen:
        assert outcome(challenge_id, door.another(right)) == "sign_in.wrong_code"
    assert seen.calls.count("UpdateItem") == 2
    row = ChallengeRow.get(challenge_key(challenge_id))
    assert row.tries == 2
    for _ in range(2):
        assert outcome(challenge_id, door.another(right)) == "sign_in.wrong_code"
    # The fifth try is paid by the write whose reply is lost; its repeat finds none left.
    assert outcome(challenge_id, door.another(right)) == "sign_in.wrong_code"
    with seam.faults(seam.once("UpdateItem", "after")):
        assert outcome(challenge_id, right) == "sign_in.code_dead"
    assert sessions() == []


def test_p01_a_lost_try_does_not_spoil_the_right_code(served_store: None) -> None:
    """Guard: access.records:count_try, adding to what the store holds rather than writing what was read."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    with seam.faults(seam.once("UpdateItem", "after")):
        assert outcome(challenge_id, right).startswith(TOKEN)
    assert len(sessions()) == 1


def test_p01_a_reply_lost_on_opening_the_session_leaves_the_one_session_reachable(served_store: None) -> None:
    """Guard: access.service.sign_in:open_session, the token derived from challenge and Idempotency-Key."""
    sent = door.ask_code(A)
    challenge_id, right = sent.body["challenge_id"], door.code_of(sent)
    never = seam.always("after", operations=("TransactWriteItems",))  # stored, but no attempt hears of it
    with seam.faults(never), pytest.raises(UnavailableError):
        enter(challenge_id, right)
    assert len(sessions()) == 1
    token = enter(challenge_id, right)
    (row,) = sessions()
    assert session_key(token) == row.key


def test_p01_a_code_for_one_challenge_never_opens_another(served_store: None) -> None:
    """Guard: access.service.codes:_bound, the challenge id in what is hashed."""
    for_a, for_b = door.ask_code(A), door.ask_code(B, key="the-key-of-the-other-page")
    code_a, b = door.code_of(for_a), for_b.body["challenge_id"]
    if code_a != door.code_of(for_b):
        assert outcome(b, code_a) == "sign_in.wrong_code"
    # Not even with A's row copied over B's in the table.
    stolen = ChallengeRow.get(challenge_key(for_a.body["challenge_id"])).code_hash
    ChallengeRow(challenge_key(b)).update(actions=[ChallengeRow.code_hash.set(stolen)])
    assert outcome(b, code_a) == "sign_in.wrong_code"
    assert sessions() == []


def test_p01_new_challenges_do_not_buy_unlimited_guesses(served_store: None) -> None:
    """Guard: access.rules:wait_seconds, called by access.service.codes:_Sends.refusal."""
    statuses = [door.ask_code(A, key=f"key-number-{n:06d}", ip=f"198.51.{n}.1").status for n in range(10)]
    assert statuses == [202] + [429] * 9
