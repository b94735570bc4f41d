import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.access.service import proof
from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import ids, keyring
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import WriteRefused, commit
from tests.access import door

NOW = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)


def puzzle_of(now: datetime) -> dict[str, object]:
    made = proof.new_puzzle(now)
    return {
        "challenge": made.challenge,
        "salt": made.salt,
        "signature": made.signature,
        "maxnumber": made.max_number,
    }


def changed(solution: str, **fields: object) -> str:
    return base64.b64encode(
        json.dumps({**json.loads(base64.b64decode(solution)), **fields}).encode()
    ).decode()


def test_a_solved_puzzle_of_ours_is_a_proof(served_store: None) -> None:
    puzzle = puzzle_of(NOW)
    assert puzzle["maxnumber"] == LIMITS.proof_max_number
    assert not proof.read_proof(door.solve(puzzle), NOW).expired


def test_a_proof_is_good_for_five_minutes(served_store: None) -> None:
    solution = door.solve(puzzle_of(NOW))
    last = NOW + timedelta(seconds=LIMITS.proof_seconds - 1)
    assert not proof.read_proof(solution, last).expired
    assert proof.read_proof(solution, last + timedelta(seconds=1)).expired


def test_a_changed_solution_is_no_proof(served_store: None) -> None:
    solution = door.solve(puzzle_of(NOW))
    for change in (
        {"number": 50_001},
        {"number": []},
        {"challenge": "0" * 64},
        {"challenge": None},
        {"signature": "0" * 64},
        {"salt": "ab?expires=99999999999&"},
        {"salt": None},
        {"salt": 5},
        {"algorithm": "MD5"},
        {"algorithm": None},
    ):
        with pytest.raises(InvalidRequestError):
            proof.read_proof(changed(solution, **change), NOW)


def test_an_expiry_moved_into_the_future_is_no_proof(served_store: None) -> None:
    solution = door.solve(puzzle_of(NOW))
    salt = json.loads(base64.b64decode(solution))["salt"]
    for moved in (salt.replace("expires=", "expires=9"), f"{salt}expires=99999999999&"):
        with pytest.raises(InvalidRequestError):
            proof.read_proof(changed(solution, salt=moved), NOW)


def test_what_is_not_a_solution_is_no_proof(served_store: None) -> None:
    for text in ("", "?", "bnVsbA==", "W10=", "MQ==", "e30=", base64.b64encode(b"[" * 700).decode()):
        with pytest.raises(InvalidRequestError):
            proof.read_proof(text, NOW)


def test_a_proof_is_used_once(served_store: None) -> None:
    made = proof.read_proof(door.solve(puzzle_of(NOW)), NOW)
    made.refuse_if_used(NOW)
    commit([made.use_write(NOW)], ids.new_id())
    with pytest.raises(WriteRefused):
        commit([made.use_write(NOW)], ids.new_id())
    with pytest.raises(InvalidRequestError):
        made.refuse_if_used(NOW)


def test_the_mark_of_a_used_proof_outlives_the_proof(served_store: None) -> None:
    solution = door.solve(puzzle_of(NOW))
    commit([proof.read_proof(solution, NOW).use_write(NOW)], ids.new_id())
    later = NOW + timedelta(seconds=LIMITS.proof_seconds - 1)
    again = proof.read_proof(solution, later)
    assert not again.expired
    with pytest.raises(WriteRefused):
        commit([again.use_write(later)], ids.new_id())


def test_a_puzzle_from_before_the_keys_turned_is_still_ours(served_store: None) -> None:
    solution = door.solve(puzzle_of(NOW))
    keyring.add_version("index")
    assert not proof.read_proof(solution, NOW).expired
