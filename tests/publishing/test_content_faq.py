"""The answers people look up: enough of them, each short, each with its own address, each still true."""

from __future__ import annotations

import re
from datetime import date

import pytest

from publishing import compiler, figures

TODAY = date(2026, 11, 22)
MADE = compiler.compile_content(compiler.CONTENT)
PAGES = [page for page in MADE.pages.values() if page.type == "faq"]
QUESTION = re.compile(
    r"^## (?P<question>.+?) \{#(?P<anchor>[a-z0-9-]+)\}\n\n(?P<answer>.+?)(?=^## |\Z)",
    re.MULTILINE | re.DOTALL,
)
LONGEST_ANSWER = 150  # characters as read: four lines on a small phone


def questions(path: str) -> list[tuple[str, str, str]]:
    """(question, anchor, answer as read) of one page, without its closing section."""
    page = next(each for each in PAGES if each.path == path)
    body = figures.render_body(page, MADE.catalogue, TODAY)
    found = [(each["question"], each["anchor"], each["answer"]) for each in QUESTION.finditer(body)]
    assert len(found) == body.count("\n## ") + body.startswith("## "), path
    return [each for each in found if each[1] != "more"]


PATHS = [page.path for page in PAGES]


def test_there_are_a_hundred_questions_in_ten_groups() -> None:
    assert len(PATHS) >= 10
    assert sum(len(questions(path)) for path in PATHS) >= 100


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_short_and_has_its_own_anchor(path: str) -> None:
    found = questions(path)
    anchors = [anchor for _, anchor, _ in found]
    assert len(anchors) == len(set(anchors))
    for question, _, answer in found:
        said = re.sub(r"\]\([^)]*\)|[\[*※\n]", "", answer)
        assert len(said) <= LONGEST_ANSWER, (question, len(said))
        assert said.endswith("。"), question


def test_no_question_is_asked_twice() -> None:
    asked = [question for path in PATHS for question, _, _ in questions(path)]
    assert len(asked) == len(set(asked))


def test_nobody_is_told_to_claim_online_before_one_can() -> None:
    online = next(said for _, anchor, said in questions("faq/claim.md") if anchor == "online")
    services = {page.meta.get("service") for page in MADE.pages.values()}
    assert ("还不能" in online) == ("claim" not in services)


def test_every_exclusion_of_the_terms_is_named_in_the_first_answer_about_cover() -> None:
    answer = next(said for _, anchor, said in questions("faq/cover.md") if anchor == "not-covered")
    product = MADE.catalogue.product("nef-accident", TODAY)
    words = {
        "disease": "猝死",
        "drunk_driving": "酒驾",
        "unlicensed_vehicle": "无证驾驶",
        "self_harm_crime": "犯罪",
    }
    words |= {"war_earthquake": "地震", "retired": "退休"}
    assert {each.id for each in product.exclusions} == set(words)
    assert all(word in answer for word in words.values())
