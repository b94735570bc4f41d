"""Good requests with one thing changed: past the first refusals, into rules and store, never a 5xx."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from infra import openapi
from tests.contract.bodies import GOOD
from tests.contract.wire import Reply, send
from tests.house import add_seats, phone
from tests.typed_cases import NUMBER

DOCUMENT = openapi.document()
PROBLEM = DOCUMENT["components"]["schemas"]["Problem"]
texts = st.text(max_size=70) | st.from_regex(r"[a-z0-9_-]{1,20}\n?", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
bounded = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def token(aws_moto: None) -> str:
    add_seats(1)
    return phone(3).token


def is_documented(name: str, reply: Reply) -> None:
    method, _, path = name.partition(" ")
    assert reply.status < 500, reply
    assert str(reply.status) in DOCUMENT["paths"][path][method.lower()]["responses"], reply
    if reply.status >= 400:
        jsonschema_rs.validate(PROBLEM, reply.json)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_body_with_one_field_changed_is_answered_as_described(name: str, token: str) -> None:
    good: dict[str, Any] = GOOD[name]()

    @bounded
    @given(field=st.sampled_from(sorted(good)), value=values)
    def changed(field: str, value: Any) -> None:
        is_documented(name, send(name, {**good, field: value}, token=token, key="k" * 16))

    changed()


@bounded
@given(number=texts, check=texts)
@example(number="ＨＺ ００１", check="\x00")
@example(number="HZ" + "9" * 5000, check="Z" * 5000)
@example(number=NUMBER, check="\u0130")
@example(number="\u0130\u0131ß", check="\u2028")
def test_any_text_may_be_looked_up_as_a_certificate(number: str, check: str, token: str) -> None:
    route = "GET /certificates/{number}"
    reply = send(route, path={"number": number}, query=[("check", check)])
    assert reply.status in (400, 404, 429)
    is_documented(route, reply)


@bounded
@given(cookie=texts, forwarded=texts, cursor=texts)
@example(cookie="__Host-huzhu=" + "a" * 43, forwarded="::1%eth0", cursor="٢٠٢٦-٠١-٠١T٠٠:٠٠:٠٠.٠٠٠٠٠٠Z#x")
@example(cookie="__Host-huzhu=; __Host-huzhu", forwarded=",,,", cursor="")
def test_any_text_may_stand_in_a_header_or_a_cursor(
    cookie: str, forwarded: str, cursor: str, token: str
) -> None:
    headers = {"cookie": cookie, "x-forwarded-for": forwarded, "if-none-match": cookie}
    for name in ("GET /me", "DELETE /sign-in/sessions", "GET /sign-in/challenge"):
        is_documented(name, send(name, headers=headers))
    is_documented("GET /me/inbox", send("GET /me/inbox", query=[("before", cursor)], token=token))
