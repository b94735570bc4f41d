"""A site that was built today is right tomorrow: what begins, ends or changes then lies ready for it."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.catalog.model import Catalogue
from chalicelib.platform import clock
from publishing import compiler, lock
from sitebuild.addresses import rooted
from sitebuild.days import AHEAD_DAYS, turning_days
from tests.site.building import ROOT, build_site
from tests.site.html import read_html
from tests.site.serving import serving

TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
JOIN = "/services/join/union-pays-nef/"
TERMS, PRIVACY = "products/nef-accident/terms-2026-2.md", "privacy/id-number-2026-1.md"


def altered_content(target: Path) -> Path:
    """Tomorrow one campaign begins and another is over, and terms and a consent text have a new version."""
    shutil.copytree(ROOT / "content", target)
    moved(target / "campaigns/five-gifts.md", TOMORROW, TODAY + timedelta(days=200))
    moved(target / "campaigns/million-gift.md", TODAY - timedelta(days=200), TODAY)
    terms = (target / TERMS).read_text("utf-8").replace("version: 2026-2", f"version: {TODAY.year}-9", 1)
    terms = re.sub(r"(?m)^valid_from: .*$", f"valid_from: {TOMORROW}", terms, count=1)
    terms = terms.replace("fee_fen: 2500", "fee_fen: 3150", 1).replace(
        "first: 16, last: 60", "first: 18, last: 60"
    )
    new_terms(target).write_text(terms, "utf-8")
    text = (target / PRIVACY).read_text("utf-8").replace("version: 2026-1", f"version: {TODAY.year}-9", 1)
    text = re.sub(r"(?m)^valid_from: .*$", f"valid_from: {TOMORROW}", text, count=1)
    (target / f"privacy/id-number-{TODAY.year}-9.md").write_text(text, "utf-8")
    lock.publish(target, compiler.read_pages(target))
    return target


def new_terms(content: Path) -> Path:
    return content / f"products/nef-accident/terms-{TODAY.year}-9.md"


def moved(campaign: Path, first: date, last: date) -> None:
    window = f"window: {{first: {first}, last: {last}}}"
    text, count = re.subn(r"(?m)^window: .*$", window, campaign.read_text("utf-8"))
    assert count == 1
    campaign.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return altered_content(tmp_path_factory.mktemp("days") / "content")


@pytest.fixture(scope="module")
def site(content: Path) -> Path:
    return build_site(content.parent / "out", content)


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serving(site) as served:
        yield served


def opened(browser: Browser, address: str, path: str, on: date, *, script: bool = True) -> Page:
    """The page at `path` on a phone whose day is `on`."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=script
    )
    page = context.new_page()
    if script:
        page.clock.set_fixed_time(datetime(on.year, on.month, on.day, 4, tzinfo=UTC))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    return page


def said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize(
    ("path", "today", "tomorrow"),
    [
        ("/campaigns/five-gifts/", ("还没开始", "现在还不能参加"), ("看单位怎么办",)),
        ("/campaigns/million-gift/", ("正在进行",), ("已经结束", "下面写的是当时的做法")),
        ("/products/nef-accident/", ("25元",), ("31.50元",)),
        ("/guide/join/", ("年满16周岁",), ("年满18周岁",)),
    ],
)
def test_a_page_reads_as_its_day_wants(
    browser: Browser, address: str, path: str, today: tuple[str, ...], tomorrow: tuple[str, ...]
) -> None:
    for day, here, not_here in ((TODAY, today, tomorrow), (TOMORROW, tomorrow, today)):
        page = opened(browser, address, path, day)
        text = page.inner_text("main")
        assert [each for each in here if each not in text] == [], (path, day)
        assert [each for each in not_here if each in text] == [], (path, day)
        assert urlsplit(page.url).path == path  # its own address, to keep and to pass on
        page.context.close()


def test_the_list_of_campaigns_moves_with_the_day(browser: Browser, address: str) -> None:
    def open_now(day: date) -> str:
        page = opened(browser, address, "/campaigns/", day)
        text = page.inner_text("main").partition("正在进行")[2]
        page.context.close()
        return re.split("还没开始|已经结束", text)[0]

    names = [
        re.search(r"(?m)^name: (.*)$", (ROOT / f"content/campaigns/{code}.md").read_text("utf-8"))[1]  # type: ignore[index]
        for code in ("five-gifts", "million-gift")
    ]
    assert [name in open_now(TODAY) for name in names] == [False, True]
    assert [name in open_now(TOMORROW) for name in names] == [True, False]


def test_tomorrows_form_asks_consent_to_tomorrows_texts(
    browser: Browser, address: str, content: Path
) -> None:
    new = {
        hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (new_terms(content), content / f"privacy/id-number-{TODAY.year}-9.md")
    }
    for day, there in ((TODAY, set()), (TOMORROW, new)):
        page = opened(browser, address, JOIN, day)
        asked = page.eval_on_selector_all(
            "[data-sha256]", "boxes => boxes.map(box => box.getAttribute('data-sha256'))"
        )
        assert len(asked) == 3
        assert new & set(asked) == there
        page.context.close()


