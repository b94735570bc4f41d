"""One build that ends because of many faults, each on a line of its own: it has to tell them all."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.once import once
from tests.site.altered_site import EXAMPLE, EXAMPLE_CODE, PICTURE
from tests.site.building import INPUTS, ROOT, BuildFailed, build_site

PAGE = "guide/join.md"
FAULTS = {  # a line of that page, and what is said of it
    "看[这里](claim.md#no-such)。": r"leads nowhere: no `#no-such` on /guide/claim/",
    "看[这里](/no/such/)。": r"leads nowhere: no page /no/such",
    "看[这里](no-such.md)。": r"no-such\.md",
    "![](form.png)": r"`\S*form\.png` has no alternative text",
    "![填好的表](https://pictures.example/form.png)": r"would be loaded from another host",
    "![填好的表](//pictures.example/drawn.png)": r"would be loaded from another host",
    "看[这里](https://elsewhere.example/)。": r"leads to another host; allowed: https and ",
    "看[这里](http://www.gov.cn/)。": r"leads to another host",
    "看[这里](javascript:alert)。": r"leads to another host",
}
MISTYPED = ("../services/join.md", "../services/joni.md")  # in CONTRIBUTING's campaign


@dataclass(frozen=True)
class Refused:
    said: str
    lines: dict[str, int]  # where each of FAULTS stands
    sources: tuple[str, str]  # digests of site/ before and after the build


def refused_build() -> Refused:
    """Built once for all who read what it said."""
    own = [ROOT / "tests/site/refused_build.py", ROOT / "CONTRIBUTING.md"]
    noted = json.loads((once("refused", [*INPUTS, *own], _make) / "noted.json").read_text("utf-8"))
    return Refused(noted["said"], noted["lines"], tuple(noted["sources"]))


def _make(folder: Path) -> None:
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    (content / "guide/form.png").write_bytes(PICTURE)
    lines = (content / PAGE).read_text("utf-8").rstrip("\n").split("\n")
    at = {}
    for fault in FAULTS:
        lines += ["", fault]
        at[fault] = len(lines)
    (content / PAGE).write_text("\n".join(lines) + "\n", "utf-8")
    (content / f"campaigns/{EXAMPLE_CODE}.md").write_text(EXAMPLE.replace(*MISTYPED), "utf-8")
    before, said = _sources(), ""
    try:
        build_site(folder, content)
    except BuildFailed as refusal:
        said = str(refusal)
    noted = {"said": said, "lines": at, "sources": [before, _sources()]}
    (folder / "noted.json").write_text(json.dumps(noted, ensure_ascii=False), "utf-8")


def _sources() -> str:
    files = [each for each in sorted((ROOT / "site").rglob("*")) if "__pycache__" not in each.parts]
    read = [(each.as_posix(), sha256(each.read_bytes()).hexdigest()) for each in files if each.is_file()]
    assert any(name.endswith("hooks.py") for name, _ in read)
    return sha256(repr(read).encode()).hexdigest()
