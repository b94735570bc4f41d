"""P26: no personal data in logs, nor in what an error answers.

Every request here carries an ID number, a mobile, a name, a card and a token wherever a request can carry
something, and every error is raised out of an exception that quotes them all.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalice.app import Chalice
from chalice.test import Client
from pynamodb.exceptions import PutError, TransactWriteError

from chalicelib.kernel import Actor, DomainError, Masked
from chalicelib.platform import log
from chalicelib.platform.http import REGISTRY, Answer, Request, Routes, one_error_shape, public
from chalicelib.platform.strict_json import Body
from chalicelib.platform.transaction import WriteRefused
from tests.canaries import ALL, CANARIES, forms, seen_in

ORIGIN = "https://huzhu.example"


class Form(Body):
    name: str
    id_number: str = ""


class Shown(msgspec.Struct):
    name: Any


class Unforeseen(Exception):
    """A library's error that quotes what it choked on."""


def every_domain_error() -> list[type[DomainError]]:
    found, todo = [], [DomainError]
    while todo:
        found.append(todo.pop())
        todo += found[-1].__subclasses__()
    return found


def quoting(error: Exception) -> Exception:
    """`error`, raised out of one that quotes every canary, with a note that does too."""
    try:
        try:
            raise Unforeseen(ALL)
        except Unforeseen as inner:
            raise error from inner
    except Exception as made:
        made.add_note(ALL)
        return made


def library_errors() -> dict[str, Exception]:
    refused = {"Error": {"Code": "ValidationException", "Message": ALL}}
    throttled = {"Error": {"Code": "ThrottlingException", "Message": ALL}}
    return {
        "text": Unforeseen(ALL),
        "key": KeyError(ALL),
        "bytes": UnicodeDecodeError("utf-8", ALL.encode(), 0, 1, ALL),
        "group": ExceptionGroup(ALL, [ValueError(ALL)]),
        "assertion": AssertionError(ALL),
        "validation": msgspec.ValidationError(ALL),
        "refused by the store": PutError(ALL, ClientError(refused, "PutItem")),
        "transaction": TransactWriteError(ALL, ClientError(refused, "TransactWriteItems")),
        "throttled": ClientError(throttled, "PutItem"),
        "out of reach": EndpointConnectionError(endpoint_url=f"http://x/{ALL}"),
        "a refused write nobody caught": WriteRefused(ALL),
    }


@dataclass(frozen=True)
class Breaking:
    """A guard that breaks."""

    error: Exception
    name = "member"

    def admit(self, request: Request[Any]) -> Actor:
        raise self.error


ERRORS: dict[str, Exception] = {
    **{kind.__name__: kind("test.forced", "出了问题，请重试。") for kind in every_domain_error()},
    **library_errors(),
}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chalice]:
    """A throwaway app with the real wrapper and the real shape of errors."""
    from chalicelib.platform.settings import settings

    monkeypatch.setenv("SITE_ORIGIN", ORIGIN)
    settings.cache_clear()
    app = Chalice("canaries", debug=False)
    app.middleware("http")(one_error_shape)
    yield app
    settings.cache_clear()


def view_of(app: Chalice, view: Callable[[Request[Any]], Answer], guard: Any = public) -> None:
    routes = Routes("canaries")
    routes.post("/people/{id}", guard=guard, body=Form, answers={200: None}, query=("check",))(view)
    REGISTRY.pop()  # a route of this test alone: tests that walk the product's routes must not meet it
    app.register_blueprint(routes)


def post(app: Chalice, body: str | None = None, path: str = "", **headers: str) -> Any:
    """A request that carries every canary in its path, query, headers, cookies and body."""
    sent = {
        "Origin": ORIGIN,
        "Content-Type": "application/json",
        "Idempotency-Key": "0123456789abcdef",
        "Cookie": f"__Host-huzhu={CANARIES['token']}; note={quote(ALL)}",
        "Authorization": f"Bearer {CANARIES['token']}",
        "User-Agent": quote(ALL),
        "X-Forwarded-For": CANARIES["mobile"],
        **headers,
    }
    text = json.dumps({"name": CANARIES["name"], "id_number": ALL}) if body is None else body
    with Client(app) as client:
        return client.http.post(
            path or f"/people/{CANARIES['id_number']}?check={quote(ALL)}", headers=sent, body=text.encode()
        )


