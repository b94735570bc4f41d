"""What riders type, through the real script in a browser, against the built site.

Expected pages are ones that stay; where one is not the very first, newer pages may stand before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sitebuild.search.keys import shard_of
from tests.site.building import ROOT
from tests.site.html import pages_of, url_of
from tests.site.test_budgets import brotli_bytes

ASKED = [  # what is typed, the page or section it must find, at which place at the latest
    ("理赔", "/guide/claim/", 3),
    ("报销", "/guide/claim/", 3),
    ("保费", "/faq/money/#fee", 3),
    ("会费", "/faq/clerk/#split", 3),
    ("保单", "/faq/certificate/", 3),
    ("人工", "/#help", 3),
    ("人工客服", "/#help", 3),
    ("骑手能参加吗", "/faq/join/#who", 3),
    ("快递小哥", "/faq/join/#who", 6),
    ("滴滴司机", "/faq/join/#who", 3),
    ("退保", "/faq/join/#refund", 3),
    ("猝死", "/faq/cover/#sudden-death", 1),
    ("心梗", "/faq/cover/#sudden-death", 1),
    ("新职伤", "/faq/compare/", 3),
    ("查保单", "/faq/certificate/#today", 3),
    ("没有发票怎么办", "/faq/papers/#invoice", 1),
    ("发票丢了", "/faq/papers/#invoice", 1),
    ("电动车没上牌赔不赔", "/faq/cover/#ebike", 1),
    ("摔伤了怎么报", "/faq/claim/", 6),
    ("几天内报案", "/faq/claim/#notice", 3),
    ("喝酒骑车", "/faq/cover/#hangover", 1),
    ("闯红灯", "/faq/cover/#traffic-light", 1),
    ("头盔", "/faq/cover/#helmet", 1),
    ("凭证丢了", "/faq/certificate/#lost", 1),
    ("银行卡", "/faq/papers/#card", 3),
    ("被狗咬", "/faq/cover/#dog", 1),
    ("狗", "/faq/cover/#dog", 1),
    ("不接单的时候受伤管吗", "/faq/cover/#off-order", 3),
    ("换平台了还管吗", "/faq/join/#move", 1),
    ("没签劳动合同能参加吗", "/faq/join/#contract", 1),
    ("身份证号", "/faq/privacy/#why-id", 3),
    ("有人打电话要验证码", "/faq/privacy/#code", 1),
    ("验证码给不给", "/faq/privacy/#code", 1),
    ("伤残鉴定", "/faq/papers/#appraisal", 1),
    ("对方跑了怎么办", "/faq/claim/#hit-and-run", 1),
    ("私了", "/faq/claim/#settled", 1),
    ("家人能代办吗", "/faq/claim/#proxy", 3),
    ("等待期", "/faq/join/#waiting", 3),
    ("受益人", "/faq/claim/#death-claim", 3),
    ("短信没收到", "/faq/certificate/#no-sms", 1),
    ("平台每天扣我几块钱", "/faq/compare/#daily", 1),
    ("换手机号了", "/faq/certificate/#new-mobile", 3),
    ("我没有医保能参加吗", "/faq/join/#medical", 1),
    ("外地医院", "/faq/papers/#away-papers", 3),
    ("谁出钱", "/faq/money/", 3),
    ("多久到账", "/faq/payout/", 6),
    ("世林", "/cases/shilin/", 3),
    ("清丰", "/outlets/qingfeng/", 3),
    ("骗子", "/faq/privacy/#fake", 6),
]
PAIRS = (
    "猝死 头盔 发票 凭证 会费 参加 材料 银行 医院 住院 津贴 伤残 身故 平台 单位 工会 名单 短信 验证 "
    "身份 到账 申领 报告 事故 交警 酒驾 红灯 互助 受益 鉴定 条款 活动 名额 生效 漯河 清丰 周口 陕西 北京"
).split()
LONGER = (
    "银行卡 身份证 发票丢了 住院津贴 伤残鉴定 受益人 等待期 闯红灯 验证码 责任认定 出院记录 服务标准".split()
)

FOUND = """whole => {
    const more = document.getElementById('more');
    while (whole && !more.hidden) more.click();
    return [...document.querySelectorAll('#found > li')]
        .map(each => each.querySelector('a').getAttribute('href'));
}"""


class Asking:
    """The search page, opened once."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url.removeprefix(origin)))
        self.page.goto(origin + "/search/")

    def ask(self, query: str, *, all_of_it: bool = False) -> list[str]:
        self.page.fill("#q", query)
        self.page.click("button[type=submit]")  # the script says 正在 before this returns
        self.page.wait_for_selector("#status:not(:text('正在'))")
        return list(self.page.evaluate(FOUND, all_of_it))

    def sections(self, place: int) -> list[str]:
        """All addresses of the result at `place`, once its text is there."""
        node = self.page.locator("#found > li").nth(place)
        node.scroll_into_view_if_needed()
        node.locator("p").first.wait_for(state="attached")
        return [str(each.get_attribute("href")) for each in node.locator("a").all()]


