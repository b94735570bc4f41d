"""The office's command line: what staff do to a running stack until the desk's pages exist.

    python -m infra.office policy --id ID --name NAME --holder NAME --region CODE --from DAY --to DAY
    python -m infra.office seats --campaign CODE --seats N [--request ID]
    python -m infra.office suggestions [--day YYYY-MM-DD] [--forget RECEIPT]
    python -m infra.office rotate-keys
    python -m infra.office verify-audit --subject SUBJECT
    python -m infra.office staff add --mobile MOBILE --name NAME --role ROLE… [--region CODE]
    python -m infra.office staff roles|reset|remove --id ID [--role ROLE…] [--region CODE] · staff list
    python -m infra.office check-roster --product CODE [--on DAY] FILE…
    python -m infra.office redrive-uploads

With `PYTHONPATH=functions:.`, as `make seats` and `make suggestions` have it.
`check-roster` reads files only and needs no stack. The others run with the operator's own credentials and the
stack's environment (`--stage local` reads the local stack's), and call the same services as the functions.
Added seats and promotions write their audit entries; turning keys writes none: it changes how facts
lie sealed, not the facts.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from chalicelib.kernel import DateInterval, DomainError
from chalicelib.platform import clock, ids
from infra import staff_desk
from infra.operator import operator


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    if asked.needs_stack:
        _enter(asked.stage)
    try:
        return int(asked.run(asked))
    except DomainError as error:
        print(f"{error.detail} ({error.code})", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="office", description="Office tasks on a running stack.")
    parser.add_argument("--stage", default="local", help="local, or the name of a deployed stage")
    parser.set_defaults(needs_stack=True)
    tasks = parser.add_subparsers(required=True)
    seats = tasks.add_parser("seats", help="add seats to a campaign's policy, then promote who waits")
    seats.add_argument("--campaign", required=True)
    seats.add_argument("--seats", type=int, required=True)
    seats.add_argument("--request", help="repeat with the same id to be sure without adding twice")
    seats.set_defaults(run=_seats)
    policy = tasks.add_parser("policy", help="open a sponsor's prepaid policy, as yet without seats")
    policy.add_argument("--id", required=True, help="what campaigns name as sponsor_policy")
    policy.add_argument("--name", required=True, help="of the group policy")
    policy.add_argument("--holder", required=True, help="the sponsor, as certificates name it")
    policy.add_argument("--region", required=True, help="region code")
    policy.add_argument("--from", dest="first", required=True, type=date.fromisoformat)
    policy.add_argument("--to", dest="last", required=True, type=date.fromisoformat)
    policy.set_defaults(run=_policy)
    box = tasks.add_parser("suggestions", help="read a day's suggestion box, or delete one entry")
    box.add_argument("--day", type=date.fromisoformat, help="Shanghai day; today by default")
    box.add_argument("--forget", metavar="RECEIPT", help="delete it because its writer asked")
    box.set_defaults(run=_suggestions)
    rotate = tasks.add_parser("rotate-keys", help="add newest data keys and re-seal everybody under them")
    rotate.add_argument("--only-reseal", action="store_true", help="finish an earlier rotation")
    rotate.set_defaults(run=_rotate)
    verify = tasks.add_parser("verify-audit", help="check a subject's audit chain")
    verify.add_argument("--subject", required=True, help="policy#ID, person#ID or file#ID")
    verify.set_defaults(run=_verify)
    staff_desk.add_to(tasks)
    roster = tasks.add_parser("check-roster", help="what is wrong with a roster: one JSON line a file")
    roster.add_argument("--product", required=True, help="product code")
    roster.add_argument("--on", type=date.fromisoformat, help="first day of cover; tomorrow by default")
    roster.add_argument("files", nargs="+", metavar="FILE")
    roster.set_defaults(run=_check_roster, needs_stack=False)
    redrive = tasks.add_parser("redrive-uploads", help="take in again what failed three times, once mended")
    redrive.set_defaults(run=_redrive)
    return parser


def _enter(stage: str) -> None:
    """Take over the environment of the stack's functions, unless the caller has set it already."""
    if "DATA_KEY_ID" not in os.environ:
        from infra.stack import stage_environment

        os.environ.update(stage_environment(stage))


