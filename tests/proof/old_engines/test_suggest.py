"""The suggestion box on a phone of 2018: filled in, sent, read by the office; refused with nothing lost."""

from __future__ import annotations

import re

from chalicelib.office import rules, service
from chalicelib.office.model import Suggestion, SuggestionKind
from chalicelib.platform import clock
from chalicelib.platform.work import Work
from infra.demo import OFFICE
from infra.paths import BUILD
from infra.stack import Stack
from tests.proof.old_engines.engines import Engine
from tests.proof.old_engines.phone import WIDTH, Phone

PICTURES = BUILD / "screenshots"
SEND = "#write-form button"
FIELDS = ("kind", "text", "contact")


def said(phone: Phone) -> dict[str, str]:
    return {name: phone.value(f"#{name}") for name in FIELDS}


def errors(phone: Phone) -> dict[str, str]:
    """What stands in red beside the fields, by field."""
    beside = {name: phone.text(f"[data-error={name}]") for name in FIELDS}
    return {name: text for name, text in beside.items() if text}


def read_by_the_office(receipt: str) -> Suggestion:
    (found,) = [each for each in service.read(Work(OFFICE), clock.today()) if each.receipt == receipt]
    return found


def test_it_is_sent_and_the_office_reads_what_was_written(
    phone: Phone, engine: Engine, on_tls_stack: Stack
) -> None:
    phone.open("/guide/claim/")
    phone.leaving_by(lambda: phone.tap("footer a[href='/services/suggest/']"))
    phone.choose("#kind", "correction")
    phone.fill("#text", "驿站的插座不够用，能不能多装几个？")
    phone.fill("#contact", "19900001234")
    phone.picture(PICTURES / f"chromium-{engine.major}-13-suggest.png")
    phone.tap(SEND)
    phone.until_seen("[data-panel=filed]")
    phone.picture(PICTURES / f"chromium-{engine.major}-14-suggest-filed.png")
    assert not phone.seen("#write-form")
    assert phone.js("document.documentElement.scrollWidth") <= WIDTH
    phone.tap("#large")
    phone.picture(PICTURES / f"chromium-{engine.major}-14-suggest-filed-large.png")
    assert phone.js("document.documentElement.scrollWidth") <= WIDTH
    filed = read_by_the_office(phone.text("#receipt"))
    assert re.fullmatch(r"\d{8}-\w{8}", filed.receipt)
    assert filed.kind is SuggestionKind.CORRECTION
    assert filed.text.reveal() == "驿站的插座不够用，能不能多装几个？"
    assert filed.contact.reveal() == "19900001234"
    assert filed.page == "/guide/claim/"


def test_what_is_missing_or_too_long_is_said_beside_its_field_and_nothing_is_lost(
    phone: Phone, engine: Engine
) -> None:
    phone.open("/services/suggest/")
    phone.tap(SEND)
    assert set(errors(phone)) == {"kind", "text"}
    assert phone.js("document.activeElement.id") == "kind"

    long = "腿" * rules.TEXT_MOST + "🛵"
    contact = "19900001234，" * 4
    phone.choose("#kind", "complaint")
    phone.paste("#text", long)
    phone.fill("#contact", contact)
    phone.tap(SEND)
    assert set(errors(phone)) == {"text", "contact"}
    assert f"最多{rules.TEXT_MOST}个字，现在有{rules.TEXT_MOST + 1}个字" in errors(phone)["text"]
    assert f"最多{rules.CONTACT_MOST}个字，现在有{len(contact)}个字" in errors(phone)["contact"]
    assert said(phone) == {"kind": "complaint", "text": long, "contact": contact}
    phone.picture(PICTURES / f"chromium-{engine.major}-15-suggest-errors.png")

    phone.paste("#text", long[1:])
    phone.fill("#contact", "19900001234")
    phone.tap(SEND)
    phone.until_seen("[data-panel=filed]")


def test_what_the_office_refuses_is_said_beside_its_field_and_nothing_is_lost(phone: Phone) -> None:
    phone.open("/services/suggest/")
    phone.choose("#kind", "praise")
    phone.fill("#text", "好")
    phone.fill("#contact", "站长")
    phone.tap(SEND)
    phone.until("document.querySelector('[data-error=text]').textContent")
    assert errors(phone) == {"text": "请写几句话，说说您的建议或遇到的事。"}
    assert said(phone) == {"kind": "praise", "text": "好", "contact": "站长"}
    phone.fill("#text", "好，办得快，谢谢。")
    phone.tap(SEND)
    phone.until_seen("[data-panel=filed]")
    assert phone.text("#receipt")
