"""P06: fields cannot be smuggled. Every route with a body, every way to say more or other than was asked.

Each body is proved good first, so that what is refused afterwards is refused for what was added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import time_machine

from chalicelib.kernel import InvalidRequestError
from chalicelib.platform import ids, strict_json
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.strict_json import Body
from tests.access.desk_door import enter_desk, hire
from tests.contract.bodies import GOOD
from tests.contract.store import dump
from tests.contract.wire import Reply, routes, send
from tests.house import CAMPAIGN, add_seats, phone

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SMUGGLED = {
    "status": "approved",
    "approved_fen": 1,
    "role": "admin",
    "member_id": "m",
    "person_id": "p",
    "version": 9,
    "effective_from": "2020-01-01",
    "__class__": "Application",
}
CANARY = "smuggled-canary"


@pytest.fixture
def house(aws_moto: None) -> Iterator[None]:
    """Time stands still, so that reading a session is not counted as using it."""
    with time_machine.travel(NOON, tick=False):
        add_seats(1)
        yield


in_the_house = pytest.mark.usefixtures("house")


def test_p06_every_route_with_a_body_is_tried() -> None:
    """Guard: none to remove; a new route with a body has to be given a good one."""
    assert {f"{r.method} {r.path}" for r in routes() if r.body is not None} == set(GOOD)


def test_p06_every_body_forbids_fields_it_does_not_know() -> None:
    """Guard: `forbid_unknown_fields` of each body and of everything inside it."""
    for route in routes():
        for struct in structs(route.body):
            assert struct.__struct_config__.forbid_unknown_fields, struct


def structs(shape: Any) -> Iterator[type[msgspec.Struct]]:
    def inside(info: Any) -> Iterator[type[msgspec.Struct]]:
        if isinstance(info, msgspec.inspect.StructType):
            yield info.cls
            for each in info.fields:
                yield from inside(each.type)
        for name in ("item_type", "item_types", "types", "value_type"):
            nested = getattr(info, name, ())
            for each in nested if isinstance(nested, tuple) else (nested,):
                yield from inside(each)

    if shape is not None:
        yield from inside(msgspec.inspect.type_info(shape))


# --- everything that is refused --------------------------------------------------------------------------


def added(body: dict[str, Any]) -> Iterator[bytes]:
    """One field more, at the top and inside every object and list of objects."""
    for name, value in SMUGGLED.items():
        if name not in body:
            yield dumped({**body, name: value})
        for field, inner in body.items():
            if isinstance(inner, list) and inner and isinstance(inner[0], dict) and name not in inner[0]:
                yield dumped({**body, field: [{**inner[0], name: value}, *inner[1:]]})


def said_twice(body: dict[str, Any]) -> Iterator[bytes]:
    """A key a second time: the same value, another one; first or last."""
    text = dumped(body).decode()
    for field, value in body.items():
        pair = f"{json.dumps(field)}: {json.dumps(value)}"
        yield f"{text[:-1]}, {pair}}}".encode()
        yield f'{{{json.dumps(field)}: "{CANARY}", {text[1:]}'.encode()
    for field, inner in body.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            twice = json.dumps(inner[0])[:-1] + ', "scope": "terms"}'
            yield dumped({**body, field: ["@"]}).replace(b'"@"', twice.encode())


_WORDS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-0", "-0.0", "0.5", "1.0", "1E0")
_NUMBERS = (*_WORDS, "9" * 400, "9" * 5000)


def numbers(body: dict[str, Any]) -> Iterator[bytes]:
    """Numbers no field asks for, in place of each field and in a field of their own."""
    for number in _NUMBERS:
        for field in body:
            yield dumped({**body, field: "@"}).replace(b'"@"', number.encode())
        yield dumped({**body, "n": "@"}).replace(b'"@"', number.encode())


def other_types(body: dict[str, Any]) -> Iterator[bytes]:
    for field, right in body.items():
        for wrong in ({"a": 1}, [[1]], True, [None], -1, [{}]):
            yield dumped({**body, field: wrong})
        if isinstance(right, str):
            yield dumped({**body, field: [right]})
        if isinstance(right, int):
            yield dumped({**body, field: str(right)})
        yield dumped({name: value for name, value in body.items() if name != field} | {field.upper(): CANARY})
    for whole in ([body], [], [[body]], "text", 1, True, None, {}):
        yield dumped(whole)


def not_json(body: dict[str, Any]) -> Iterator[bytes]:
    text = dumped(body)
    yield from (
        b"",
        b" ",
        b"{",
        text[:-1],
        text + text,
        text + b"x",
        b"\x00" + text,
        text.replace(b'"', b"'"),
    )
    yield b"\xef\xbb\xbf" + text  # a byte-order mark
    yield text.decode().encode("utf-16")
    yield text[:-1] + b', "\xff": 1}'
    yield text.replace(b": ", b": \xa0", 1)
    yield b"[" * 30_000
    yield b'{"a":' * 10_000
    yield b"[" * 30_000 + b"]" * 30_000
    yield text[:-1] + b', "n": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"


def too_long(body: dict[str, Any]) -> Iterator[bytes]:
    yield padded(body, LIMITS.body_bytes + 1)
    yield padded(body, 2 * LIMITS.body_bytes)


def half_characters(body: dict[str, Any]) -> Iterator[bytes]:
    """A surrogate on its own is not text: no store and no hash would take it."""
    for field, value in body.items():
        if isinstance(value, str):
            yield dumped({**body, field: value[:-1] + "\ud800"})
            yield dumped({**body, field: "\udc00" + value[1:]})


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def padded(body: dict[str, Any], size: int) -> bytes:
    text = dumped(body)
    return text + b" " * (size - len(text))


HOSTILE = [added, said_twice, numbers, other_types, not_json, too_long, half_characters]


class AnyShape(Body, frozen=True):
    """A body that would take whatever JSON can say; no route has one."""

    n: Any


PLAIN_NO = [f'{{"n": {word}}}' for word in _WORDS] + ['{"n": 1, "n": 1}', '{"n": "\\ud800"}']


@pytest.mark.parametrize("text", PLAIN_NO)
def test_p06_what_json_cannot_say_plainly_is_refused_whatever_the_body_takes(text: str) -> None:
    """Guards: platform.strict_json.read: `object_pairs_hook`, `parse_constant`, `parse_float`, `parse_int`,
    the line on half characters. Each alone, so that none leans on a body's types."""
    assert strict_json.read(b'{"n": [0, -1, {"a": "b"}]}', AnyShape).n == [0, -1, {"a": "b"}]
    with pytest.raises(InvalidRequestError) as refused_body:
        strict_json.read(text.encode(), AnyShape)
    assert refused_body.value.code == "request.not_json"


