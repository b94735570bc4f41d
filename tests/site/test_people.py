"""P37: nobody is named in what was built without a declaration, whoever put the name there."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from chalicelib.platform import clock
from publishing import compiler, names
from publishing.compiler import Compiled
from sitebuild import people, spoken
from sitebuild.build import Built
from sitebuild.printed import kit, papers, wording
from tests.site.building import ROOT, BuildFailed, build_site

ADDRESS = "http://127.0.0.1:8000/"
CASE = "cases/qingfeng/"  # its page declares 乔某 and 白某


@pytest.fixture(scope="module")
def made() -> Compiled:
    return compiler.compile_content(ROOT / "content")


def built(made: Compiled, site: Path) -> Built:
    return Built(made, clock.today(), ADDRESS, ROOT / "content", site)


def write(site: Path, path: str, text: str) -> None:
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_text(text, "utf-8")


def found(made: Compiled, site: Path) -> list[tuple[str, str]]:
    return list(people.strangers(built(made, site)))


# --- the real site ---------------------------------------------------------------------------------------


def test_the_walk_reads_every_place_that_names_somebody(site_dir: Path, made: Compiled) -> None:
    """The build has passed; without the declarations of two cases all that repeats them would not."""
    bare = {
        path: dataclasses.replace(page, meta={k: v for k, v in page.meta.items() if k != "people"})
        for path, page in made.pages.items()
    }
    assert found(made, site_dir) == []
    seen = found(dataclasses.replace(made, pages=bare), site_dir)
    assert {name for _, name in seen} == {"乔某", "白某"}
    files = {where for where, _ in seen}
    assert {f"/{CASE}", "/cases/claim-qingfeng/", "/boards/figures.csv"} <= files
    assert any(each.startswith("/search/") for each in files)


def test_the_walk_reads_every_page_and_every_kind_of_file(site_dir: Path, made: Compiled) -> None:
    read = {said.where for said in spoken.everything(built(made, site_dir))}
    pages = {
        "/" + each.relative_to(site_dir).as_posix().removesuffix("index.html")
        for each in site_dir.rglob("*.html")
    }
    assert pages <= read
    assert {"/feed.xml", "/sitemap.xml", "/llms.txt", "/boards/figures.csv", "/catalog.json"} <= read
    assert {"/products/nef-accident/estimate.json", "/campaigns/union-pays-nef/split.json"} <= read
    assert {"/press/nef-accident/card.png", "/press/share/default.png"} <= read
    assert any(each.startswith("/js/") for each in read)
    left = {each.suffix for each in site_dir.rglob("*") if each.is_file()} - {
        Path(each).suffix for each in read
    }
    assert left - {".html"} == {".md", ".xlsx", ".pdf", ".br", ".gz"}  # the same words, or no words


@pytest.mark.parametrize(
    ("template", "there", "instead", "told"),
    [
        (
            "index.html",
            "<h1>",
            "<p>县总工会主席{{ '张' }}<b>建国</b></p><h1>",
            r"page /cases/: `张建国` reads as a person",
        ),
        (
            "case.html",
            "<h1>",
            '<h1 title="骑手王某某">',
            r"cases/qingfeng\.md, page /cases/qingfeng/: `王某某`",
        ),
    ],
)
def test_a_name_put_there_by_a_template_ends_the_build(
    tmp_path: Path, template: str, there: str, instead: str, told: str
) -> None:
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "site/theme", theme)
    text = (theme / template).read_text("utf-8")
    assert there in text
    write(theme, template, text.replace(there, instead, 1))
    with pytest.raises(BuildFailed, match=told):
        build_site(tmp_path / "out", theme=theme)


# --- what counts as said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<p>骑手王某某送餐时摔伤。</p>", "王某某"),
        ("<p>骑手<b>王</b><i>某</i>某送餐时摔伤。</p>", "王某某"),
        ("<p>骑手王&#26576;<a href='/'>某</a>。</p>", "王某某"),
        ("<p>骑手王<wbr>某&#8203;某。</p>", "王某某"),
        ("<p>县总工会主席\n  <strong>张建国</strong></p>", "张建国"),
        ("<p>县总工会主席<br>张建国</p>", "张建国"),
        ("<dl><dt>联系人</dt>\n<dd>张建国</dd></dl>", "张建国"),
        ("<table><tr><th>联系人</th>\n<td>张建国</td></tr></table>", "张建国"),
        ("<table><tr><td>联系人</td>\n<td>张建国</td></tr></table>", "张建国"),
        ("<img src='x.png' alt='县总工会主席张建国'>", "张建国"),
        ("<abbr title='县总工会主席张建国'>他</abbr>", "张建国"),
        ("<button aria-label='找主席张建国'>找</button>", "张建国"),
        ("<input placeholder='找主席张建国'>", "张建国"),
        ("<meta name='description' content='骑手王某某的故事'>", "王某某"),
        ("<script>var told = '骑手王某某';</script>", "王某某"),
        ("<template><p>骑手王某某</p></template>", "王某某"),
        ("<!-- 主席张建国要改 -->", "张建国"),
        ("<svg><text>骑手<tspan>王某</tspan></text></svg>", "王某"),
    ],
)
def test_a_name_on_a_page_is_seen(tmp_path: Path, made: Compiled, html: str, name: str) -> None:
    write(tmp_path, "guide/join/index.html", f"<!doctype html><html><body>{html}</body></html>")
    assert found(made, tmp_path) == [("/guide/join/", name)]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>负责人</th><th>单位</th><th>金额</th></tr></table>",
        "<p>请找工会主席</p><p>张贴在车间门口。</p>",
        "<h2>问医生</h2><ul><li>江苏</li></ul>",
        "<p>在<b>某</b>个地方，属于<i>某</i>类。</p>",
    ],
)
def test_what_only_stands_beside_it_names_nobody(tmp_path: Path, made: Compiled, html: str) -> None:
    write(tmp_path, "guide/join/index.html", html)
    assert found(made, tmp_path) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("feed.xml", "<feed><entry><summary>骑手王某某</summary></entry></feed>"),
        ("sitemap.xml", "<urlset><!-- 骑手王某某 --></urlset>"),
        ("llms.txt", "- 骑手王某某领到了钱"),
        ("boards/figures.csv", '\ufeff"案例","骑手\n王某某"\r\n'),
        ("catalog.json", '{"campaigns": [{"name": "骑手\\u738b某某"}]}'),
        ("products/x/estimate.json", '{"words": {"骑手王某某": 1}}'),
        ("js/join.0.js", "H.HELP = '找骑手王某某';"),
    ],
)
def test_a_name_in_a_file_is_seen(tmp_path: Path, made: Compiled, path: str, text: str) -> None:
    write(tmp_path, path, text)
    assert found(made, tmp_path) == [("/" + path, "王某某")]


# --- whom a text may name --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cases/index.html", '<a href="/cases/qingfeng/">乔某</a>'),
        ("cases/index.html", '<a href="qingfeng/#paid">乔某</a>'),
        ("feed.xml", f"<entry><id>{ADDRESS}{CASE}</id><summary>乔某</summary></entry>"),
        ("llms.txt", f"- [清丰]({ADDRESS}{CASE}): 乔某"),
        ("boards/figures.csv", f'"乔某","{ADDRESS}{CASE}"\r\n'),
    ],
)
def test_what_leads_to_the_page_that_declares_may_name_and_nothing_else(
    tmp_path: Path, made: Compiled, path: str, text: str
) -> None:
    write(tmp_path, path, text)
    assert found(made, tmp_path) == []
    write(tmp_path, path, text.replace("qingfeng/", "luohe/"))
    assert [name for _, name in found(made, tmp_path)] == ["乔某"]
    write(tmp_path, path, text.replace("乔某", "王某某"))
    assert [name for _, name in found(made, tmp_path)] == ["王某某"]


def test_one_entry_of_the_feed_declares_nobody_for_the_next(tmp_path: Path, made: Compiled) -> None:
    entries = [f"<entry><id>{ADDRESS}{page}</id></entry>" for page in (CASE, "cases/luohe/")]
    write(tmp_path, "feed.xml", entries[0] + entries[1].replace("</entry>", "<title>乔某</title></entry>"))
    assert found(made, tmp_path) == [("/feed.xml", "乔某")]


def test_a_link_to_another_host_declares_nobody(tmp_path: Path, made: Compiled) -> None:
    write(tmp_path, "cases/index.html", f'<a href="https://www.gov.cn/{CASE}">乔某</a>')
    assert found(made, tmp_path) == [("/cases/", "乔某")]


def test_each_text_of_the_search_may_name_whom_its_own_page_declares(tmp_path: Path, made: Compiled) -> None:
    pages = [["/cases/luohe/", "漯河"], [f"/{CASE}", "清丰"]]
    write(tmp_path, "search/catalogue.json", json.dumps({"pages": pages}))
    write(tmp_path, "search/0a/7.json", json.dumps({"于某": "0"}))  # a pair of characters, of 属于某个
    write(tmp_path, "search/0a/t0.json", json.dumps({"0": [["", "", ""]], "1": [["", "", "乔某"]]}))
    assert found(made, tmp_path) == []
    write(tmp_path, "search/0a/t0.json", json.dumps({"0": [["", "", "乔某"]], "1": [["", "", ""]]}))
    assert found(made, tmp_path) == [("/search/0a/t0.json", "乔某")]


# --- printed matter --------------------------------------------------------------------------------------


def test_a_name_on_a_sheet_is_seen(tmp_path: Path, made: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(made, tmp_path) == []
    known = wording.house(made)
    monkeypatch.setattr(wording, "house", lambda _: dataclasses.replace(known, hotline_name="主席张建国"))
    seen = found(made, tmp_path)
    assert {name for _, name in seen} == {"张建国"}
    assert {where for where, _ in seen} == {
        "/" + each.path for each in kit.sheets(made, clock.today(), ADDRESS)
    }


def test_nothing_that_is_drawn_names_anybody(made: Compiled) -> None:
    """What the drawings themselves write, besides the words they are given; sample papers too."""
    sheets = {each.path.rpartition("/")[2][:6]: each for each in kit.sheets(made, clock.today(), ADDRESS)}
    drawn = [each.draw() for each in sheets.values()]
    drawn += [papers.form(each) for each in papers.FORMS.values()]
    drawn += [papers.id_card(), papers.bank_card()]
    said = [text for canvas in drawn for text in canvas.texts]
    assert len(said) > 200
    assert [names.undeclared(each, set()) for each in said if names.undeclared(each, set())] == []
