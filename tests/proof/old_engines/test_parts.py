"""The parts every form is built from, on a phone of 2018: wrong, put right, read back, back and forth."""

from __future__ import annotations

from datetime import date

from infra.paths import BUILD
from tests.proof.old_engines.engines import Engine
from tests.proof.old_engines.phone import WIDTH, Phone
from tests.site.test_scripts import number_of

PICTURES = BUILD / "screenshots"
ID_NUMBER = number_of(date(1995, 5, 5))


def test_every_part_works(phone: Phone, engine: Engine) -> None:
    phone.open("/services/parts/")
    phone.tap("#fields-form [type=submit]")
    for field in ("name", "id_number", "hospital", "cause", "total", "happened_on"):
        assert phone.text(f"[data-error={field}]").startswith("请"), field
    assert phone.js("document.documentElement.scrollWidth") <= WIDTH
    phone.picture(PICTURES / f"chromium-{engine.major}-18-parts.png")
    phone.fill("#name", "张三")
    phone.fill("#id-number", ID_NUMBER)
    phone.choose("#hospital", "third")
    phone.tap("label[for=cause-fall]")
    phone.fill("#total", "１，234.5")
    phone.js("document.getElementById('happened-on').value = '2026-11-20'")
    phone.tap("#fields-form [type=submit]")
    phone.until_seen("#answers-form")
    for read in (
        "张三",
        f"{ID_NUMBER[:6]} {ID_NUMBER[6:10]}",
        "三级",
        "摔倒",
        "1,234.50元",
        "2026年11月20日",
    ):
        assert read in phone.text("#answers")
    phone.js("history.back()")
    phone.until_seen("#fields-form")
    phone.js("history.forward()")
    phone.until_seen("#answers-form")
    phone.tap("#answers-form [type=submit]")
    phone.until_seen("#consents-form")
    phone.tap("#consents-form [type=submit]")
    assert "还没有回答" in phone.text("#consent-1-error")
    phone.picture(PICTURES / f"chromium-{engine.major}-18-parts-consent.png")
