"""News: the list newest first, the feed, and what a wrong front matter is told."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.site.building import ROOT, BuildFailed, build_site
from tests.site.html import read_html

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = "http://127.0.0.1:8000/"
ITEM = """---
type: news
title: 一条消息
description: 这是一条只在测试里的消息，看它排在哪里。
date: {date}
kind: {kind}
{more}---

正文。
"""


def with_news(target: Path, **values: str) -> Path:
    content = target / "content"
    shutil.copytree(ROOT / "content", content)
    text = ITEM.format(**({"date": "2031-05-06", "kind": "news", "more": ""} | values))
    (content / "news/later.md").write_text(text, "utf-8")
    return content


def test_the_newest_stands_first(tmp_path: Path) -> None:
    site = build_site(tmp_path / "out", with_news(tmp_path))
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


def test_two_builds_give_the_same_feed_and_map(site_dir: Path, tmp_path: Path) -> None:
    again = build_site(tmp_path)
    for name in ("feed.xml", "sitemap.xml", "llms.txt", "robots.txt"):
        assert (again / name).read_bytes() == (site_dir / name).read_bytes(), name


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"date": "2031-13-01"}, r"news/later\.md:5: date: month"),
        ({"date": "tomorrow"}, r"news/later\.md:5: date"),
        ({"kind": "rumour"}, r"news/later\.md:6: kind: .*rumour"),
        ({"more": "campaign: no-such\n"}, r"news/later\.md:7: campaign: there is no campaign `no-such`"),
        ({"more": "author: me\n"}, r"news/later\.md:7: author"),
    ],
)
def test_wrong_front_matter_stops_the_build(tmp_path: Path, values: dict[str, str], told: str) -> None:
    with pytest.raises(BuildFailed, match=told):
        build_site(tmp_path / "out", with_news(tmp_path, **values))