def _policy(asked: argparse.Namespace) -> int:
    from chalicelib.groups import service as groups
    from chalicelib.groups.model import GroupPolicy

    if asked.last < asked.first:
        print("最后一天早于第一天，请核对 --from 和 --to。", file=sys.stderr)
        return 1
    window = DateInterval(asked.first, asked.last)
    policy = GroupPolicy(asked.id, asked.name, asked.holder, asked.region, window)
    opened = groups.open_policy(operator(), policy)
    print("已开立保单，还没有名额。" if opened else "这个编号的保单已经有了，没有改动。")
    return 0 if opened else 1


def _seats(asked: argparse.Namespace) -> int:
    from chalicelib.catalog import service as catalog
    from chalicelib.enrollment.service import promotion
    from chalicelib.groups import service as groups

    request = asked.request or ids.new_id()
    print(f"请求号 {request}：若中途出错，用 --request {request} 再执行一次，不会多加。")
    promoted = promotion.add_seats(operator(), asked.campaign, asked.seats, grant_id=request)
    policy = promotion.policy_of(catalog.catalogue().campaign(asked.campaign)).id
    print(f"已加名额 {asked.seats} 个。")
    print(f"排队转为生效 {promoted} 人；现有空余名额 {groups.seats_open(policy)} 个。")
    return 0


def _suggestions(asked: argparse.Namespace) -> int:
    """Prints to the operator's terminal what people wrote: the one place where it is read."""
    from chalicelib.office import service as office
    from chalicelib.office.model import KIND_NAMES

    if asked.forget:
        found = office.forget(operator(), asked.forget)
        print("已删除。" if found else "没有这个受理号，请核对。")
        return 0 if found else 1
    entries = office.read(operator(), asked.day or clock.today())
    for each in entries:
        contact = each.contact.reveal() or "没有留联系方式"
        print(f"\n{each.receipt}　{KIND_NAMES[each.kind]}　{each.at}　{contact}　{each.page}")
        print(each.text.reveal())
    print(f"\n共{len(entries)}条。")
    return 0


def _check_roster(asked: argparse.Namespace) -> int:
    from infra.roster_lines import line_of, terms_for

    product, on = terms_for(asked.product, asked.on)
    for name in asked.files:
        print(line_of(Path(name), product, on), flush=True)
    return 0


def _rotate(asked: argparse.Namespace) -> int:
    from chalicelib.access.model import ANYTHING, Action
    from chalicelib.access.rules import require
    from chalicelib.access.service import staff
    from chalicelib.enrollment.service import office_checks
    from chalicelib.office import service as office
    from chalicelib.people import rotation
    from chalicelib.platform import keyring

    require(operator().actor, Action.TURN_KEYS, ANYTHING)
    if not asked.only_reseal:
        for purpose in keyring.PURPOSES:
            print(f"{purpose}: version {keyring.add_version(purpose)}")
    print(
        f"re-sealed {rotation.reseal_people()} people, {staff.reseal()} staff, {office_checks.reseal()} "
        f"items for the desk and {office.reseal()} suggestions; {rotation.rows_behind()} left behind"
    )
    return 0 if rotation.rows_behind() == 0 else 1


def _verify(asked: argparse.Namespace) -> int:
    from chalicelib.access.model import ANYTHING, Action
    from chalicelib.access.rules import require
    from chalicelib.audit import service as audit

    require(operator().actor, Action.VERIFY_AUDIT, ANYTHING)
    broken = audit.verify(asked.subject)
    print("chain holds" if broken is None else f"chain breaks at {broken.seq}: {broken.fault}")
    return 0 if broken is None else 1


def _redrive(asked: argparse.Namespace) -> int:
    """Each is back in the queue before it leaves the dead letters: twice is harmless, never is not."""
    from chalicelib.access.model import ANYTHING, Action
    from chalicelib.access.rules import require
    from chalicelib.platform import aws
    from chalicelib.platform.settings import settings

    require(operator().actor, Action.REDRIVE_UPLOADS, ANYTHING)
    queues = aws.client("sqs")
    events, letters = (
        queues.get_queue_url(QueueName=settings().table(name))["QueueUrl"]
        for name in ("upload-events", "upload-dead-letters")
    )
    count = 0
    while found := queues.receive_message(QueueUrl=letters, MaxNumberOfMessages=10).get("Messages"):
        for each in found:
            queues.send_message(QueueUrl=events, MessageBody=each["Body"])
            queues.delete_message(QueueUrl=letters, ReceiptHandle=each["ReceiptHandle"])
            count += 1
    print(f"已放回 {count} 条，由收文件的函数重新处理。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
