"""The roles' rights are enough: a worker's whole way through the deployed functions, and a file's, policies
enforced."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from chalicelib.enrollment.service import promotion
from chalicelib.groups import service as groups
from chalicelib.platform import ids
from chalicelib.platform.work import Work
from chalicelib.uploads.model import FileState
from infra.demo import OFFICE, application
from infra.people import DemoPerson, demo_person
from infra.stack import Stack
from tests.access.desk_door import code_now, hire
from tests.access.door import solve
from tests.conftest import environment_of
from tests.house import CAMPAIGN, add_seats, campaign
from tests.infra.test_stack import invoke
from tests.patience import wait_for
from tests.uploads import slots

COVERED, WAITS, STRANGER = demo_person(7001), demo_person(7002), demo_person(7003)


@pytest.fixture
def on_guarded(guarded: Stack) -> Iterator[Stack]:
    """Policies enforced on what functions call; this process is the operator."""
    with environment_of(guarded):
        yield guarded


class Browser:
    """Talks to the deployed API as the gateway passes it on; keeps the session's cookie."""

    def __init__(self, stack: Stack) -> None:
        self.headers = {"Origin": stack.site_origin, "X-Huzhu-Gateway": "1"}
        self.stack = stack

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": ids.new_id()}
        address = self.stack.api_url + path
        return httpx.request(method, address, json=body, headers=headers, timeout=30, trust_env=False)

    def sign_in(self, person: DemoPerson) -> Browser:
        puzzle = self.call("GET", "/sign-in/challenge").json()
        sent = self.call("POST", "/sign-in/codes", {"mobile": person.mobile, "altcha": solve(puzzle)})
        assert sent.status_code == 202, sent.text
        challenge = sent.json()["challenge_id"]
        entered = {"challenge_id": challenge, "code": code_on(self.stack, challenge)}
        opened = self.call("POST", "/sign-in/sessions", entered)
        assert opened.status_code == 201, opened.text
        self.headers["Cookie"] = opened.headers["set-cookie"].partition(";")[0]
        return self

    def join(self, person: DemoPerson) -> httpx.Response:
        return self.call("POST", "/enrollments", application(person))


def test_joining_waiting_and_getting_a_seat_ask_for_no_right_a_role_lacks(on_guarded: Stack) -> None:
    add_seats(1)
    assert Browser(on_guarded).sign_in(COVERED).join(COVERED).status_code == 201
    waits = Browser(on_guarded).sign_in(WAITS)
    assert waits.join(WAITS).json()["state"] == "waiting"
    assert Browser(on_guarded).sign_in(STRANGER).join(COVERED).status_code == 409

    reserve_seats(2)  # one for who waits, one left over to open
    assert "FunctionError" not in invoke(on_guarded, "promote-waiting")
    assert groups.seats_open(promotion.policy_of(campaign()).id) == 1

    [cover] = waits.call("GET", "/me/coverages").json()["items"]
    assert cover["state"] == "not_yet"
    number = f"/certificates/{cover['certificate_number']}?check={cover['check']}"
    for path in ("/me", "/me/inbox", number, f"/campaigns/{CAMPAIGN}", "/desk/health"):
        assert waits.call("GET", path).status_code == 200
    assert waits.join(WAITS).status_code == 200
    hired = hire(WAITS.mobile)
    opened = waits.call("POST", "/desk/sessions", {"code": code_now(hired)})
    assert opened.status_code == 201, opened.text
    waits.headers["Cookie"] += "; " + opened.headers["set-cookie"].partition(";")[0]
    assert waits.call("GET", "/desk/me").json()["roles"] == ["clerk"]
    assert waits.call("DELETE", "/desk/sessions").status_code == 204
    assert waits.call("GET", "/desk/me").status_code == 401
    suggestion = {"kind": "praise", "text": "办得很快，谢谢。"}
    assert waits.call("POST", "/suggestions", suggestion).status_code == 201
    assert waits.call("DELETE", "/sign-in/sessions").status_code == 204


def test_taking_a_file_in_and_the_night_ask_for_no_right_their_roles_lack(on_guarded: Stack) -> None:
    wrong = slots.opened()
    assert slots.post(wrong, slots.OTHER).status_code == 201
    wait_for(lambda: slots.found(wrong).state is FileState.REFUSED, "the file is refused")
    wait_for(lambda: slots.versions(wrong) == [], "its bytes are gone")
    slot = slots.opened()
    assert slots.post(slot).status_code == 201
    wait_for(lambda: slots.found(slot).state is FileState.STORED, "the file is stored")
    first = slots.pinned(slot)
    assert slots.post(slot).status_code == 201
    wait_for(lambda: slots.versions(slot) == [first], "the second version is gone")
    assert "FunctionError" not in invoke(on_guarded, "reconcile-uploads")


def changed(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(policy: dict[str, Any]) -> None:
        policy["conditions"] = [each for each in policy["conditions"] if name not in each]
        policy["conditions"].append({name: value})

    return change


def any_size(policy: dict[str, Any]) -> None:
    policy["conditions"] = [each for each in policy["conditions"] if isinstance(each, dict)]


def for_ever(policy: dict[str, Any]) -> None:
    policy["expiration"] = "2099-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "change", [changed("key", "roster/x"), changed("Content-Type", "text/html"), any_size, for_ever]
)
def test_p14_a_form_whose_holder_changed_its_policy_is_refused(
    on_guarded: Stack, change: Callable[[dict[str, Any]], None]
) -> None:
    """Guard: the signature over the policy, which this emulator compares and moto does not."""
    slot = slots.opened()
    policy = json.loads(base64.b64decode(slot.upload.fields["policy"]))
    assert slots.post(slot).status_code == 201
    change(policy)
    forged = base64.b64encode(json.dumps(policy).encode()).decode()
    answer = slots.post(slot, policy=forged)
    assert (answer.status_code, "SignatureDoesNotMatch" in answer.text) == (403, True)


def reserve_seats(seats: int) -> None:
    """Added by the office, whose terminal then closed: nobody was promoted yet."""
    work = Work(OFFICE)
    work.add(groups.reserve_seats_writes(work, promotion.policy_of(campaign()), seats, ids.new_id()))
    work.commit()


def code_on(stack: Stack, message_id: str) -> str:
    """The code in the message of this id, once the outbox's functions sent it."""

    def texts() -> list[str]:
        lines = stack.sms_file.read_text().splitlines() if stack.sms_file.is_file() else []
        return [told["text"] for told in map(json.loads, lines) if told["id"] == message_id]

    wait_for(texts, "the code comes")
    return str(re.findall(r"\d{6}", texts()[0])[0])
