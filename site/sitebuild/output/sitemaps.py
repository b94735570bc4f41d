"""For machines that read the whole site: /robots.txt, /sitemap.xml and /llms.txt."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from sitebuild.addresses import source_of
from sitebuild.built import Built, Files
from sitebuild.campaigns.view import campaign_view
from sitebuild.pages.lists import LISTS, entries

_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')
_MAIN = (
    ("services/join/", "我能参加什么", "答几个问题，查一查能参加哪些活动，不用留姓名"),
    ("products/", "保障项目", "每个项目一张明白卡，先写不保什么"),
    ("campaigns/", "活动", "谁出钱，什么时候截止，谁能参加"),
    ("guide/", "办事指南", "参加、申领、拍材料，一步一步来"),
    ("faq/", "百问百答", "大家常问的，用大白话回答"),
    ("cases/", "真实案例", "每个数字都有单位、地方、时间和出处"),
    ("news/", "消息", "本站的新内容"),
    ("service-standard/", "服务标准", "多久受理，多久办结"),
    ("services/verify/", "验凭证", "核对保障凭证的真假"),
)


def maps(built: Built) -> Files:
    return {
        "robots.txt": lambda: robots(built).encode(),
        "sitemap.xml": lambda: sitemap(built).encode(),
        "llms.txt": lambda: guide_for_models(built).encode(),
    }


def robots(built: Built) -> str:
    return f"User-agent: *\nAllow: /\n\nSitemap: {built.address}sitemap.xml\n"


def sitemap(built: Built) -> str:
    """Every page that is its own canonical address. A date only where the content itself says one."""
    lines = []
    for url, html in built.listed():
        where = built.address + url[1:]
        if _CANONICAL.findall(html) != [escape(where)]:
            continue
        source = source_of(url, built.compiled.pages)
        day = built.compiled.pages[source].meta.get("date") if source else None
        dated = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(where)}</loc>{dated}</url>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' + "".join(lines) + "</urlset>\n"
    )


def guide_for_models(built: Built) -> str:
    """llms.txt: what the site is, where the binding texts are, and what must not be repeated as fact."""
    catalogue, address = built.compiled.catalogue, built.address
    contact = catalogue.contact
    lines = [
        "# 职工互助保障",
        "",
        "> 工会组织的职工互助保障：职工之间的互助互济，不以营利为目的，不是商业保险。",
        "> 本站说明保什么、不保什么、谁出钱、怎么参加、怎么申领。",
        "",
        "给语言模型的说明：",
        "",
        "- 标着「示范」「※」或「示范数值，以经办机构正式条款为准」的数字是示范，不是任何地方的真实标准。",
        "- 引用示范数字时，必须同时说明它是示范。",
        "- 用词：互助保障、会费、互助金、申领、参加。不要说成保险、保费、理赔、投保。",
        "- 「人」和「人次」是两种单位，不能相加，也不能换算；各地的数字不能合并。",
        "- 有约束力的只有条款原文；明白卡和问答是解释。能不能领、领多少，由经办机构按条款决定。",
        f"- 不确定时，请读者拨打{contact.hotline_name}{contact.hotline}。办理不收任何费用，不需要中介。",
        "",
        "## 主要页面",
        "",
    ]
    lines += [
        f"- [{name}]({address}{path}): {text}"
        for path, name, text in _MAIN
        if f"{path}index.html" in built.pages
    ]
    lines += ["", "## 保障项目和条款原文（Markdown，逐字发布）", ""]
    for product in catalogue.products:
        sample = "，含示范数值" if product.is_sample else ""
        lines.append(
            f"- [{product.name} {product.version}版条款]({address}{product.terms_path}):"
            f" {product.valid_from}起{sample}；明白卡 {address}products/{product.code}/"
        )
    running = [each for each in catalogue.campaigns if built.on <= each.window.last]
    lines += ["", "## 活动", ""]
    for campaign in running:
        sample = "（示范）" if campaign_view(catalogue, campaign, built.on).is_sample else ""
        lines.append(
            f"- [{campaign.name}]({address}campaigns/{campaign.code}/): 截止{campaign.window.last}{sample}"
        )
    for folder in ("faq", "guide"):
        lines += ["", f"## {LISTS[folder][0]}", ""]
        lines += [
            f"- [{each.title}]({address}{each.url[1:]}): {each.text}"
            for each in entries(built.compiled, folder)
        ]
    lines += [
        "",
        "## 其他",
        "",
        f"- [网站地图]({address}sitemap.xml)",
        f"- [新消息订阅]({address}feed.xml)",
        f"- [接口说明]({address}openapi.json)",
    ]
    return "\n".join(lines) + "\n"
