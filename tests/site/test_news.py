"""News: the list newest first, the feed, and what a wrong front matter is told."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from publishing import compiler
from publishing.source import ContentError
from tests.site.altered_site import NEWS, Altered
from tests.site.building import ROOT
from tests.site.html import read_html

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = "http://127.0.0.1:8000/"


def test_the_newest_stands_first(altered: Altered) -> None:
    site = altered.site
    page = read_html(site / "news/index.html")
    links = [e.attributes["href"] for e in page.all("a") if e.attributes.get("class") == "tile"]
    assert links[0] == "/news/later/"
    assert len(links) == len(set(links)) == len(list((ROOT / "content/news").glob("*.md"))) + 1
    assert "2031年5月6日" in (site / "news/later/index.html").read_text("utf-8")
    feed = ET.fromstring((site / "feed.xml").read_text("utf-8"))
    assert feed.findtext("a:updated", namespaces=ATOM) == "2031-05-06T00:00:00+08:00"
    assert "<lastmod>2031-05-06</lastmod>" in (site / "sitemap.xml").read_text("utf-8")


def test_the_feed_holds_news_and_campaigns_each_with_a_page(site_dir: Path) -> None:
    feed = ET.fromstring((site_dir / "feed.xml").read_text("utf-8"))
    ids = [each.text or "" for each in feed.findall("a:entry/a:id", ATOM)]
    updated = [each.text or "" for each in feed.findall("a:entry/a:updated", ATOM)]
    assert len(ids) == len(set(ids)) == len(updated)
    assert ADDRESS + "campaigns/union-pays-nef/" in ids
    assert ADDRESS + "news/2026-11-faq/" in ids
    for each in ids:
        assert (site_dir / each.removeprefix(ADDRESS) / "index.html").is_file(), each
    assert updated == sorted(updated, reverse=True)
    assert all(date.fromisoformat(each[:10]) and each.endswith("T00:00:00+08:00") for each in updated)
    own = [each.attrib["href"] for each in feed.findall("a:link[@rel='self']", ATOM)]
    assert own == [ADDRESS + "feed.xml"]


@pytest.mark.parametrize(
    ("instead", "written", "told"),
    [
        ("date: 2031-05-06", "date: 2031-13-01", r"news/later\.md:5: date: month"),
        ("date: 2031-05-06", "date: tomorrow", r"news/later\.md:5: date"),
        ("kind: news", "kind: rumour", r"news/later\.md:6: kind: .*rumour"),
        (
            "kind: news",
            "kind: news\ncampaign: no-such",
            r"news/later\.md:7: campaign: there is no campaign `no-such`",
        ),
        ("kind: news", "kind: news\nauthor: me", r"news/later\.md:7: author"),
    ],
)
def test_wrong_front_matter_stops_the_build(tmp_path: Path, instead: str, written: str, told: str) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    assert instead in NEWS
    (content / "news/later.md").write_text(NEWS.replace(instead, written), "utf-8")
    with pytest.raises(ContentError, match=told):
        compiler.compile_content(content)
