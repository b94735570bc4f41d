"""The nouns of cover: endorsements (what the office did) and covers (what follows from it).

An endorsement is a fact that is never edited: a mistake is mended by a later one. A cover is never stored by
itself: `rules.coverage` works it out from the endorsements, for every caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from chalicelib.benefits.model import Start
from chalicelib.kernel import DateInterval, ShanghaiDate


class Kind(StrEnum):
    ADD = "add"  # 增员, and a worker joining by themselves
    REMOVE = "remove"  # 减员
    SUBSTITUTE = "substitute"  # 替换, one for one
    CORRECT = "correct"  # 更正
    RENEW = "renew"  # 续保


class Status(StrEnum):
    """How a cover came to its last day."""

    STANDING = "standing"  # runs to the last day that was bought
    LEFT = "left"  # cut short: the person left
    SUBSTITUTED = "substituted"  # cut short: somebody else has the rest of the place
    WITHDRAWN = "withdrawn"  # ended before it began; it never covered a day


class State(StrEnum):
    """What a cover is on one given day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a cover comes from: the group policy that holds the place, and the campaign, if there was one."""

    policy_id: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class TermsRef:
    """The exact text agreed to: its version, and the SHA-256 of the published file, in hex."""

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One certificate's promise, as given: this person, this product, these days, these terms."""

    certificate: str
    person_id: str
    product: str
    period: DateInterval
    source: Source
    terms: TermsRef


@dataclass(frozen=True, slots=True, kw_only=True)
class _Accepted:
    """What every endorsement says: `accepted_on` is the Shanghai day the office took it, by server time;
    `sequence` orders what was taken on one day, and no certificate has two of the same. (Services give the
    microsecond of acceptance.)"""

    kind: ClassVar[Kind]
    sequence: int
    accepted_on: ShanghaiDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(_Accepted):
    kind: ClassVar[Kind] = Kind.ADD
    grant: Grant

    @property
    def certificate(self) -> str:
        return self.grant.certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(_Accepted):
    """The person leaves; `last_day` is their last day of cover. Nothing is refunded."""

    kind: ClassVar[Kind] = Kind.REMOVE
    certificate: str
    last_day: ShanghaiDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute(_Accepted):
    """`certificate` is the leaver's, `last_day` the leaver's last day, `grant` what the joiner gets.
    `leaver_has_claim` is a fact the caller brings from the claims."""

    kind: ClassVar[Kind] = Kind.SUBSTITUTE
    certificate: str
    last_day: ShanghaiDate
    leaver_has_claim: bool
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(_Accepted):
    """Mends a recording mistake: the days (`period`), or facts about the person (`person_fields` names them,
    e.g. "name"; the values live in `people`). Another person is a substitution, never a correction."""

    kind: ClassVar[Kind] = Kind.CORRECT
    certificate: str
    period: DateInterval | None = None
    person_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew(_Accepted):
    """`certificate` is the one that runs out, `grant` the one that carries it on."""

    kind: ClassVar[Kind] = Kind.RENEW
    certificate: str
    grant: Grant


Endorsement = Add | Remove | Substitute | Correct | Renew


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Days on which one person is covered by one product, under one certificate.

    `continuous` waives a new waiting period: set for a renewal in time. `follows` is the certificate whose
    end fixed our first day (the one renewed, or the leaver's). `paid_from` is the first day of the period
    that was paid for; a joiner by substitution inherits the leaver's. A withdrawn cover keeps its `period`
    to show what had been planned; it covers no day of it.
    """

    certificate: str
    person_id: str
    product: str
    period: DateInterval
    source: Source
    terms: TermsRef
    status: Status
    continuous: bool
    follows: str | None
    paid_from: ShanghaiDate

    @property
    def holder(self) -> tuple[str, str]:
        """Person and product: at most one cover of a holder is in force on any day."""
        return (self.person_id, self.product)


@dataclass(frozen=True, slots=True)
class PersonCover:
    """One cover of a person as it stands on one day; or a waiting place, which has no period, no certificate
    and no state: nothing is covered."""

    product: str
    product_name: str
    state: State | None
    campaign: str
    policy_id: str
    sponsor: str = ""
    period: DateInterval | None = None
    number: str = ""
    check: str = ""
    name_masked: str = ""
    terms_version: str = ""
    terms_sha256: str = ""
    starts: tuple[Start, ...] = ()
    ticket: int | None = None

    def reaches(self, day: ShanghaiDate) -> bool:
        """Whether it covers `day` or a later one, so that new cover could not begin on `day`."""
        return self.period is not None and self.state is not State.WITHDRAWN and day <= self.period.last


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a cover comes from: a place in a sponsor's group policy, given out by a campaign."""

    policy_id: str
    campaign: str
    sponsor: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that will be true once its writes are committed."""

    number: str
    check: str
    product: str
    product_name: str
    period: DateInterval
    starts: tuple[Start, ...]
