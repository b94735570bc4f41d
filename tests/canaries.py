"""Made-up personal data that must never be seen outside a sealed field, and a detector of its disguises."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

from infra.people import demo_person

_person = demo_person(4_242_424)
CANARIES = {
    "id_number": _person.id_number,
    "mobile": _person.mobile,
    "name": "卡纳丽金丝雀",
    "card": "6222029900004242424",
    "token": "cAnArY-tOkEn_9f8e7d6c5b4a39281706f5e4d3c2b1a0x",
}
ALL = " ".join(CANARIES.values())


def forms(canary: str) -> set[str]:
    """The canary as it may turn up: raw, url-encoded, base64 at any alignment, JSON-escaped, hex, grouped."""
    raw = canary.encode()
    found = {
        canary,
        canary.lower(),
        quote(canary, safe=""),
        quote_plus(canary),
        quote(canary, safe="").lower(),
    }
    found |= {json.dumps(canary).strip('"'), raw.hex(), repr(raw)[2:-1]}
    for shift in range(3):
        # Only the characters that do not depend on what stands before or after the canary.
        text = base64.b64encode(b"\0" * shift + raw).decode()
        inner = text[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    if canary[:-1].isdigit():
        for mark in (" ", "-", "\u00a0"):
            found.add(mark.join((canary[:3], canary[3:7], canary[7:])))
            found.add(mark.join((canary[:6], canary[6:14], canary[14:])))
            found.add(mark.join(canary[n : n + 4] for n in range(0, len(canary), 4)))
    return found


def seen_in(text: str) -> list[str]:
    """Names of the canaries that can be seen in `text`, in any form."""
    return [name for name, canary in CANARIES.items() if any(form in text for form in forms(canary))]
