"""What others see of a page: previews in chats, search engines, language models."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.site.altered_site import Altered
from tests.site.html import Parsed, is_redirect, pages_of, read_html, url_of

ADDRESS = "http://127.0.0.1:8000/"
PRIVATE = {
    "/404.html",
    "/not-found/",
    "/services/my/",
    "/services/certificate/",
}


def named(page: Parsed, name: str) -> list[str]:
    return [
        each.attributes["content"]
        for each in page.all("meta")
        if name in (each.attributes.get("property"), each.attributes.get("name"))
    ]


def canonical(page: Parsed) -> list[str]:
    return [each.attributes["href"] for each in page.all("link") if each.attributes.get("rel") == "canonical"]


@pytest.fixture(scope="module")
def pages(site_dir: Path) -> dict[str, Parsed]:
    read = {url_of(site_dir, file): read_html(file) for file in pages_of(site_dir)}
    return {url: page for url, page in read.items() if not is_redirect(page)}


def test_every_page_can_be_shown_in_a_chat(pages: dict[str, Parsed], site_dir: Path) -> None:
    for url, page in pages.items():
        for name in ("og:title", "og:description", "og:type", "og:url", "og:image"):
            assert len(named(page, name)) == 1, (url, name)
            assert named(page, name)[0], (url, name)
        assert named(page, "og:description") == named(page, "description"), url
        picture = named(page, "og:image")[0]
        assert re.fullmatch(re.escape(ADDRESS) + r"press/share/[a-z0-9-]+\.png", picture), url
        if (site_dir / "press").is_dir():
            assert (site_dir / picture.removeprefix(ADDRESS)).is_file(), picture
        if named(page, "robots") != ["noindex"]:
            assert named(page, "og:url") == [urljoin(ADDRESS, url)], url
            form = re.fullmatch(r"/services/join/([a-z0-9-]+)/", url)
            leads = f"/campaigns/{form.group(1)}/" if form else url
            assert canonical(page) == [urljoin(ADDRESS, leads)], url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/", "default"),
        ("/campaigns/union-pays-nef/", "union-pays-nef"),
        ("/services/join/union-pays-nef/", "union-pays-nef"),
        ("/products/nef-accident/", "nef-accident"),
        ("/products/nef-accident/terms-2026-1/", "nef-accident"),
        ("/cases/qingfeng/", "default"),
    ],
)
def test_a_preview_shows_the_picture_of_its_own_subject(
    pages: dict[str, Parsed], url: str, code: str
) -> None:
    assert named(pages[url], "og:image") == [f"{ADDRESS}press/share/{code}.png"]


def test_search_engines_are_kept_from_what_is_personal(pages: dict[str, Parsed]) -> None:
    kept = {url for url, page in pages.items() if named(page, "robots") == ["noindex"]}
    assert kept >= PRIVATE
    assert all(url in PRIVATE or url.startswith(("/services/join/", "/campaigns/")) for url in kept)
    assert not kept & {"/services/join/", "/services/join/union-pays-nef/"}
    assert "/campaigns/union-pays-nef/" not in kept


def test_a_campaign_that_is_over_is_no_longer_listed(altered: Altered) -> None:
    page = read_html(altered.site / "campaigns/over-by-now/index.html")
    assert named(page, "robots") == ["noindex"]
    for name in ("sitemap.xml", "llms.txt"):
        listed = (altered.site / name).read_text("utf-8")
        assert "campaigns/over-by-now/" not in listed, name
        assert "campaigns/union-pays-nef/" in listed, name


def test_the_map_lists_exactly_the_pages_that_may_be_found(pages: dict[str, Parsed], site_dir: Path) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    tree = ET.fromstring((site_dir / "sitemap.xml").read_text("utf-8"))
    listed = [each.text or "" for each in tree.findall("s:url/s:loc", space)]
    wanted = {urljoin(ADDRESS, url) for url in pages if canonical(pages[url]) == [urljoin(ADDRESS, url)]}
    assert urljoin(ADDRESS, "/campaigns/union-pays-nef/") in listed
    assert urljoin(ADDRESS, "/services/join/union-pays-nef/") not in listed
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (site_dir / "robots.txt").read_text("utf-8")


def test_the_guide_for_language_models_names_real_files_and_warns_of_samples(site_dir: Path) -> None:
    text = (site_dir / "llms.txt").read_text("utf-8")
    targets = re.findall(re.escape(ADDRESS) + r"([^\s)]*)", text)
    assert len(targets) > 20
    for target in targets:
        path = site_dir / target
        assert path.is_file() or (path / "index.html").is_file(), target
    assert "products/nef-accident/terms-2026-1.md" in targets
    assert "示范" in text
    assert "12351" in text


def test_crumbs_lead_from_the_front_page_down(pages: dict[str, Parsed]) -> None:
    page = pages["/products/nef-accident/terms-2026-1/"]
    leads = [e.attributes["href"] for e in page.all("link") if e.attributes.get("itemprop") == "item"]
    assert [urlsplit(each).path for each in leads] == [
        "/",
        "/products/",
        "/products/nef-accident/",
        "/products/nef-accident/terms-2026-1/",
    ]
    for url, each in pages.items():
        for link in each.all("link"):
            if link.attributes.get("itemprop") == "item":
                assert urlsplit(link.attributes["href"]).path in pages, url


def test_every_question_of_a_faq_page_is_marked_with_its_answer(pages: dict[str, Parsed]) -> None:
    page = pages["/faq/join/"]
    types = [each.attributes.get("itemtype", "").rpartition("/")[2] for each in page.elements]
    asked = [each for each in page.all("h2") if each.text.endswith("？")]
    assert len(asked) > 10
    assert types.count("FAQPage") == 1
    assert types.count("Question") == types.count("Answer") == len(asked)
    assert {each.attributes.get("itemprop") for each in asked} == {"name"}
    home = [each.attributes.get("itemtype", "").rpartition("/")[2] for each in pages["/"].elements]
    assert home.count("Organization") == 1
