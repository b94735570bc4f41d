"""An old engine as a small phone: open a page, tap, type, look."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.proof.old_engines.devtools import DevTools

WIDTH, HEIGHT = 360, 740
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=zh-CN",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
]


def _node(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})"


def _is_seen(selector: str) -> str:
    return f"({_node(selector)} || document.createElement('i')).getClientRects().length > 0"


class Phone:
    """`wrong` gathers script errors, broken content policy and requests to anywhere else.

    Every answer of /api must carry `api_id`: it comes from the deployed stack and nowhere else.
    """

    def __init__(self, browser: str, origin: str, api_id: str) -> None:
        """`browser` is the DevTools address of a browser that runs."""
        self.origin, self.api_id = origin, api_id
        self.wrong: list[str] = []
        self._browser = DevTools(browser, lambda method, params: None)
        self._context = self._browser.call("Target.createBrowserContext")["browserContextId"]
        made = self._browser.call(
            "Target.createTarget",
            url="about:blank",
            browserContextId=self._context,
            width=WIDTH,
            height=HEIGHT,
        )
        self._page = DevTools(
            f"{browser.partition('/devtools')[0]}/devtools/page/{made['targetId']}", self._event
        )
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._page.call(f"{domain}.enable")
        # The throwaway certificate of this run is nobody's.
        self._page.call("Security.setIgnoreCertificateErrors", ignore=True)
        self.resize()

    def close(self) -> None:
        self._page.close()
        self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)
        self._browser.close()

    def resize(self, height: int = HEIGHT) -> None:
        self._page.call(
            "Emulation.setDeviceMetricsOverride", width=WIDTH, height=height, deviceScaleFactor=2, mobile=True
        )

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.wrong.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and params["entry"]["source"] in ("security", "javascript"):
            self.wrong.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith((self.origin + "/", "data:", "blob:")):
                self.wrong.append(f"request to {url}")
        elif method == "Network.responseReceived" and "/api/" in params["response"]["url"]:
            headers = {name.lower(): value for name, value in params["response"]["headers"].items()}
            if headers.get("x-huzhu-api") != self.api_id:
                self.wrong.append(f"not this stack: {params['response']['url']}")

    # ---- going and looking

    def open(self, path: str) -> None:
        self.leaving_by(lambda: self._page.call("Page.navigate", url=self.origin + path))

    def reload(self) -> None:
        self.leaving_by(lambda: self._page.call("Page.reload"))

    def leaving_by(self, act: Callable[[], object]) -> None:
        """Until the page that stood here is gone and the next one, with its scripts, has loaded."""
        self.js("window.leaving = true")
        act()
        self.until("!window.leaving && document.readyState === 'complete'")

    def js(self, expression: str) -> Any:
        """The value of an expression in the page. An exception fails the test."""
        answer = self._page.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, (expression, answer["exceptionDetails"])
        return answer["result"].get("value")

    def until(self, expression: str, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not self.js(expression):
            assert time.monotonic() < deadline, (expression, self.wrong, self.js("document.body.innerText"))
            time.sleep(0.05)

    def until_seen(self, selector: str) -> None:
        """It stands on the page and is not hidden."""
        self.until(_is_seen(selector))

    def text(self, selector: str) -> str:
        return str(self.js(f"{_node(selector)}.innerText"))

    def seen(self, selector: str) -> bool:
        return bool(self.js(_is_seen(selector)))

    def value(self, selector: str) -> str:
        return str(self.js(f"{_node(selector)}.value"))

    def picture(self, file: Path) -> None:
        """The whole page, as long as it is."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.resize(max(HEIGHT, int(self.js("document.documentElement.scrollHeight"))))
        self._until_drawn(50)
        file.write_bytes(base64.b64decode(self._page.call("Page.captureScreenshot")["data"]))
        self.resize()

    def _until_drawn(self, settling_ms: int) -> None:
        self.js(
            "window.drawn = false; requestAnimationFrame(function () {"
            f" setTimeout(function () {{ window.drawn = true; }}, {settling_ms}); }})"
        )
        self.until("window.drawn")

    # ---- one thumb

    def tap(self, selector: str) -> None:
        """Where it stands on the screen, so that something lying over it takes the tap instead."""
        node = _node(selector)
        self.js(f"{node}.scrollIntoView({{block: 'center'}})")
        self._until_drawn(0)  # nobody taps what is not on the screen yet; the engine drops such a tap
        box = self.js(
            f"(function (b) {{ return [b.left + b.width / 2, b.top + b.height / 2]; }})"
            f"({node}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._page.call(
                "Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1
            )

    def fill(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.js(f"{_node(selector)}.select()")
        for each in text:
            self._page.call("Input.dispatchKeyEvent", type="char", text=each)
        assert self.value(selector) == text

    def paste(self, selector: str, text: str) -> None:
        """In place of what stands there. A field may cut it, as it may any paste."""
        self.tap(selector)
        self.js(f"{_node(selector)}.select()")
        self.js(f"document.execCommand('insertText', false, {json.dumps(text)})")

    def choose(self, selector: str, value: str) -> None:
        """The list of a select is drawn by the phone, outside the page: only its outcome is played."""
        self.js(
            f"(function (node) {{ node.value = {json.dumps(value)};"
            f" node.dispatchEvent(new Event('change', {{bubbles: true}})); }})({_node(selector)})"
        )
        assert self.value(selector) == value

    def cookies(self) -> list[dict[str, Any]]:
        return list(self._page.call("Network.getCookies")["cookies"])


@contextmanager
def running(executable: Path, profile: Path) -> Iterator[str]:
    """Starts an engine and gives its DevTools address. Ended at the end."""
    command = [str(executable), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    profile.mkdir(parents=True, exist_ok=True)
    log = profile / "log.txt"
    with log.open("w") as written:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=written)
    try:
        yield _address(child, log)
    finally:
        child.terminate()
        child.wait(10)


def _address(child: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and child.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("DevTools listening on "):
                return line.split()[-1]
        time.sleep(0.05)
    raise RuntimeError(f"{command_of(child)} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def command_of(child: subprocess.Popen[bytes]) -> str:
    return str(child.args[0]) if isinstance(child.args, list) else str(child.args)
