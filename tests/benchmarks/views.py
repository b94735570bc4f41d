"""First views on a slow phone line, ours and the line in turns: bytes, requests, hosts, LCP, blocked time.

Mode B: 562 ms before every answer, 1.47 Mbit/s down, a processor 4 times slower. Mode C: the same line, 16
times slower, for blocked time only (the part of every long task beyond 50 ms). A busy machine blocks the line
as well, so ours is judged by what it adds to the line's; on an idle one the line's is near 0. Each view is a
new browser profile: nothing is cached. Emulated in Chromium, on this machine's clock: trust the ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.benchmarks.pages import PAGES, Page, served_site
from tests.benchmarks.table import Row, count, ratio
from tests.browser.chromium import chromium

LATENCY_MS = 562
DOWN_BYTES_A_SECOND = 1_474_560 / 8
UP_BYTES_A_SECOND = 675_000 / 8
SETTLE_MS = 400  # in mode B; LCP and long tasks are told a moment after they were
PAINTS_WITHIN_MS = 20_000
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
}
_WATCH = """
window.seen = {lcp: 0, blocked: 0};
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (each) { window.seen.lcp = each.startTime; });
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (each) { window.seen.blocked += Math.max(0, each.duration - 50); });
}).observe({type: 'longtask', buffered: true});
"""


@dataclass(frozen=True)
class View:
    """`body_bytes` as compressed on the wire; `wire_bytes` with headers."""

    lcp_ms: float
    blocked_ms: float
    body_bytes: int
    wire_bytes: int
    urls: tuple[str, ...]

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.urls}


def first_view(browser: Browser, address: str, slower: int) -> View:
    """Load `address` as a stranger would, on mode B's network. Raises RuntimeError if nothing is painted."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        urls: list[str] = []
        size = {"body": 0, "wire": 0}

        def asked(sent: dict[str, Any]) -> None:
            if not sent["request"]["url"].startswith("data:"):
                urls.append(sent["request"]["url"])

        def answered(answer: dict[str, Any]) -> None:
            headers = {name.lower(): value for name, value in answer["response"]["headers"].items()}
            size["body"] += int(headers.get("content-length", 0))

        def finished(loaded: dict[str, Any]) -> None:
            size["wire"] += round(loaded["encodedDataLength"])

        cdp.on("Network.requestWillBeSent", asked)
        cdp.on("Network.responseReceived", answered)
        cdp.on("Network.loadingFinished", finished)
        cdp.send("Network.enable")
        network = {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": DOWN_BYTES_A_SECOND,
            "uploadThroughput": UP_BYTES_A_SECOND,
        }
        cdp.send("Network.emulateNetworkConditions", network)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="load")
        # Asked from outside: the page's own policy forbids what Playwright's waiting evaluates inside.
        for _ in range(PAINTS_WITHIN_MS // 100):
            if page.evaluate("window.seen.lcp"):
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(SETTLE_MS * slower / 4)
        seen = page.evaluate("window.seen")
    finally:
        context.close()
    if not seen["lcp"]:
        raise RuntimeError(f"{address}: nothing was painted")
    return View(seen["lcp"], seen["blocked"], size["body"], size["wire"], tuple(urls))


def rows(rounds: int) -> list[Row]:
    with served_site() as origin, chromium() as browser:
        first_view(browser, origin + PAGES[0].path, slower=1)  # the browser's own first start
        return [row for page in PAGES for row in _page(browser, origin, page, rounds)]


def _page(browser: Browser, origin: str, page: Page, rounds: int) -> list[Row]:
    ours: list[View] = []
    line: list[View] = []
    for number in range(rounds):
        turns = [(ours, page.path), (line, page.line)]
        for views, path in turns if number % 2 else reversed(turns):
            views.append(first_view(browser, origin + path, slower=4))
    slowest = [
        median(first_view(browser, origin + path, slower=16).blocked_ms for _ in range((rounds + 1) // 2))
        for path in (page.path, page.line)
    ]
    ours_lcp, line_lcp = (median(view.lcp_ms for view in views) for views in (ours, line))
    ours_blocked, line_blocked = (median(view.blocked_ms for view in views) for views in (ours, line))
    first, plain = ours[0], line[0]
    strangers = {host for view in ours for host in view.hosts} - {urlsplit(origin).netloc}
    return [
        count(
            f"{page.name}: brotli", first.body_bytes, page.bytes_most, "bytes", f"{plain.body_bytes:,} bytes"
        ),
        count(f"{page.name}: with headers", first.wire_bytes, None, "bytes", f"{plain.wire_bytes:,} bytes"),
        count(f"{page.name}: requests", len(first.urls), page.requests, "", str(len(plain.urls))),
        count(f"{page.name}: other hosts", len(strangers), 0),
        ratio(f"{page.name}: LCP, mode B", ours_lcp, line_lcp, page.lcp, "ms"),
        count(f"{page.name}: blocked, mode B", ours_blocked, None, "ms", f"{line_blocked:,.0f} ms"),
        Row(
            f"{page.name}: blocked, mode C, added",
            f"{slowest[0]:,.0f} ms",
            f"{slowest[1]:,.0f} ms",
            max(0, slowest[0] - slowest[1]),
            page.blocked_ms,
            " ms",
        ),
    ]
