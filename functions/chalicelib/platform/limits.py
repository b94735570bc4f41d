"""Limits counted in the store, so that every function together keeps them (P02).

A window of a limit is one counter, raised by one conditional update: never more than `most`, under any
concurrency. It fails closed: no store, no counting, no service. The key of a counter names its window, so an
expired counter that lingers is simply never asked again.

An office-wide limit is split over shards, each with its share, so that neither a hot key nor transactions
that collide on it slow a hall full of people.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel import TooManyError
from chalicelib.platform import cipher, ids, log
from chalicelib.platform.rows import CodesRow
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, condition_failed, update

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHANGHAI_SECONDS = 8 * _HOUR  # a day's budget begins at midnight in Shanghai


class CounterRow(CodesRow):
    """One window of one limit: `counter#<limit>#<key>#<window>#<shard>`."""

    n = NumberAttribute(default=0)


@dataclass(frozen=True, slots=True)
class Limit:
    most: int
    seconds: int
    shards: int = 1
    says: str = "操作太频繁，请{wait}后再试。急需办理请拨打12351。"

    def window(self, now: datetime) -> int:
        return (int(now.timestamp()) + _SHANGHAI_SECONDS) // self.seconds

    def ends_at(self, now: datetime) -> int:
        """Epoch second at which the next window begins."""
        return (self.window(now) + 1) * self.seconds - _SHANGHAI_SECONDS

    def share(self, shard: int) -> int:
        """Shares differ by at most one and sum to `most`."""
        return self.most // self.shards + (shard < self.most % self.shards)


# Eight shards: two messages a second rarely meet on one, and no key takes 5 % of a busy day's writes.
TABLE = {
    "codes_network_hour": Limit(
        LIMITS.codes_per_network_hour,
        _HOUR,
        says="您所在的网络申请验证码太多。请关掉Wi-Fi改用手机流量，或{wait}后再试。",
    ),
    "codes_resellers_hour": Limit(LIMITS.codes_resellers_hour, _HOUR),
    "codes_office_minute": Limit(
        LIMITS.codes_office_minute, _MINUTE, shards=8, says="现在申请验证码的人很多，请{wait}后再试。"
    ),
    "codes_office_day": Limit(
        LIMITS.codes_office_day,
        _DAY,
        shards=8,
        says="今天的验证码已发完，请{wait}后再试，急需办理请拨打12351。",
    ),
    "office_checks_mobile_day": Limit(LIMITS.office_checks_per_mobile_day, _DAY),
    "desk_tries": Limit(
        LIMITS.desk_tries_per_staff,
        LIMITS.desk_tries_seconds,
        says="动态码输错太多次，请{wait}后再试。手机丢了，请找管理员重设。",
    ),
    "suggestions_network_hour": Limit(LIMITS.suggestions_per_network_hour, _HOUR),
    "suggestions_office_day": Limit(
        LIMITS.suggestions_office_day, _DAY, shards=4, says="今天的意见箱满了，请{wait}后再写，或拨打12351。"
    ),
    "certificate_checks_network_minute": Limit(LIMITS.certificate_checks_per_network_minute, _MINUTE),
    "certificate_checks_number_hour": Limit(LIMITS.certificate_checks_per_number_hour, _HOUR),
}


def network_key(source_ip: str) -> str:
    """Which network is asking, as a key. The address itself is never stored."""
    return cipher.keyed_hash("network", network(source_ip))


def network(address: str) -> str:
    """IPv4 /24 or IPv6 /56: what one home, office or carrier cell hands out. Anything else is one network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def text_key(text: str) -> str:
    """A key for anything typed by strangers: of fixed length, and not readable in the table."""
    return cipher.keyed_hash("limit", text)


def spend(name: str, key: str, now: datetime) -> None:
    """Count one use now. Raises TooManyError when the window is full, UnavailableError without a store.

    For single uses such as a public look-up; what commits a transaction adds `spend_write` to it instead.
    """
    limit = TABLE[name]
    first = ids.pick(limit.shards)
    for step in range(limit.shards):
        row, condition = _counting(name, key, now, (first + step) % limit.shards)
        try:
            row.update(actions=_actions(name, now), condition=condition)
            return
        except UpdateError as error:
            if not condition_failed(error):
                raise
    raise exhausted(name, now)


def spend_write(name: str, key: str, now: datetime, shard: int = 0) -> Write:
    """Count one use exactly when a transaction commits."""
    row, condition = _counting(name, key, now, shard)
    return update(row, _actions(name, now), condition)


def any_shard(name: str) -> int:
    return ids.pick(TABLE[name].shards)


def shard_with_room(name: str, key: str, now: datetime) -> int:
    """After a refusal: a shard that is not full, by one consistent read. Raises TooManyError if all are."""
    limit = TABLE[name]
    of_shard = {_key(name, key, now, shard): shard for shard in range(limit.shards)}
    used = {row.key: row.n for row in CounterRow.batch_get(list(of_shard), consistent_read=True)}
    free = [shard for row, shard in of_shard.items() if used.get(row, 0) < limit.share(shard)]
    if not free:
        raise exhausted(name, now)
    return free[ids.pick(len(free))]


def exhausted(name: str, now: datetime) -> TooManyError:
    """The refusal, logged by name: an alarm counts `limit_reached` of the office's budgets."""
    log.info("limit_reached", operation=name)
    wait = TABLE[name].ends_at(now) - int(now.timestamp())
    detail = TABLE[name].says.format(wait=in_words(wait))
    return TooManyError(f"limits.{name}", detail, retry_after_seconds=wait)


def in_words(seconds: int) -> str:
    """`40秒`, `5分钟`, `3小时`: a wait, rounded up so that coming back then is not too early."""
    for unit, size in (("小时", _HOUR), ("分钟", 60)):
        if seconds > size:
            return f"{-(-seconds // size)}{unit}"
    return f"{seconds}秒"


def _key(name: str, key: str, now: datetime, shard: int) -> str:
    return f"counter#{name}#{key}#{TABLE[name].window(now)}#{shard}"


def _counting(name: str, key: str, now: datetime, shard: int) -> tuple[CounterRow, Condition]:
    below = CounterRow.n < TABLE[name].share(shard)
    return CounterRow(_key(name, key, now, shard)), CounterRow.n.does_not_exist() | below


def _actions(name: str, now: datetime) -> list[Action]:
    return [CounterRow.n.add(1), CounterRow.expires_at.set(TABLE[name].ends_at(now))]
