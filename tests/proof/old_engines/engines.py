"""Chromium as it was in 2018 and 2019: real builds, as old phones' WebViews still carry them.

The npm package `chrome-aws-lambda` holds one brotli-compressed Linux build in each of its versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import brotli

from tests.browser.packages import FOLDER, Package


@dataclass(frozen=True)
class Engine:
    major: int
    build: str  # in the package
    package: Package

    def executable(self) -> Path:
        """Unpacked under build/ the first time (100 MB). Raises PackageMissing."""
        target = FOLDER / f"chromium-{self.major}" / "chromium"
        if not target.exists():
            unpacked = brotli.decompress(self.package.member(self.build))
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(".half")
            half.write_bytes(unpacked)
            half.chmod(0o755)
            half.rename(target)
        return target


ENGINES = (
    Engine(
        67,
        "bin/chromium.br",
        Package(
            "chrome-aws-lambda",
            "67.0.3372",
            "JGB/vPO64wwEBLBRGkZUa9uoJ7sZ/y0wB9/ZAlDS7fYtEOAJUVx7WzcU3hIhfCP4RSBcggS6vbSyx1u+Sgt5+w==",
        ),
    ),
    Engine(
        74,
        "bin/chromium-74.0.3723.0.br",
        Package(
            "chrome-aws-lambda",
            "1.13.0",
            "bL+WpafiH9K9mf48SlBFe9wwdYeklvF/WLirhRPBIh+KHzuufkIpLAkdYZANg8KrLH+0Kg6TBJ31edRheMJq+g==",
        ),
    ),
)
