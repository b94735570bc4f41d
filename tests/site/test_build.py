"""The build: it leaves our sources alone, is quick the second time, and publishes what hashes name."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest

from publishing import compiler
from publishing.source import ContentError
from sitebuild.assets.compression import compress
from tests.enrollment.newer_terms import VERSION
from tests.site.altered_site import Altered
from tests.site.building import ROOT, BuildFailed, build_site
from tests.site.html import is_redirect, pages_of, read_html, url_of


def test_nothing_of_the_theme_reaches_the_site(site_dir: Path) -> None:
    assert not (site_dir / "assets").exists()
    assert not [file for file in site_dir.rglob("*") if file.suffix in {".css", ".woff2", ".map"}]
    for file in pages_of(site_dir):
        assert "bundle." not in file.read_text("utf-8"), url_of(site_dir, file)


def test_compressed_twins_hold_the_same_bytes(site_dir: Path) -> None:
    twins = list(site_dir.rglob("*.br"))
    assert len(twins) >= len(pages_of(site_dir))
    for twin in twins:
        raw = twin.with_suffix("").read_bytes()
        assert brotli.decompress(twin.read_bytes()) == raw
        assert gzip.decompress(twin.with_suffix(".gz").read_bytes()) == raw


def test_an_unchanged_page_is_not_compressed_again(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "press"
    site.mkdir()
    for name in ("one.html", "two.html"):
        (site / name).write_text(f"<h1>{name}</h1>" * 100, "utf-8")
    compress(site, kept)
    before = {file.name: file.stat().st_mtime_ns for file in kept.iterdir()}
    (site / "two.html").write_text("<h1>other</h1>" * 100, "utf-8")
    compress(site, kept)
    after = {file.name: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert len(before) == 4  # .br and .gz of each
    assert len(after) == 6
    assert {name: after[name] for name in before} == before


def test_terms_and_privacy_texts_are_published_byte_for_byte(site_dir: Path) -> None:
    data = json.loads((ROOT / "functions/chalicelib/catalog/data.json").read_text("utf-8"))
    texts = [(each["terms_path"], each["terms_sha256"]) for each in data["products"]]
    texts += [(each["path"], each["sha256"]) for each in data["privacy"]]
    assert len(texts) >= 3
    for path, sha256 in texts:
        assert hashlib.sha256((site_dir / path).read_bytes()).hexdigest() == sha256
        page = site_dir / path.removesuffix(".md") / "index.html"
        assert sha256 in page.read_text("utf-8")
        assert f'href="/{path}"' in page.read_text("utf-8")


def test_a_wrong_figure_in_content_stops_the_build_by_file_and_field(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    card = content / "products/nef-accident/index.md"
    card.write_text(card.read_text("utf-8") + "\n每人每年30元。\n", "utf-8")
    with pytest.raises(BuildFailed, match=r"products/nef-accident/index\.md:\d+: .*30"):
        build_site(tmp_path / "out", content)


def test_published_terms_are_never_changed(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    terms = content / "products/nef-accident/terms-2026-2.md"
    text = terms.read_text("utf-8")
    terms.write_text(text.replace("fee_fen: 2500", "fee_fen: 3150"), "utf-8")
    with pytest.raises(ContentError, match="terms-2026-2"):
        compiler.compile_content(content)


def test_a_figure_changed_in_the_terms_is_the_one_pages_show(altered: Altered) -> None:
    """One fee and one age in newer terms; no page, template or code is touched."""
    terms = altered.content / f"products/nef-accident/terms-{VERSION}.md"
    sha256 = hashlib.sha256(terms.read_bytes()).hexdigest()
    card, campaign, join, binding = (
        (altered.site / path / "index.html").read_text("utf-8")
        for path in (
            "products/nef-accident",
            "campaigns/union-pays-nef",
            "services/join/union-pays-nef",
            f"products/nef-accident/terms-{VERSION}",
        )
    )
    for page in (card, campaign, binding):
        assert "31.50" in page
        assert "25元" not in page
        assert re.search("满18周岁|18至60周岁", page)
        assert not re.search("满16周岁|16至60周岁", page)
    assert 'data-ages="18,60"' in join
    assert f'data-scope="terms" data-version="{VERSION}" data-sha256="{sha256}"' in join
    assert sha256 in binding


@pytest.mark.parametrize(("code", "words"), [("opens-later", "还没开始"), ("over-by-now", "已经结束")])
def test_a_campaign_that_is_not_open_offers_no_button(altered: Altered, code: str, words: str) -> None:
    """From tomorrow on, and until yesterday."""
    page = (altered.site / f"campaigns/{code}/index.html").read_text("utf-8")
    assert words in page
    assert "立即参加" not in page
    assert "立即参加" in (altered.site / "campaigns/union-pays-nef/index.html").read_text("utf-8")


def test_the_join_page_asks_consent_to_the_very_texts_in_force(site_dir: Path) -> None:
    data = json.loads((ROOT / "functions/chalicelib/catalog/data.json").read_text("utf-8"))
    page = read_html(site_dir / "services/join/union-pays-nef/index.html")
    asked = [
        tuple(each.attributes[f"data-{name}"] for name in ("scope", "version", "sha256"))
        for each in page.all("fieldset")
    ]
    product = [each for each in data["products"] if each["code"] == "nef-accident"][-1]
    texts = {each["scope"]: each for each in data["privacy"]}
    assert asked == [
        ("terms", product["version"], product["terms_sha256"]),
        *(
            (scope, texts[scope]["version"], texts[scope]["sha256"])
            for scope in ("personal_information", "id_number")
        ),
    ]
    ticks = [each.attributes["value"] for each in page.all("input") if "data-exclusion" in each.attributes]
    assert ticks == [each["id"] for each in product["exclusions"]]


def test_every_link_leads_to_a_page_and_an_anchor_that_exist(site_dir: Path) -> None:
    pages = {url_of(site_dir, file): read_html(file) for file in pages_of(site_dir)}
    anchors = {
        url: {each.attributes["id"] for each in page.elements if "id" in each.attributes}
        for url, page in pages.items()
    }
    broken = []
    for url, page in pages.items():
        for link in page.all("a"):
            target, _, anchor = urljoin(url, link.attributes["href"]).partition("#")
            if target.startswith("tel:"):
                continue
            target = target.partition("?")[0]  # a channel changes nothing about where it leads
            is_file = (site_dir / target.lstrip("/")).is_file()
            if not is_file and (target not in pages or (anchor and anchor not in anchors[target])):
                broken.append((url, link.attributes["href"]))
    assert not broken


def test_every_page_has_one_title_a_language_and_a_way_past_the_menu(site_dir: Path) -> None:
    for file in pages_of(site_dir):
        page, url = read_html(file), url_of(site_dir, file)
        if is_redirect(page):
            continue
        assert len(page.all("h1")) == 1, url
        assert page.all("html")[0].attributes["lang"] == "zh-CN", url
        assert page.all("a")[0].attributes == {"class": "skip", "href": "#main"}, url
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids)), url
        assert "12351" in file.read_text("utf-8"), url


@pytest.mark.parametrize("path", ["campaigns/union-pays-nef", "products/nef-accident"])
def test_what_is_not_covered_stands_before_what_is(site_dir: Path, path: str) -> None:
    ids = [each.attributes.get("id") for each in read_html(site_dir / path / "index.html").elements]
    assert ids.index("not-covered") < ids.index("covered")


@pytest.mark.parametrize("path", ["products/nef-accident", "products/nef-accident/terms-2026-2"])
def test_sample_figures_say_so(site_dir: Path, path: str) -> None:
    assert "示范数值，以经办机构正式条款为准" in (site_dir / path / "index.html").read_text("utf-8")


def test_a_campaign_page_has_one_button_and_it_leads_to_its_own_join_page(site_dir: Path) -> None:
    page = read_html(site_dir / "campaigns/union-pays-nef/index.html")
    buttons = [each for each in page.elements if "button" in each.attributes.get("class", "").split()]
    assert [each.attributes["href"] for each in buttons] == ["/services/join/union-pays-nef/"]
    assert (site_dir / "services/join/union-pays-nef/index.html").exists()


def test_the_shares_of_a_campaign_fill_its_bar(site_dir: Path) -> None:
    page = read_html(site_dir / "campaigns/union-pays-nef/index.html")
    widths = [float(each.attributes["width"]) for each in page.all("rect")]
    assert sum(widths) == pytest.approx(100, abs=0.05)


def test_a_page_not_found_leads_on(site_dir: Path) -> None:
    """By words, by the main ways, by phone; its links hold at any depth."""
    page = read_html(site_dir / "404.html")
    links = {each.attributes["href"] for each in page.all("a")}
    assert links >= {"/services/join/", "/services/my/", "/guide/claim/", "/campaigns/", "/", "tel:12351"}
    assert all(each.startswith(("/", "#", "tel:")) for each in links)
    form = page.all("form")[0].attributes
    assert (form["action"], form["method"]) == ("/search/", "get")
    assert "q" in {each.attributes.get("name") for each in page.all("input")}
    for file in pages_of(site_dir):
        if not is_redirect(read_html(file)):
            assert "/search/" in {each.attributes["href"] for each in read_html(file).all("a")}, file
