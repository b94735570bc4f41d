"""Routes with a named guard, strict bodies, one error shape, one log line.

Every route says who may call it; `public` is a choice like any other, and a test walks `REGISTRY`.
Chalice turns a foreign exception into a bare 500 and logs its text, so everything is mapped here, before it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.kernel import Actor, DomainError, ForbiddenError, InvalidRequestError, Visitor
from chalicelib.platform import aws, clock, log, strict_json
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.platform.transaction import store_failure
from chalicelib.platform.work import Work

B = TypeVar("B")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_OUR_FAULT = "系统出了点问题，您的信息没有丢失。请稍后再试，或拨打12351。"
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(slots=True)
class Request(Generic[B]):
    route: str  # "POST /enrollments"
    body: B
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]  # lower-case names
    cookies: Mapping[str, str]
    source_ip: str
    request_id: str
    now: datetime  # server time; the client's clock is never asked (P24)
    raw: bytes = b""
    idempotency_key: str = ""
    actor: Actor = field(default_factory=Visitor)

    @property
    def work(self) -> Work:
        """A use case's work for this request. Only a route that writes has an attempt to record."""
        attempt = None
        if self.idempotency_key:
            attempt = Attempt(self.actor, self.route, self.idempotency_key, self.raw, self.now)
        return Work(self.actor, now=self.now, attempt=attempt)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is a msgspec.Struct or None; `cookies` are whole Set-Cookie values."""

    status: int
    body: msgspec.Struct | None = None
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class Guard(Protocol):
    """Admits a request or raises NotSignedInError / ForbiddenError."""

    @property
    def name(self) -> str: ...

    def admit(self, request: Request[Any]) -> Actor: ...


class _Public:
    name = "public"

    def admit(self, request: Request[Any]) -> Visitor:
        return Visitor(source_ip=request.source_ip)


public = _Public()


@dataclass(frozen=True, slots=True)
class Route:
    """What is known of a route without calling it: openapi.json, the guard test and the matrix read this."""

    method: str
    path: str
    guard: str
    body: type[msgspec.Struct] | None
    answers: Mapping[int, type[msgspec.Struct] | None]
    query: tuple[str, ...]
    write: bool
    summary: str


REGISTRY: list[Route] = []

View = Callable[[Request[Any]], Answer]


class Routes(Blueprint):
    """A Chalice blueprint that only registers guarded routes."""

    def get(self, path: str, **spec: Any) -> Callable[[View], View]:
        return self._add("GET", path, write=False, **spec)

    def post(self, path: str, *, write: bool = True, **spec: Any) -> Callable[[View], View]:
        return self._add("POST", path, write=write, **spec)

    def delete(self, path: str, **spec: Any) -> Callable[[View], View]:
        return self._add("DELETE", path, write=False, **spec)

    def _add(
        self,
        method: str,
        path: str,
        *,
        guard: Guard,
        answers: Mapping[int, type[msgspec.Struct] | None],
        body: type[msgspec.Struct] | None = None,
        query: tuple[str, ...] = (),
        write: bool,
    ) -> Callable[[View], View]:
        """`write=True` demands an Idempotency-Key. `query` names the only query parameters allowed."""

        def register(view: View) -> View:
            summary = (view.__doc__ or "").strip().partition("\n")[0]
            route = Route(method, path, guard.name, body, answers, query, write, summary)
            REGISTRY.append(route)

            def handle(**path_values: str) -> Response:
                return _serve(route, guard, view, self.current_request, path_values)

            handle.__name__ = view.__name__
            self.route(path, methods=[method], name=view.__name__)(handle)
            return view

        return register


def _serve(route: Route, guard: Guard, view: View, raw: Any, path_values: Mapping[str, str]) -> Response:
    began = time.perf_counter()
    label = f"{route.method} {route.path}"
    context = raw.context
    code = None
    try:
        with aws.time_budget():
            request = _read(route, label, raw, path_values)
            request.actor = guard.admit(request)
            if route.body is not None:
                request.body = strict_json.read(request.raw, route.body)
            elif request.raw not in (b"", b"null"):
                raise InvalidRequestError("request.invalid", "这个操作不需要提交内容，请刷新页面后重试。")
            answer = view(request)
        response = _answer(answer)
        status = answer.status
    except Exception as error:
        problem = _as_domain_error(error, label)
        response, status, code = problem_response(problem), problem.status, problem.code
    log.info(
        "request",
        route=label,
        guard=guard.name,
        status=status,
        code=code,
        ms=round((time.perf_counter() - began) * 1000),
        request_id=str(context.get("requestId", "")),
    )
    return response


def _read(route: Route, label: str, raw: Any, path_values: Mapping[str, str]) -> Request[Any]:
    headers = {name.lower(): value for name, value in raw.headers.items()}
    _refuse_foreign(route.method, headers)
    body = raw.raw_body
    if len(body) > LIMITS.body_bytes:
        raise InvalidRequestError("request.too_large", "提交的内容太大，请减少后重试。")
    query = {name: raw.query_params[name] for name in (raw.query_params or {})}
    repeated = any(len(raw.query_params.getlist(name)) > 1 for name in query)
    if repeated or query.keys() - set(route.query):
        raise InvalidRequestError("request.invalid", "网址里有不认识的参数，请从页面重新进入。")
    key = headers.get("idempotency-key", "")
    if route.write and not _KEY.fullmatch(key):
        raise InvalidRequestError("request.no_idempotency_key", "页面不完整，请刷新后重试。")
    return Request(
        route=label,
        body=None,
        path=dict(path_values),
        query=query,
        headers=headers,
        cookies=_cookies(headers.get("cookie", "")),
        source_ip=_visitor(raw.context, headers),
        request_id=str(raw.context.get("requestId", "")),
        now=clock.now(),
        raw=body,
        idempotency_key=key if route.write else "",
    )


def _visitor(context: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The visitor's address, as told by the gateway or by our own CDN before it, never by the visitor."""
    hops = settings().forwarded_hops
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return str((context.get("identity") or {}).get("sourceIp") or "")


