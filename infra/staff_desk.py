"""`infra.office staff`: who works at the desk; makes the first administrator, whom nobody there could."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from chalicelib.access.model import Role
from chalicelib.access.staff_model import Factor
from infra.operator import operator


def add_to(tasks: argparse._SubParsersAction[Any]) -> None:
    staff = tasks.add_parser("staff", help="members of staff and their second factors")
    steps = staff.add_subparsers(required=True)
    add = steps.add_parser("add", help="prints the second factor: hand it over in person, it is not kept")
    add.add_argument("--mobile", required=True)
    add.add_argument("--name", required=True)
    _roles(add)
    add.set_defaults(run=_add)
    roles = steps.add_parser("roles", help="give these roles instead, from the next request on")
    roles.add_argument("--id", required=True)
    _roles(roles)
    roles.set_defaults(run=_set_roles)
    for name, run, words in (
        ("reset", _reset, "a new second factor; the old one is worth nothing from now on"),
        ("remove", _remove, "their sessions end with the next request"),
    ):
        step = steps.add_parser(name, help=words)
        step.add_argument("--id", required=True)
        step.set_defaults(run=run)
    steps.add_parser("list", help="everybody, removed ones too").set_defaults(run=_list)


def _roles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", action="append", required=True, choices=[each.value for each in Role])
    parser.add_argument("--region", default="", help="region code; the whole office by default")


def _add(asked: argparse.Namespace) -> int:
    from chalicelib.access.service import staff

    made = staff.add(operator(), asked.mobile, asked.name, map(Role, asked.role), asked.region)
    print(f"已添加，编号 {made.id}")
    show(made.id, made.factor)
    return 0


def _set_roles(asked: argparse.Namespace) -> int:
    from chalicelib.access.service import staff

    staff.set_roles(operator(), asked.id, map(Role, asked.role), asked.region)
    print("已改岗位，下一次操作起生效。")
    return 0


def _reset(asked: argparse.Namespace) -> int:
    from chalicelib.access.service import staff

    show(asked.id, staff.reset_factor(operator(), asked.id))
    return 0


def _remove(asked: argparse.Namespace) -> int:
    from chalicelib.access.service import staff

    staff.remove(operator(), asked.id)
    print("已停用，不能再登录。")
    return 0


def _list(asked: argparse.Namespace) -> int:
    from chalicelib.access.service import staff

    for each in staff.everybody(operator()):
        roles = "、".join(each.roles)
        told = (each.id, each.name.reveal(), each.mobile_masked, roles, each.region or "全部", each.state)
        print("　".join(told))
    return 0


def show(staff_id: str, factor: Factor) -> None:
    """To this terminal, once: the QR for an authenticator app, and the codes for the day it is lost."""
    import segno

    from chalicelib.access.service.factor import address

    print("请本人用身份验证器扫码，再把恢复码抄在纸上收好。这些只显示这一次。")
    segno.make(address(factor.secret, staff_id[:6]).reveal(), error="m").terminal(
        out=sys.stdout, compact=True
    )
    print(f"密钥 {factor.secret.reveal()}")
    print("恢复码 " + " ".join(each.reveal() for each in factor.recovery_codes))
