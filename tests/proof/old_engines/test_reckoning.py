"""The small forms of product and campaign pages on a phone of 2018, each with the real answer.

What must come out is what the rules give for the same facts in this process.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.benefits.model import Assessment, Facts
from chalicelib.benefits.rules import assess
from chalicelib.catalog.campaigns import Campaign
from chalicelib.catalog.service import catalogue
from chalicelib.catalog.terms import Product
from chalicelib.platform import clock
from chalicelib.pricing import rules
from infra.demo import CAMPAIGN
from infra.paths import BUILD
from tests.proof.old_engines.engines import Engine
from tests.proof.old_engines.phone import WIDTH, Phone

PICTURES = BUILD / "screenshots"
COVER, HAPPENED, DISCHARGED = "2026-01-01", "2026-10-01", "2026-10-21"  # after every waiting period
COSTS = {
    "total_fen": 3_000_050,
    "medical_insurance_paid_fen": 1_200_000,
    "third_party_paid_fen": 10_000,
    "outside_catalogue_fen": 0,
}


def money(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"


def asks(phone: Phone, name: str) -> bool:
    return bool(phone.js(f"!!document.querySelector('#estimate [name={name}]')"))


def fill_in(phone: Phone) -> dict[str, Any]:
    """Somebody's plausible answer to whatever the open form asks; the same as facts."""
    facts: dict[str, Any] = {"cover_from": COVER, "happened_on": HAPPENED}
    phone.choose("#f-happened_on", HAPPENED)
    phone.choose("#f-cover_from", COVER)
    is_disease = asks(phone, "diagnosis")
    if asks(phone, "cause"):
        phone.tap(f"#estimate [name=cause][value={'disease' if is_disease else 'accident'}]")
    facts["cause"] = "disease" if is_disease else "accident"
    if is_disease:
        facts["diagnosis"] = phone.js("document.querySelectorAll('#f-diagnosis option')[1].value")
        phone.choose("#f-diagnosis", facts["diagnosis"])
    if asks(phone, "diagnosis_hospital_grade"):
        facts["diagnosis_hospital_grade"] = 3
        phone.choose("#f-diagnosis_hospital_grade", "3")
    if asks(phone, "units"):
        facts["units"] = int(phone.js("document.querySelector('#f-units').lastElementChild.value"))
        phone.choose("#f-units", str(facts["units"]))
    if asks(phone, "disability_grade"):
        facts["disability_grade"] = 9
        phone.choose("#f-disability_grade", "9")
    if asks(phone, "stays"):
        facts["stays"] = [{"admitted_on": HAPPENED, "discharged_on": DISCHARGED}]
        phone.choose("#f-stays [name=admitted_on]", HAPPENED)
        phone.choose("#f-stays [name=discharged_on]", DISCHARGED)
    if asks(phone, "hospital_grade"):
        facts["stays"][0]["hospital_grade"] = 2
        phone.choose("#f-stays [name=hospital_grade]", "2")
    sums = {name: fen for name, fen in COSTS.items() if asks(phone, name)}
    for name, fen in sums.items():
        phone.fill(f"#f-{name}", f"{fen // 100}.{fen % 100:02}")
    return facts | ({"costs": sums} if sums else {})


def estimated(phone: Phone) -> str:
    phone.tap("#estimate form > button")
    phone.until_seen("#estimate .result")
    return phone.text("#estimate .figure b").replace("\n", "")


def expected(product: Product, facts: dict[str, Any]) -> Assessment:
    return assess(product, msgspec.convert(facts, Facts))


def test_every_product_estimates_what_its_terms_give(phone: Phone, engine: Engine) -> None:
    products = catalogue().products_on(clock.today())
    assert len(products) >= 10
    for product in products:
        phone.open(f"/products/{product.code}/#estimate")
        phone.until_seen("#f-exclusions")
        found = expected(product, fill_in(phone))
        assert found.total_fen > 0, product.code
        assert estimated(phone) == money(found.total_fen) + "元", product.code
        for line in found.lines:
            assert line.text in phone.text("#estimate .result"), product.code
        assert phone.js("document.documentElement.scrollWidth") <= WIDTH, product.code
        assert phone.wrong == [], product.code
        phone.picture(PICTURES / f"chromium-{engine.major}-11-estimate-{product.code}.png")


def test_a_second_stay_comes_and_goes_and_an_exclusion_takes_everything(phone: Phone, engine: Engine) -> None:
    product = catalogue().product("nef-accident", clock.today())
    phone.open("/products/nef-accident/#estimate")
    phone.until_seen("#f-exclusions")
    phone.tap("#estimate form > button")
    assert phone.text("#happened_on-error")
    assert phone.text("#cover_from-error")
    phone.picture(PICTURES / f"chromium-{engine.major}-11-estimate-errors.png")
    facts = fill_in(phone)
    phone.tap("#f-stays > button")
    phone.picture(PICTURES / f"chromium-{engine.major}-11-estimate-stays.png")
    phone.tap("#estimate form > button")
    phone.until_seen("#estimate .result")  # a stay that is empty is no stay
    phone.tap("#f-stays .pair button")
    assert phone.js("document.querySelectorAll('#f-stays .pair').length") == 1
    phone.tap("#f-exclusions input")
    facts["exclusions"] = [phone.js("document.querySelector('#f-exclusions input:checked').value")]
    assert expected(product, facts).total_fen == 0
    assert estimated(phone) == "0元"
    assert "领不到" in phone.text("#estimate .result")


def test_every_campaign_that_is_not_over_splits_its_fee(phone: Phone, engine: Engine) -> None:
    today = clock.today()
    still = [each for each in catalogue().campaigns if today <= each.window.last]
    assert len(still) > 3
    for campaign in still:
        phone.open(f"/campaigns/{campaign.code}/#split")
        phone.until_seen("#people-error, #f-people")
        phone.until("!document.querySelector('#split form > button').disabled")
        phone.tap("#split form > button")
        assert phone.text("#people-error"), campaign.code
        phone.fill("#f-people", "37")
        phone.tap("#split form > button")
        phone.until_seen("#split .result")
        assert phone.text("#split .figure b").replace("\n", "") == money(fee(campaign, 37)) + "元", (
            campaign.code
        )
        assert phone.js("document.documentElement.scrollWidth") <= WIDTH, campaign.code
        assert phone.wrong == [], campaign.code
    phone.open(f"/campaigns/{CAMPAIGN}/?channel=station")
    assert phone.js("document.getElementById('join').search") == "?channel=station"


def fee(campaign: Campaign, people: int) -> int:
    on = max(clock.today(), campaign.window.first)
    products = [catalogue().product(code, on) for code in campaign.products]
    return rules.quote(products, campaign, people, catalogue().region(campaign.regions[0]), on).fee_fen
