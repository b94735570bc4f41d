"""npm packages that only tests use, fetched once by npm itself and held to a hash.

None is a dependency: nothing of them is built into the site, and `build/` can be thrown away.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from infra.paths import BUILD

FOLDER = BUILD / "npm"


class PackageMissing(Exception):
    """A tool that tests need is not on this machine. The text says what to do."""


@dataclass(frozen=True)
class Package:
    """`sha512` is the archive's, in base64, as the registry and lock files write it."""

    name: str
    version: str
    sha512: str

    def member(self, path: str) -> bytes:
        """The content of one file of the package. Raises PackageMissing."""
        with tarfile.open(self._archive()) as archive:
            file = archive.extractfile(f"package/{path}")
            assert file, path
            return file.read()

    def unpacked(self, path: str) -> Path:
        """One file of the package, as a file of its own. Raises PackageMissing."""
        file = FOLDER / f"{self.name}-{self.version}" / path
        if not file.exists():
            content = self.member(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return file

    def _archive(self) -> Path:
        archive = FOLDER / f"{self.name}-{self.version}.tgz"
        if not archive.exists():
            self._fetch()
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != self.sha512:
            archive.unlink()
            raise PackageMissing(
                f"{archive.name} is not the file we know: its SHA-512 is {found}. Removed it."
            )
        return archive

    def _fetch(self) -> None:
        if not shutil.which("npm"):
            raise PackageMissing("npm is missing. Run `make browser`, or once: sudo apt-get install npm")
        FOLDER.mkdir(parents=True, exist_ok=True)
        # `pack` only downloads: no dependencies, no scripts of the package, no lock file.
        command = ["npm", "pack", "--loglevel=error", f"{self.name}@{self.version}"]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise PackageMissing(f"`{' '.join(command)}` in {FOLDER} failed:\n{done.stderr[-2000:]}")


AXE = Package(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
VNU = Package(
    "vnu-jar",
    "26.9.27",
    "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==",
)
