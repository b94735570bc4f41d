"""What is printed: every code leads where it should, nothing overflows, a sample says so."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import shutil
from datetime import date, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import msgspec
import pikepdf
import pytest
import segno
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mkdocs.exceptions import PluginError
from PIL import Image
from playwright.sync_api import Page

from chalicelib.catalog.campaigns import DatedAmount, FundingLine, Payer
from chalicelib.catalog.insured import Gender, Insured, OccupationGroup
from chalicelib.catalog.terms import AgeRange
from chalicelib.kernel import ShanghaiDate
from chalicelib.platform import clock
from publishing import compiler
from publishing.compiler import Compiled
from sitebuild.addresses import short_addresses
from sitebuild.built import Built
from sitebuild.campaigns.view import campaign_view
from sitebuild.printed import (
    card,
    files,
    flows,
    ink,
    line_breaks,
    pictures,
    poster,
    press_kit,
    share,
    wording,
)
from sitebuild.printed.canvas import Canvas
from sitebuild.printed.qr import place_code
from sitebuild.products.conditions import conditions_of
from tests.site.altered_site import Altered
from tests.site.building import ROOT
from tests.site.fake_api import FakeApi
from tests.site.html import pages_of, read_html, url_of
from tests.site.test_join_form import join_from_the_campaign

ADDRESS = os.environ.get("SITE_URL", "http://127.0.0.1:8000/")
KB = 1024


@pytest.fixture(scope="module")
def made() -> Compiled:
    return compiler.compile_content(ROOT / "content")


@pytest.fixture(scope="module")
def sheets(made: Compiled) -> list[press_kit.Sheet]:
    return list(press_kit.sheets(made, clock.today(), ADDRESS))


def codes_of(file: Path) -> list[str]:
    with Image.open(file) as picture:
        return [each.text for each in zxingcpp.read_barcodes(picture.convert("L"))]


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


def refresh_of(page: Path) -> str:
    (refresh,) = [
        each for each in read_html(page).all("meta") if each.attributes.get("http-equiv") == "refresh"
    ]
    return refresh.attributes["content"].removeprefix("0; url=")


# --- codes and where they lead ---------------------------------------------------------------------------


def test_each_channel_of_each_campaign_has_a_poster_whose_code_leads_to_it(
    site_dir: Path, made: Compiled
) -> None:
    read = 0
    for campaign in made.catalogue.campaigns:
        if campaign.window.last < clock.today():
            continue
        for channel in campaign.channels:
            (code,) = codes_of(site_dir / f"press/{campaign.code}/poster-{channel.code}.png")
            assert code == f"{ADDRESS}q/{campaign.code}/{channel.code}/"
            landing = site_dir / urlsplit(code).path.lstrip("/") / "index.html"
            assert refresh_of(landing) == f"/campaigns/{campaign.code}/?channel={channel.code}"
            assert (site_dir / f"campaigns/{campaign.code}/index.html").exists()
            read += 1
    assert read >= 4


def test_every_other_code_leads_to_the_page_of_what_it_shows(site_dir: Path, made: Compiled) -> None:
    for product in made.catalogue.products_on(clock.today()):
        page = f"{ADDRESS}products/{product.code}/"
        assert codes_of(site_dir / f"press/{product.code}/card.png") == [page]
        assert codes_of(site_dir / f"press/share/{product.code}.png") == [page]
        assert (site_dir / f"products/{product.code}/index.html").exists()
    for campaign in made.catalogue.campaigns:
        if campaign.window.last >= clock.today():
            assert codes_of(site_dir / f"press/share/{campaign.code}.png") == [f"{ADDRESS}q/{campaign.code}/"]
    assert codes_of(site_dir / "press/share/default.png") == [ADDRESS]


def test_short_addresses_run_nothing_and_say_where_they_lead(site_dir: Path, made: Compiled) -> None:
    expected = {
        short: led for each in made.catalogue.campaigns for short, led in short_addresses(each).items()
    }
    found = {
        file.parent.relative_to(site_dir).as_posix() + "/" for file in (site_dir / "q").rglob("index.html")
    }
    assert found == expected.keys()
    for short, led in expected.items():
        page = read_html(site_dir / short / "index.html")
        assert not page.all("script")
        assert not page.all("style")
        assert [each.attributes["href"] for each in page.all("a")] == [led]
        assert [each.attributes["href"] for each in page.all("link")] == [led.partition("?")[0]]
        assert {"name": "robots", "content": "noindex"} in [each.attributes for each in page.all("meta")]


def test_who_scans_a_poster_is_counted_for_its_channel(phone: Page, site_dir: Path, origin: str) -> None:
    """From the code on the paper to what the form sends, with no step in between made up."""
    (code,) = codes_of(site_dir / "press/union-pays-nef/poster-station.png")
    api = FakeApi(covers=[])
    api.attach(phone)
    api.sign_in(phone)
    phone.goto(urljoin(origin, urlsplit(code).path))
    phone.wait_for_url("**/campaigns/union-pays-nef/?channel=station")
    join_from_the_campaign(phone)
    assert api.made("POST", "/enrollments")[0].body["channel"] == "station"


# --- sizes, text, samples --------------------------------------------------------------------------------


def test_sheets_have_their_size_and_are_light(site_dir: Path, sheets: list[press_kit.Sheet]) -> None:
    sizes = {"poster": (1754, 2480), "card": (1654, 2339), "share": (1080, 1440), "square": (480, 480)}
    most = {"poster": 110 * KB, "card": 220 * KB, "share": 80 * KB, "square": 20 * KB}
    for sheet in sheets:
        kind = next(
            name
            for name in ("square", "poster", "card", "share")
            if name in sheet.path.rpartition("/")[2] or name == "share"
        )
        picture = (site_dir / sheet.path).read_bytes()
        assert size_of(site_dir / sheet.path) == sizes[kind], sheet.path
        assert len(picture) <= most[kind], (sheet.path, len(picture))


def test_a_printed_code_is_at_least_three_centimetres(sheets: list[press_kit.Sheet]) -> None:
    assert ink.pixels(30, ink.POSTER_DPI) == poster.CODE_LEAST
    with pytest.raises(line_breaks.DoesNotFit, match="pixels for"):
        place_code(Canvas(400, 400), "https://example.org/" + "x" * 200, 0, 0, 200, least=poster.CODE_LEAST)


def test_a_code_has_four_modules_of_white_around_it() -> None:
    """A camera finds no code in a dark corner without them."""
    canvas = Canvas(400, 400, background="#999999")
    taken = place_code(canvas, ADDRESS, 20, 30, 300, least=100)
    code = canvas.image.crop((20, 30, 20 + taken, 30 + taken)).convert("L")
    left, top, right, bottom = code.point(lambda value: 255 if value < 128 else 0).getbbox()
    modules, _ = segno.make_qr(ADDRESS, error="m", boost_error=False).symbol_size(border=0)
    assert [left, top, taken - right, taken - bottom] == [4 * (right - left) // modules] * 4
    for side in ((left, 0, right, top), (left, bottom, right, taken), (0, top, left, bottom)):
        assert code.crop(side).getextrema() == (255, 255)


def test_a_pdf_holds_the_very_pixels_on_paper_of_the_right_size(
    site_dir: Path, sheets: list[press_kit.Sheet]
) -> None:
    for sheet in sheets:
        if not sheet.dpi:
            continue
        with pikepdf.open(site_dir / sheet.pdf_path) as pdf, Image.open(site_dir / sheet.path) as drawn:
            (page,) = pdf.pages
            width = 842 if sheet.dpi == ink.POSTER_DPI else 595
            assert float(page.mediabox[2]) == pytest.approx(width, abs=1)
            (held,) = page.get_images().values()
            assert (
                pikepdf.PdfImage(held).as_pil_image().convert("RGB").tobytes()
                == drawn.convert("RGB").tobytes()
            )
            assert str(pdf.docinfo["/Title"]).endswith(sheet.label)


def test_what_is_not_covered_and_a_sample_mark_are_on_every_sheet(made: Compiled) -> None:
    on, seen, catalogue = clock.today(), 0, made.catalogue
    samples = {each.code for each in catalogue.products_on(on) if each.is_sample}
    samples |= {
        each.code for each in catalogue.campaigns if each.is_sample or samples.intersection(each.products)
    }
    house_sheets = {each.path for each in press_kit.default_sheets(made, ADDRESS)}
    entries = [*press_kit.campaign_entries(made, on, ADDRESS), *press_kit.product_entries(made, on, ADDRESS)]
    assert {each.code for each in entries if each.is_sample} == samples & {each.code for each in entries}
    for entry in entries:
        for sheet in (*entry.printed, *entry.shared):
            assert sheet.path not in house_sheets
            said = "".join(sheet.canvas().texts)
            square = sheet.path.endswith("-square.png")
            assert ("示范" in said) == entry.is_sample, sheet.path
            assert "12351" in said
            if not square:
                assert "不保" in said, sheet.path
                assert ("示范数值，以经办机构正式条款为准" in said) == entry.is_sample
                seen += 1
    assert seen >= 6


def test_a_poster_says_the_sum_the_payers_and_the_last_day(made: Compiled) -> None:
    campaign = made.catalogue.campaign("union-pays-nef")
    view = campaign_view(made.catalogue, campaign, clock.today())
    sheet = press_kit._campaign(made, view, ADDRESS, clock.today()).printed[0]
    said = sheet.canvas().texts
    assert said[said.index("您自己出") + 1 : said.index("您自己出") + 3] == ["0", "元"]
    assert {campaign.name, "会费每人25元，谁出", "行业工会联合会", "25元", "2027年12月31日截止"} <= set(said)
    assert campaign.channels[0].name in said
    assert any("疾病和猝死" in each for each in said)


def test_a_card_names_the_terms_it_is_made_from(made: Compiled) -> None:
    product = made.catalogue.product("nef-accident", clock.today())
    entry = next(
        each for each in press_kit.product_entries(made, clock.today(), ADDRESS) if each.code == product.code
    )
    said = "\n".join(entry.printed[0].canvas().texts)
    assert f"版本{product.version}，文本指纹{product.terms_sha256[:12]}" in said
    assert said.index("先看：这些情况不保") < said.index("保什么，给多少")
    for each in (*product.exclusions, *product.benefits):
        assert each.plain in said
    for each in (each for benefit in product.benefits for each in conditions_of(product, benefit)):
        assert each in said
    for paper in (paper for claim in product.claim_types for paper in claim.documents):
        assert paper.name in said


# --- text never leaves its place -------------------------------------------------------------------------


@given(
    st.text("工会为您买了，。、；：（）「」《》25元60周岁%a b", min_size=1, max_size=80),
    st.integers(140, 600),
)
@example("工会给您买了保障 、会费", 200)
@example("保障《 工会为您买了》", 80)
@settings(max_examples=150)
def test_lines_are_no_wider_than_their_place_and_begin_with_no_punctuation(text: str, width: int) -> None:
    measure = partial(ink.width, 24)
    try:
        found = line_breaks.broken(text, width, measure)
    except line_breaks.DoesNotFit:
        return
    assert all(measure(line) <= width for line in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    for line in found[1:]:
        assert line[:1] not in line_breaks.NEVER_FIRST
    for line in found[:-1]:
        assert line[-1:] not in line_breaks.NEVER_LAST


def test_what_does_not_fit_is_an_error_not_a_cut() -> None:
    canvas = Canvas(200, 100, margin=10)
    with pytest.raises(line_breaks.DoesNotFit):
        canvas.text(10, 50, "这一行太长了放不下的", 40)
    with pytest.raises(line_breaks.DoesNotFit):
        canvas.paragraph(10, 10, 180, "三行放不下三行放不下三行放不下", 40)
    with pytest.raises(line_breaks.DoesNotFit):
        canvas.paragraph(10, 0, 180, "一二三四五六七八", 24, most_lines=1)
    with pytest.raises(line_breaks.DoesNotFit):
        canvas.rounded(10, 10, 300, 20, 4, ink.RED)


def test_a_campaign_with_far_too_much_to_say_stops_the_build(made: Compiled) -> None:
    view = campaign_view(made.catalogue, made.catalogue.campaigns[0], clock.today())
    entry = press_kit._campaign(made, view, ADDRESS, clock.today())
    words = entry.printed[0].inputs[0]
    long = dataclasses.replace(words, who="快递员、" * 200)  # type: ignore[type-var]
    with pytest.raises(line_breaks.DoesNotFit):
        poster.draw_poster(long, ADDRESS, "驿站")
    assert "哪些职业、多大年纪能参加，扫码看全" in share.campaign_share(long, ADDRESS).texts
    five = dataclasses.replace(words, not_covered=tuple(f"第{n}种不保的情况" for n in range(40)))  # type: ignore[type-var]
    said = "".join(poster.draw_poster(five, ADDRESS, "驿站").texts)
    assert "共40种，扫码看全" in said


def test_a_product_with_many_exclusions_still_names_each(made: Compiled) -> None:
    words = press_kit.product_entries(made, clock.today(), ADDRESS)[0].printed[0].inputs[0]
    many = dataclasses.replace(
        words, exclusions=tuple((f"不保的情况{n}", "说明" * 20 + "。") for n in range(18))
    )  # type: ignore[type-var]
    said = "".join(card.draw_card(many, ADDRESS).texts)
    assert all(f"不保的情况{n}" in said for n in range(18))


# --- kept drawings, and the past -------------------------------------------------------------------------


def test_drawing_again_gives_the_same_bytes(
    site_dir: Path, sheets: list[press_kit.Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(files.DRAWN_ENV, str(tmp_path))
    by_kind = {re.sub(r"poster-.*", "poster", each.path): each for each in sheets}
    for sheet in by_kind.values():
        again = hashlib.sha256(sheet.files()[sheet.path]()).hexdigest()
        assert again == hashlib.sha256((site_dir / sheet.path).read_bytes()).hexdigest(), sheet.path
    assert len(list(tmp_path.iterdir())) == len(by_kind)


def test_what_was_drawn_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.DRAWN_ENV, str(tmp_path))
    drawn: list[str] = []
    for inputs in (("a", 1), ("a", 1), ("a", 2)):
        files.drawn_once("x.png", inputs, lambda inputs=inputs: drawn.append(inputs) or repr(inputs).encode())
    assert drawn == [("a", 1), ("a", 2)]


def test_a_campaign_that_is_over_has_no_poster_but_its_codes_still_lead_on(altered: Altered) -> None:
    site, code = altered.site, "over-by-now"
    assert not (site / "press" / code).exists()
    assert (site / "press/union-pays-nef").exists()
    assert code not in (site / "press/index.html").read_text("utf-8")
    assert refresh_of(site / f"q/{code}/station/index.html") == f"/campaigns/{code}/?channel=station"
    stand_in = (site / f"press/share/{code}.png").read_bytes()
    assert stand_in == (site / "press/share/default.png").read_bytes()


def test_a_campaign_with_a_products_code_stops_the_build(tmp_path: Path) -> None:
    """Their share pictures would have one address."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    text = (content / "campaigns/union-pays-nef.md").read_text("utf-8")
    twin = text.replace("code: union-pays-nef", "code: nef-accident")
    (content / "campaigns/nef-accident.md").write_text(twin, "utf-8")
    both = Built(compiler.compile_content(content), clock.today(), ADDRESS, {})
    with pytest.raises(PluginError, match=r"campaign and a product have the same code; rename the campaign"):
        press_kit.press_kit(both)


