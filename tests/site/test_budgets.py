"""First-view bytes and requests by page type: what a phone pays before it shows anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.html import read_html

KB = 1024


@dataclass(frozen=True)
class Budget:
    """Bytes raw and brotli of the page itself, brotli of its scripts, and requests on a cold first view."""

    html_raw: int
    html: int
    scripts: int
    requests: int

    @property
    def total(self) -> int:
        return 14 * KB  # what fits the first TCP window


# Every page has the few lines of large text; a reading page has no other script.
READING = Budget(24 * KB, 8 * KB, 1 * KB, 2)
# The join page signs in, proves work, keeps drafts and sends: its script may take a part of what the page
# leaves of the 14 KB.
SERVICE = Budget(36 * KB, 8 * KB, 6 * KB, 3)
# Links a browser reads and does not follow: search engines and feed readers do; microdata has no rel.
NOT_LOADED = {"canonical", "alternate", None}
BUDGETS = {
    "index.html": READING,
    "about/index.html": READING,
    "guide/claim/index.html": READING,
    "campaigns/union-pays-nef/index.html": Budget(24 * KB, 8 * KB, 1 * KB, 3),
    "products/nef-accident/index.html": Budget(36 * KB, 12 * KB, 1 * KB, 2),
    "products/nef-accident/terms-2026-1/index.html": Budget(36 * KB, 12 * KB, 1 * KB, 2),
    "cases/qingfeng/index.html": Budget(28 * KB, 8 * KB, 1 * KB, 3),
    "privacy/personal-information-2026-1/index.html": READING,
    "service-standard/index.html": READING,
    "products/compare/index.html": READING,
    "boards/quarterly/index.html": READING,
    "news/2026-11-large-text/index.html": READING,
    "press/index.html": Budget(120 * KB, 14 * KB, 1 * KB, 2),
    "404.html": READING,
    "search/index.html": Budget(16 * KB, 6 * KB, 2304, 2),
    "services/join/index.html": SERVICE,
    "services/join/union-pays-nef/index.html": SERVICE,
    "services/my/index.html": SERVICE,
    "services/verify/index.html": SERVICE,
    "services/suggest/index.html": SERVICE,
    "services/certificate/index.html": SERVICE,
}


def brotli_bytes(file: Path) -> int:
    """What goes over the line; a file too small to be worth compressing goes as it is."""
    twin = file.with_name(file.name + ".br")
    return (twin if twin.exists() else file).stat().st_size


@pytest.mark.parametrize("path", BUDGETS)
def test_a_first_view_stays_within_its_budget(site_dir: Path, path: str) -> None:
    budget, file = BUDGETS[path], site_dir / path
    page = read_html(file)
    scripts = [site_dir / each.attributes["src"].lstrip("/") for each in page.all("script")]
    pictures = [each for each in page.all("img") if each.attributes.get("loading") != "lazy"]
    html, script = brotli_bytes(file), sum(map(brotli_bytes, scripts))
    print(f"{path}: {file.stat().st_size} raw, {html} + {script} br, {1 + len(scripts)} requests")
    loading = [each for each in page.all("link") if each.attributes.get("rel") not in NOT_LOADED]
    assert [each.attributes["rel"] for each in loading] == ["icon"], (
        "only the icon, which is part of the page"
    )
    assert file.stat().st_size <= budget.html_raw
    assert html <= budget.html
    assert script <= budget.scripts
    assert html + script <= budget.total
    assert 1 + len(scripts) + len(pictures) <= budget.requests