def test_a_poster_scanned_tomorrow_keeps_its_channel(browser: Browser, address: str) -> None:
    page = opened(browser, address, "/campaigns/union-pays-nef/?channel=station#covered", TOMORROW)
    assert page.url == f"{address}/campaigns/union-pays-nef/?channel=station#covered"
    assert "31.50元" in page.inner_text("main")
    assert (page.get_attribute("#join", "href") or "").endswith(f"{JOIN}?channel=station")
    page.context.close()


def test_a_form_in_a_page_reads_the_data_of_its_day(browser: Browser, address: str) -> None:
    path = "/products/nef-accident/estimate.json"
    for day, there in ((TODAY, path), (TOMORROW, f"/day/{TOMORROW}{path}")):
        page = opened(browser, address, "/products/nef-accident/", day)
        with page.expect_response(lambda answer: answer.url.endswith("estimate.json")) as asked:
            page.click("#estimate summary")
        assert asked.value.url == address + there
        assert asked.value.ok
        page.context.close()


def test_links_of_a_coming_page_lead_where_its_own_do(browser: Browser, address: str, site: Path) -> None:
    coming = site / f"day/{TOMORROW}/guide/join/index.html"
    links = [each.attributes["href"] for each in read_html(coming).all("a")]
    assert all(each.startswith(("/", "#", "tel:", "https:")) for each in links)
    pictures = [each.attributes["src"] for each in read_html(coming).all("img")]
    assert all((site / each.lstrip("/")).is_file() for each in pictures)
    page = opened(browser, address, "/guide/join/", TOMORROW)
    assert page.evaluate("[...document.images].every(each => each.naturalWidth || each.loading == 'lazy')")
    page.context.close()


def test_without_script_a_page_says_the_days_themselves(browser: Browser, address: str) -> None:
    for path, words in (
        ("/campaigns/five-gifts/", f"{said(TOMORROW)}开始"),
        ("/campaigns/million-gift/", f"{said(TODAY)}"),
        ("/products/nef-accident/", f"{said(TOMORROW)}起参加的，按新版本"),
        (f"/products/nef-accident/terms-{TODAY.year}-9/", f"这个版本{said(TOMORROW)}起施行"),
        (f"/privacy/id-number-{TODAY.year}-9/", f"这份告知{said(TOMORROW)}起施行"),
    ):
        page = opened(browser, address, path, TOMORROW, script=False)
        assert words in page.inner_text("main"), path
        page.context.close()


def test_only_pages_that_change_lie_ready(site: Path) -> None:
    ready = {file.relative_to(site / f"day/{TOMORROW}").as_posix() for file in (site / "day").rglob("*.html")}
    marked = {
        file.relative_to(site).as_posix()
        for file in site.rglob("*.html")
        if "day" not in file.relative_to(site).parts and f'data-days="{TOMORROW}"' in file.read_text("utf-8")
    }
    assert ready == marked
    assert "guide/photo/index.html" not in ready
    assert {file.name for file in (site / "day").iterdir()} == {str(TOMORROW)}
    for path in ("sitemap.xml", "search/catalogue.json", "llms.txt", "feed.xml"):
        assert "/day/" not in (site / path).read_text("utf-8"), path


def test_nothing_lies_ready_while_nothing_turns(site_dir: Path) -> None:
    """The real content, unless something of it turns in these days."""
    catalogue = compiler.compile_content(ROOT / "content").catalogue
    assert (site_dir / "day").exists() == bool(turning_days(catalogue, TODAY))


def test_days_are_looked_for_just_beyond_the_longest_holiday(content: Path) -> None:
    catalogue: Catalogue = compiler.compile_content(content).catalogue
    assert turning_days(catalogue, TODAY) == [TOMORROW]
    assert turning_days(catalogue, TOMORROW) == []
    # From further back the real content's own days may be seen too.
    assert TOMORROW in turning_days(catalogue, TOMORROW - timedelta(days=AHEAD_DAYS))
    assert TOMORROW not in turning_days(catalogue, TOMORROW - timedelta(days=AHEAD_DAYS + 1))


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ('<a href="../claim/#x">', '<a href="/guide/claim/#x">'),
        ('<img src="../../pictures/a.png">', '<img src="/pictures/a.png">'),
        ('<a href="/a/">', '<a href="/a/">'),
        ('<a href="#x">', '<a href="#x">'),
        ('<a href="tel:12351">', '<a href="tel:12351">'),
        ('<a href="https://www.gov.cn/">', '<a href="https://www.gov.cn/">'),
    ],
)
def test_a_link_starts_at_the_root_or_stays(link: str, there: str) -> None:
    assert rooted(link, "/guide/join/") == there
