"""The certificate and its check on paper and on small screens: one sheet of A4, no wider than a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.site.fake_api import CHECK, NUMBER, FakeApi, certificate, cover

LONG = {
    "product_name": "新就业形态劳动者专项意外伤害互助保障活动" * 2,
    "sponsor": "河南省濮阳市清丰县总工会新就业形态劳动者工会联合会" * 2,
    "name_masked": "买**",
}
LARGE = "localStorage.setItem('large', '1')"


def opened(page: Page, origin: str, address: str, shown: str, state: str = "in_force") -> None:
    api = FakeApi(signed_in=True)
    api.answers["GET", f"/certificates/{NUMBER}"] = lambda call: (200, {**certificate(state), **LONG})
    api.answers["GET", "/me/coverages"] = lambda call: (200, mine())
    api.attach(page)
    page.goto(f"{origin}{address}#{NUMBER}.{CHECK}")
    page.wait_for_selector(f"{shown}:visible")


def mine() -> dict[str, Any]:
    return {
        "today": "2026-11-22",
        "covered_today": True,
        "items": [{**cover("in_force"), **LONG}],
        "next": None,
    }


def leaves(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("way", ["", "large", "dark"])
def test_a_certificate_prints_on_one_sheet_of_a4(browser: Browser, origin: str, way: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme="dark" if way == "dark" else "light"
    )
    page = context.new_page()
    if way == "large":
        page.add_init_script(LARGE)
    opened(page, origin, "/services/certificate/", "#qr-box")
    pdf = page.pdf(prefer_css_page_size=True)
    context.close()
    size = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert size, "no page in it"
    assert [round(float(each) / 72 * 25.4) for each in size.groups()] == [210, 297]
    assert leaves(pdf) == 1


def test_a_page_of_two_sheets_is_counted_as_two(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p>一</p><p style='break-before: page'>二</p>")
    assert leaves(page.pdf()) == 2
    page.close()


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/services/certificate/", "#qr-box"),
        ("/services/verify/", "[data-state=in_force]"),
        ("/services/verify/", "[data-state=withdrawn]"),
    ],
)
def test_nothing_is_wider_than_a_phone_of_320(
    browser: Browser, origin: str, address: str, shown: str, large: bool
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    if large:
        page.add_init_script(LARGE)
    opened(page, origin, address, shown, "withdrawn" if "withdrawn" in shown else "in_force")
    assert large == page.evaluate("document.getElementById('large').getAttribute('aria-pressed') === 'true'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = page.evaluate(
        """() => [].filter.call(document.querySelectorAll('main *'), node => {
            const box = node.getBoundingClientRect();
            return box.width && box.right > 320.5;
        }).map(node => node.outerHTML.slice(0, 80))"""
    )
    assert not wide
    page.close()


def test_the_public_answer_says_to_look_at_the_person(phone: Page, origin: str) -> None:
    opened(phone, origin, "/services/verify/", "[data-state=in_force]")
    assert "身份证" in phone.inner_text("[data-state=in_force]")
    assert "姓名" in phone.inner_text("[data-state=in_force]")


@pytest.mark.parametrize("address", ["/services/verify/", "/services/certificate/"])
def test_a_number_copied_wrongly_is_told_before_anybody_is_asked(
    phone: Page, origin: str, address: str
) -> None:
    api = FakeApi()
    api.attach(phone)
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    phone.goto(f"{origin}{address}#{wrong}.{CHECK}")
    place = "#number-error" if "verify" in address else "#failed-detail"
    phone.wait_for_selector(f"{place}:has-text('抄错了')")
    assert phone.locator("[data-state]:visible").count() == 0
    assert api.calls == []
