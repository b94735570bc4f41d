"""content/terms.lock: what was published, stays as it was.

One line a file, `<sha256>  <path>`, as `sha256sum` prints it. A consent, policy or claim points at these
bytes, so a locked file may never change or vanish: a correction is a new version.
"""

from __future__ import annotations

from pathlib import Path

from publishing.source import ContentError, Page

NAME = "terms.lock"
LOCKED_TYPES = ("terms", "privacy")


def read_lock(root: Path) -> dict[str, tuple[str, int]]:
    """path -> (sha256, line)."""
    file = root / NAME
    text = file.read_text("utf-8") if file.exists() else ""
    locked: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        digest, two_spaces, path = line.partition("  ")
        if len(digest) != 64 or not two_spaces or path in locked:
            raise ContentError(NAME, number, "", "expected `<sha256>  <path>`, each path once")
        locked[path] = (digest, number)
    return locked


def check_lock(root: Path, pages: dict[str, Page]) -> None:
    locked = read_lock(root)
    for path, (digest, number) in locked.items():
        if path not in pages:
            raise ContentError(NAME, number, path, "a published file is gone; put it back")
        if pages[path].sha256 != digest:
            raise ContentError(path, 1, "", "published terms changed; restore them and publish a new version")
    for path, page in pages.items():
        if page.type in LOCKED_TYPES and path not in locked:
            raise ContentError(path, 1, "", f"not in {NAME}; publish it: make terms")


def publish(root: Path, pages: dict[str, Page]) -> list[str]:
    """Lock the files not locked yet. Never touches a line that is there. Returns the paths added."""
    locked = read_lock(root)
    added = [path for path in sorted(pages) if pages[path].type in LOCKED_TYPES and path not in locked]
    with (root / NAME).open("a", encoding="utf-8") as lock:
        lock.writelines(f"{pages[path].sha256}  {path}\n" for path in added)
    return added
