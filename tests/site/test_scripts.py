"""The browser's scripts: plain ES5, a right SHA-256, and the identity number as the law writes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from altcha import v1
from calmjs.parse import es5
from calmjs.parse.exceptions import ECMASyntaxError
from mkdocs.exceptions import PluginError
from playwright.sync_api import Browser, Page

from chalicelib.kernel import completed_years
from sitebuild.assets import scripts
from tests.site.building import ROOT

SOURCES = sorted((ROOT / "site/js").glob("*.js"))

# Strings, comments and regular expressions first, so that their text is not taken for code.
_NOT_CODE = re.compile(
    r"'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?\*/|(?<=[(,=:!&|?{};\n])\s*/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[gimuy]*",
    re.DOTALL,
)
LATER_THAN_ES5 = {
    "Promise, fetch or other later names": r"\b(?:Promise|fetch|Symbol|Map|Set|Proxy|Reflect|globalThis)\b",
    "later methods of texts and lists": r"\.(?:includes|padStart|padEnd|flat|flatMap|at|replaceAll|from|find"
    r"|findIndex|startsWith|endsWith|repeat|entries|values|assign)\(",
    "later methods of elements": r"\.(?:append|prepend|replaceChildren|closest|remove)\(",
}


def code_of(source: str) -> str:
    return _NOT_CODE.sub(lambda match: "''" if match.group().lstrip()[:1] == "'" else " ", source)


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)
def test_scripts_ask_an_old_phone_for_nothing_it_lacks(source: Path) -> None:
    code = code_of(source.read_text("utf-8"))
    for what, pattern in LATER_THAN_ES5.items():
        found = re.search(pattern, code, re.MULTILINE)
        assert not found, f"{source.name}: {what}: {found.group()!r}"


@pytest.mark.parametrize("later", ["fetch('/x');", "x.includes('a');", "new Map();", "list.append(node);"])
def test_what_is_later_than_es5_is_seen(later: str) -> None:
    code = code_of("var s = 'fetch(`x`)'; // Promise\n" + later)
    assert any(re.search(pattern, code, re.MULTILINE) for pattern in LATER_THAN_ES5.values())


@pytest.mark.parametrize(
    "newer",
    [
        "let a = 1;",
        "const a = 1;",
        "class A {}",
        "a => a;",
        "var s = `a`;",
        "a?.b;",
        "a ?? b;",
        "f(...a);",
        "f(a,);",
        "a ** 2;",
        "for (var a of b) {}",
        "var {a} = b;",
        "var o = {a() {}};",
        "function f(a = 1) {}",
    ],
)
def test_newer_syntax_is_refused(newer: str) -> None:
    with pytest.raises(ECMASyntaxError, match=r"2:"):
        es5("var fine = 1;\n" + newer)


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)
def test_scripts_are_es5(source: Path) -> None:
    es5(source.read_text("utf-8"))


def test_what_is_sent_has_neither_comments_nor_long_local_names(site_dir: Path) -> None:
    sent = {file.name.partition(".")[0]: file.read_text("utf-8") for file in (site_dir / "js").glob("*.js")}
    assert sent.keys() == {*scripts.BUNDLES, *scripts.ALONE}
    for name, text in sent.items():
        parts = scripts.BUNDLES.get(name, (name,))
        source = "".join((ROOT / f"site/js/{part}.js").read_text("utf-8") for part in parts)
        assert "/*" not in text, name
        assert not set(re.findall("=>|`", code_of(text))), name  # nothing newer than its sources
        assert len(text) < 0.75 * len(source), name


def test_a_script_that_cannot_be_read_stops_the_build_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"later": "var fine = 1;\nvar (broken;"}
    monkeypatch.setattr(scripts, "_source", lambda part: texts.get(part, "var fine = 1;"))
    with pytest.raises(PluginError, match=r"site/js/later\.js: .* line 2"):
        scripts.script_text.__wrapped__("later")


def test_no_script_keeps_a_code_or_an_identity_number_beyond_the_tab() -> None:
    for source in SOURCES:
        text = source.read_text("utf-8")
        assert "document.cookie" not in text
        if "localStorage" in text:
            # The places to look at; of signing in the mobile, ten minutes long (test_form_parts.py).
            assert source.name in {"draft.js", "large.js", "net.js", "signin.js", "store.js"}
    for name, kept in (("large", "'large', '1'"), ("net", "H.SIGNED_IN, 'yes'")):
        text = (ROOT / f"site/js/{name}.js").read_text("utf-8")
        assert re.findall(r"setItem\((.*)\)", text) == [kept]


@pytest.fixture(scope="module")
def bench(browser: Browser, origin: str) -> Iterator[Page]:
    """A page of our own origin, under its policy, to run functions in."""
    page = browser.new_page()
    page.goto(origin + "/404.html")
    yield page
    page.close()


@pytest.mark.parametrize("salt_length", [1, 12, 22, 23, 24, 25, 27, 31, 54, 55, 59, 60, 86, 100])
def test_the_solver_finds_what_altcha_asks(
    bench: Page, origin: str, site_dir: Path, salt_length: int
) -> None:
    """Salts around the edges of SHA-256's 64-byte blocks; the number may be the first or the last."""
    url = next((site_dir / "js").glob("solve.*.js")).name
    for number, most in [(0, 50), (50, 50), (777, 1000), (10_000, 10_000)]:
        options = v1.ChallengeOptions(
            number=number, max_number=most, salt="s" * salt_length, hmac_key="test", expires=None
        )
        made = v1.create_challenge(options)
        found = bench.evaluate(
            """([url, task]) => new Promise(done => {
                const worker = new Worker(url);
                worker.onmessage = event => done(event.data);
                worker.onerror = event => done('failed: ' + event.message);
                worker.postMessage(task);
            })""",
            [f"/js/{url}", {"salt": made.salt, "challenge": made.challenge, "maxnumber": most}],
        )
        assert found == number
        payload = {**made.to_dict(), "number": found}
        payload.pop("maxNumber")
        assert v1.verify_solution(payload, "test")[0]


