"""The /api of a browser test, answered in the browser's own network layer: no port, no store.

It only repeats the contract's shapes so that the pages' scripts can be driven into every corner; the real
journey on the real stack is tests/browser's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from altcha import v1
from playwright.sync_api import Page, Route

from chalicelib.coverage.rules import numbers

HMAC_KEY = "only-for-this-test"
NUMBER, CHECK = numbers.number("20261122334"), "K7M2P9QX"
SIGNED_IN = "localStorage.setItem('huzhu-signed-in', 'yes')"


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
    """`answers[(method, path)]` overrides: a function of the call giving (status, body) or None to abort."""

    signed_in: bool = False
    calls: list[Call] = field(default_factory=list)
    answers: dict[tuple[str, str], Callable[[Call], tuple[int, Any] | None]] = field(default_factory=dict)
    max_number: int = 2000

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
                    "covered_today": True,
                    "items": [cover("in_force")],
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
                return refusal(404, "campaigns.unknown", "没有这个活动。")
            case "GET", path if path.startswith("/certificates/"):
                return 200, certificate("in_force")
        return SIGNED_OUT


def campaign_today(state: str, hashes: list[str]) -> dict[str, Any]:
    """What holds of a campaign on the server's day; `hashes` are of the texts to agree to."""
    texts = [
        {"scope": f"scope-{n}", "version": "2026-1", "sha256": sha256} for n, sha256 in enumerate(hashes)
    ]
    window = {"first": "2026-01-01", "last": "2027-12-31"}
    return {
        "code": "union-pays-nef",
        "today": "2026-11-22",
        "state": state,
        "window": window,
        "consents": texts,
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
    }


def cover(state: str) -> dict[str, Any]:
    given = certificate(state)
    number = given.pop("number")
    return {
        **given,
        "certificate_number": number,
        "check": CHECK,
        "campaign": "union-pays-nef",
        "qr_path": {"size": 41, "d": "M4 4h7v1h-7zM12 4h3v1h-3z"},
    }