def everything_shown(answer: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    out, err = capfd.readouterr()
    for line in err.splitlines():
        assert json.loads(line).keys() <= log.ALLOWED | {"at", "event"}
    logged = "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    return out + err + logged + answer.body.decode() + str(answer.headers)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_a_use_case_shows_no_personal_data(
    name: str, house: Chalice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def view(request: Request[Any]) -> Answer:
        raise quoting(ERRORS[name])

    view_of(house, view)
    answer = post(house)
    assert answer.status_code >= 400
    assert "code" in json.loads(answer.body)
    shown = everything_shown(answer, capfd, caplog)
    assert '"event":"request"' in shown
    assert seen_in(shown) == []


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_a_guard_shows_no_personal_data(
    name: str, house: Chalice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    view_of(house, lambda request: Answer(200), Breaking(quoting(ERRORS[name])))
    answer = post(house)
    assert answer.status_code >= 400
    assert seen_in(everything_shown(answer, capfd, caplog)) == []


def bad_requests() -> dict[str, dict[str, Any]]:
    name, card = CANARIES["name"], CANARIES["card"]
    return {
        "not JSON": {"body": ALL},
        "cut JSON": {"body": f'{{"name": "{ALL}'},
        "unknown field": {"body": json.dumps({"name": "x", ALL: ALL})},
        "field that looks like a name": {"body": json.dumps({"name": "x", CANARIES["mobile"]: 1})},
        "wrong type": {"body": json.dumps({"name": [ALL]})},
        "number where text belongs": {"body": f'{{"name": {card}}}'},
        "missing field": {"body": json.dumps({"id_number": ALL})},
        "twice the same field": {"body": f'{{"name": "{name}", "name": "{name}"}}'},
        "half a character": {"body": f'{{"name": "{name}\\ud800"}}'},
        "too large": {"body": json.dumps({"name": ALL * 1000})},
        "unknown parameter": {"path": f"/people/1?{quote(ALL)}={quote(ALL)}"},
        "repeated parameter": {"path": f"/people/1?check={card}&check={card}"},
        "foreign origin": {"Origin": f"https://{card}.example"},
        "another content type": {"Content-Type": f"text/{card}"},
        "a content type with a charset": {"Content-Type": f"application/json; charset={card}"},
        "no usable key": {"Idempotency-Key": f"{card}!"},
    }


@pytest.mark.parametrize("name", bad_requests())
def test_a_bad_request_shows_no_personal_data(
    name: str, house: Chalice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    view_of(house, lambda request: Answer(200))
    answer = post(house, **bad_requests()[name])
    assert (answer.status_code < 300) == (name == "a content type with a charset")
    assert seen_in(everything_shown(answer, capfd, caplog)) == []


def test_a_method_that_does_not_exist_shows_no_personal_data(
    house: Chalice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    view_of(house, lambda request: Answer(200))
    with Client(house) as client:
        answer = client.http.delete(f"/people/{CANARIES['id_number']}", headers={"Origin": ORIGIN})
    assert answer.status_code == 405
    assert seen_in(everything_shown(answer, capfd, caplog)) == []


def test_masked_data_that_reaches_an_answer_becomes_an_error_not_text(
    house: Chalice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    view_of(house, lambda request: Answer(200, Shown(Masked(ALL))))
    answer = post(house)
    assert answer.status_code == 500
    assert seen_in(everything_shown(answer, capfd, caplog)) == []


@pytest.mark.parametrize("key", ["mobile", "text", "message", "name", "body", "Status", "route "])
def test_a_log_key_that_is_not_allowed_is_refused_without_its_value(
    key: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="log keys not allowed") as refused:
        log.info("request", **{key: ALL})
    assert seen_in(str(refused.value) + "".join(capfd.readouterr())) == []


def test_masked_data_cannot_be_logged_under_any_key(capfd: pytest.CaptureFixture[str]) -> None:
    for key in sorted(log.ALLOWED):
        with pytest.raises(TypeError) as refused:
            log.info("request", **{key: Masked(ALL)})  # type: ignore[arg-type]
        assert seen_in(str(refused.value)) == []
    assert "".join(capfd.readouterr()) == ""


def test_of_an_exception_only_its_type_and_place_are_written(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        raise quoting(Unforeseen(ALL))
    except Unforeseen as error:
        log.failure("unforeseen_error", error, route="POST /x")
    line = json.loads(capfd.readouterr().err)
    assert set(line) == {"at", "event", "error", "place", "route"}
    assert line["error"] == "Unforeseen"
    assert line["place"].startswith("test_p26_no_personal_data_in_logs.py:")


def test_a_log_line_stays_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    log.info("request", code='x\n{"event":"forged"}')
    assert len(capfd.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("name", CANARIES)
@pytest.mark.parametrize(
    "disguise",
    [
        str,
        quote,
        quote_plus,
        lambda text: quote(text, safe=""),
        lambda text: json.dumps({"x": f"a{text}b"}),
        lambda text: repr(f"a{text}b".encode()),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.b64encode(f"{{'x': '{text}'}}".encode()).decode(),
        lambda text: base64.urlsafe_b64encode(f"xy{text}z".encode()).decode(),
        lambda text: text.encode().hex(),
    ],
)
def test_the_detector_sees_through_every_disguise(name: str, disguise: Callable[[str], str]) -> None:
    assert seen_in(f"…{disguise(CANARIES[name])}…") == [name]
    assert seen_in("一条普通的日志 status=200 " + "0123456789abcdef" * 20) == []


@pytest.mark.parametrize("name", ["id_number", "mobile", "card"])
def test_the_detector_sees_grouped_digits(name: str) -> None:
    number = CANARIES[name]
    for grouped in (f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:6]}-{number[6:14]}-{number[14:]}"):
        assert seen_in(f"…{grouped}…") == [name]
    assert all(len(form) >= 9 for form in forms(number))
