"""Content with the products an estimate has to cope with, laid over a copy of the real one."""

from __future__ import annotations

from pathlib import Path

from publishing import compiler, lock
from tests.publishing.altered import copy_content

BENEFITS = """benefits:
  - kind: lump_sum
    id: severe
    clause: article-1
    name: 重病互助金
    plain: 初次确诊清单里的重病，一次给付。
    amount_fen: 1500000
    trigger: diagnosis
    diseases: [甲类病, 乙类病]
  - kind: lump_sum
    id: light
    clause: article-2
    name: 轻病互助金
    plain: 初次确诊轻病，一次给付。
    amount_fen: 200001
    trigger: diagnosis
  - kind: daily_allowance
    id: daily
    clause: article-2
    name: 住院津贴
    plain: 住院按天给付。
    daily_fen: 4000
    from_day: 4
    max_days: 180
period_limit_fen: 10000000
"""


def content_with_products(target: Path) -> Path:
    """`hospital` counts cost inside the catalogue; `illness` has lists, shares, a wait, two terms."""
    content = copy_content(target)
    folder = content / "products/illness"
    folder.mkdir()
    hospital = content / "products/hospital"
    card = (hospital / "index.md").read_text("utf-8").replace("product: hospital", "product: illness")
    terms = (hospital / "terms-2026-1.md").read_text("utf-8").replace("code: hospital", "code: illness", 1)
    head, rest = terms.split("benefits:\n", 1)
    tail = rest.split("period_limit_fen: 10000000\n", 1)[1]
    made = (head + BENEFITS + tail).replace("benefits: [hospital]", "benefits: [severe, light, daily]")
    made = made.replace("excludes: cost, sums: [outside_catalogue_fen]", "excludes: event")
    made = made.replace("{id: hospital_invoice", "{id: diagnosis").replace("{id: fee_list", "{id: findings")
    made = made.replace("line: hospital", "line: allowance").replace("most: 1}", "most: 3}")
    made = made.replace("accident_days: 0}", "accident_days: 0, clause: article-2}", 1)
    made = made.replace(
        "  benefits.hospital: {kind: sample}\n",
        "".join(f"  benefits.{each}: {{kind: sample}}\n" for each in ("severe", "light", "daily")),
    )
    made = made.replace("给付[[product.benefits.hospital.bands.2.percent]]%。", "给付。").replace(
        "### 第一条 {", "### 第一条　重病 {"
    )
    (folder / "index.md").write_text(card, "utf-8")
    (folder / "terms-2026-1.md").write_text(made, "utf-8")
    older = made.replace("2026-1", "2020-1").replace("2026-01-01", "2020-01-01").replace("1500000", "1000000")
    (folder / "terms-2020-1.md").write_text(older.replace("第一条　重病", "第一条　旧的重病"), "utf-8")
    lock.publish(content, compiler.read_pages(content))
    return content
