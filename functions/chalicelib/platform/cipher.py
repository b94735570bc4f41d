"""Sealed fields and blind indexes (P27).

A sealed field is AES-256-GCM, bound to its table, row and field name: moved to another row it does not open.
Layout: 1 byte key version, 12 bytes nonce, ciphertext with its 16-byte tag.
A blind index is HMAC-SHA256 under a separate ring: equal values can be found, nothing can be read back, and
without the key the 4 billion possible mobiles cannot be tried.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import TYPE_CHECKING

from chalicelib.kernel import Masked
from chalicelib.platform import keyring

if TYPE_CHECKING:
    from Crypto.Cipher._mode_gcm import GcmMode


class SealBroken(Exception):
    """The bytes were not sealed for this place, or were changed. Never caught: it is tampering or a bug."""


def _context(table: str, row: str, field: str, version: int) -> bytes:
    return "\x1f".join((table, row, field, str(version))).encode()


def seal(text: Masked, *, table: str, row: str, field: str) -> bytes:
    """Seal with the newest key. Raises UnavailableError while the keys are out of reach."""
    key = keyring.newest("field")
    nonce = secrets.token_bytes(12)
    machine = _aes_gcm(key.secret, nonce, _context(table, row, field, key.version))
    body, tag = machine.encrypt_and_digest(text.reveal().encode())
    return bytes([key.version]) + nonce + body + tag


def unseal(sealed: bytes, *, table: str, row: str, field: str) -> Masked:
    """Open what `seal` made for exactly this place. Raises SealBroken otherwise."""
    version = sealed[0]
    secret = {key.version: key.secret for key in keyring.keys("field")}.get(version)
    if secret is None:
        raise SealBroken("unknown key version")
    machine = _aes_gcm(secret, sealed[1:13], _context(table, row, field, version))
    try:
        opened = machine.decrypt_and_verify(sealed[13:-16], sealed[-16:])
    except ValueError:
        raise SealBroken("sealed for another place, or changed") from None
    return Masked(opened.decode())


def _aes_gcm(secret: bytes, nonce: bytes, context: bytes) -> GcmMode:
    from Crypto.Cipher import AES

    machine = AES.new(secret, AES.MODE_GCM, nonce=nonce, mac_len=16)
    machine.update(context)
    return machine


def seal_version(sealed: bytes) -> int:
    return sealed[0]


def blind_indexes(kind: str, text: Masked) -> list[str]:
    """`<version>#<hex>` under every key, newest last. During a rotation look up all of them."""
    value = unicodedata.normalize("NFKC", text.reveal()).encode()
    return [f"{key.version}#{_digest(key.secret, kind, value)}" for key in keyring.keys("index")]


def keyed_hash(purpose: str, text: str) -> str:
    """Hex HMAC under the newest index key, separated by purpose: codes, tokens, proof-of-work signatures."""
    return _digest(keyring.newest("index").secret, f"hash:{purpose}", text.encode())


def keyed_hashes(purpose: str, text: str) -> list[str]:
    """As `keyed_hash` under every key, newest last: what was hashed before a rotation still matches."""
    return [_digest(key.secret, f"hash:{purpose}", text.encode()) for key in keyring.keys("index")]


def _digest(secret: bytes, label: str, value: bytes) -> str:
    return hmac.new(secret, label.encode() + b"\x1f" + value, hashlib.sha256).hexdigest()
