"""botocore's descriptions of services and endpoints, read quickly: 1.8 MB of JSON at every start.

botocore builds an ordered dictionary pair by pair in Python, for interpreters whose plain ones were not
ordered. msgspec reads the same files into plain ones, which takes a tenth off the start (`make bench`).
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import msgspec


class QuickFiles:
    """What `botocore.loaders.Loader` asks of its file loader. Paths come without `.json` or `.json.gz`."""

    def exists(self, path: str) -> bool:
        return Path(f"{path}.json").is_file() or Path(f"{path}.json.gz").is_file()

    def load_file(self, path: str) -> Any:
        """The content, or None if there is no such file: botocore then looks elsewhere."""
        plain, packed = Path(f"{path}.json"), Path(f"{path}.json.gz")
        if plain.is_file():
            return msgspec.json.decode(plain.read_bytes())
        if packed.is_file():
            return msgspec.json.decode(gzip.decompress(packed.read_bytes()))
        return None


def read_quickly(session: Any) -> None:
    """Let this botocore session's clients read their descriptions through `QuickFiles`."""
    from botocore.loaders import create_loader

    loader = create_loader(session.get_config_variable("data_path"))
    loader.file_loader = QuickFiles()
    session.register_component("data_loader", loader)
