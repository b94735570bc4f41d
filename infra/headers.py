"""The one definition of the headers every page is served with (P34), for CloudFront and the local gateway.

The policy allows scripts only as files of our own origin and styles only by the hash of their text, so a
page that was tampered with on its way to the reader runs nothing. Hashes are read from the built pages.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

# Every answer carries the policy: a longer one would cost a phone more than the hashes are worth, and comes
# near what content networks accept in one header.
LONGEST_POLICY_BYTES = 1500
ONE_YEAR_SECONDS = 31_536_000
HEADERS_FILE = "site-headers.json"  # beside the built site, not in it

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def security_headers(
    upload_origin: str = "", style_hashes: Iterable[str] = (), script_hashes: Iterable[str] = ()
) -> dict[str, str]:
    """Headers of every answer. `upload_origin` is the upload bucket's origin, empty for a site without forms.

    A hash is "sha256-<base64>". Raises ValueError for a policy that is too long.
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_sources(script_hashes, own=True)}",
            f"style-src {_sources(style_hashes, own=False)}",
            "img-src 'self' blob: data:",
            " ".join(filter(None, ("connect-src 'self'", upload_origin))),
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    if len(policy) > LONGEST_POLICY_BYTES:
        raise ValueError(f"the policy has {len(policy)} bytes; inline fewer distinct stylesheets")
    return {
        "Content-Security-Policy": policy,
        "Strict-Transport-Security": f"max-age={ONE_YEAR_SECONDS}",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for engines older than frame-ancestors
        "Referrer-Policy": "strict-origin",  # not no-referrer: that may turn a request's Origin into null
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    }


def page_headers(site_dir: Path, upload_origin: str = "") -> dict[str, str]:
    """The headers for the site built at `site_dir`, with the hashes of what its pages really inline."""
    return security_headers(upload_origin, **inline_hashes(site_dir))


def inline_hashes(site_dir: Path) -> dict[str, list[str]]:
    """The distinct inline styles and scripts of all pages, as CSP hashes, sorted."""
    styles: set[str] = set()
    scripts: set[str] = set()
    for page in site_dir.rglob("*.html"):
        text = page.read_text("utf-8")
        styles.update(map(_hash, _STYLE.findall(text)))
        scripts.update(map(_hash, _SCRIPT.findall(text)))
    return {"style_hashes": sorted(styles), "script_hashes": sorted(scripts)}


def cache_control(path: str) -> str:
    """How long a copy may be kept, by URL path: scripts carry their hash in the name,
    pictures and prints change seldom, the rest may change at any time."""
    if path.startswith("/js/"):
        return f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    if path.endswith((".png", ".pdf")):  # drawn or printed: big, and rarely another
        return "public, max-age=86400"
    return "public, max-age=60, must-revalidate"


def write_headers_file(site_dir: Path) -> Path:
    """`build/site-headers.json`, next to the site: the hashes and the resulting headers."""
    hashes = inline_hashes(site_dir)
    target = site_dir.parent / HEADERS_FILE
    body = {**hashes, "headers": security_headers("", **hashes)}
    target.write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    return target


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _sources(hashes: Iterable[str], *, own: bool) -> str:
    listed = (["'self'"] if own else []) + [f"'{each}'" for each in hashes]
    return " ".join(listed) or "'none'"
