"""Every key pattern of the `codes` table that identity owns, written once.

No key holds anything readable: a mobile is its blind index, a network a keyed hash, a session the hash of
its token. A row of the table is therefore of no use as a cookie, a code or a phone book.
"""

from __future__ import annotations

import hashlib


def challenge(challenge_id: str) -> str:
    return f"challenge#{challenge_id}"


def session(token: str) -> str:
    """The token has 256 bits, so a plain hash of it cannot be searched."""
    return f"session#{hashlib.sha256(token.encode()).hexdigest()}"


def sends(mobile_index: str) -> str:
    """When codes were sent to one mobile."""
    return f"sends#{mobile_index}"


def proof(challenge: str) -> str:
    """A proof of work that has been used."""
    return f"altcha#{challenge}"


def counter(what: str, key: str, window: int, shard: int) -> str:
    """One window of one limit, e.g. `counter#codes_network_hour#<hash>#489123#0`."""
    return f"counter#{what}#{key}#{window}#{shard}"