def test_a_campaign_not_yet_open_can_be_announced(made: Compiled) -> None:
    campaign = made.catalogue.campaign("union-pays-nef")
    entries = press_kit.campaign_entries(made, campaign.window.first - timedelta(days=1), ADDRESS)
    assert campaign.code in [each.code for each in entries]
    over = press_kit.campaign_entries(made, campaign.window.last + timedelta(days=1), ADDRESS)
    assert campaign.code not in [each.code for each in over]
    assert isinstance(campaign.window.last, date)


# --- pictures on pages -----------------------------------------------------------------------------------


def test_every_picture_on_a_page_says_what_it_is_and_takes_its_room(site_dir: Path) -> None:
    shown = 0
    for file in pages_of(site_dir):
        for picture in read_html(file).all("img"):
            source = site_dir / urljoin(url_of(site_dir, file), picture.attributes["src"]).lstrip("/")
            size = (int(picture.attributes["width"]), int(picture.attributes["height"]))
            assert len(picture.attributes["alt"]) >= 8, picture.attributes
            assert picture.attributes["loading"] == "lazy"
            assert size_of(source) == size, picture.attributes["src"]
            assert source.stat().st_size <= 30 * KB, picture.attributes["src"]
            shown += 1
    assert shown >= len(pictures.sizes(ROOT / "content")) + 2


