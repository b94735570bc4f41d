"""The rest of what can be pressed, on a phone of 2018; and that nothing on the site was left out."""

from __future__ import annotations

from pathlib import Path

from chalicelib.access.service import sign_in as identity
from chalicelib.kernel import Masked, System
from chalicelib.notify import service as notify
from chalicelib.people import service as people
from chalicelib.platform import cipher, ids
from chalicelib.platform.work import Work
from infra import demo
from infra.paths import BUILD
from infra.people import demo_person
from infra.stack import Stack
from tests.browser.test_join_journey import code_from_sms
from tests.proof.old_engines.engines import Engine
from tests.proof.old_engines.phone import WIDTH, Phone
from tests.site.html import pages_of, read_html

PICTURES = BUILD / "screenshots"


def test_everything_that_can_be_pressed_is_pressed_here(site_dir: Path) -> None:
    """By its id, or that of the form or part of the page it stands in; the search has its field's alone."""
    tried = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    found = set()
    for file in pages_of(site_dir):
        around = ""
        for each in read_html(file).elements:
            own = each.attributes.get("id", "")
            if each.tag in {"section", "form"} or (each.tag == "input" and not around):
                around = own or around
            if each.tag == "button":
                found.add(own or around)
    assert len(found) > 15
    assert {each for each in found if f"#{each}" not in tried} == set()


def test_large_text_grows_everything_and_is_remembered(phone: Phone, engine: Engine) -> None:
    def size() -> float:
        return float(phone.js("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"))

    phone.open("/services/suggest/")
    small = size()
    phone.tap("#large")
    assert size() == 1.5 * small
    assert phone.js("document.getElementById('large').getAttribute('aria-pressed')") == "true"
    assert phone.js("document.documentElement.scrollWidth") <= WIDTH
    phone.picture(PICTURES / f"chromium-{engine.major}-16-suggest-large.png")
    phone.open("/products/comprehensive/#estimate")
    phone.until_seen("#f-exclusions")
    assert phone.js("document.documentElement.hasAttribute('data-large')")
    assert phone.js("document.documentElement.scrollWidth") <= WIDTH
    phone.picture(PICTURES / f"chromium-{engine.major}-16-estimate-large.png")
    phone.tap("#large")
    phone.open("/services/suggest/")
    assert size() == small
    assert phone.js("document.getElementById('large').getAttribute('aria-pressed')") == "false"


def test_a_pair_nobody_issued_is_not_found_and_what_is_missing_is_named(phone: Phone) -> None:
    phone.open("/services/verify/")
    phone.tap("#verify-form button")
    assert phone.text("#number-error")
    assert phone.text("#check-error")
    phone.fill("#number", "HZ999999999991")
    phone.fill("#check", "ABCD2345")
    phone.tap("#verify-form button")
    phone.until_seen("[data-state=unknown]")
    assert phone.value("#number") == "HZ999999999991"


def test_a_wrong_address_leads_to_the_search_and_more_results_come_when_asked_for(phone: Phone) -> None:
    phone.open("/404.html")
    phone.fill(".find input", "工会")
    phone.leaving_by(lambda: phone.tap(".find button"))
    phone.until_seen("#found li")
    assert phone.value("#q") == "工会"
    phone.until_seen("#more")
    phone.until(  # what is in sight gets its text, and pushes the rest out of it
        "scrollTo(0, document.body.scrollHeight), [].every.call("
        "document.querySelectorAll('#found li'), function (li) { return li.children[1]; })"
    )
    before = phone.js("document.querySelectorAll('#found li').length")
    phone.tap("#more")
    assert phone.js("document.querySelectorAll('#found li').length") > before


def test_the_rest_of_the_form_is_asked_for_once_more(
    phone: Phone, engine: Engine, on_tls_stack: Stack
) -> None:
    """When it did not come by itself, over every try."""
    person = demo_person(722_000 + engine.major)
    phone.open(f"/services/join/{demo.CAMPAIGN}/")
    rest = phone.js("document.getElementById('join').getAttribute('data-rest')")
    phone.js("document.getElementById('join').setAttribute('data-rest', '/js/none.js')")
    phone.fill("#mobile", person.mobile)
    phone.tap("#mobile-form button")
    phone.until_seen("#code")
    phone.fill("#code", code_from_sms(on_tls_stack.sms_file, person.mobile))
    phone.tap("#code-form button")
    phone.until_seen("#once-more")
    assert "网络不通" in phone.text("[data-panel=wait] .summary")
    phone.picture(PICTURES / f"chromium-{engine.major}-17-once-more.png")
    phone.js(f"document.getElementById('join').setAttribute('data-rest', '{rest}')")
    phone.tap("#once-more")
    phone.until_seen("#exclusions-form")
    phone.wrong[:] = [each for each in phone.wrong if "/js/none.js" not in each]


def test_another_number_can_be_given_and_older_messages_are_read(
    phone: Phone, engine: Engine, on_tls_stack: Stack
) -> None:
    """By a rider who was sent a page of messages and one more."""
    person, other = demo_person(720_000 + engine.major), demo_person(721_000 + engine.major)
    mobile = Masked(person.mobile)
    demo.join(identity.open_session_for(mobile), demo.application(person), ids.new_id())
    owner = people.person_of(cipher.blind_indexes("mobile", mobile))
    for _ in range(21):
        work, said = Work(System()), {"products": "专项意外伤害互助保障", "number": "1"}
        work.add(notify.sms_writes(work, "waiting", mobile, said, recipient=owner, dedup_id=ids.new_id()))
        work.commit()
    phone.open("/services/my/")
    phone.fill("#mobile", other.mobile)
    phone.tap("#mobile-form button")
    phone.until_seen("#code")
    assert phone.js("document.getElementById('again').disabled")
    assert "秒后" in phone.text("#again")
    phone.tap("#other-mobile")
    phone.until_seen("#mobile")
    phone.fill("#mobile", person.mobile)
    phone.tap("#mobile-form button")
    phone.until_seen("#code")
    phone.fill("#code", code_from_sms(on_tls_stack.sms_file, person.mobile))
    phone.tap("#code-form button")
    phone.until_seen("#older")
    read = phone.js("document.querySelectorAll('#inbox li').length")
    phone.tap("#older")
    phone.until(f"document.querySelectorAll('#inbox li').length > {read}")
    phone.tap("#sign-out")
    phone.until_seen("#mobile")