def _refuse_foreign(method: str, headers: Mapping[str, str]) -> None:
    """Cross-site requests are told apart by the browser's own headers, so no token is needed.

    Engines before Chromium 76 send no Sec-Fetch-Site: there a write passes only with our own Origin.
    """
    origin, fetched_from = headers.get("origin"), headers.get("sec-fetch-site")
    own = origin in settings().site_origins
    foreign = (origin is not None and not own) or fetched_from in ("cross-site", "same-site")
    unknown = method in _UNSAFE and fetched_from != "same-origin" and not own
    if foreign or unknown:
        raise ForbiddenError("request.foreign_origin", "请从本站页面办理，不要从其他网站提交。")


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";") if "=" in part)
    return {name: value for name, _, value in pairs}


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _answer(answer: Answer) -> Response:
    headers: dict[str, Any] = {**_HEADERS, **answer.headers}
    if answer.cookies:
        headers["Set-Cookie"] = list(answer.cookies)
    if answer.body is None:
        return Response(body="", status_code=answer.status, headers=headers)
    headers["Content-Type"] = "application/json"
    text = msgspec.json.encode(answer.body).decode()
    return Response(body=text, status_code=answer.status, headers=headers)


def _as_domain_error(error: Exception, label: str) -> DomainError:
    known = store_failure(error)
    if isinstance(known, DomainError):
        return known
    log.failure("unforeseen_error", error, route=label)
    return DomainError("platform.unforeseen", _OUR_FAULT)


def problem_response(error: DomainError) -> Response:
    """RFC 9457. `code` is stable; `detail` is for the person; `fields` maps a form field to its sentence."""
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": type(error).__name__.removesuffix("Error"),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.fields:
        problem["fields"] = error.fields
    headers: dict[str, Any] = {**_HEADERS, "Content-Type": "application/problem+json"}
    retry = getattr(error, "retry_after_seconds", None)
    if retry is not None:
        headers["Retry-After"] = str(retry)
        problem["retry_after_seconds"] = retry
    return Response(body=msgspec.json.encode(problem).decode(), status_code=error.status, headers=headers)


def one_error_shape(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """The middleware of every function: Chalice's own refusals and ours look alike, and every answer says
    which deployment gave it."""
    response = get_response(event)
    shaped = reshape(response, response.status_code)
    shaped.headers["X-Huzhu-Api"] = str(event.context.get("apiId", ""))
    return shaped


def reshape(response: Response, status: int) -> Response:
    """Chalice's own refusals (415, 405, a 500 of its own) in our shape."""
    if response.headers.get("Content-Type") == "application/problem+json" or status < 400:
        return response
    detail = "请求方式不对，请从页面重新进入。" if status < 500 else _OUR_FAULT
    error = DomainError(f"request.refused_{status}", detail)
    error.status = status
    return problem_response(error)


__all__ = [
    "REGISTRY",
    "Answer",
    "Guard",
    "Request",
    "Route",
    "Routes",
    "one_error_shape",
    "problem_response",
    "public",
    "reshape",
]