def test_a_flow_chart_says_each_step_and_where_the_way_parts(site_dir: Path) -> None:
    for steps in flows.FLOWS.values():
        said = flows.flow(steps).texts
        assert {"您来做", "工会来做"} <= set(said)
        assert [each for step in steps for each in (step.title, step.text) if each not in said] == []
        assert any(step.otherwise for step in steps)
        assert [step.otherwise for step in steps if step.otherwise and step.otherwise not in said] == []
    for page, name in (("join", "flow-join"), ("claim-flow", "flow-claim")):
        shown = [
            each.attributes["src"] for each in read_html(site_dir / f"guide/{page}/index.html").all("img")
        ]
        assert shown == [f"../../pictures/{name}.png"]


def test_a_paper_of_the_terms_leads_to_its_picture(site_dir: Path) -> None:
    anchors = {
        each.attributes.get("id") for each in read_html(site_dir / "guide/samples/index.html").elements
    }
    assert set(pictures.PAPER_OF.values()) <= anchors
    text = (site_dir / "products/nef-accident/papers/index.html").read_text("utf-8")
    assert 'href="/guide/samples/#invoice"' in text


def test_a_picture_takes_its_room_before_it_is_there() -> None:
    known = pictures.sizes(ROOT / "content")
    with Image.open(ROOT / "content/pictures/photo-good.png") as good:
        assert f'width="{good.width}" height="{good.height}"' in pictures.sized(
            '<img alt="清楚" src="../pictures/photo-good.png" />', known
        )
    for name, steps in flows.FLOWS.items():
        assert known[name] == flows.flow(steps).image.size


