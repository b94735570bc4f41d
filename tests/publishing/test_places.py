"""Everybody finds an option for where they work, and every office has a page that says only what is known."""

from __future__ import annotations

from chalicelib.catalog.model import Catalogue
from publishing import compiler

OFFICES = (
    "luohe linying yuanhui puyang qingfeng xinxiang zhoukou luyi zhengzhou"
    " shaanxi xian baoji xianyang yanan shangluo zhashui beijing guangdong"
).split()


def test_a_province_with_places_in_it_also_has_its_other_places(catalogue: Catalogue) -> None:
    """A province that holds others is no option itself, so the rest of it needs one."""
    tops = {each.code for each in catalogue.regions if each.parent is None}
    parents = {each.parent for each in catalogue.regions}
    for province in tops & parents:
        other = catalogue.region(f"{province}-other")
        assert other.path == (f"{province}-other", province)


def test_a_county_is_in_its_city_and_its_province(catalogue: Catalogue) -> None:
    assert catalogue.region("zhashui").path == ("zhashui", "shangluo", "shaanxi")
    assert catalogue.region("luyi").path == ("luyi", "zhoukou", "henan")


def test_every_office_of_our_sources_has_a_page_and_the_hotline(catalogue: Catalogue) -> None:
    outlets = {each.code: each for each in catalogue.outlets}
    assert set(OFFICES) <= set(outlets)
    for code in OFFICES:
        assert (outlets[code].region, outlets[code].phone) == (code, "12351")


def test_no_address_or_hour_is_invented(catalogue: Catalogue) -> None:
    """None of the sources gives one; a page then says so."""
    pages = compiler.read_pages(compiler.CONTENT)
    for outlet in catalogue.outlets:
        assert (outlet.address, outlet.hours) == ("", "")
        assert "我们没有查到公开发布的窗口地址" in pages[f"outlets/{outlet.code}.md"].body
