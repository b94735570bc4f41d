"""The local stack under kills and restarts, and what its functions may do with their own credentials."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from chalicelib.uploads.model import FileState
from infra import emulator
from infra.package import Package, package
from infra.processes import children
from infra.stack import NAME, REGION, Stack, deploy_locally, start_emulator
from tests.conftest import environment_of
from tests.patience import wait_for
from tests.uploads import slots


def health(stack: Stack) -> httpx.Response:
    return httpx.get(f"{stack.api_url}/health", timeout=30, trust_env=False)


def test_the_api_says_which_deployment_answered(guarded: Stack) -> None:
    answer = health(guarded)
    assert answer.status_code == 200
    assert answer.headers["x-huzhu-api"] == guarded.api_id
    assert answer.json()["release"] == guarded.env["RELEASE"]


def test_a_killed_function_is_replaced_at_the_next_call(guarded: Stack) -> None:
    assert health(guarded).status_code == 200
    before = set(guarded.workers("api"))
    assert guarded.kill_function_workers("api") == len(before) > 0
    answers = [health(guarded).status_code for _ in range(1 + len(before))]
    assert answers[-1] == 200
    assert not before & set(guarded.workers("api"))


def test_the_emulator_listens_on_loopback_only(guarded: Stack) -> None:
    assert listening(guarded.child.pid) == {f"127.0.0.1:{guarded.port}"}


def test_function_environment_is_the_deployed_one(guarded: Stack) -> None:
    assert guarded.env["TABLE_PREFIX"] == NAME
    assert re.fullmatch("[0-9a-f]{12}", guarded.env["RELEASE"])
    assert guarded.env["AWS_ENDPOINT_URL"] == guarded.endpoint
    assert guarded.env["LOCAL_SMS_FILE"] == str(guarded.sms_file)


def test_rows_of_the_codes_table_really_expire_here_too(guarded: Stack) -> None:
    told = guarded.session().client("dynamodb").describe_time_to_live(TableName=f"{NAME}-codes")
    assert told["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


# ---- the roles, enforced ---------------------------------------------------------------------------------

SUBJECT = {"subject": {"S": "policy#x"}, "seq": {"N": "1"}}
FILE = {"file_id": {"S": "x"}}
UPLOADS = f"{NAME}-uploads-000000000000"
PERSON = {"person_id": {"S": "x"}, "part": {"S": "person"}}


@pytest.mark.parametrize(
    ("function", "service", "call", "arguments"),
    [
        ("api", "dynamodb", "scan", {"TableName": f"{NAME}-people"}),
        ("api", "dynamodb", "delete_table", {"TableName": f"{NAME}-people"}),
        ("api", "dynamodb", "delete_item", {"TableName": f"{NAME}-people", "Key": PERSON}),
        ("api", "dynamodb", "delete_item", {"TableName": f"{NAME}-audit", "Key": SUBJECT}),
        (
            "api",
            "dynamodb",
            "update_item",
            {
                "TableName": f"{NAME}-audit",
                "Key": SUBJECT,
                "UpdateExpression": "SET a = :a",
                "ExpressionAttributeValues": {":a": {"S": "x"}},
            },
        ),
        ("api", "sns", "publish", {"PhoneNumber": "+8619900000000", "Message": "x"}),
        ("api", "kms", "schedule_key_deletion", {"KeyId": "DATA_KEY_ID"}),
        ("api", "kms", "generate_data_key", {"KeyId": "DATA_KEY_ID", "KeySpec": "AES_256"}),
        ("api", "s3", "list_buckets", {}),
        ("outbox-stream", "dynamodb", "get_item", {"TableName": f"{NAME}-audit", "Key": SUBJECT}),
        (
            "outbox-stream",
            "dynamodb",
            "get_item",
            {
                "TableName": f"{NAME}-coverages",
                "Key": {"person_id": {"S": "x"}, "product_start": {"S": "x"}},
            },
        ),
        (
            "outbox-stream",
            "dynamodb",
            "delete_item",
            {"TableName": f"{NAME}-outbox", "Key": {"id": {"S": "x"}}},
        ),
        (
            "promote-waiting",
            "dynamodb",
            "get_item",
            {"TableName": f"{NAME}-codes", "Key": {"key": {"S": "x"}}},
        ),
        ("promote-waiting", "dynamodb", "scan", {"TableName": f"{NAME}-groups"}),
        ("promote-waiting", "dynamodb", "put_item", {"TableName": f"{NAME}-people", "Item": PERSON}),
        ("api", "s3", "get_object", {"Bucket": UPLOADS, "Key": "roster/x"}),
        ("outbox-sweep", "s3", "put_object", {"Bucket": UPLOADS, "Key": "roster/x", "Body": b"x"}),
        ("receive-upload", "s3", "put_object", {"Bucket": UPLOADS, "Key": "roster/x", "Body": b"x"}),
        ("receive-upload", "s3", "list_object_versions", {"Bucket": UPLOADS}),
        ("receive-upload", "dynamodb", "delete_item", {"TableName": f"{NAME}-files", "Key": FILE}),
        ("receive-upload", "dynamodb", "get_item", {"TableName": f"{NAME}-people", "Key": PERSON}),
        ("reconcile-uploads", "dynamodb", "scan", {"TableName": f"{NAME}-files"}),
        ("reconcile-uploads", "s3", "put_object", {"Bucket": UPLOADS, "Key": "roster/x", "Body": b"x"}),
    ],
)
def test_a_functions_own_credentials_are_refused_what_it_does_not_do(
    guarded: Stack, function: str, service: str, call: str, arguments: dict[str, Any]
) -> None:
    client = as_function(guarded, function).client(service, endpoint_url=guarded.endpoint)
    given = {
        name: guarded.env["DATA_KEY_ID"] if value == "DATA_KEY_ID" else value
        for name, value in arguments.items()
    }
    with pytest.raises(ClientError) as refused:
        getattr(client, call)(**given)
    assert refused.value.response["Error"]["Code"] in (
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
    )


def test_the_refusals_above_come_from_the_policy_and_not_from_bad_credentials(guarded: Stack) -> None:
    tables = as_function(guarded, "api").client("dynamodb", endpoint_url=guarded.endpoint)
    tables.get_item(TableName=f"{NAME}-audit", Key=SUBJECT)
    queue = as_function(guarded, "outbox-sweep").client("sqs", endpoint_url=guarded.endpoint)
    queue.send_message(QueueUrl=guarded.env["SMS_DEAD_LETTERS_URL"], MessageBody="test")


@pytest.mark.parametrize("function", ["outbox-sweep", "promote-waiting"])
def test_the_minute_schedules_run_under_their_own_roles(guarded: Stack, function: str) -> None:
    assert "FunctionError" not in invoke(guarded, function)


# ---- kills and restarts ----------------------------------------------------------------------------------


def test_what_was_stored_survives_a_kill_and_a_clean_stop_and_lost_rings_are_made_again(
    tmp_path: Path,
) -> None:
    """One folder through all of it; whatever happens, nothing is deployed again."""
    stack, made = start_emulator(tmp_path), package()
    try:
        assert deploy_locally(stack, made)
        api_id = stack.api_id
        keep(stack, "before-the-kill")
        wait_for(lambda: saved(tmp_path, "before-the-kill"), "the write is saved")
        stack.kill()
        stack = started_again(tmp_path, made)
        assert kept(stack, "before-the-kill")
        assert health(stack).status_code == 200

        keep(stack, "last")
        pids = [stack.child.pid, *children(stack.child.pid)]
        assert len(pids) > 1
        stack.stop()
        wait_for(lambda: not any(map(running, pids)), "no process is left behind")
        stack = started_again(tmp_path, made)
        assert stack.api_id == api_id
        assert kept(stack, "last")
        assert_it_takes_a_file_in(stack)  # though it listens on another port than its queues were made on

        delete_rings(stack)
        stack.stop()
        stack = started_again(tmp_path, made)
        assert_it_signs(stack)
    finally:
        stack.stop()


def test_a_kill_just_after_the_first_deployment_leaves_a_folder_that_starts(tmp_path: Path) -> None:
    stack, made = start_emulator(tmp_path), package()
    try:
        deploy_locally(stack, made)
        copies = children(stack.child.pid)
        stack.kill()  # before its state was saved, or after: a machine may be slow
        wait_for(lambda: not any(map(running, copies)), "no copy is still saving")
        shutil.rmtree(tmp_path / "state")
        stack = start_emulator(tmp_path)
        deploy_locally(stack, made)
        assert_it_signs(stack)
    finally:
        stack.stop()


def started_again(folder: Path, made: Package) -> Stack:
    stack = start_emulator(folder)
    assert not deploy_locally(stack, made)
    return stack


def saved(folder: Path, key: str) -> bool:
    """Whether the emulator's files hold it, so that a kill cannot take it away."""
    return any(key.encode() in file.read_bytes() for file in (folder / "state").glob("*dynamodb*"))


