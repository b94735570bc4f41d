"""One base row type a table. A domain's `records.py` adds attributes and writes its key patterns down once.

table       hash         range           rows of
people      person_id    part            people, enrollment
keys        purpose      version         platform (`keyring`)
coverages   person_id    product_start   coverage
groups      id           part            groups, enrollment (waiting lists)
codes       key          –               access, platform (limits, idempotency); expire
outbox      id           –               notify
audit       subject      seq             audit
desk        folder       part            office, enrollment (what the staff have to look at)
files       file_id      –               uploads; what nobody used is forgotten
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel import Masked
from chalicelib.platform import cipher
from chalicelib.platform.settings import settings
from chalicelib.platform.tables import Row


class SealedRow(Row):
    """A row with sealed fields: the text `x` is the attribute `x_sealed`, bound to its table, key and name.
    Moved to another row it does not open."""

    def seal(self, **texts: Masked) -> Self:
        """Seal each text into `<name>_sealed`. Raises UnavailableError while the keys are out of reach."""
        for name, text in texts.items():
            setattr(self, f"{name}_sealed", self._sealed(name, text))
        return self

    def open(self, name: str) -> Masked:
        """The text of a sealed field. Raises SealBroken, UnavailableError."""
        sealed: bytes = getattr(self, f"{name}_sealed")
        return cipher.unseal(sealed, table=self._table_name(), row=self._place(), field=name)

    def resealed(self, names: Iterable[str]) -> list[Action]:
        """What to write to bring sealed fields to the newest key."""
        return [
            getattr(type(self), f"{name}_sealed").set(self._sealed(name, self.open(name))) for name in names
        ]

    def oldest_seal(self, names: Iterable[str]) -> int:
        """The oldest key version among sealed fields."""
        return min(cipher.seal_version(getattr(self, f"{name}_sealed")) for name in names)

    def _sealed(self, name: str, text: Masked) -> bytes:
        return cipher.seal(text, table=self._table_name(), row=self._place(), field=name)

    def _place(self) -> str:
        return "\x1e".join(self.store_key)

    def _table_name(self) -> str:
        return settings().table(type(self).Meta.name)


class PeopleRow(SealedRow):
    class Meta:
        name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)


class CoveragesRow(Row):
    """`kind` says which row type a key holds, so that one query reads all of a person's."""

    class Meta:
        name = "coverages"

    person_id = UnicodeAttribute(hash_key=True)
    product_start = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()


class GroupsRow(Row):
    class Meta:
        name = "groups"

    id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)


class CodesRow(SealedRow):
    """`expires_at` is in epoch seconds. The store removes expired rows when it gets round to it, often days
    later, so every read asks `is_live`, and a condition that means "absent" also takes "expired" (P23)."""

    class Meta:
        name = "codes"

    key = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()

    def is_live(self, now: int) -> bool:
        return now < self.expires_at

    @classmethod
    def live(cls, key: str, now: int) -> Self | None:
        """One consistent read; None when absent or expired."""
        try:
            row = cls.get(key, consistent_read=True)
        except cls.DoesNotExist:
            return None
        return row if row.is_live(now) else None

    @classmethod
    def absent_or_expired(cls, now: int) -> Condition:
        condition: Condition = cls.key.does_not_exist() | (cls.expires_at <= now)
        return condition


class AuditRow(Row):
    class Meta:
        name = "audit"

    subject = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)


class DeskRow(SealedRow):
    """`folder` is `<kind>#<Shanghai day>`, or a member of staff."""

    class Meta:
        name = "desk"

    folder = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)


class OutboxTableRow(SealedRow):
    class Meta:
        name = "outbox"

    id = UnicodeAttribute(hash_key=True)


class FilesRow(Row):
    class Meta:
        name = "files"

    file_id = UnicodeAttribute(hash_key=True)
