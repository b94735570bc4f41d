"""One thing has one word, on pages, in scripts and in messages; content is held to it by the build itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.notify.templates import TEMPLATES, newest
from publishing.checks.wording import wrong_word
from tests.site.building import ROOT

# Texts once approved stay as they are (tests/notify/test_templates.py); what is sent now is looked at below.
APPROVED = ROOT / "functions/chalicelib/notify/templates.py"
SOURCES = [
    *sorted((ROOT / "site/theme").glob("*.html")),
    *sorted((ROOT / "site/js").glob("*.js")),
    *sorted((ROOT / "functions").glob("*.py")),
    *sorted((ROOT / "functions/chalicelib").rglob("*.py")),
    *sorted((ROOT / "infra").rglob("*.py")),
]


@pytest.mark.parametrize(
    "second", ["候补号", "还是查不到", "没有查到这张凭证", "保障未生效", "还没生效", "还没有生效"]
)
def test_the_second_word_is_known(second: str) -> None:
    assert wrong_word(f"您的{second}。")


@pytest.mark.parametrize("first", ["排队号", "没有这张凭证", "尚未生效", "没有查到公开发布的地址"])
def test_the_first_word_is_none(first: str) -> None:
    assert not wrong_word(f"您的{first}。")


def test_templates_scripts_and_functions_say_it_with_the_one_word() -> None:
    assert len(SOURCES) > 150
    assert [told for file in SOURCES if file != APPROVED for told in wrong_lines(file)] == []


def wrong_lines(file: Path) -> list[str]:
    lines = enumerate(file.read_text("utf-8").split("\n"), 1)
    return [f"{file.relative_to(ROOT)}:{n} {wrong_word(line)}" for n, line in lines if wrong_word(line)]


@pytest.mark.parametrize("code", sorted({code for code, _ in TEMPLATES}))
def test_what_is_sent_says_it_with_the_one_word(code: str) -> None:
    template = newest(code)
    assert not wrong_word(template.text)
    assert not wrong_word(template.inbox or "")


def test_every_built_page_says_it_with_the_one_word(site_dir: Path) -> None:
    """What the build adds of its own too. Terms that were published before a rule stay as they are."""
    for file in site_dir.rglob("*.html"):
        if "/terms-" not in file.as_posix() and "/changes/" not in file.as_posix():
            assert not wrong_word(file.read_text("utf-8")), file.relative_to(site_dir)