def assert_it_takes_a_file_in(stack: Stack) -> None:
    with environment_of(stack):
        slot = slots.opened()
        assert slots.post(slot).status_code == 201
        wait_for(lambda: slots.found(slot).state is FileState.STORED, "the file is stored")


def assert_it_signs(stack: Stack) -> None:
    challenge = httpx.get(f"{stack.api_url}/sign-in/challenge", timeout=30, trust_env=False)
    assert challenge.status_code == 200, challenge.text  # signed with a key of the ring
    assert rings(stack) == {"field", "index"}


class RecordingSaver(emulator.Saver):
    """Saves into a list, at once."""

    def __init__(self) -> None:
        super().__init__(app=None)
        self.saved: list[str] = []
        self.status = "CREATE_COMPLETE"

    def fork_and_save(self) -> int:
        self.saved.append(self.status)
        return 0

    async def wait_for(self, pid: int) -> None:
        """It is done already."""

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "status", ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"]
)
def test_a_stack_half_made_is_not_saved_until_it_is_made(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """CloudFormation takes no further deployment of one that was saved so and read back."""
    stacks: dict[str, dict[str, str]] = {"ours": {}}
    formation = SimpleNamespace(_stacks=SimpleNamespace(_data=stacks))
    monkeypatch.setitem(sys.modules, "ministack.services.cloudformation", formation)

    async def deployment() -> list[str]:
        saver = RecordingSaver()
        saving = asyncio.create_task(saver.save_until_stopped())
        for saver.status in ("CREATE_COMPLETE", status, "UPDATE_COMPLETE"):
            stacks["ours"]["StackStatus"] = saver.status
            saver.changed = True
            for _ in range(20):  # turns of the loop; the saver takes two or three for a save
                await asyncio.sleep(0)
        saver.stopping.set()
        await saving
        return saver.saved

    assert asyncio.run(deployment()) == ["CREATE_COMPLETE", "UPDATE_COMPLETE"]


# ---- helpers ---------------------------------------------------------------------------------------------


def invoke(stack: Stack, function: str) -> dict[str, Any]:
    """Run a function now, on nothing, as its rule or its feed would."""
    names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id")
    event = {**dict.fromkeys(names, ""), "resources": [], "Records": []}
    answer: dict[str, Any] = (
        stack.session().client("lambda").invoke(FunctionName=f"{NAME}-{function}", Payload=json.dumps(event))
    )
    return answer


def as_function(stack: Stack, function: str) -> Any:
    """A session with the credentials a running function holds, read from its process."""
    if not stack.workers(function):
        health(stack) if function == "api" else invoke(stack, function)
    entries = Path(f"/proc/{stack.workers(function)[0]}/environ").read_bytes().split(b"\0")
    held = dict(entry.decode().split("=", 1) for entry in entries if b"=" in entry)
    return boto3.Session(
        aws_access_key_id=held["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=held["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=held["AWS_SESSION_TOKEN"],
        region_name=REGION,
    )


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def rings(stack: Stack) -> set[str]:
    return {row["purpose"]["S"] for row in _key_rows(stack)}


def delete_rings(stack: Stack) -> None:
    for row in _key_rows(stack):
        key = {name: row[name] for name in ("purpose", "version")}
        stack.session().client("dynamodb").delete_item(TableName=f"{NAME}-keys", Key=key)


def _key_rows(stack: Stack) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = stack.session().client("dynamodb").scan(TableName=f"{NAME}-keys")["Items"]
    return rows


def keep(stack: Stack, key: str) -> None:
    item = {"key": {"S": key}, "expires_at": {"N": str(int(time.time()) + 3600)}}
    stack.session().client("dynamodb").put_item(TableName=f"{NAME}-codes", Item=item)


def kept(stack: Stack, key: str) -> bool:
    found = stack.session().client("dynamodb").get_item(TableName=f"{NAME}-codes", Key={"key": {"S": key}})
    return "Item" in found


def listening(pid: int) -> set[str]:
    """Addresses a process listens on, read from the kernel."""
    inodes = {
        link.readlink().name[8:-1]
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.readlink().name.startswith("socket:[")
    }
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and words[9] in inodes:
                address, _, port = words[1].partition(":")
                octets = bytes.fromhex(address)[::-1] if table == "tcp" else b""
                host = ".".join(str(octet) for octet in octets) or f"[{address}]"
                found.add(f"{host}:{int(port, 16)}")
    return found