def post(route: str, raw: bytes, token: str) -> Reply:
    return send(route, raw=raw, token=token, key=ids.new_id())


@in_the_house
@pytest.mark.parametrize("route", GOOD)
def test_p06_what_was_not_asked_for_is_refused_and_nothing_is_written(route: str) -> None:
    """Guards: platform.strict_json.read (`_no_duplicates`, `parse_constant`, `parse_float`, `strict=True`,
    RecursionError, half characters); `forbid_unknown_fields`; platform.http._read, `LIMITS.body_bytes`."""
    token = phone(3).token
    body = GOOD[route]()
    before = dump()
    for hostile in HOSTILE:
        raws = list(hostile(body))
        assert len(raws) >= 2
        for raw in raws:
            refused(post(route, raw, token), body, f"{hostile.__name__}: {raw[:300]!r}")
        assert dump() == before, hostile.__name__
    # The body itself is good, to the last byte that may be sent.
    assert post(route, padded(body, LIMITS.body_bytes), token).status in (200, 201, 202)


def refused(reply: Reply, body: dict[str, Any], said: str) -> None:
    """400, in our one shape, in Chinese, naming no field but those asked for and quoting nothing."""
    assert reply.status == 400, said
    assert reply.headers["content-type"] == ("application/problem+json",), said
    problem = reply.json
    for sentence in (problem["detail"], *problem.get("fields", {}).values()):
        assert re.search("[\u4e00-\u9fff]", sentence), said
    assert problem.get("fields", {}).keys() <= body.keys(), said
    assert CANARY not in reply.text, said


@in_the_house
def test_p06_a_write_without_a_proper_idempotency_key_is_refused() -> None:
    """Guard: platform.http._read, the line `_KEY.fullmatch`."""
    writes = [f"{route.method} {route.path}" for route in routes() if route.write]
    assert len(writes) >= 3
    token, bodies = phone(3).token, {route: GOOD[route]() for route in writes}
    before = dump()
    for route in writes:
        for key in ("", "short", "k" * 15, "k" * 65, "键" * 16, "k" * 16 + "\n", "a b" * 8):
            reply = send(route, bodies[route], token=token, key=key)
            assert (reply.status, reply.code) == (400, "request.no_idempotency_key"), (route, key)
    assert dump() == before


@in_the_house
def test_p06_an_address_takes_no_parameter_and_no_body_it_does_not_name() -> None:
    """Guards: platform.http._read, the line `repeated or query.keys() - set(route.query)`;
    platform.http._serve, the line `elif request.raw not in`."""
    token, bodies = phone(3).token, {route: make() for route, make in GOOD.items()}
    desk = enter_desk(phone(4).person.mobile, hire(phone(4).person.mobile))
    before = dump()
    for route in routes():
        label = f"{route.method} {route.path}"
        values = {"number": "1", "code": CAMPAIGN}
        path = {name: value for name, value in values.items() if f"{{{name}}}" in route.path}
        asked = [[("status", "approved")], *([(name, "1"), (name, "2")] for name in route.query)]
        for query in asked:
            reply = send(label, bodies.get(label), path=path, query=query, token=token, desk_token=desk)
            assert (reply.status, reply.code) == (400, "request.invalid"), (label, query)
        if route.body is None:
            reply = send(label, {"role": "admin"}, path=path, token=token, desk_token=desk)
            assert (reply.status, reply.code) == (400, "request.invalid"), label
    assert dump() == before
