"""The /api of a browser test, answered in the browser's own network layer: no port, no store.

It only repeats the contract's shapes so that the pages' scripts can be driven into every corner; the real
journey on the real stack is tests/browser's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from altcha import v1
from playwright.sync_api import Page, Route

from chalicelib.catalog.service import catalogue
from chalicelib.coverage.rules import numbers
from chalicelib.enrollment.service.consents import texts_in_force
from chalicelib.kernel import System
from chalicelib.platform.work import Work

HMAC_KEY = "only-for-this-test"
NUMBER, CHECK = numbers.number("20261122334"), "K7M2P9QX"
SIGNED_IN = "localStorage.setItem('huzhu-signed-in', 'yes')"
STARTS = [{"cause": "accident", "from": "2026-11-23", "full_from": "2026-11-23", "percent": 100}]


def refusal(status: int, code: str, detail: str, /, **fields: str) -> tuple[int, dict[str, Any]]:
    """A problem as the API words it (RFC 9457)."""
    return status, {"type": "about:blank", "status": status, "code": code, "detail": detail, "fields": fields}


SIGNED_OUT = refusal(401, "sign_in.required", "还没有登录，或登录已过期。请用手机号重新登录。")


@dataclass
class Call:
    method: str
    path: str
    body: Any
    key: str


@dataclass
class FakeApi:
    """`answers[(method, path)]` overrides: a function of the call giving (status, body) or None to abort.

    `covers` is what whoever signs in has.
    """

    signed_in: bool = False
    calls: list[Call] = field(default_factory=list)
    answers: dict[tuple[str, str], Callable[[Call], tuple[int, Any] | None]] = field(default_factory=dict)
    max_number: int = 2000
    covers: list[dict[str, Any]] = field(default_factory=lambda: [cover("in_force")])

    def attach(self, page: Page) -> None:
        page.route("**/api/**", self._answer)
        if self.signed_in:
            self.sign_in(page)

    def sign_in(self, page: Page) -> None:
        """As if this phone had signed in before: the session, and the word a page leaves itself."""
        self.signed_in = True
        page.add_init_script(f"if (location.protocol == 'http:') {{ {SIGNED_IN} }}")

    def made(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    def _answer(self, route: Route) -> None:
        request = route.request
        path = request.url.partition("/api")[2].partition("?")[0]
        call = Call(
            request.method,
            path,
            request.post_data_json if request.post_data else None,
            request.headers.get("idempotency-key", ""),
        )
        self.calls.append(call)
        answer = self.answers.get((call.method, path), self._usual)(call)
        if answer is None:
            route.abort("connectionfailed")
            return
        status, body = answer
        headers = {"Retry-After": "1"} if status in (429, 503) else {}
        route.fulfill(status=status, headers=headers, content_type="application/json", body=json.dumps(body))

    def _usual(self, call: Call) -> tuple[int, Any] | None:
        match call.method, call.path:
            case "GET", "/sign-in/challenge":
                made = v1.create_challenge(hmac_key=HMAC_KEY, max_number=self.max_number).to_dict()
                return 200, {**made, "maxnumber": made.pop("maxNumber")}
            case "POST", "/sign-in/codes":
                solved, _ = v1.verify_solution(call.body["altcha"], HMAC_KEY)
                if not solved:
                    return refusal(400, "sign_in.proof", "页面不完整。")
                return 202, {"challenge_id": "a" * 26, "expires_in_seconds": 300, "resend_in_seconds": 60}
            case "POST", "/sign-in/sessions":
                if call.body["code"] != "123456":
                    detail = "验证码不对，还可以试4次。"
                    return refusal(400, "sign_in.wrong_code", "没有登录成功。", code=detail)
                self.signed_in = True
                return 201, {"mobile_masked": "199****1234"}
            case "DELETE", "/sign-in/sessions":
                self.signed_in = False
                return 204, None
            case "POST", "/enrollments":
                return 201, joined()
            case "GET", "/me" if self.signed_in:
                return 200, {"mobile_masked": "199****1234", "person": None}
            case "GET", "/me/coverages" if self.signed_in:
                return 200, {
                    "today": "2026-11-22",
                    "covered_today": any(each["state"] == "in_force" for each in self.covers),
                    "items": self.covers,
                    "next": None,
                }
            case "GET", "/me/inbox" if self.signed_in:
                text = "您已参加专项意外伤害互助保障，2026年11月23日零点起有保障。"
                return 200, {
                    "items": [
                        {
                            "id": "m1",
                            "at": "2026-11-22T03:04:05Z",
                            "kind": "joined",
                            "text": text,
                            "status": "sent",
                        }
                    ],
                    "next": None,
                }
            case "GET", path if path.startswith("/campaigns/"):
                return 200, campaign_today("open", code=path.removeprefix("/campaigns/"))
            case "GET", path if path.startswith("/certificates/"):
                return 200, certificate("in_force")
        return SIGNED_OUT


def campaign_today(
    state: str, hashes: list[str] | None = None, seats_at_least: int = 400, code: str = "union-pays-nef"
) -> dict[str, Any]:
    """What holds of a campaign on the server's day; `hashes` are of the texts to agree to: those in force."""
    work = Work(System())
    products = tuple(catalogue().product(each, work.today) for each in catalogue().campaign(code).products)
    texts = [
        {"scope": each.consent.scope, "text": each.text, **msgspec.structs.asdict(each.consent)}
        for each in texts_in_force(work, products)
    ]
    return {
        "code": code,
        "today": "2026-11-22",
        "state": state,
        "seats_at_least": seats_at_least,
        "products": [],
        "consents": [{**text, "sha256": sha256} for text, sha256 in zip(texts, hashes, strict=True)]
        if hashes
        else texts,
    }


def waiting() -> dict[str, Any]:
    """A place in the queue, as GET /me/coverages tells of it."""
    return {
        "product": "nef-accident",
        "product_name": "专项意外伤害互助保障",
        "state": "waiting",
        "campaign": "union-pays-nef",
        "waiting_number": 12,
    }


def joined() -> dict[str, Any]:
    return {
        "state": "in_force_from",
        "person": {"name_masked": "张*"},
        "certificates": [
            {
                "number": NUMBER,
                "check": CHECK,
                "product": "nef-accident",
                "product_name": "专项意外伤害互助保障",
                "effective_from": "2026-11-23",
                "effective_to": "2027-11-22",
                "starts": STARTS,
                "already": False,
            }
        ],
        "waiting": None,
    }


def certificate(state: str) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "state": state,
        "name_masked": "张*",
        "product": "nef-accident",
        "product_name": "专项意外伤害互助保障",
        "from": "2026-11-23",
        "to": "2027-11-22",
        "terms_version": "2026-1",
        "terms_sha256": "5f" * 32,
        "sponsor": "行业工会联合会",
        "starts": STARTS,
    }


def cover(state: str) -> dict[str, Any]:
    given = certificate(state)
    number = given.pop("number")
    if state == "in_force":
        given["starts"] = [{**STARTS[0], "from": "2026-11-01", "full_from": "2026-11-01"}]
    return {
        **given,
        "certificate_number": number,
        "check": CHECK,
        "campaign": "union-pays-nef",
        "qr_path": {"size": 41, "d": "M4 4h7v1h-7zM12 4h3v1h-3z"},
    }
