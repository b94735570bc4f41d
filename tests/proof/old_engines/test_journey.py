"""What a rider on a phone of 2018 needs: every page opens, joining works, typed words come back.

In real old Chromium builds, over TLS, on the real local stack. Pictures are left in build/screenshots.
"""

from __future__ import annotations

import json
from pathlib import Path

from infra.demo import CAMPAIGN
from infra.paths import BUILD
from infra.people import DemoPerson, demo_person
from infra.stack import Stack
from tests.browser.test_join_journey import code_from_sms
from tests.proof.old_engines.engines import ENGINES, Engine
from tests.proof.old_engines.phone import WIDTH, Phone
from tests.site.html import is_redirect, pages_of, read_html, url_of
from tests.site.test_look import SHOW_ALL, URLS

OLDEST = min(each.major for each in ENGINES)
PICTURES = BUILD / "screenshots"
JOIN = f"/services/join/{CAMPAIGN}/"


def test_it_is_the_engine_it_says(phone: Phone, engine: Engine) -> None:
    assert f"Chrome/{engine.major}." in phone.js("navigator.userAgent")


def test_what_goes_wrong_in_a_page_is_noticed(phone: Phone) -> None:
    phone.open("/services/verify/")
    phone.js("setTimeout(function () { window.done = true; noSuchFunction(); }, 0)")
    phone.js("document.body.appendChild(document.createElement('script')).textContent = 'inline()'")
    phone.until("window.done")
    seen = "\n".join(phone.wrong)
    phone.wrong.clear()
    assert "noSuchFunction is not defined" in seen
    assert "Content Security Policy" in seen


def test_every_page_opens_without_a_script_error_and_fits(
    phone: Phone, engine: Engine, site_dir: Path
) -> None:
    """Every page in the oldest engine; in the others one of each type."""
    stays = [file for file in pages_of(site_dir) if not is_redirect(read_html(file))]
    paths = [url_of(site_dir, file) for file in stays]
    if engine.major > OLDEST:
        paths = [path for path in paths if path in URLS]
    assert len(paths) > 20
    for path in paths:
        phone.open(path)
        assert phone.js("document.querySelectorAll('h1').length") == 1, path
        assert phone.wrong == [], path
        if path in URLS and engine.major == OLDEST:  # a picture takes ten times as long as the page
            name = path.strip("/").removesuffix(".html").replace("/", "-") or "home"
            phone.picture(PICTURES / f"chromium-{engine.major}-page-{name}.png")
        phone.js(SHOW_ALL)
        assert phone.js("document.documentElement.scrollWidth") <= WIDTH, path


def acknowledge(phone: Phone) -> None:
    """Every exclusion, one by one."""
    for each in phone.js(
        "[].map.call(document.querySelectorAll('[data-exclusion]'), function (box) { return box.id; })"
    ):
        phone.tap(f"#{each}")
    phone.tap("#exclusions-form button[type=submit]")
    phone.until_seen("#name")


def fill_in(phone: Phone, person: DemoPerson) -> None:
    phone.fill("#name", person.name)
    phone.fill("#id-number", person.id_number)
    phone.choose("#occupation-group", "food_delivery_worker")
    phone.fill("#platform", "同城配送")
    phone.choose("#district", "qingfeng")


def test_one_joins_sees_the_cover_and_somebody_verifies_it(
    phone: Phone, engine: Engine, tls_stack: Stack
) -> None:
    person = demo_person(710_000 + engine.major)

    def shot(name: str) -> None:
        phone.picture(PICTURES / f"chromium-{engine.major}-{name}.png")

    phone.open(f"/campaigns/{CAMPAIGN}/")
    shot("01-landing")
    phone.tap("#join")
    phone.until_seen("#mobile")
    phone.fill("#mobile", person.mobile)
    shot("02-mobile")
    phone.tap("#mobile-form button[type=submit]")
    phone.until_seen("#code")
    phone.fill("#code", code_from_sms(tls_stack.sms_file, person.mobile))
    shot("03-code")
    phone.tap("#code-form button[type=submit]")
    phone.until_seen("#exclusions-form")
    (cookie,) = phone.cookies()
    assert cookie["name"] == "__Host-huzhu"
    assert cookie["secure"]
    assert cookie["httpOnly"]

    shot("04-exclusions")
    acknowledge(phone)
    fill_in(phone, person)
    phone.reload()
    phone.until_seen("#name")
    phone.leaving_by(lambda: phone.tap("#start-over"))
    phone.until_seen("#exclusions-form")
    assert phone.value("#name") == ""
    acknowledge(phone)
    fill_in(phone, person)
    shot("05-person")

    phone.reload()
    phone.until_seen("#name")
    assert phone.value("#name") == person.name
    assert phone.value("#id-number") == person.id_number
    assert phone.value("#platform") == "同城配送"
    assert phone.value("#district") == "qingfeng"
    assert person.id_number not in phone.js("JSON.stringify(localStorage)")
    phone.tap("#person-form button[type=submit]")
    phone.until_seen("#answers-form")
    shot("06-answers")
    for step in ("person", "exclusions"):
        phone.js("history.back()")
        phone.until_seen(f"#{step}-form")
    for step in ("person", "answers"):
        phone.js("history.forward()")
        phone.until_seen(f"#{step}-form")
    phone.tap("#answers-form .back")
    phone.until_seen("#person-form")
    phone.tap("#person-form button[type=submit]")
    phone.until_seen("#answers-form")
    assert phone.value("#id-number") == person.id_number
    phone.tap("#answers-form button[type=submit]")
    phone.until_seen("#consents-form")
    for each in phone.js(
        "[].map.call(document.querySelectorAll('input[value=agree]'), function (box) { return box.id; })"
    ):
        phone.tap(f"#{each}")
    shot("06-consents")
    phone.tap("#submit")
    phone.until_seen("[data-panel=joined]")
    shot("07-joined")
    number, check = phone.text("#certificate-number"), phone.text("#certificate-check")

    phone.tap("#certificate-link")
    phone.until_seen("#qr-box path, #qr path")
    shot("08-certificate")
    phone.js("window.print = function () { window.printed = true; }")
    phone.tap("#print")
    phone.until("window.printed")
    phone.open("/services/my/")
    phone.until_seen("[data-panel=covers]")
    phone.until("document.querySelectorAll('#inbox li').length > 0")
    assert number in phone.text("#covers")
    shot("09-my-cover")
    phone.tap("#sign-out")
    phone.until_seen("#mobile")
    assert phone.cookies() == []

    phone.open("/services/verify/")
    phone.fill("#number", number)
    phone.fill("#check", check)
    phone.tap("#verify-form button[type=submit]")
    phone.until_seen("[data-state=not_yet]")
    assert person.name[0] + "**" in phone.text("[data-state=not_yet]")
    assert person.name not in phone.js("document.documentElement.outerHTML")
    shot("10-verified")


def test_the_anonymous_check_answers_and_names_what_is_missing(phone: Phone) -> None:
    phone.open("/services/join/")
    phone.tap("#check-form button")
    assert phone.text("#occupation_group-error")
    for field in json.loads(
        phone.js(
            "JSON.stringify([].map.call(document.querySelectorAll('#check-form select'),"
            " function (each) { return [each.id, each.options[2].value]; }))"
        )
    ):
        phone.choose(f"#{field[0]}", field[1])
    chosen = phone.value("#occupation-group")
    phone.tap("#check-form button")
    phone.until_seen("#results article")
    phone.tap("#check-again")
    phone.until_seen("#check-form")
    assert not phone.seen("#results")
    assert phone.value("#occupation-group") == chosen
