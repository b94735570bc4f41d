"""Who pays how much for many people: the calculator on a campaign's page, with the real split behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.platform import clock
from tests.site.altered_site import Altered
from tests.site.real_api import Asked, answer_for_real, obeying

Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def address(altered: Altered, altered_origin: str) -> Iterator[str]:
    """The test campaigns all run around today; `gift` ended yesterday."""
    with obeying(altered.data):
        yield altered_origin


@pytest.fixture
def asked(phone: Page) -> Asked:
    return answer_for_real(phone)


@pytest.fixture
def opened(phone: Page, address: str, asked: Asked) -> Open:
    def go(campaign: str) -> Page:
        phone.goto(f"{address}/campaigns/{campaign}/#split")
        phone.wait_for_selector("#split .result", state="attached")
        phone.wait_for_selector("#people-error", state="attached")
        return phone

    return go


def press(page: Page) -> list[list[str]]:
    """The table's cells."""
    page.click("#split form button")
    page.wait_for_selector("#split .result:visible")
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('#split tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


def fen(text: str) -> int:
    whole, _, rest = text.removesuffix("元").replace(",", "").partition(".")
    return int(whole) * 100 + int(rest or 0)


@pytest.mark.parametrize("people", [1, 3, 37, 1_000_000])
@pytest.mark.parametrize(
    "campaign", ["three-parties", "employer-half", "city-county-grassroots", "supplement", "union-pays-nef"]
)
def test_shares_add_up_to_the_fen_and_are_those_of_the_server(
    opened: Open, asked: Asked, campaign: str, people: int
) -> None:
    page = opened(campaign)
    page.fill("#f-people", str(people))
    _, *rows, total = press(page)
    answer = asked[-1][2].json
    shares = sorted(answer["shares"], key=lambda share: share["payer"] == "worker")
    assert [(name, fen(all_)) for name, _, all_ in rows] == [
        (share["label"], share["fee_fen"]) for share in shares
    ]
    assert [fen(each) * people for _, each, _ in rows] == [share["fee_fen"] for share in shares]
    assert sum(fen(all_) for _, _, all_ in rows) == fen(total[2]) == answer["fee_fen"]
    assert fen(page.inner_text("#split .figure b").replace("\n", "").replace(" ", "")) == answer["fee_fen"]


def test_the_bar_is_drawn_by_attributes_to_its_full_width(opened: Open) -> None:
    page = opened("three-parties")
    page.fill("#f-people", "2")
    press(page)
    pieces = page.evaluate(
        """[...document.querySelectorAll('#split rect')].map(rect => [
            ...['x', 'width'].map(name => parseFloat(rect.getAttribute(name))), rect.style.length,
        ])"""
    )
    assert pieces[0][0] == 0
    for (start, width, _), (following, _, _) in pairwise(pieces):
        assert following == pytest.approx(start + width, abs=0.02)
    assert sum(pieces[-1][:2]) == pytest.approx(100, abs=0.02)
    assert {each[2] for each in pieces} == {0}


def test_the_day_is_asked_only_where_funding_depends_on_it(opened: Open, asked: Asked) -> None:
    assert not opened("three-parties").query_selector("#f-on")
    page = opened("early-bird")
    assert page.input_value("#f-on") == clock.today().isoformat()
    page.fill("#f-people", "1")
    own = []
    for day in ("2026-01-01", "2026-04-01", "2026-07-01"):
        page.fill("#f-on", day)
        own.append(press(page)[-2][1])
    assert own == ["50元", "60元", "70元"]


def test_the_place_is_one_of_the_campaign(opened: Open, asked: Asked) -> None:
    page = opened("union-pays-nef")
    page.fill("#f-people", "1")
    page.select_option("#f-region", "qingfeng")
    press(page)
    assert asked[-1][1]["region"] == "qingfeng"
    values = page.evaluate("[...document.querySelectorAll('#f-region option')].map(each => each.value)")
    assert values[0] == "henan"
    assert "beijing" not in values


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "二十", "1000001"])
def test_a_number_of_people_that_is_none_is_said_beside_the_field(
    opened: Open, asked: Asked, typed: str
) -> None:
    page = opened("three-parties")
    page.fill("#f-people", typed)
    page.click("#split form button")
    page.wait_for_selector("#people-error:not(:empty)")
    assert page.evaluate("document.activeElement.name") == "people"
    assert asked == []


def test_a_day_outside_the_campaign_is_the_servers_to_refuse(opened: Open, asked: Asked) -> None:
    page = opened("early-bird")
    page.fill("#f-people", "1")
    page.fill("#f-on", (clock.today() + timedelta(days=301)).isoformat())
    page.click("#split form button")
    page.wait_for_selector("#split .summary:visible")
    assert asked[-1][2].json["fields"]["campaign"] in page.inner_text("#split .summary")


def test_a_campaign_that_is_over_says_so_and_asks_nothing(phone: Page, address: str) -> None:
    phone.goto(f"{address}/campaigns/gift/#split")
    assert "活动已经结束" in phone.inner_text("#split")
    assert not phone.query_selector("#split form")


def test_a_page_older_than_the_campaign_says_so_too(phone: Page, address: str) -> None:
    phone.clock.set_fixed_time("2031-01-01T00:00:00Z")
    phone.goto(f"{address}/campaigns/three-parties/#split")
    phone.wait_for_selector("#status:has-text('已经结束')")
    assert not phone.is_visible("#f-people")


def test_a_reader_loads_nothing_of_it_and_a_poster_still_passes_its_channel(
    phone: Page, address: str
) -> None:
    loaded: list[str] = []
    phone.on("request", lambda request: loaded.append(request.url))
    phone.goto(f"{address}/campaigns/union-pays-nef/?channel=station")
    phone.wait_for_timeout(300)
    assert len(loaded) == 2, loaded
    assert str(phone.get_attribute("#join", "href")).endswith("?channel=station")


def test_without_script_the_fold_says_why_and_whom_to_ask_and_offers_nothing_dead(
    browser: Browser, address: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/campaigns/union-pays-nef/")
    page.click("#split summary")
    assert "12351" in page.inner_text("#split .noscript")
    assert page.locator("#split :is(input, select, button)").count() == 0
    page.context.close()
