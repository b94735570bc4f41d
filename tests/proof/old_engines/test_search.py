"""Searching on a phone of 2018: the newest things its script may use are the oldest engine's own."""

from __future__ import annotations

import pytest

from tests.proof.old_engines.phone import Phone

ASKED = {
    "猝死": "/faq/cover/#sudden-death",
    "电动车没上牌赔不赔": "/faq/cover/#ebike",
    "狗": "/faq/cover/#dog",
    "ＡＰＰ": "",
}


@pytest.mark.parametrize(("query", "expected"), ASKED.items())
def test_an_old_engine_finds_and_marks(phone: Phone, query: str, expected: str) -> None:
    phone.open("/search/")
    phone.fill("#q", query)
    phone.tap("button[type=submit]")
    phone.until_seen("#found p")
    assert phone.js("document.querySelectorAll('#found mark, #found p').length") > 0
    if expected:
        assert phone.js("document.querySelector('#found a').getAttribute('href')") == expected
    assert phone.wrong == []
