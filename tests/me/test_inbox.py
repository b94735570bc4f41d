"""What a member reads of what was sent to them: all of it, nobody else's, never a code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from chalicelib.access.mobiles import read_mobile
from chalicelib.access.service.sign_in import open_session_for
from chalicelib.kernel import Masked, System
from chalicelib.people import rules
from chalicelib.people import service as people
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from infra.people import demo_person
from tests.contract.wire import Reply, send
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import BEGIN, CODE, JOINED, dispatch, message

pytestmark = pytest.mark.usefixtures("aws_moto")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def member(seed: int, person_id: str) -> str:
    """Demo person `seed` is `person_id`, and signed in: the session's token."""
    person, work = demo_person(seed), Work(System())
    number, mobile = rules.read_id_number(person.id_number, work.today), Masked(person.mobile)
    masked = read_mobile(person.mobile).masked
    work.add(people.bind_writes(work, person_id, Masked(person.name), number, mobile, masked))
    work.commit()
    return open_session_for(mobile)


@pytest.fixture
def token() -> str:
    return member(1, "person-1")


def tell(outbox_id: str, template: str = "joined", recipient: str = "person-1") -> None:
    work, params = Work(System()), CODE if template == "sign_in_code" else JOINED
    work.add(message(work, outbox_id, template, params, recipient))
    work.commit()


def read(token: str, before: str | None = None) -> Reply:
    return send("GET /me/inbox", token=token, query=[] if before is None else [("before", before)])


def test_a_member_reads_what_was_sent_to_them_and_how_it_fared(token: str) -> None:
    tell("joined-1")
    dispatch("joined-1", FakeSmsSender())
    answer = read(token)
    assert answer.status == 200
    assert answer.json == {
        "items": [
            {
                "id": "joined-1",
                "at": "2026-11-22T03:00:00Z",
                "kind": "joined",
                "text": "您已参保意外伤害互助保障（凭证号NEF-26-0001，保到2027年11月22日），"
                "2026年11月23日零时起生效，由市总工会出资。要理赔，请拨打12351。"
                "凭证可在“我的保障”里查看、打印。",
                "status": "sent",
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("answer", "status"), [("refuse", "failed"), ("lost", "unknown"), ("busy", "pending"), (None, "pending")]
)
def test_news_whose_sms_did_not_arrive_is_still_there_to_read(
    token: str, answer: str | None, status: str
) -> None:
    tell("joined-1")
    if answer:
        dispatch("joined-1", FakeSmsSender([answer]))
    assert [item["status"] for item in read(token).json["items"]] == [status]


def test_nobody_reads_anothers_inbox(token: str) -> None:
    tell("joined-1")
    empty = {"items": [], "next": None}
    assert read(member(2, "person-2")).json == empty
    assert read(open_session_for(Masked(demo_person(3).mobile))).json == empty  # a mobile that never joined
    assert read("").status == 401


def test_codes_are_never_in_the_inbox(token: str) -> None:
    tell("code-1", "sign_in_code")
    dispatch("code-1", FakeSmsSender())
    assert read(token).json["items"] == []


def test_pages_follow_each_other_without_a_gap_or_a_double(token: str, clock: time_machine.Traveller) -> None:
    total = 2 * LIMITS.inbox_page + 1
    for n in range(total):
        tell(f"joined-{n:03d}")
        if n % 3:  # every third shares its instant with the one before
            clock.shift(timedelta(seconds=1))
    seen, before, pages = [], None, 0
    while pages == 0 or before is not None:
        page = read(token, before).json
        seen += [item["id"] for item in page["items"]]
        before, pages = page["next"], pages + 1
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == total
    assert pages == 3


@pytest.mark.parametrize("before", ["", "2026", "x' OR 1", "2026-11-22T03:00:00.000000Z#", "\x00"])
def test_a_page_that_was_never_offered_is_refused(token: str, before: str) -> None:
    answer = read(token, before)
    assert (answer.status, answer.code) == (400, "notify.unknown_page")