def test_the_solver_says_so_when_there_is_no_answer(bench: Page, site_dir: Path) -> None:
    url = next((site_dir / "js").glob("solve.*.js")).name
    found = bench.evaluate(
        """([url, task]) => new Promise(done => {
            const worker = new Worker(url);
            worker.onmessage = event => done(event.data);
            worker.postMessage(task);
        })""",
        [f"/js/{url}", {"salt": "x&", "challenge": "00" * 32, "maxnumber": 500}],
    )
    assert found == -1


# --- identity numbers: a reference in Python, and a thousand numbers, right and wrong --------------------

WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # GB 11643: 2^(i-1) mod 11, from the left
ON = date(2026, 11, 23)
AGES = (16, 60)


def number_of(born: date | str, serial: int = 1) -> str:
    """A valid number of the unused region 990000."""
    digits = f"990000{born if isinstance(born, str) else born.strftime('%Y%m%d')}{serial:03}"
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11
    return digits + "10X98765432"[remainder]


def says(bench: Page, numbers: list[str], on: date = ON, ages: tuple[int, int] = AGES) -> list[str]:
    source = "\n".join((ROOT / f"site/js/{part}.js").read_text("utf-8") for part in ("read", "id_number"))
    script = (
        "([numbers, on, ages]) => { var H = {}; "
        + source
        + "; return numbers.map(number => H.idProblem(number, on, ages)); }"
    )
    answer: list[str] = bench.evaluate(script, [numbers, [on.year, on.month, on.day], list(ages)])
    return answer


def test_right_numbers_are_right_and_one_changed_digit_is_not(bench: Page) -> None:
    generator = random.Random(20261122)
    right = [
        number_of(date(1967, 1, 1) + timedelta(days=generator.randrange(15_000)), generator.randrange(1000))
        for _ in range(1000)
    ]
    assert set(says(bench, right)) == {""}
    assert set(says(bench, [number.lower() for number in right])) == {""}
    wrong = []
    for number in right:
        place = generator.randrange(17)
        digit = generator.choice([d for d in "0123456789" if d != number[place]])
        wrong.append(number[:place] + digit + number[place + 1 :])
    assert "" not in says(bench, wrong)


def test_ages_are_counted_as_the_server_counts_them(bench: Page) -> None:
    generator = random.Random(7)
    births = [date(1960, 1, 1) + timedelta(days=generator.randrange(18_500)) for _ in range(500)]
    births += [
        date(2008, 2, 29),
        date(2010, 11, 23),
        date(2010, 11, 24),
        date(1966, 11, 23),
        date(1965, 11, 23),
    ]
    for on in (ON, date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29)):
        said = says(bench, [number_of(born) for born in births], on)
        for born, sentence in zip(births, said, strict=True):
            fits = AGES[0] <= completed_years(born, on) <= AGES[1]
            assert (sentence == "") == fits, (born, on, sentence)


@pytest.mark.parametrize(
    ("typed", "says_this"),
    [
        ("", "请填写身份证号"),
        ("99000019900101001", "还少1位"),
        ("9900001990010100177", "多了1位"),
        ("990000900101001", "旧的15位"),
        ("99000019900101001Y", "只有数字"),
        ("9900001990010100X1", "只有数字"),
        (number_of("19900230"), "出生日期"),
        (number_of("19901301"), "出生日期"),
        (number_of("19900229"), "出生日期"),
        (number_of("20270101"), "出生日期"),
        ("１２３", "还少15位"),
        ("１２３Ａ", "只有数字"),
        ("990000199001010018", "前后对不上"),
        (number_of(date(2010, 11, 24)), "15周岁"),
        (number_of(date(1965, 11, 23)), "61周岁"),
        (" 990000 19900101 0017 ", ""),
        (number_of(date(2010, 11, 23)), ""),
        (number_of(date(1965, 11, 24)), ""),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(bench: Page, typed: str, says_this: str) -> None:
    said = says(bench, [typed])[0]
    assert said == "" if says_this == "" else says_this in said, said
