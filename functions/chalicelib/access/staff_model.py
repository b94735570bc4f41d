"""The nouns of staff accounts. Beside `model`, which every function reads at its start: the desk's alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.access.model import Role
from chalicelib.kernel import Masked


class StaffState(StrEnum):
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A member of staff as an administrator sees them."""

    id: str
    name: Masked
    mobile_masked: str
    roles: tuple[Role, ...]
    region: str
    state: StaffState


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as it is handed over, once: for an authenticator app, and for the day it is lost."""

    secret: Masked  # base32
    recovery_codes: tuple[Masked, ...]