def test_a_picture_that_is_gone_stops_the_build() -> None:
    known = pictures.sizes(ROOT / "content")
    del known["invoice"]
    with pytest.raises(PluginError, match=r"pictures/invoice\.png: there is no such picture"):
        pictures.paper_picture("invoices", known)


# --- the press page --------------------------------------------------------------------------------------


def test_the_press_page_offers_every_sheet_and_words_that_promise_nothing(
    site_dir: Path, made: Compiled, sheets: list[press_kit.Sheet]
) -> None:
    page = read_html(site_dir / "press/index.html")
    offered = {each.attributes["href"].lstrip("/") for each in page.all("a") if "download" in each.attributes}
    wanted = {each.path for each in sheets if not each.path.endswith("default-square.png")}
    wanted |= {each.pdf_path for each in sheets if each.dpi}
    wanted |= {"boards/figures.xlsx", "boards/figures.csv"}
    assert offered == wanted
    text = unescape((site_dir / "press/index.html").read_text("utf-8"))
    assert "兑现工会承诺、守护职工健康" in text
    assert "无病我帮人、有病人帮我" in text
    for entry in (
        *press_kit.campaign_entries(made, clock.today(), ADDRESS),
        *press_kit.product_entries(made, clock.today(), ADDRESS),
    ):
        assert entry.text in text
        assert "先看不保什么" in entry.text
        assert ("示范数值，以经办机构正式条款为准" in entry.text) == entry.is_sample
        # 工伤保险 is the name of a scheme of the state's, in what is not covered; ours is never called one.
        assert "保险" not in entry.text.replace(entry.title, "").replace("工伤保险", "")


