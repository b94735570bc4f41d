"""Questions and answers of a FAQ page marked for search engines (microdata of schema.org).

Microdata rather than a JSON-LD block: nothing is written twice, and a page keeps having no inline script at
all, which is easier to hold than "none that runs".
"""

from __future__ import annotations

import re

_SCHEMA = 'itemscope itemtype="https://schema.org/'
_QUESTION = re.compile(r"<h2([^>]*)>((?:(?!</h2>).)*？)</h2>\s*(.+?)(?=<h2|\Z)", re.DOTALL)


def marked_faq(html: str) -> str:
    """Each heading that asks, with what stands below it, becomes a Question; other sections stay."""
    marked, count = _QUESTION.subn(
        rf'<div itemprop="mainEntity" {_SCHEMA}Question"><h2\1 itemprop="name">\2</h2>'
        rf'<div itemprop="acceptedAnswer" {_SCHEMA}Answer"><div itemprop="text">\3</div></div></div>',
        html,
    )
    return f'<div {_SCHEMA}FAQPage">{marked}</div>' if count else html
