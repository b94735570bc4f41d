"""What the office's routes answer with."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class Filed(msgspec.Struct, frozen=True):
    """`receipt` is `<Shanghai day>-<check code>`."""

    receipt: Annotated[str, Meta(pattern="^[0-9]{8}-[2-9A-HJKMNP-TW-Z]{8}$")]
