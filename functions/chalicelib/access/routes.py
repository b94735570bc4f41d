"""/sign-in: public by nature; what protects it is the proof of work, the limits and the code itself."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.access.answers import CodeSent, PuzzleAnswer, SessionOpened
from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)


class CodeBody(Body, frozen=True):
    mobile: Annotated[str, Meta(max_length=40)]
    altcha: Annotated[str, Meta(max_length=1000)]  # base64 JSON of a solution, about 300 characters


class SessionBody(Body, frozen=True):
    challenge_id: Annotated[str, Meta(pattern="^[a-z2-7]{26}$", max_length=26)]
    code: Annotated[str, Meta(pattern="^[0-9]{6}$", max_length=6)]


@routes.get("/sign-in/challenge", guard=public, answers={200: PuzzleAnswer})
def get_challenge(request: Request[None]) -> Answer:
    """A proof-of-work puzzle to solve before asking for a code."""
    from chalicelib.access.service import proof

    puzzle = proof.new_puzzle(request.now)
    return Answer(
        200,
        PuzzleAnswer("SHA-256", puzzle.challenge, puzzle.salt, puzzle.signature, puzzle.max_number),
    )


@routes.post("/sign-in/codes", guard=public, body=CodeBody, answers={202: CodeSent})
def send_code(request: Request[CodeBody]) -> Answer:
    """Send a one-time code by SMS."""
    from chalicelib.access.service import sign_in as service

    body = request.body
    return service.send_code(body.mobile, body.altcha, request.source_ip, Attempt(request), request.now)


@routes.post("/sign-in/sessions", guard=public, body=SessionBody, answers={201: SessionOpened})
def open_session(request: Request[SessionBody]) -> Answer:
    """Trade a code for a session cookie."""
    from chalicelib.access.service import sign_in as service

    body, key, cookies = request.body, request.idempotency_key, request.cookies
    return service.open_session(body.challenge_id, body.code, key, cookies, Attempt(request), request.now)


@routes.delete("/sign-in/sessions", guard=public, answers={204: None})
def end_session(request: Request[None]) -> Answer:
    """End the session and drop its cookie."""
    from chalicelib.access.service import sign_in as service

    return service.end_session(request.cookies)
