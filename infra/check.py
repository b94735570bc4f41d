"""`make check`: everything that can be known without running the house. All steps run; any failure fails."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from infra.package import rendered_template
from infra.paths import BUILD, FUNCTIONS, ROOT, SITE_CODE
from infra.vendor import cloud

BIN = Path(sys.executable).parent
REGIONS = ("us-east-1", "cn-north-1", "cn-northwest-1")  # both China regions: what they lack differs
# Written in halves, because this file is searched too.
INDEX_HOSTS = re.compile(
    r"\b(py" + r"pi\.(org|io)|python" + r"hosted\.org|index-" + r"url\s*=|/simple" + r"/?\s*$)", re.MULTILINE
)

Step = Callable[[], str]


class CheckFailedError(Exception):
    """A step's findings."""


def tool(*command: str) -> Step:
    def run() -> str:
        ran = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{FUNCTIONS}:{SITE_CODE}:{ROOT}", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise CheckFailedError(ran.stdout + ran.stderr)
        return ran.stdout.strip().rpartition("\n")[2]

    return run


def template_lint() -> str:
    """Twenty seconds for three regions, so a template that passed is not linted again."""
    text = rendered_template(cloud())
    digest = hashlib.sha256(f"{version('cfn-lint')} {REGIONS} {text}".encode()).hexdigest()[:16]
    folder = BUILD / "check"
    passed = folder / f"template-{digest}.json"
    if not passed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        candidate = folder / "template.json"
        candidate.write_text(text)
        tool("cfn-lint", "--regions", *REGIONS, "--template", str(candidate))()
        candidate.rename(passed)
    return ""


def no_index_host() -> str:
    """A lock is good wherever its packages come from: their hashes say what they are."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 2_000_000:
            text = path.read_bytes().decode("utf-8", "ignore")
            found += [f"{name}: names a package index: {hit[0]}" for hit in INDEX_HOSTS.finditer(text)]
    if found:
        raise CheckFailedError("\n".join(found))
    return ""


def every_domain_is_held() -> str:
    """import-linter says nothing of a package it was never told about."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if missing := unheld(FUNCTIONS / "chalicelib", settings):
        raise CheckFailedError("\n".join(missing))
    return ""


def unheld(domains: Path, contracts: list[dict[str, Any]]) -> list[str]:
    """What pyproject.toml does not say yet of a domain: its floor, its rooms, whose its rows are."""
    named = {each["name"].partition(":")[0]: each for each in contracts}
    floors = set(re.findall(r"\w+\.\w+", " ".join(named["Floors"]["layers"])))
    rooms = set(named["Rooms"]["containers"])
    owned = {module for each in contracts for module in each.get("protected_modules", [])}
    missing = []
    for folder in sorted(each.parent for each in domains.glob("*/__init__.py")):
        domain = f"chalicelib.{folder.name}"
        if domain not in floors:
            missing.append(
                f"{domain} stands on no floor: name it in the layers of `Floors` in pyproject.toml"
            )
        if domain not in rooms and any(folder.glob("service*")):
            missing.append(f"{domain} has no rooms: name it in the containers of `Rooms` in pyproject.toml")
        if (folder / "records.py").exists() and f"{domain}.records" not in owned:
            missing.append(
                f"{domain}.records is open to all: add `Rows of {folder.name} …` in pyproject.toml"
            )
    return missing


STEPS: dict[str, Step] = {
    "lint": tool("ruff", "check", "--quiet", "--output-format", "concise"),
    "format": tool("ruff", "format", "--check"),
    "types": tool("mypy"),
    "import contracts": tool("lint-imports", "--no-cache"),
    "every domain is held": every_domain_is_held,
    "cloud template": template_lint,
    "catalogue is fresh": tool("python", "-m", "publishing.compiler", "--check"),
    "openapi.json is fresh": tool("python", "-m", "infra.openapi", "--check"),
    "states.md is fresh": tool("python", "-m", "infra.states", "--check"),
    "no package index": no_index_host,
}


def timed(step: Step) -> tuple[bool, str, float]:
    started = time.monotonic()
    try:
        return True, step(), time.monotonic() - started
    except (CheckFailedError, SystemExit) as problem:
        return False, str(problem), time.monotonic() - started


def main() -> None:
    print("Checking lint, types, contracts, template and generated files", flush=True)
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for name, (passed, text, seconds) in zip(STEPS, pool.map(timed, STEPS.values()), strict=True):
            print(f"  {'ok  ' if passed else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
            if not passed:
                failed.append(name)
                print("\n".join(f"       {line}" for line in text.strip().splitlines()), flush=True)
    if failed:
        raise SystemExit(f"make check: {', '.join(failed)} failed")


if __name__ == "__main__":
    main()
