"""`chalice package`, made small, fast to start and the same every time.

    staged copy of functions/  ->  chalice (template, its runtime)  ->  + vendored packages, .pyc  ->  zip

Chalice's own zip carries no usable bytecode: its file times are 1980, so ordinary .pyc count as stale and
every cold start compiles. Ours are checked by nothing (`unchecked-hash`), 2.5 times faster.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.paths import BUILD, FUNCTIONS, LAMBDA_LOCK, ROOT
from infra.template import template
from infra.vendor import HERE, Target, cloud, settle, vendored

CHALICE_STAGE = "cloud"
# Read by workers only, which carry zips of their own.
WORKERS_ONLY = ("chalicelib/groups/rosters",)
ZIP_LIMIT_BYTES = 5_000_000  # a cold start fetches and unpacks all of it


@dataclass(frozen=True)
class Package:
    """`template` names the zip as `./deployment.zip`; `release` is the zip's digest."""

    template: Path
    archive: Path

    @property
    def release(self) -> str:
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()[:12]


def package(target: Target = HERE, functions: Path = FUNCTIONS) -> Package:
    """Build, or return what an equal tree built before. Raises SystemExit with Chalice's own words."""
    done = BUILD / "package" / f"{target.runtime}-{target.architecture}-{_fingerprint(target, functions)}"
    made = Package(done / "template.json", done / "deployment.zip")
    if not made.template.exists():
        _make(target, functions, done)
        _keep_recent(done.parent)
    size = made.archive.stat().st_size
    if size > ZIP_LIMIT_BYTES:
        raise SystemExit(f"{made.archive} has {size:,} bytes, more than {ZIP_LIMIT_BYTES:,}")
    return made


def _make(target: Target, functions: Path, done: Path) -> None:
    done.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=done.parent, ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        raw = _run_chalice(functions, target, work)
        _unite(work, vendored(target), target)
        result = work / "result"
        result.mkdir()
        _zip(work / "code", result / "deployment.zip")
        (result / "template.json").write_text(finish(raw))
        settle(result, done)


def rendered_template(target: Target, functions: Path = FUNCTIONS) -> str:
    """The template alone: what a check needs, without fetching any package."""
    with tempfile.TemporaryDirectory() as folder:
        return finish(_run_chalice(functions, target, Path(folder)))


def _fingerprint(target: Target, functions: Path) -> str:
    digest = hashlib.sha256(repr(target).encode())
    inputs = [
        LAMBDA_LOCK,
        Path(__file__),
        *(ROOT / "infra").glob("*.py"),
        *(ROOT / "infra").rglob("resources/*.py"),
    ]
    inputs += [p for p in functions.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    for path in sorted(set(inputs)):
        digest.update(os.path.relpath(path, ROOT).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _stage(functions: Path, staged: Path) -> Path:
    shutil.copytree(functions, staged, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    # Empty on purpose: Chalice would install packages itself, without our lock's platform and trimming.
    (staged / "requirements.txt").write_text("")
    return staged


def _run_chalice(functions: Path, target: Target, work: Path) -> dict[str, object]:
    """Chalice's template with ours merged in; its zip is left in `work`/chalice."""
    staged = _stage(functions, work / "project")
    merge = staged / "merge.json"
    merge.write_text(json.dumps(template(target.runtime, target.architecture)))
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "AWS_DEFAULT_REGION": "us-east-1",  # Chalice wants one; the template is the same for all
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    chalice = str(Path(sys.executable).with_name("chalice"))
    # Chalice changes into the project: every path is absolute.
    arguments = ["--project-dir", str(staged), "package", "--stage", CHALICE_STAGE]
    arguments += ["--merge-template", str(merge), str(work / "chalice")]
    ran = subprocess.run([chalice, *arguments], env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        if f"policy-{CHALICE_STAGE}.json" in ran.stderr:  # Chalice's guess for a function nobody described
            raise SystemExit(
                "a handler of functions/app.py has no policy: name it under `lambda_functions` in"
                " functions/.chalice/config.json, with its `iam_policy_file`"
            )
        raise SystemExit(f"chalice package failed:\n{ran.stdout}{ran.stderr}")
    raw: dict[str, object] = json.loads((work / "chalice" / "sam.json").read_text())
    return raw


def finish(raw: dict[str, object]) -> str:
    """Minified: over 51,200 bytes CloudFormation takes a template from a bucket only."""
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _unite(work: Path, packages: Path, target: Target) -> None:
    code = work / "code"
    with zipfile.ZipFile(work / "chalice" / "deployment.zip") as zipped:
        zipped.extractall(code)
    for part in WORKERS_ONLY:
        shutil.rmtree(code / part, ignore_errors=True)  # a tree of a test may have none
    shutil.copy(work / "project" / "desk.py", code / "desk.py")  # Chalice ships one app's module only
    shutil.copytree(packages, code, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    python = _interpreter(target)
    if python is None:
        print(f"no {target.runtime} here: the package goes without bytecode and starts slower")
        return
    vendored_parts = [code / each.name for each in sorted(packages.iterdir())]
    _compile(python, code, [each for each in sorted(code.iterdir()) if each not in vendored_parts])
    _compile(python, code, vendored_parts, "-b")
    # Packages are read from bytecode alone: a quarter off the zip, and less to unpack at a cold start.
    for each in vendored_parts:
        for source in [each] if each.suffix == ".py" else each.rglob("*.py"):
            source.unlink()


def _compile(python: str, code: Path, parts: Sequence[Path], *more: str) -> None:
    """Paths in tracebacks as they are on Lambda, not as they are here."""
    command = [python, "-m", "compileall", "-qf", "--invalidation-mode", "unchecked-hash", *more]
    subprocess.run([*command, "-s", str(code), "-p", "/var/task", *map(str, parts)], check=True)


def _interpreter(target: Target) -> str | None:
    """Bytecode is read only by the very minor version that wrote it."""
    if target.version == HERE.version:
        return sys.executable
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "python", "find", "--no-python-downloads", "--system", target.version]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else None


def _zip(folder: Path, archive: Path) -> None:
    """The same bytes for the same files, whoever zips them and when."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes())


def _keep_recent(folder: Path, count: int = 6) -> None:
    made = sorted(
        (p for p in folder.iterdir() if not p.name.startswith("making-")), key=lambda p: p.stat().st_mtime
    )
    for old in made[:-count]:
        shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runtime", default="", help="Lambda runtime; default: this interpreter, for local use"
    )
    parser.add_argument("--architecture", default="x86_64", choices=["x86_64", "arm64"])
    chosen = parser.parse_args()
    made = package(cloud(chosen.runtime, chosen.architecture) if chosen.runtime else HERE)
    print(f"{made.archive}  {made.archive.stat().st_size:,} bytes  release {made.release}")
    print(f"{made.template}  {made.template.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
