# ruff: noqa: F811  -- fixtures are imported by name and asked for by name
"""P34 The static site cannot be turned: its pages run and load nothing but what we built."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from infra.headers import LONGEST_POLICY_BYTES, page_headers, security_headers
from tests.site.conftest import origin  # noqa: F401  -- fixture
from tests.site.html import pages_of, read_html, url_of
from tests.site.test_look import URLS

LOADING = {
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "xlink:href",
    "ping",
}
OWN = re.compile(r"(?:/(?!/)|\.{0,2}/|#|\?|[a-z0-9][a-z0-9._/-]*(?:[#?]|$))", re.IGNORECASE)
ALLOWED = re.compile(r"tel:\d+$|data:image/svg\+xml,")


LED_TO = {"flk.npc.gov.cn", "www.gov.cn", "www.acftu.org"}  # a cited law must be linkable
ADDRESS = "http://127.0.0.1:8000/"  # of mkdocs.yml, where SITE_URL says nothing else


def is_address(link: dict[str, str]) -> bool:
    """A page's own absolute address, for search engines; no browser asks for it."""
    return link.get("rel") == "canonical" or "itemprop" in link


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split("; "))}


def sha(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_the_policy_lists_exactly_the_styles_the_pages_inline(site_dir: Path) -> None:
    inlined = {sha(style.text) for file in pages_of(site_dir) for style in read_html(file).all("style")}
    listed = directives(page_headers(site_dir)["Content-Security-Policy"])["style-src"]
    assert inlined == set(listed)
    assert len(listed) == len(set(listed)) <= 6


def test_no_page_has_an_inline_script(site_dir: Path) -> None:
    for file in pages_of(site_dir):
        for script in read_html(file).all("script"):
            assert script.attributes.get("src", "").startswith("/js/"), url_of(site_dir, file)
            assert not script.text.strip(), url_of(site_dir, file)
    assert directives(page_headers(site_dir)["Content-Security-Policy"])["script-src"] == ["'self'"]


def test_no_page_names_another_host(site_dir: Path) -> None:
    for file in pages_of(site_dir):
        for element in read_html(file).elements:
            for name in LOADING & element.attributes.keys():
                value = element.attributes[name]
                if element.tag == "link" and is_address(element.attributes):
                    assert value.startswith(ADDRESS) or OWN.match(value), (url_of(site_dir, file), value)
                    continue
                if element.tag == "a" and name == "href" and value.startswith("https://"):
                    assert urlsplit(value).hostname in LED_TO, (url_of(site_dir, file), value)
                    continue
                assert OWN.match(value) or ALLOWED.match(value), (url_of(site_dir, file), element.tag, value)


def test_no_page_has_a_handler_or_a_style_attribute(site_dir: Path) -> None:
    for file in pages_of(site_dir):
        for element in read_html(file).elements:
            wrong = [name for name in element.attributes if name.startswith("on") or name == "style"]
            assert not wrong, (url_of(site_dir, file), element.tag, wrong)
            assert element.tag not in {"iframe", "object", "embed", "base", "frame"}, url_of(site_dir, file)


def test_scripts_make_no_markup_and_no_code_from_text(site_dir: Path) -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.srcdoc|https?://(?!www\.w3\.org/2000/svg)"
    )
    scripts = list((site_dir / "js").glob("*.js"))
    assert scripts
    for script in scripts:
        assert not forbidden.search(script.read_text("utf-8")), script.name


def test_every_header_is_there(site_dir: Path) -> None:
    given = page_headers(site_dir)
    policy = directives(given.pop("Content-Security-Policy"))
    assert policy.pop("style-src")
    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    assert given == {
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    }


def test_the_built_headers_file_says_the_same(site_dir: Path) -> None:
    written = json.loads((site_dir.parent / "site-headers.json").read_text("utf-8"))
    assert written["headers"] == page_headers(site_dir)
    assert security_headers("", written["style_hashes"], written["script_hashes"]) == written["headers"]


def test_only_the_upload_origin_widens_the_policy(site_dir: Path) -> None:
    policy = directives(page_headers(site_dir, "https://photos.example")["Content-Security-Policy"])
    assert policy["connect-src"] == ["'self'", "https://photos.example"]


def test_a_policy_that_grows_too_long_stops_the_build() -> None:
    hashes = ["sha256-" + "A" * 43 + "="] * (LONGEST_POLICY_BYTES // 50)
    with pytest.raises(ValueError, match="fewer distinct stylesheets"):
        security_headers("", hashes)


def test_no_page_asks_another_host_for_anything(origin: str, browser: Browser) -> None:
    """Their scripts included: a page of each kind in a browser. What stands in every page is read above."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for url in URLS:
        page.goto(origin + url)
    page.close()
    foreign = [url for url in asked if not url.startswith((origin + "/", "data:"))]
    assert len(asked) > len(URLS)
    assert foreign == []


INJECTIONS = {
    "an inline script": "<script>window.turned = true</script>",
    "a handler": '<img src="/nothing.png" onerror="window.turned = true">',
    "a script link": '<a id="bait" href="javascript:window.turned=true">x</a>',
    "a script of another host": '<script src="https://other.example/x.js"></script>',
}


@pytest.mark.parametrize("what", INJECTIONS)
def test_a_page_changed_on_its_way_runs_nothing(what: str, origin: str, browser: Browser) -> None:
    page = browser.new_page()

    def turn(route: Route) -> None:
        sent = route.fetch()
        turned = sent.text().replace("<main", INJECTIONS[what] + "<main", 1)
        assert turned != sent.text()
        route.fulfill(response=sent, body=turned)  # with the headers of the page as it was sent

    page.route(origin + "/", turn)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(origin + "/")
    if page.query_selector("#bait"):
        page.click("#bait")
    page.wait_for_timeout(100)
    assert page.evaluate("window.turned") is None
    assert any("Content Security Policy" in text for text in refused), refused
    page.close()
