"""What a member reads of what was sent to them: all of it, nobody else's, never a code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.kernel import NotSignedInError
from chalicelib.notify import delivery, service
from chalicelib.notify.routes import inbox_routes
from chalicelib.platform import ids
from chalicelib.platform.http import REGISTRY, Actor, Request
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import commit
from tests.notify.fakes import FakeSmsSender
from tests.notify.outbox import BEGIN, CODE, JOINED, MOBILE, store

pytestmark = pytest.mark.usefixtures("aws_moto")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@dataclass(frozen=True)
class HeaderGuard:
    """Admits whoever the header names: the real guard is identity's, and tested there."""

    name = "member"

    def admit(self, request: Request[Any]) -> Actor:
        if "x-person" not in request.headers:
            raise NotSignedInError("identity.not_signed_in", "请先登录。")
        return Actor("member", request.headers["x-person"])


@pytest.fixture
def client() -> Iterator[Client]:
    app = Chalice("inbox")
    app.register_blueprint(inbox_routes(HeaderGuard(), lambda request: [request.headers["x-person"]]))
    REGISTRY.pop()  # this test's twin of a product route
    with Client(app) as made:
        yield made


def tell(recipient: str, outbox_id: str, template: str = "joined") -> None:
    params = CODE if template == "sign_in_code" else JOINED
    commit(
        service.sms_writes(template, MOBILE, params, recipient=recipient, dedup_id=outbox_id), ids.new_id()
    )


def read(client: Client, person: str | None, query: str = "") -> Any:
    headers = {"Sec-Fetch-Site": "same-origin", **({"X-Person": person} if person else {})}
    return client.http.get(f"/me/inbox{query}", headers=headers)


def test_a_member_reads_what_was_sent_to_them_and_how_it_fared(client: Client) -> None:
    tell("person-1", "joined-1")
    delivery.dispatch("joined-1", FakeSmsSender())
    answer = read(client, "person-1")
    assert answer.status_code == 200
    assert json.loads(answer.body) == {
        "items": [
            {
                "id": "joined-1",
                "at": "2026-11-22T03:00:00Z",
                "kind": "joined",
                "text": "您已参保意外伤害互助保障，2026年11月23日零时起生效，保到2027年11月22日。"
                "凭证号NEF-26-0001，这份保障由市总工会出资。要理赔，请拨打12351。"
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
    client: Client, answer: str | None, status: str
) -> None:
    store("joined-1")
    if answer:
        delivery.dispatch("joined-1", FakeSmsSender([answer]))
    assert [item["status"] for item in json.loads(read(client, "person-1").body)["items"]] == [status]


def test_nobody_reads_anothers_inbox(client: Client) -> None:
    tell("person-1", "joined-1")
    assert json.loads(read(client, "person-2").body) == {"items": [], "next": None}
    assert read(client, None).status_code == 401


def test_codes_are_never_in_the_inbox(client: Client) -> None:
    tell("person-1", "code-1", "sign_in_code")
    delivery.dispatch("code-1", FakeSmsSender())
    assert json.loads(read(client, "person-1").body)["items"] == []


def test_pages_follow_each_other_without_a_gap_or_a_double(
    client: Client, clock: time_machine.Traveller
) -> None:
    total = 2 * LIMITS.inbox_page + 1
    for n in range(total):
        tell("person-1", f"joined-{n:03d}")
        if n % 3:  # every third shares its instant with the one before
            clock.shift(timedelta(seconds=1))
    seen, query, pages = [], "", 0
    while query is not None:
        page = json.loads(read(client, "person-1", query).body)
        seen += [item["id"] for item in page["items"]]
        pages += 1
        query = f"?before={page['next'].replace('#', '%23')}" if page["next"] else None
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == total
    assert pages == 3


def test_several_recipients_make_one_inbox_newest_first(clock: time_machine.Traveller) -> None:
    for n, recipient in enumerate(["person-1", "mobile#1#ab", "person-1"]):
        tell(recipient, f"joined-{n}")
        clock.shift(timedelta(minutes=1))
    found = service.inbox_of(["person-1", "mobile#1#ab"])
    assert [item.id for item in found.items] == ["joined-2", "joined-1", "joined-0"]
    first = service.inbox_of(["person-1", "mobile#1#ab"], limit=2)
    assert first.next is not None
    rest = service.inbox_of(["person-1", "mobile#1#ab"], before=first.next, limit=2)
    assert ([item.id for item in rest.items], rest.next) == (["joined-0"], None)
    assert service.inbox_of([]) == service.Inbox((), None)


@pytest.mark.parametrize("before", ["", "2026", "x' OR 1", "2026-11-22T03:00:00.000000Z%23", "%00"])
def test_a_page_that_was_never_offered_is_refused(client: Client, before: str) -> None:
    answer = read(client, "person-1", f"?before={before}")
    assert answer.status_code == 400
    assert json.loads(answer.body)["code"] == "notify.unknown_page"