def test_nothing_is_printed_over_something_else(made: Compiled) -> None:
    canvas = Canvas(400, 200)
    canvas.text(20, 100, "您自己出", 40)
    with pytest.raises(line_breaks.DoesNotFit, match="would be printed over"):
        canvas.text(100, 110, "截止", 40)


def test_the_fullest_campaign_still_fits(made: Compiled) -> None:
    """Five payers, a broken sum, a long name, long channels: everything is still there and legible."""
    words = press_kit.campaign_entries(made, clock.today(), ADDRESS)[0].printed[0].inputs[0]
    payers = ("县总工会", "乡镇（街道）工会联合会", "用人单位", "省产业工会", "您自己")
    full = dataclasses.replace(  # type: ignore[type-var]
        words,
        name="您买套餐、我来分担：住院加重疾互助保障专项行动",
        lead="县总工会、乡镇工会和单位一起分担，您只出一小部分，全家都安心，早参加早有保障",
        own="92.50",
        fee="1,280",
        shares=tuple(wording.Share(each, "107.50", 20, f"s{n % 4}") for n, each in enumerate(payers)),
        where="河南省濮阳市清丰县、漯河市源汇区、漯河市临颍县",
    )
    for canvas in (
        poster.draw_poster(full, ADDRESS + "q/long-campaign-code/long-channel/", "乡镇（街道）工会服务站"),
        share.campaign_share(full, ADDRESS + "q/long-campaign-code/"),
    ):
        said = "".join(canvas.texts)
        assert all(each in said for each in payers)
        assert full.name in said


