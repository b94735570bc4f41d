"""The whole published catalogue: what the functions obey, and the cases and boards that only pages show."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.model import Catalogue
from publishing.boards import Board
from publishing.cases import CaseStudy


class PublishedCatalogue(Catalogue, frozen=True, kw_only=True):
    """Functions decide nothing by cases and boards, so `data.json` has none."""

    cases: tuple[CaseStudy, ...] = ()
    boards: tuple[Board, ...] = ()


def data_json(published: PublishedCatalogue) -> bytes:
    """What the functions read. Indented, so that a change reads well in a diff."""
    read = Catalogue(**{name: getattr(published, name) for name in Catalogue.__struct_fields__})
    return msgspec.json.format(msgspec.json.encode(read), indent=1) + b"\n"
