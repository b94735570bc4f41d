"""JSON bodies read without charity (P06): no duplicate keys, no NaN, no floats, only declared fields.

Money is whole fen and days are text, so no request of ours has a use for a fraction; refusing them all also
refuses 1e400 and -0.0; -0 goes with them.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeVar

import msgspec

from chalicelib.kernel import InvalidRequestError

S = TypeVar("S", bound=msgspec.Struct)


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of every request body: unknown fields are refused, types are not converted."""


def read(raw: bytes, shape: type[S]) -> S:
    """Raises InvalidRequestError, naming the field where there is one."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_refuse,
            parse_float=_refuse,
            parse_int=_whole,
        )
        # "\ud800" is half a character: text that no cipher, hash or table could take later.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidRequestError("request.not_json", "提交的内容格式不对，请刷新页面后重试。") from None
    try:
        return msgspec.convert(value, shape, strict=True)
    except msgspec.ValidationError as error:
        field = _field(str(error))
        detail = "提交的内容有一项不对，请检查后重试。"
        fields = {field: "这一项没有填对，请重新填写。"} if field else {}
        raise InvalidRequestError("request.invalid", detail, fields) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("duplicate key")
    return made


def _refuse(_: str) -> NoReturn:
    raise ValueError("number not allowed")


def _whole(text: str) -> int:
    """Python reads -0 as 0; whoever sends it means something else."""
    return int(text) if text != "-0" else _refuse(text)


def _field(message: str) -> str:
    """The top-level field a msgspec error speaks of; its text also quotes values, so only the name leaves."""
    at = re.search(r"at `\$\.([a-z0-9_]+)", message)
    named = at or re.search(r"required field `([a-z0-9_]+)`", message)
    return named.group(1) if named else ""
