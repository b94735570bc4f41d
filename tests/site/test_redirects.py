"""A page that moved: the old address leads to the new one, and never hides a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError
from playwright.sync_api import Browser

from chalicelib.platform import clock
from publishing import compiler
from sitebuild.built import Built
from sitebuild.output.redirects import redirects
from tests.site.altered_site import MOVED, Altered
from tests.site.building import ROOT
from tests.site.html import read_html

ADDRESS = "http://127.0.0.1:8000/"


def moved(target: Path, *old: str, also: str = "") -> Path:
    """The content with /guide/photo/ reached from `old`, and /guide/join/ from `also`."""
    content = target / "content"
    shutil.copytree(ROOT / "content", content)
    for name, addresses in (("photo", list(old)), ("join", [also] if also else [])):
        file = content / f"guide/{name}.md"
        if addresses:
            text = file.read_text("utf-8").replace("order:", f"moved_from: {addresses}\norder:", 1)
            file.write_text(text, "utf-8")
    return content


def test_the_old_address_leads_to_the_new_one(
    altered: Altered, altered_origin: str, browser: Browser
) -> None:
    for old in MOVED:
        page = read_html(altered.site / old / "index.html")
        metas = {
            each.attributes.get("http-equiv", each.attributes.get("name", "")): each
            for each in page.all("meta")
        }
        assert metas["refresh"].attributes["content"] == "0; url=/guide/photo/"
        assert metas["robots"].attributes["content"] == "noindex"
        assert [each.attributes["href"] for each in page.all("a")] == ["/guide/photo/"]
        assert [each.attributes["href"] for each in page.all("link")] == ["/guide/photo/"]
        assert "8000/photo-guide/" not in (altered.site / "sitemap.xml").read_text("utf-8")
    view = browser.new_page()
    view.goto(altered_origin + "/photo-guide/")
    view.wait_for_url(altered_origin + "/guide/photo/")
    assert view.text_content("h1") == "怎样拍材料"
    view.close()


@pytest.mark.parametrize(
    ("old", "also", "told"),
    [
        (["guide/join/"], "", r"guide/photo\.md:\d+: moved_from\[0\]: there is a page at /guide/join/"),
        (["guide/photo/"], "", r"guide/photo\.md:\d+: moved_from\[0\]: there is a page"),
        (["old/", "/absolute/"], "", r"guide/photo\.md:\d+: moved_from\[1\]: `/absolute/` is no old address"),
        (["../out/"], "", r"is no old address"),
        (["no-slash"], "", r"is no old address"),
        (["old/"], "old/", r"guide/photo\.md:\d+: moved_from\[0\]: `old/` already leads to guide/join\.md"),
    ],
)
def test_a_redirect_that_cannot_be_stops_the_build(
    tmp_path: Path, old: list[str], also: str, told: str
) -> None:
    content = moved(tmp_path, *old, also=also)
    pages = {"guide/photo/index.html": "", "guide/join/index.html": ""}
    made = compiler.compile_content(content)
    with pytest.raises(PluginError, match=told):
        redirects(Built(made, clock.today(), ADDRESS, pages))
