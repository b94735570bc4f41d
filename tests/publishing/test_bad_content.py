"""Bad content fails the build, and the message names file, field and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from publishing import compiler, lock
from publishing.source import ContentError

Edit = Callable[[str, str, str], Path]

NEF = "products/nef-accident/terms-2026-2.md"
MEDICAL = "products/hospital-medical/terms-2026-1.md"
CRITICAL = "products/critical-illness/terms-2026-1.md"
FIXTURE = "products/hospital/terms-2026-1.md"
GRADE = "benefits[2].conditions[0].clause"
CAMPAIGN = "campaigns/union-pays-nef.md"
BIRD = "campaigns/early-bird.md"
SPLIT = "campaigns/city-county-grassroots.md"
GIVES = "campaigns/supplement.md"


def compile_unlocked(content: Path) -> None:
    """Compile as if the texts in the copy were published just now, so that the change itself is judged."""
    (content / lock.NAME).unlink(missing_ok=True)
    lock.publish(content, compiler.read_pages(content))
    compiler.compile_content(content)


def line_of(content: Path, path: str, text: str) -> int:
    lines = (content / path).read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


GUIDE = "guide/papers.md"
# (file, what stands there, what somebody writes instead, the field named, a word of the message)
MISTAKES = {
    "papers of no terms": (
        GUIDE,
        "      - nef-accident.hospital\n",
        "      - nef-accident.hospitl\n",
        "situations[1].claims[0]",
        "no terms have a claim type `nef-accident.hospitl`",
    ),
    "papers listed twice": (
        GUIDE,
        "      - employee-accident.hospital\n",
        "      - nef-accident.hospital\n",
        "situations[1].claims[1]",
        "twice",
    ),
    "what happened, twice": (GUIDE, "id: disability", "id: hospital", "situations[2]", "twice"),
    "unknown field": (NEF, "fee_fen: 2500", "fee_fen: 2500\nfee_yuan: 25", "fee_yuan", "unknown field"),
    "unknown nested field": (
        NEF,
        "ages: {first: 16, last",
        "ages: {from: 16, first: 16, last",
        "ages.from",
        "unknown",
    ),
    "missing field": (NEF, "line: accident\n", "", "", "line"),
    "wrong type": (NEF, "fee_fen: 2500", "fee_fen: 25元", "fee_fen", "int"),
    "negative fee": (NEF, "fee_fen: 2500", "fee_fen: -1", "fee_fen", ">= 0"),
    "fraction of a fen": (NEF, "fee_fen: 2500", "fee_fen: 25.5", "fee_fen", "int"),
    "filled-in field": (
        NEF,
        "line: accident",
        "line: accident\nterms_sha256: abc",
        "terms_sha256",
        "filled in",
    ),
    "given twice": (NEF, "fee_fen: 2500", "fee_fen: 2500\nfee_fen: 2600", "fee_fen", "twice"),
    "unknown occupation": (NEF, "  - courier\n", "  - rider\n", "occupation_groups[1]", "rider"),
    "missing source": (NEF, "  benefits.medical: {kind: sample}\n", "", "sources", "benefits.medical"),
    "published nowhere": (
        NEF,
        "  units: {kind: sample}",
        "  units: {kind: published}",
        "sources.units",
        "where",
    ),
    "source of nothing": (
        NEF,
        "  units: {kind: sample}",
        "  units: {kind: sample}\n  cap: {kind: sample}",
        "sources.cap",
        "no such figure",
    ),
    "ages reversed": (NEF, "{first: 16, last: 60}", "{first: 60, last: 16}", "ages", "above"),
    "units reversed": (NEF, "{least: 1, most: 1}", "{least: 2, most: 1}", "units", "above"),
    "exclusion of an unknown benefit": (
        NEF,
        "    excludes: event\n",
        "    excludes: benefits\n    benefits: [deaht]\n",
        "exclusions[0].benefits",
        "deaht",
    ),
    "unknown clause": (
        NEF,
        "clause: article-9\n",
        "clause: article-99\n",
        "benefits[3].clause",
        "article-99",
    ),
    "unclaimable benefit": (
        NEF,
        "benefits: [disability, medical",
        "benefits: [medical",
        "claim_types",
        "disability",
    ),
    "claim of no benefit": (
        NEF,
        "benefits: [disability, medical",
        "benefits: [disability, dental",
        "claim_types[2].benefits",
        "dental",
    ),
    "set off against nothing": (NEF, "not_with: [death]", "not_with: [life]", "benefits[1].not_with", "life"),
    "grades upside down": (NEF, "[100, 90, 80", "[100, 80, 90", "benefits[1].percent_by_grade", "lighter"),
    "nine grades": (NEF, ", 20, 10]", ", 20]", "benefits[1].percent_by_grade", "10"),
    "band off the deductible": (
        NEF,
        "{above_fen: 10000,",
        "{above_fen: 0,",
        "benefits[3].bands",
        "deductible",
    ),
    "percent above a hundred": (NEF, "percent: 80}", "percent: 180}", "benefits[3].bands[0].percent", "100"),
    "exclusion twice": (NEF, "id: retired", "id: disease", "exclusions[5]", "disease"),
    "picture that is not there": (
        NEF,
        "id: id_card\n",
        "id: id_card\n        sample_picture: x.svg\n",
        "claim_types[0].documents[0].sample_picture",
        "no such file",
    ),
    "wrong file name": (NEF, "version: 2026-2", "version: 2026-3", "version", "terms-2026-3.md"),
    "no such page type": (CAMPAIGN, "type: campaign", "type: campain", "type", "campain"),
    "no description": (CAMPAIGN, "description: ", "descripton: ", "", "description"),
    "unknown product": (
        CAMPAIGN,
        "products: [nef-accident]",
        "products: [nef-acident]",
        "products",
        "nef-acident",
    ),
    "window reversed": (CAMPAIGN, "last: 2027-12-31", "last: 2025-12-31", "window", "reversed"),
    "window before the terms": (CAMPAIGN, "first: 2026-01-01", "first: 2025-12-31", "products", "2025-12-31"),
    "unknown region": (CAMPAIGN, "regions: [henan]", "regions: [hennan]", "regions", "hennan"),
    "seats of no policy": (
        CAMPAIGN,
        "seats: 200",
        "seats: 200\nsponsor_policy: null",
        "sponsor_policy",
        "twice",
    ),
    "channel twice": (CAMPAIGN, "code: union,", "code: station,", "channels[1]", "station"),
    "rounding to a stranger": (
        CAMPAIGN,
        "rounding_payer: industry_union",
        "rounding_payer: employer",
        "rounding_payer",
        "not a payer",
    ),
    "advance from a stranger": (
        CAMPAIGN,
        "advance_payer: industry_union",
        "advance_payer: employer",
        "advance_payer",
        "not a payer",
    ),
    "worker pays for a present": (CAMPAIGN, "fixed_fen: 0}", "fixed_fen: 1}", "funding", "nothing to pay"),
    "two ways at once": (CAMPAIGN, "rest: true}", "rest: true, percent: 5}", "funding[1]", "one of"),
    "funding too much": (SPLIT, "fixed_fen: 2000", "fixed_fen: 7001", "funding", "80.01 of 80.00"),
    "funding too little": (SPLIT, "rest: true", "fixed_fen: 4999", "funding", "79.99 of 80.00"),
    "dates with a hole": (
        BIRD,
        "first: 2026-04-01",
        "first: 2026-04-02",
        "funding[0].by_enrolment_date[1]",
        "2026-04-01",
    ),
    "dates that end early": (
        BIRD,
        "last: 2026-12-31, fixed",
        "last: 2026-12-30, fixed",
        "funding[0].by_enrolment_date",
        "last day",
    ),
    "a step reversed": (
        BIRD,
        "last: 2026-03-31",
        "last: 2025-03-31",
        "funding[0].by_enrolment_date[0]",
        "reversed",
    ),
    "product paid twice": (
        GIVES,
        "products: [hospital-allowance]",
        "products: [hospital]",
        "funding",
        "once",
    ),
    "line for a stranger": (
        GIVES,
        "products: [hospital-allowance]",
        "products: [nef-accident]",
        "funding[1].products",
        "nef-accident",
    ),
    "supplement not given": (
        GIVES,
        "{payer: grassroots_union",
        "{payer: worker",
        "rounding_payer",
        "not a payer",
    ),
    "card of no product": (
        "products/hospital/index.md",
        "product: hospital",
        "product: hospitol",
        "product",
        "hospitol",
    ),
    "region before its parent": (
        "regions.md",
        "parent: henan}",
        "parent: luohe}",
        "regions[1].parent",
        "listed above",
    ),
    "region twice": ("regions.md", "code: zhengzhou", "code: henan", "regions[1].code", "twice"),
    "unknown field of a region": ("regions.md", "name: 郑州市", "nam: 郑州市", "regions[1]", "nam"),
    "outlet nowhere": ("outlets/luohe.md", "region: luohe", "region: luoho", "region", "luoho"),
    "case figure twice": ("cases/qingfeng.md", "id: rate", "id: members", "figures[1]", "members"),
    "case figure without source": (
        "cases/qingfeng.md",
        "    source: 清丰县总工会交流材料\n",
        "",
        "figures[0]",
        "source",
    ),
    "case figure without unit": ("cases/qingfeng.md", "    unit: 人\n", "", "figures[0]", "unit"),
    "a step with two clocks": (
        "service-standard.md",
        "    working_days: 2\n",
        "    working_days: 2\n    calendar_days: 3\n",
        "places[0]",
        "either",
    ),
    "tiers that do not rise": (
        "service-standard.md",
        "up_to_fen: 300000",
        "up_to_fen: 3000000",
        "tiers",
        "rise",
    ),
    "not YAML": ("index.md", "contact: {", "contact: {{", "", "not YAML"),
    "a typed figure in a sentence of data": (
        NEF,
        "一次给付给受益人",
        "一次给付5万元给受益人",
        "benefits[0].plain",
        "5万元",
    ),
    "an exclusion of no kind": (FIXTURE, ", excludes: cost", "", "exclusions[0]", "excludes"),
    "an event of one benefit": (
        NEF,
        "    excludes: event\n",
        "    excludes: event\n    benefits: [death]\n",
        "exclusions[0].benefits",
        "event",
    ),
    "benefits nobody names": (NEF, "excludes: event", "excludes: benefits", "exclusions[0].benefits", "name"),
    "a cost without its sum": (NEF, "excludes: event", "excludes: cost", "exclusions[0].sums", "sums"),
    "a cost of a benefit that pays no bills": (
        NEF,
        "    excludes: event\n",
        "    excludes: cost\n    sums: [unsettled_fen]\n    benefits: [death]\n",
        "exclusions[0].benefits",
        "bills",
    ),
    "a cost where nothing pays for bills": (
        CRITICAL,
        "    excludes: event\n",
        "    excludes: cost\n    sums: [unsettled_fen]\n",
        "exclusions[0].excludes",
        "bills",
    ),
    "one sum taken off twice": (
        MEDICAL,
        "sums: [unsettled_fen]",
        "sums: [outside_catalogue_fen]",
        "exclusions[5].sums",
        "same bill",
    ),
    "a condition of no clause": (
        NEF,
        "clause: article-8, plain",
        "clause: article-88, plain",
        GRADE,
        "article-88",
    ),
    "a condition nobody is asked about": (
        NEF,
        "clause: article-9, plain: 只算",
        "clause: article-9, needs: second_grade_hospital, plain: 只算",
        "benefits[3].conditions[0].needs",
        "asked",
    ),
    "a condition that no data say": (
        NEF,
        "id: hospital_grade, clause: article-8",
        "id: hospital_grade, clause: article-9",
        "benefits",
        "article-8",
    ),
    "terms that do not say how one joins": (
        NEF,
        "joining: {ways: [by_unit, by_seat], clause: article-3}\n",
        "",
        "joining",
        "by_seat",
    ),
    "joining by a clause that is not there": (
        NEF,
        "by_seat], clause: article-3",
        "by_seat], clause: article-33",
        "joining.clause",
        "article-33",
    ),
    "one by one into terms that take units only": (
        "campaigns/million-gift.md",
        "products: [hospital-medical]",
        "products: [comprehensive]",
        "products",
        "by_seat",
    ),
    "an hour of beginning without the wait for illness": (
        "campaigns/million-gift.md",
        "生病要先过等待期；",
        "",
        "steps[3].text",
        "等待期",
    ),
    "a beneficiary nobody can name": (
        "faq/claim.md",
        "就是法定继承人",
        "就是您指定的人",
        "",
        "指定的人",
    ),
    "a second word for one thing": (
        "faq/join.md",
        "给您一个排队号",
        "给您一个候补号",
        "",
        "候补",
    ),
    "a second word for one thing, in data": (
        "services/verify.md",
        "输入凭证上的编号和验证字，",
        "查不到时打电话，",
        "description",
        "查不到",
    ),
    "a beneficiary nobody can name, in data": (
        "products/nef-accident/index.md",
        "人没了，打给法定继承人",
        "人没了，打给您指定的人",
        "clauses.article-20",
        "指定的人",
    ),
    "a beneficiary nobody can name, in the newest terms": (
        NEF,
        "受益人为被保障人的法定继承人",
        "受益人为被保障人指定的人",
        "",
        "指定的人",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_by_file_and_field(name: str, content: Path, edit: Edit) -> None:
    path, old, new, field, word = MISTAKES[name]
    edit(path, old, new)
    with pytest.raises(ContentError) as refused:
        compile_unlocked(content)
    assert refused.value.path == path
    assert refused.value.field == field
    assert word in str(refused.value)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (NEF, "fee_fen: 2500", "fee_fen: many"),
        (NEF, "clause: article-9\n", "clause: article-99\n"),
        (CAMPAIGN, "rounding_payer: industry_union", "rounding_payer: employer"),
        ("cases/qingfeng.md", "id: rate", "id: members"),
    ],
)
def test_a_mistake_is_refused_on_its_own_line(
    content: Path, edit: Edit, path: str, old: str, new: str
) -> None:
    edit(path, old, new)
    with pytest.raises(ContentError) as refused:
        compile_unlocked(content)
    line = refused.value.line
    found = (content / path).read_text("utf-8").split("\n")[line - 1 : line + 1]
    assert any(new.strip() in each for each in found), (line, found)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_seat_needs_a_sponsor_policy(content: Path, edit: Edit) -> None:
    text = (content / CAMPAIGN).read_text("utf-8")
    policy = text[text.index("sponsor_policy:") : text.index("seats:")]
    edit(CAMPAIGN, policy, "")
    with pytest.raises(ContentError, match="seats"):
        compile_unlocked(content)


def test_a_roster_is_not_taken_by_terms_that_admit_by_seat_only(content: Path, edit: Edit) -> None:
    edit(NEF, "ways: [by_unit, by_seat]", "ways: [by_seat]")
    with pytest.raises(ContentError, match="is not joined by_unit: see products/nef-accident") as refused:
        compile_unlocked(content)
    assert refused.value.path.startswith("campaigns/")


def test_a_supplement_campaign_needs_both_kinds_of_plan(content: Path, edit: Edit) -> None:
    edit("products/hospital-allowance/terms-2026-1.md", "supplementary_plan", "base_plan")
    with pytest.raises(ContentError, match="supplementary plan"):
        compile_unlocked(content)


def test_a_product_without_a_card_is_refused(content: Path) -> None:
    (content / "products/hospital/index.md").unlink()
    with pytest.raises(ContentError, match="plain-language card"):
        compile_unlocked(content)


def test_a_file_without_front_matter_or_with_other_line_ends_is_refused(content: Path) -> None:
    page = content / "guide/join.md"
    text = page.read_text("utf-8")
    for broken in (text.removeprefix("---\n"), text.replace("\n", "\r\n"), text.replace("\n---\n", "\n")):
        page.write_bytes(broken.encode())
        with pytest.raises(ContentError, match=r"guide/join\.md"):
            compile_unlocked(content)
    page.write_bytes(text.encode("gb18030"))
    with pytest.raises(ContentError, match="not UTF-8"):
        compile_unlocked(content)


# --- what was published stays ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [NEF, "privacy/id-number-2026-1.md", "privacy/personal-information-2026-1.md"]
)
def test_one_changed_byte_of_a_published_text_fails_the_build(content: Path, path: str) -> None:
    compiler.compile_content(content)
    file = content / path
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(ContentError, match="published terms changed"):
        compiler.compile_content(content)


def test_a_published_text_may_not_vanish(content: Path) -> None:
    (content / "privacy/id-number-2026-1.md").unlink()
    with pytest.raises(ContentError, match="gone"):
        compiler.compile_content(content)


def test_terms_that_were_never_published_are_refused(content: Path) -> None:
    text = (content / NEF).read_text("utf-8")
    later = text.replace("version: 2026-2", "version: 2026-3").replace(
        "valid_from: 2026-11-27", "valid_from: 2027-01-01"
    )
    (content / NEF.replace("2026-2", "2026-3")).write_text(later, "utf-8")
    with pytest.raises(ContentError, match=r"not in terms\.lock"):
        compiler.compile_content(content)


def test_publishing_never_touches_a_line_that_is_there(content: Path) -> None:
    before = (content / lock.NAME).read_text()
    file = content / NEF
    file.write_bytes(file.read_bytes() + b"\n")
    assert lock.publish(content, compiler.read_pages(content)) == []
    assert (content / lock.NAME).read_text() == before


def test_two_versions_may_not_begin_on_one_day(content: Path) -> None:
    text = (content / NEF).read_text("utf-8").replace("version: 2026-2", "version: 2026-3")
    (content / NEF.replace("2026-2", "2026-3")).write_text(text, "utf-8")
    with pytest.raises(ContentError, match="later day"):
        compile_unlocked(content)
