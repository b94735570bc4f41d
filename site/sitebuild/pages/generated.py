"""The pages nobody writes by hand: join forms, lists, papers, what changed, the certificate."""

from __future__ import annotations

from collections.abc import Collection

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.campaigns.view import campaign_view
from sitebuild.pages import parts
from sitebuild.pages.lists import LISTS, entries
from sitebuild.products import changes


def generated_pages(
    made: Compiled, existing: Collection[str], on: ShanghaiDate, workshop: bool
) -> dict[str, str]:
    """Markdown files to add, by path: a join page for each campaign open to single persons, the certificate,
    missing lists; in a `workshop` the parts of forms."""
    added = {parts.PATH: _front(**parts.META)} if workshop else {}
    join = made.pages.get("services/join.md")
    if join is not None:
        for campaign in made.catalogue.campaigns:
            if not campaign_view(made.catalogue, campaign, on).joins_online:
                continue
            added[f"services/join/{campaign.code}.md"] = _front(
                type="service",
                service="join",
                campaign=campaign.code,
                title=f"参加：{campaign.name}",
                description=join.description,
                text_of="services/join.md",
            )
    if "services/certificate.md" not in existing:
        added["services/certificate.md"] = _front(
            type="service",
            service="certificate",
            title="保障凭证",
            description="查看、打印或保存您的互助保障凭证，任何人都能在线核对真假。",
        )
    for code in changes.changed_codes(made.catalogue.products):
        name = made.catalogue.product(code, on).short_name
        added[f"products/{code}/changes.md"] = _front(
            type="changes",
            product=code,
            title=f"条款改了什么：{name}",
            description=f"{name}各个版本条款之间，数字和文字改了什么，逐条对照。",
        )
    for product in made.catalogue.products_on(on):
        added[f"products/{product.code}/papers.md"] = _front(
            type="papers",
            product=product.code,
            title=f"申领材料清单：{product.short_name}",
            description=f"{product.short_name}申领要交哪几样，为什么要、拿不到怎么办、怎么拍，打印出来一样一样打勾。",
        )
    if made.catalogue.products and "products/compare.md" not in existing:
        added["products/compare.md"] = _front(
            type="compare",
            title="各项保障放在一起比",
            description="会费、最多能领多少、等几天、管什么、不管什么，所有保障项目一张表看清。",
        )
    for folder, (title, text) in LISTS.items():
        if f"{folder}/index.md" not in existing and entries(made, folder):
            added[f"{folder}/index.md"] = _front(type="index", title=title, description=text)
    return added


def _front(**values: str) -> str:
    lines = "".join(f"{name}: {value!r}\n" for name, value in values.items())
    return f"---\n{lines}---\n"
