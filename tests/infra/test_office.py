"""The office's command line, run as an operator types it: opening a policy, adding seats."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pyotp
import pytest

from chalicelib.access.service.sign_in import open_session_for
from chalicelib.audit import service as audit
from chalicelib.groups import service as groups
from chalicelib.kernel import DateInterval, Masked
from chalicelib.platform import aws
from chalicelib.platform.settings import LIMITS
from chalicelib.uploads import worker
from chalicelib.uploads.model import FileState
from infra.office import main
from tests.access.desk_door import ask_desk
from tests.groups.rosters.books import HEADER, csv_of, line, workbook
from tests.house import CAMPAIGN, campaign, phone
from tests.uploads import slots

pytestmark = pytest.mark.usefixtures("aws_moto")


def policy_id() -> str:
    found = campaign().sponsor_policy
    assert found is not None
    return found


def policy(**changes: str) -> list[str]:
    given = {
        "id": policy_id(),
        "name": "行业工会团体参保协议（示范）",
        "holder": "行业工会联合会（示范）",
        "region": "henan",
        "from": "2026-01-01",
        "to": "2027-12-31",
        **changes,
    }
    return ["policy", *(part for name, value in given.items() for part in (f"--{name}", value))]


def seats(count: int, *more: str, of: str = CAMPAIGN) -> list[str]:
    return ["seats", "--campaign", of, "--seats", str(count), *more]


Office = Callable[[Sequence[str]], tuple[int, str, str]]  # exit code, standard output, standard error


@pytest.fixture
def office(capsys: pytest.CaptureFixture[str]) -> Office:
    def run(arguments: Sequence[str]) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_a_policy_is_opened_as_typed_and_logged_under_the_operators_name(office: Office) -> None:
    code, out, _ = office(policy())
    assert (code, "已开立保单" in out) == (0, True)
    stored = groups.policy(policy_id())
    assert stored is not None
    assert (stored.name, stored.holder, stored.region) == (
        "行业工会团体参保协议（示范）",
        "行业工会联合会（示范）",
        "henan",
    )
    assert stored.window == DateInterval(date(2026, 1, 1), date(2027, 12, 31))
    assert (stored.seats, stored.counters) == (0, 1)
    (entry,) = audit.entries(audit.policy(policy_id()))
    assert (entry.action, entry.actor) == ("policy_opened", f"staff#{getpass.getuser()}")
    assert audit.verify(audit.policy(policy_id())) is None


def test_an_open_policy_is_not_opened_again(office: Office) -> None:
    office(policy())
    office(seats(3))
    before = groups.policy(policy_id())
    code, out, _ = office(policy(holder="别的工会"))
    assert (code, "没有改动" in out) == (1, True)
    assert groups.policy(policy_id()) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"region": "nowhere"}, "没有这个地区"), ({"from": "2027-12-31", "to": "2027-12-30"}, "最后一天")],
)
def test_what_cannot_be_a_policy_is_refused_in_words(
    office: Office, changes: dict[str, str], said: str
) -> None:
    code, _, err = office(policy(**changes))
    assert (code, said in err) == (1, True)
    assert "Traceback" not in err
    assert groups.policy(policy_id()) is None


def test_a_day_that_is_none_is_refused_before_anything_is_done() -> None:
    with pytest.raises(SystemExit) as refused:
        main(policy(to="2027-02-29"))
    assert refused.value.code == 2
    assert groups.policy(policy_id()) is None


def test_seats_are_added_to_the_policy_and_who_waits_is_promoted(office: Office) -> None:
    office(policy())
    rider = phone(1)
    assert rider.join().json_body["state"] == "waiting"
    code, out, _ = office(seats(3, "--request", "first-purchase"))
    assert code == 0
    assert "first-purchase" in out
    assert "已加名额 3 个" in out
    assert "排队转为生效 1 人；现有空余名额 2 个" in out
    assert rider.call("GET", "/me/coverages").json_body["items"][0]["state"] == "not_yet"


def test_repeating_a_request_adds_nothing_and_asking_anew_adds_again(office: Office) -> None:
    office(policy())
    for _ in range(2):
        assert office(seats(3, "--request", "first-purchase"))[0] == 0
    assert groups.seats_open(policy_id()) == 3
    for _ in range(2):
        office(seats(3))
    assert groups.seats_open(policy_id()) == 9


def test_two_thousand_seats_added_at_the_terminal_lie_on_twenty_counters(office: Office) -> None:
    office(policy())
    office(seats(2_000))
    stored = groups.policy(policy_id())
    assert stored is not None
    assert (stored.seats, stored.counters, groups.seats_open(policy_id())) == (2_000, 20, 2_000)


@pytest.mark.parametrize(
    ("count", "of", "opened", "said"),
    [
        (3, CAMPAIGN, False, "没有已开立的预缴保单"),
        (3, "five-gifts", False, "没有已开立的预缴保单"),
        (3, "no-such-campaign", False, "没有这个活动"),
        (0, CAMPAIGN, True, "名额至少加1个"),
        (-5, CAMPAIGN, True, "名额至少加1个"),
    ],
)
def test_seats_that_cannot_be_added_are_refused_in_words(
    office: Office, count: int, of: str, opened: bool, said: str
) -> None:
    if opened:
        office(policy())
    code, _, err = office(seats(count, of=of))
    assert (code, said in err) == (1, True)
    assert groups.seats_open(policy_id()) == 0


def test_p20_dead_letters_of_files_are_brought_back_and_taken_in(office: Office, upload_bucket: str) -> None:
    """Guard: infra.office:_redrive, each message in the queue before it leaves the dead letters."""
    queues = aws.client("sqs")
    events, letters = (
        queues.create_queue(QueueName=f"huzhu-test-{name}")["QueueUrl"]
        for name in ("upload-events", "upload-dead-letters")
    )
    files = [slots.opened() for _ in range(12)]  # more than one answer of the queue holds
    for each in files:
        body = slots.message(each, slots.put(each))["body"]
        queues.send_message(QueueUrl=letters, MessageBody=body)
    assert office(["redrive-uploads"])[:2] == (0, "已放回 12 条，由收文件的函数重新处理。\n")
    while got := queues.receive_message(QueueUrl=events, MaxNumberOfMessages=10).get("Messages", []):
        records = [{"messageId": each["MessageId"], "body": each["Body"]} for each in got]
        assert worker.on_queue({"Records": records}) == {"batchItemFailures": []}
    assert {slots.found(each).state for each in files} == {FileState.STORED}
    assert office(["redrive-uploads"])[1] == "已放回 0 条，由收文件的函数重新处理。\n"


def test_the_first_administrator_is_made_at_the_terminal_and_signs_in_with_it(
    office: Office,
) -> None:
    mobile = "19900004001"
    code, out, _ = office(
        ["staff", "add", "--mobile", mobile, "--name", "钱某", "--role", "administrator", "--role", "clerk"]
    )
    assert code == 0
    staff_id = out.partition("编号 ")[2].split()[0]
    secret = out.partition("密钥 ")[2].split()[0]
    assert len(out.partition("恢复码 ")[2].split()) == LIMITS.desk_recovery_codes
    assert "█" in out or "▀" in out  # a QR to scan
    proved = open_session_for(Masked(mobile))
    opened = ask_desk("POST", "sessions", {"code": pyotp.TOTP(secret).now()}, member=proved)
    assert (opened.status, opened.body["roles"]) == (201, ["administrator", "clerk"])
    assert secret not in office(["staff", "list"])[1]
    assert office(["staff", "roles", "--id", staff_id, "--role", "finance", "--region", "luohe"])[0] == 0
    listed = office(["staff", "list"])[1].split("　")
    assert listed[:2] == [staff_id, "钱某"]
    assert listed[3:5] == ["finance", "luohe"]
    assert "密钥 " in office(["staff", "reset", "--id", staff_id])[1]
    assert office(["staff", "remove", "--id", staff_id])[0] == 0
    code, _, told = office(["staff", "remove", "--id", staff_id])
    assert (code, "没有这位工作人员" in told) == (1, True)


def test_rosters_are_checked_line_by_line_whatever_they_are_and_need_no_stack(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATA_KEY_ID")
    good, bad, other = tmp_path / "good.xlsx", tmp_path / "bad.csv", tmp_path / "other.pdf"
    good.write_bytes(workbook(HEADER, line(1)))
    bad.write_bytes(csv_of([HEADER, line(1, mobile="1")]).encode("gb18030"))
    other.write_bytes(b"%PDF-1.7")
    files = [str(each) for each in (good, bad, other, tmp_path / "nothing.xlsx")]
    code, out, _ = office(["check-roster", "--product", "nef-accident", "--on", "2026-12-01", *files])
    assert code == 0
    answers = [json.loads(each) for each in out.splitlines()]
    assert [each["file"] for each in answers] == files
    assert [each["state"] for each in answers] == ["checked", "checked", "refused", "refused"]
    assert [each["counts"] for each in answers[:2]] == [
        {"rows": 1, "good": 1, "bad": 0},
        {"rows": 1, "good": 0, "bad": 1},
    ]
    (problem,) = answers[1]["problems"]
    assert problem.keys() == set("sheet row cell column rule severity shown detail hint".split())
    assert (problem["row"], problem["cell"], problem["severity"]) == (2, "C2", "error")
    assert answers[2]["refusal"]["code"] == "roster.not_a_spreadsheet"
    code, _, told = office(["check-roster", "--product", "no-such", files[0]])
    assert (code, "没有这个保障项目" in told) == (1, True)
