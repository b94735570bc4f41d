"""Every route names its guard, and the guard holds: no route exists but those made by `Routes`."""

from __future__ import annotations

import pytest

import app
import desk
from chalicelib.access.service.sign_in import open_session_for
from chalicelib.kernel import Masked
from chalicelib.platform.http import Route, Routes
from tests.contract.wire import routes, send

GUARDS = {"public", "member", "proved_mobile", "staff"}


def label(method: str, path: str) -> str:
    return f"{method} {path}"


def served() -> dict[str, object]:
    """What Chalice would answer: label -> its view."""
    return {
        label(method, path): entry.view_function
        for function in (app.app, desk.desk)
        for path, methods in function.routes.items()
        for method, entry in methods.items()
    }


def test_every_route_that_is_served_was_registered_with_a_guard() -> None:
    """A route added with Chalice's own decorator is served and not in the registry."""
    registered = [label(route.method, route.path) for route in routes()]
    assert sorted(registered) == sorted(served())
    assert len(registered) >= 15


def test_what_stands_below_desk_is_the_desks_function_alone() -> None:
    assert all(path.startswith("/desk/") for path in desk.desk.routes)
    assert not any(path.startswith("/desk") for path in app.app.routes)


def test_what_answers_is_our_wrapper_and_nothing_else() -> None:
    """Also where somebody registers a view under a path that `Routes` knows."""
    for name, view in served().items():
        assert view.__qualname__.startswith(Routes._add.__qualname__), name
        assert view.__code__.co_filename.endswith("platform/http.py"), name


def test_every_guard_is_one_of_ours() -> None:
    assert {route.guard for route in routes()} == GUARDS
    for route in routes():
        if route.path.startswith("/desk/"):  # the door itself is open, what is behind it is the staff's
            doors = {"/desk/health": "public", "/desk/sessions": "proved_mobile"}
            assert route.guard == doors.get(route.path, "staff") or route.method == "DELETE", route
            continue
        assert (route.guard == "public") == (not route.path.startswith(("/me", "/enrollments"))), route


@pytest.mark.usefixtures("aws_moto")
@pytest.mark.parametrize("route", [r for r in routes() if r.guard == "staff"], ids=lambda r: r.path)
def test_a_staff_route_lets_nobody_else_in(route: Route) -> None:
    name = label(route.method, route.path)
    member = open_session_for(Masked("19900000001"))
    for tokens in ({}, {"token": member}, {"desk_token": "0" * 64}, {"token": member, "desk_token": member}):
        reply = send(name, **tokens)
        assert (reply.status, reply.code) == (401, "desk.sign_in_required")


@pytest.mark.usefixtures("aws_moto")
@pytest.mark.parametrize("route", [r for r in routes() if r.guard == "member"], ids=lambda r: r.path)
def test_a_members_route_lets_nobody_else_in(route: Route) -> None:
    name = label(route.method, route.path)
    for token in ("", "0" * 64, "x"):
        reply = send(name, token=token)
        assert (reply.status, reply.code) == (401, "sign_in.required")


def test_every_write_asks_for_a_key_and_only_questions_do_not() -> None:
    """POST writes unless it is a question about the catalogue; what stores nothing needs no key."""
    questions = {"POST /quotes", "POST /eligibility-checks", "POST /estimates"}
    posts = {label(r.method, r.path): r.write for r in routes() if r.method == "POST"}
    assert {name for name, write in posts.items() if not write} == questions
    assert not any(r.write for r in routes() if r.method == "GET")


def test_every_route_says_in_a_sentence_what_it_does() -> None:
    for route in routes():
        assert 10 <= len(route.summary) <= 120, route
        assert route.answers, route
