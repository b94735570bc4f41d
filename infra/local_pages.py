"""Two pages of the local stack: what to look at and who to sign in as, and the SMS that would have been sent.

They are no part of the site: the cloud has no such addresses, and these messages hold sign-in codes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from infra.headers import security_headers

OVERVIEW = "/local"
SMS = "/local/sms"
SHOWN = 200  # newest messages on the page
_SHANGHAI = timezone(timedelta(hours=8))

_STYLE = """
:root{color-scheme:light dark}
body{font:17px/1.7 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
body{max-width:42rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0 0 .25rem}
p.note{color:#767676;margin:0 0 1.5rem;font-size:.95rem}
ol,ul{list-style:none;padding:0;margin:0}
li{border-top:1px solid #8883;padding:.9rem 0}
time,.to{color:#767676;font-size:.9rem;margin-right:.75rem}
.text{display:block;font-size:1.1rem;overflow-wrap:anywhere}
a{color:#b3261e}
@media (prefers-color-scheme:dark){a{color:#ff8a80}}
"""


def is_local(path: str) -> bool:
    return path == OVERVIEW or path.startswith(f"{OVERVIEW}/")


def sms(file: Path) -> HTMLResponse:
    messages = _newest(file)
    items = "".join(
        f"<li><time>{escape(_when(each))}</time><span class=to>{escape(_to(each))}</span>"
        f"<span class=text>{escape(str(each.get('text', '')))}</span></li>"
        for each in messages
    )
    body = f"<ol>{items}</ol>" if messages else "<p>还没有短信。登录或参保后，刷新本页就能看到。</p>"
    return _page("本机短信", "这些短信只写在本机，没有发给任何人。新的在上面。", body)


def overview(demo: list[dict[str, str]]) -> HTMLResponse:
    """`demo`: one entry a person with `who`, `mobile` and, if there is something to say, `note`."""
    people = "".join(
        f"<li><span class=text>{escape(each['who'])}　{escape(each['mobile'])}</span>"
        f"<span class=to>{escape(each.get('note', ''))}</span></li>"
        for each in demo
    )
    links = "".join(
        f'<li><a href="{address}">{text}</a></li>'
        for address, text in (
            ("/", "首页"),
            ("/campaigns/union-pays-nef/", "活动：工会为您买了一份保险"),
            ("/services/join/", "参保"),
            ("/services/my/", "我的保障"),
            ("/services/verify/", "查验凭证"),
            (SMS, "本机短信"),
        )
    )
    shown = f"<h2>演示用的手机号</h2><ul>{people}</ul>" if people else ""
    return _page("本机演示", "这一页只在本机出现。验证码请看「本机短信」。", f"<ul>{links}</ul>{shown}")


def _page(title: str, note: str, body: str) -> HTMLResponse:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    headers = security_headers(style_hashes=[f"sha256-{digest}"]) | {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p class=note>{note}</p>{body}</html>",
        headers=headers,
    )


def _newest(file: Path) -> list[dict[str, object]]:
    if not file.is_file():
        return []
    found = []
    for line in reversed(file.read_text("utf-8").splitlines()):
        try:
            found.append(json.loads(line))
        except ValueError:  # the line a sender is writing just now
            continue
        if len(found) == SHOWN:
            break
    return found


def _when(message: dict[str, object]) -> str:
    try:
        instant = datetime.fromisoformat(str(message.get("at", "")))
    except ValueError:
        return ""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(_SHANGHAI).strftime("%m月%d日 %H:%M:%S")


def _to(message: dict[str, object]) -> str:
    return str(message.get("mobile") or message.get("to") or "")