def test_a_sheet_says_whose_child_and_which_sex(made: Compiled) -> None:
    product = made.catalogue.product("nef-accident", clock.today())

    def who(**changed: object) -> str:
        other = msgspec.structs.replace(product, occupation_groups=(OccupationGroup.EMPLOYEE,), **changed)
        return wording.product_words(made, other, clock.today()).who

    assert who() == "单位在职职工，16至60周岁"
    assert who(genders=(Gender.FEMALE,)) == "单位在职职工，16至60周岁，限女职工"
    assert who(insured=Insured.CHILD, genders=(Gender.FEMALE,)) == "单位在职职工的子女，16至60周岁"
    young = msgspec.structs.replace(product, ages=AgeRange(first=0, last=17), insured=Insured.CHILD)
    both = wording._who((OccupationGroup.EMPLOYEE,), (product, young))
    assert both == "单位在职职工和子女，0至60周岁（每项不一样，扫码看）"


def test_a_sum_that_will_change_says_until_when(made: Compiled) -> None:
    """A campaign like Luyi's: the union's part shrinks with the months, the worker's grows."""
    campaign = made.catalogue.campaign("union-pays-nef")
    first, last = campaign.window.first, campaign.window.last
    middle = ShanghaiDate.fromisoformat("2026-12-29")
    union = FundingLine(
        payer=Payer.COUNTY_UNION,
        label="县总工会",
        by_enrolment_date=(
            DatedAmount(first=first, last=middle, fixed_fen=2000),
            DatedAmount(first=middle + timedelta(days=1), last=last, fixed_fen=1000),
        ),
    )
    worker = FundingLine(payer=Payer.WORKER, label="您自己", rest=True)
    changing = msgspec.structs.replace(
        campaign, funding=(union, worker), rounding_payer=Payer.WORKER, advance_payer=None
    )
    said = {}
    for day in (middle, middle + timedelta(days=1)):
        view = campaign_view(made.catalogue, changing, day)
        entry = press_kit._campaign(made, view, ADDRESS, day)
        said[day] = [entry.printed[0].canvas().texts, entry.shared[0].canvas().texts, [entry.text]]
    for texts in said[middle]:
        assert any("12月29日（含）前参加，您出" in each for each in texts)
    for texts in said[middle + timedelta(days=1)]:
        assert not any("（含）前参加" in each for each in texts)
    assert "15" in said[middle + timedelta(days=1)][0]
