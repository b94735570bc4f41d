"""/sign-in: public by nature; what protects it is the proof of work, the limits and the code itself.

Here and in every other `routes.py`, what only answering needs is imported when first called: all functions
import all routes, and few of them answer any.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.platform.http import Answer, Request, Routes, public
from chalicelib.platform.strict_json import Body

routes = Routes(__name__)


class CodeBody(Body, frozen=True):
    mobile: Annotated[str, Meta(max_length=40)]
    altcha: Annotated[str, Meta(max_length=1000)]  # base64 JSON of a solution, about 300 characters


class SessionBody(Body, frozen=True):
    challenge_id: Annotated[str, Meta(pattern="^[a-z2-7]{26}$", max_length=26)]
    code: Annotated[str, Meta(max_length=40)]


class PuzzleAnswer(msgspec.Struct, frozen=True):
    """An altcha challenge, in that protocol's own names."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int


class CodeAnswer(msgspec.Struct, frozen=True):
    challenge_id: str
    expires_in_seconds: int
    resend_in_seconds: int


class SessionAnswer(msgspec.Struct, frozen=True):
    mobile_masked: str


@routes.get("/sign-in/challenge", guard=public, answers={200: PuzzleAnswer})
def get_challenge(request: Request[None]) -> Answer:
    """A proof-of-work puzzle to solve before asking for a code."""
    from chalicelib.access.service import proof

    puzzle = proof.new_puzzle(request.now)
    return Answer(
        200,
        PuzzleAnswer("SHA-256", puzzle.challenge, puzzle.salt, puzzle.signature, puzzle.max_number),
    )


@routes.post("/sign-in/codes", guard=public, body=CodeBody, answers={202: CodeAnswer})
def send_code(request: Request[CodeBody]) -> Answer:
    """Send a one-time code by SMS."""
    from chalicelib.access.service import codes

    sent = codes.send_code(request.work, request.body.mobile, request.body.altcha)
    return Answer(202, CodeAnswer(sent.challenge_id, sent.expires_in_seconds, sent.resend_in_seconds))


@routes.post("/sign-in/sessions", guard=public, body=SessionBody, answers={201: SessionAnswer})
def open_session(request: Request[SessionBody]) -> Answer:
    """Trade a code for a session cookie."""
    from chalicelib.access.service import sessions, sign_in

    before = sessions.token_in(request.cookies)
    session = sign_in.open_session(request.work, request.body.challenge_id, request.body.code, before)
    return Answer(201, SessionAnswer(session.mobile_masked), cookies=(sessions.cookie(session.token),))


@routes.delete("/sign-in/sessions", guard=public, answers={204: None})
def end_session(request: Request[None]) -> Answer:
    """End the session and drop its cookie; 204 also when there was none."""
    from chalicelib.access.service import sessions, sign_in

    sign_in.end_session(sessions.token_in(request.cookies))
    return Answer(204, cookies=(sessions.no_cookie(),))
