"""What we say: each text is complete, short, approved once and then never changed."""

from __future__ import annotations

import hashlib

import pytest

from chalicelib.notify.templates import SIGNATURE, TEMPLATES, Template, newest
from chalicelib.platform.settings import LIMITS
from tests.notify.outbox import CODE, JOINED

SAMPLES = {
    "sign_in_code": {"code": "402817"},
    "joined": {name: str(value) for name, value in JOINED.items()},
    "waiting": {"products": "意外伤害互助保障", "number": "1024"},
    "waiting_ended": {"product": "意外伤害互助保障", "first": "16", "last": "60"},
    "promoted": {name: str(value) for name, value in JOINED.items()},
}
# The provider approved exactly these. To say something else, add a version; never edit a line here.
APPROVED = {
    "joined_1": "4ad9679a4b489dcf",
    "promoted_1": "480123ab25d02139",
    "sign_in_code_1": "0d1fcd966fd47858",
    "waiting_1": "94f7b591cf37bbed",
    "waiting_2": "4a9cc18bd46c334d",
    "waiting_ended_1": "396f00a2d3a4f616",
    "waiting_ended_2": "b66f0f860e435275",
}

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.name)


def shown(template: Template, text: str) -> str:
    return text.format(**template.shown(SAMPLES[template.code]))


def test_a_text_once_approved_is_never_changed() -> None:
    digests = {
        each.name: hashlib.sha256(f"{each.text}|{each.days}".encode()).hexdigest()[:16]
        for each in TEMPLATES.values()
    }
    assert digests == APPROVED


@every_template
def test_a_text_fits_two_sms(template: Template) -> None:
    """A Chinese SMS holds 70 characters, 67 when it is one of several."""
    assert len(SIGNATURE + shown(template, template.text)) <= 2 * 67


@every_template
def test_an_inbox_text_uses_only_what_is_kept_in_the_clear(template: Template) -> None:
    if template.inbox is None:
        return
    open_values = {
        name: value
        for name, value in template.shown(SAMPLES[template.code]).items()
        if name not in template.secret
    }
    assert template.inbox.format(**open_values)


@every_template
def test_every_day_and_secret_is_a_placeholder(template: Template) -> None:
    assert {*template.days, *template.secret} <= set(template.placeholders)


def test_a_code_is_secret_never_in_the_inbox_and_says_how_long_it_lives() -> None:
    code = newest("sign_in_code")
    assert code.secret == ("code",)
    assert code.inbox is None
    assert code.useful_seconds == LIMITS.code_seconds
    assert f"{LIMITS.code_seconds // 60}分钟内有效" in code.text
    assert CODE.keys() == set(code.placeholders)


@pytest.mark.parametrize("code", ["joined", "promoted"])
def test_news_of_cover_says_from_when_which_certificate_who_paid_and_how_to_claim(code: str) -> None:
    text = shown(newest(code), newest(code).text)
    for said in ("2026年11月23日零时起", "2027年11月22日", "NEF-26-0001", "市总工会", "12351"):
        assert said in text


def test_news_of_waiting_says_that_nothing_is_in_force_yet() -> None:
    text = shown(newest("waiting"), newest("waiting").text)
    assert "尚未生效" in text
    assert "1024" in text


def test_values_go_to_the_provider_in_the_order_of_the_text() -> None:
    template = Template("x", 1, text="{b}、{a}、{b}")
    assert list(template.shown({"a": "1", "b": "2"}).values()) == ["2", "1"]


def test_the_newest_version_is_used() -> None:
    assert newest("joined").version == max(v for code, v in TEMPLATES if code == "joined")
    with pytest.raises(KeyError):
        newest("no_such_news")