@pytest.fixture(scope="module")
def asking(browser: Browser, origin: str) -> Iterator[Asking]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield Asking(page, origin)
    context.close()
    assert not broken, broken


def catalogue(site_dir: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((site_dir / "search/catalogue.json").read_text("utf-8"))
    return read


def texts(site_dir: Path) -> dict[str, list[str]]:
    """Every page's searched text by its address, a string a section's title or text."""
    known = catalogue(site_dir)
    folder = site_dir / "search" / known["version"]
    found = {}
    for number, (url, _, _, _, pack) in enumerate(known["pages"]):
        sections = json.loads((folder / f"t{pack}.json").read_text("utf-8"))[str(number)]
        found[url] = [text for _, *both in sections for text in both]
    return found


@pytest.mark.parametrize(("query", "expected", "place"), ASKED, ids=[each[0] for each in ASKED])
def test_what_riders_type_finds_its_answer_near_the_top(
    asking: Asking, query: str, expected: str, place: int
) -> None:
    page, _, anchor = expected.partition("#")
    found = [each.partition("#")[0] for each in asking.ask(query)]
    assert page in found[:place], found
    if anchor:
        assert expected in asking.sections(found.index(page))


@pytest.mark.parametrize(
    ("one", "other"),
    [("12351", "１２３５１"), ("APP", "ａｐｐ"), ("app", "App"), ("理赔", " 理赔　"), ("猝死", "猝死？")],
)
def test_width_capitals_and_space_make_no_difference(asking: Asking, one: str, other: str) -> None:
    assert asking.ask(one) == asking.ask(other) != []


def test_two_characters_find_exactly_the_pages_that_have_them(asking: Asking, site_dir: Path) -> None:
    said = catalogue(site_dir)["say"]
    plain = [each for each in PAIRS if each not in said]
    assert len(plain) >= 35
    truth = texts(site_dir)
    for query in plain:
        found = {each.partition("#")[0] for each in asking.ask(query, all_of_it=True)}
        assert found == {url for url, part in truth.items() if any(query in text for text in part)}, query


def test_longer_words_find_every_page_that_has_them_and_few_others(asking: Asking, site_dir: Path) -> None:
    truth = texts(site_dir)
    wanted = right = 0
    for query in LONGER:
        found = {each.partition("#")[0] for each in asking.ask(query, all_of_it=True)}
        have = {url for url, part in truth.items() if any(query in text for text in part)}
        if query not in catalogue(site_dir)["say"]:
            assert have <= found, query
        wanted, right = wanted + len(found), right + len(have & found)
    print(f"precision of longer words: {right / wanted:.3f}")
    assert right >= 0.85 * wanted


def test_all_of_a_page_that_can_be_read_can_be_found(site_dir: Path) -> None:
    truth = texts(site_dir)
    left_out = {"/404.html", "/not-found/", "/search/", "/services/certificate/"}
    for file in pages_of(site_dir):
        url, html = url_of(site_dir, file), file.read_text("utf-8")
        if url.endswith("/papers/") and url.startswith("/products/"):
            continue  # found through its card
        if url in left_out or url.startswith("/services/join/") or "http-equiv" in html:
            continue
        assert url in truth
        for words in re.findall(r"<h2 id=[^>]*>([^<]+)</h2>", html):
            assert any(" ".join(words.split()) in text for text in truth[url]), (url, words)


def test_nonsense_finds_nothing_and_says_what_to_do(asking: Asking) -> None:
    assert asking.ask("量子计算机") == []
    assert asking.page.is_visible("#none a[href='tel:12351']")
    assert asking.page.is_visible("#ways")
    asking.ask("猝死")
    assert not asking.page.is_visible("#ways")


def test_words_marked_and_other_words_looked_for_are_shown_as_text(asking: Asking) -> None:
    asking.ask("保费")
    assert "会费" in asking.page.inner_text("#also")
    assert "会费" in asking.page.locator("#found mark").all_inner_texts()
    asking.ask("<b>猝死</b>")
    assert asking.page.locator("#found b").count() == 0


def test_an_address_with_a_question_answers_it(phone: Page, origin: str) -> None:
    phone.goto(origin + "/search/?q=%E7%8C%9D%E6%AD%BB+%E7%AE%A1%E5%90%97")
    phone.wait_for_selector("#found mark")
    assert phone.input_value("#q") == "猝死 管吗"
    phone.fill("#q", "头盔")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("a[href='/faq/cover/#helmet']")
    assert phone.url.endswith("/search/?q=%E5%A4%B4%E7%9B%94")


def test_without_script_the_page_leads_on(browser: Browser, origin: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(origin + "/search/?q=x")
    assert page.locator("a[href='/faq/papers/'], a[href='/products/nef-accident/']").count() == 2
    page.wait_for_timeout(3200)
    assert "脚本" in page.inner_text(".note.noscript")
    page.close()


@pytest.mark.parametrize("query", ["理赔", "发票", "猝死", "头盔", "银行卡", "等待期"])
def test_the_first_question_costs_little_and_nothing_before(
    browser: Browser, origin: str, site_dir: Path, query: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    asking = Asking(page, origin)
    page.wait_for_load_state("networkidle")
    before = [each for each in asking.requests if not each.startswith("data:")]
    assert not [each for each in before if each.endswith(".json")]
    asking.ask(query)
    page.wait_for_load_state("networkidle")  # texts of the results in sight, too
    page.close()
    paths = [each for each in asking.requests if not each.startswith("data:")]
    files = [site_dir / (each.strip("/") + ("/index.html" if each.endswith("/") else "")) for each in paths]
    size = sum(map(brotli_bytes, files))
    print(f"{query}: {len(paths)} requests, {size} bytes")
    assert len(paths) <= 6, paths
    assert size <= 20 * 1024


@pytest.mark.parametrize("shards", [64, 128])
def test_the_browser_looks_for_a_key_where_the_build_put_it(
    browser: Browser, site_dir: Path, shards: int
) -> None:
    """Also with twice as many files, as there will be when the site has grown."""
    files = (site_dir / "search" / catalogue(site_dir)["version"]).glob("[0-9c]*.json")
    keys = sorted(key for file in files for key in json.loads(file.read_text("utf-8")))
    assert len(keys) > 5000
    script = (ROOT / "site/js/search_terms.js").read_text("utf-8")
    page = browser.new_page()
    known = f"var folder = '', catalogue = {{shards: {shards}}};"
    looked = page.evaluate(f"keys => {{ {known}\n{script}\nreturn keys.map(fileOf); }}", keys)
    page.close()
    assert looked == [shard_of(key, shards) for key in keys]
    assert len(set(looked)) > shards


def test_other_pages_carry_no_byte_of_the_search(site_dir: Path) -> None:
    for file in pages_of(site_dir):
        if url_of(site_dir, file) != "/search/":
            text = file.read_text("utf-8")
            assert "/js/search." not in text
            assert "search/catalogue" not in text


def test_a_failed_line_says_so_and_the_next_press_works(phone: Page, origin: str) -> None:
    phone.goto(origin + "/search/")
    phone.route("**/search/catalogue.json", lambda route: route.abort())
    phone.fill("#q", "头盔")
    phone.click("button[type=submit]")
    phone.wait_for_selector("#status:text('网络')")
    phone.unroute("**/search/catalogue.json")
    phone.click("button[type=submit]")
    phone.wait_for_selector("#found mark")
