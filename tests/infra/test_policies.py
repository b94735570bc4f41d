"""Each function may do what it does and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.enrollment import records as enrollment
from chalicelib.kernel import ShanghaiDate
from chalicelib.office import records as office
from tests.infra.rendered import of_type, statements, strings, template

ROLES = {
    "APIHandler": "ApiHandlerRole",
    "OutboxStream": "OutboxStreamRole",
    "OutboxSweep": "OutboxSweepRole",
    "PromoteWaiting": "PromoteWaitingRole",
    "ReceiveUpload": "ReceiveUploadRole",
    "ReconcileUploads": "ReconcileUploadsRole",
    "InfraDeskFunction": "InfraDeskRole",
}
each_role = pytest.mark.parametrize("role", ROLES.values())


# Exactly what the code under functions/ calls; a transaction needs the right of each of its items. What the
# office runs (make rings and keys, rotate, add seats, verify the log) uses the operator's rights, not these.
# `kms:Decrypt` opens the rings, and the store asks it of whoever uses a table under our key.
ALLOWED = {
    "ApiHandlerRole": {
        "InfraPeople": "BatchGetItem GetItem PutItem",
        "InfraCoverages": "PutItem Query",
        "InfraCoverages/index/by_certificate": "Query",
        "InfraKeys": "Query",
        "InfraGroups": "GetItem PutItem Query UpdateItem",
        "InfraDesk": "GetItem PutItem",
        "InfraCodes": "BatchGetItem DeleteItem GetItem PutItem UpdateItem",
        "InfraOutbox": "PutItem",
        "InfraOutbox/index/by_recipient": "Query",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "PromoteWaitingRole": {
        "InfraPeople": "GetItem",
        "InfraKeys": "Query",
        "InfraCoverages": "DeleteItem PutItem Query",
        "InfraGroups": "DeleteItem GetItem PutItem Query UpdateItem",
        "InfraOutbox": "PutItem",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "OutboxStreamRole": {
        "InfraKeys": "Query",
        "InfraOutbox": "GetItem UpdateItem",
        "InfraOutbox/stream": "DescribeStream GetRecords GetShardIterator",
        "InfraOutbox/stream/*": "ListStreams",
        "InfraDataKey": "Decrypt",
        "InfraSmsDeadLetters": "SendMessage",
    },
    "OutboxSweepRole": {
        "InfraKeys": "Query",
        "InfraOutbox": "GetItem UpdateItem",
        "InfraOutbox/index/pending": "Query",
        "InfraDataKey": "Decrypt",
        "InfraSmsDeadLetters": "SendMessage",
    },
    "InfraDeskRole": {
        "InfraKeys": "Query",
        "InfraCodes": "GetItem PutItem UpdateItem",
        "InfraDesk": "DeleteItem GetItem PutItem Query UpdateItem",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "ReceiveUploadRole": {
        "InfraUploadEvents": "DeleteMessage GetQueueAttributes ReceiveMessage",
        "InfraUploads/*": "DeleteObjectVersion GetObjectVersion",
        "InfraFiles": "GetItem UpdateItem",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "ReconcileUploadsRole": {
        "InfraUploads": "ListBucketVersions",
        "InfraUploads/*": "DeleteObjectVersion GetObjectVersion",
        "InfraFiles": "GetItem PutItem UpdateItem",
        "InfraFiles/index/by_shelf": "Query",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
}
DESK = {"Fn::GetAtt": ["InfraDesk", "Arn"]}


def actions(statement: dict[str, Any]) -> set[str]:
    listed = statement["Action"]
    return {listed} if isinstance(listed, str) else set(listed)


def resources(statement: dict[str, Any]) -> list[Any]:
    named = statement.get("Resource", [])
    return named if isinstance(named, list) else [named]


def allowed(role: str) -> dict[str, set[str]]:
    """Resource of ours -> the actions a role has on it, without their service's name."""
    found: dict[str, set[str]] = {}
    for each in statements(role):
        for resource in resources(each) if each["Effect"] == "Allow" else []:
            name = name_of(resource)
            if name.startswith("Infra"):
                found.setdefault(name, set()).update(action.split(":")[1] for action in actions(each))
    return found


def name_of(resource: dict[str, Any]) -> str:
    """`InfraOutbox`, `InfraOutbox/stream`, `InfraOutbox/index/pending`; else the ARN as it is written."""
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return {"Arn": name, "StreamArn": f"{name}/stream"}[attribute]
    text: str = resource["Fn::Sub"]
    return text.replace("${Infra", "Infra", 1).replace(".Arn}", "", 1) if text.startswith("${Infra") else text


def test_every_function_has_its_own_role() -> None:
    used = {
        name: each["Properties"]["Role"]["Fn::GetAtt"][0]
        for name, each in of_type("AWS::Serverless::Function").items()
    }
    assert used == ROLES
    assert sorted(of_type("AWS::IAM::Role")) == sorted(ROLES.values())


@each_role
def test_a_role_may_do_what_its_code_does_and_nothing_more(role: str) -> None:
    wanted = {resource: set(listed.split()) for resource, listed in ALLOWED[role].items()}
    assert allowed(role) == wanted


@each_role
def test_no_function_may_make_change_or_lose_a_key_ring(role: str) -> None:
    """Losing a ring loses all it sealed: rings are made and turned with the operator's rights alone."""
    assert allowed(role).get("InfraKeys", set()) <= {"Query"}


def test_the_member_api_reaches_of_the_desks_table_only_what_it_leaves_there() -> None:
    """It may put office checks and suggestions, and read back an office check it may have filed before the
    reply was lost; never a suggestion, and nothing of the staff's. The emulator knows no leading keys: only
    the document is tested."""
    reached = {}
    for each in statements("ApiHandlerRole"):
        if DESK in resources(each):
            assert (each["Effect"], list(each["Condition"])) == ("Allow", ["ForAllValues:StringLike"])
            reached[",".join(actions(each))] = each["Condition"]["ForAllValues:StringLike"]
    checks, suggestions = f"{enrollment.OFFICE_CHECK}*", f"{office.PREFIX}*"
    assert reached == {
        "dynamodb:PutItem": {"dynamodb:LeadingKeys": [checks, suggestions]},
        "dynamodb:GetItem": {"dynamodb:LeadingKeys": [checks]},
    }


def test_the_folders_the_member_api_writes_are_those_its_role_names() -> None:
    day = ShanghaiDate(2026, 11, 27)
    assert enrollment.office_check_folder(day) == "office_check#2026-11-27"
    assert office.day_folder(day) == "suggestion#2026-11-27"


def test_no_role_but_the_member_apis_and_the_desks_reaches_the_desks_table() -> None:
    reaching = [role for role in ROLES.values() if "InfraDesk" in allowed(role)]
    assert reaching == ["ApiHandlerRole", "InfraDeskRole"]


def leading_keys(role: str, table: str, *verbs: str) -> set[str]:
    """The beginnings of keys a role may use these verbs on; `*` where it may on all."""
    found: set[str] = set()
    for each in statements(role):
        if {"Fn::GetAtt": [table, "Arn"]} in resources(each) and actions(each) & {
            f"dynamodb:{v}" for v in verbs
        }:
            limit = each.get("Condition", {}).get("ForAllValues:StringLike", {})
            found |= set(limit.get("dynamodb:LeadingKeys", ["*"]))
    return found


def test_the_desk_cannot_open_a_members_session() -> None:
    """Of the table of sessions it writes its own counts and repeats; a member's session it only reads."""
    wrote = leading_keys("InfraDeskRole", "InfraCodes", "PutItem", "UpdateItem", "DeleteItem")
    assert wrote == {"idempotency#*", "counter#desk_*"}
    assert leading_keys("InfraDeskRole", "InfraCodes", "GetItem") == {"session#*", *wrote}


def test_the_desk_hires_nobody_and_the_member_api_opens_no_desk() -> None:
    """An account is made on the command line; a desk session is the desk's own."""
    assert leading_keys("InfraDeskRole", "InfraDesk", "PutItem", "DeleteItem") == {"desk_session#*"}
    assert leading_keys("InfraDeskRole", "InfraDesk", "UpdateItem") == {"desk_session#*", "staff"}
    assert leading_keys("ApiHandlerRole", "InfraDesk", "PutItem") == {"office_check#*", "suggestion#*"}


@each_role
def test_no_role_has_a_wildcard_action_or_resource(role: str) -> None:
    for each in statements(role):
        assert not [action for action in actions(each) if "*" in action], each
        assert "*" not in resources(each), each
        for text in strings(resources(each)):
            # Streams of a log group or a table and objects have names nobody can know beforehand.
            known = text.removesuffix(":*").removesuffix("/stream/*").removesuffix("${InfraUploads.Arn}/*")
            assert "*" not in known, each


@each_role
def test_no_role_may_scan_a_table(role: str) -> None:
    assert "dynamodb:Scan" not in {action for each in statements(role) for action in actions(each)}


@each_role
def test_no_role_may_change_a_table_a_key_or_a_queue(role: str) -> None:
    used = {action for each in statements(role) for action in actions(each)}
    services = {"dynamodb", "kms", "s3", "sqs", "sns", "secretsmanager", "logs"}
    assert {action.split(":")[0] for action in used} <= services
    assert not {
        a for a in used if a.split(":")[1].startswith(("CreateT", "DeleteT", "Schedule", "Purge", "Tag"))
    }


@each_role
def test_p30_no_role_may_change_or_remove_an_audit_entry(role: str) -> None:
    assert allowed(role).get("InfraAudit", set()) <= {"GetItem", "PutItem"}


@each_role
def test_every_role_writes_to_its_own_log_and_no_other(role: str) -> None:
    function = next(name for name, its in ROLES.items() if its == role)
    name = template()["Resources"][function]["Properties"]["FunctionName"]["Fn::Sub"]
    [log] = [each for each in statements(role) if "logs:PutLogEvents" in actions(each)]
    assert log["Resource"]["Fn::Sub"].endswith(f":log-group:/aws/lambda/{name}:*")


@pytest.mark.parametrize("role", ["ReceiveUploadRole", "ReconcileUploadsRole"])
def test_who_takes_files_in_knows_nobody_and_puts_no_file_there(role: str) -> None:
    """Whose a file is stands in its row, by an id; and without the key rings nothing sealed can be opened."""
    others = {"InfraPeople", "InfraCoverages", "InfraGroups", "InfraDesk", "InfraCodes", "InfraKeys"}
    assert not allowed(role).keys() & others
    used = {action for each in statements(role) for action in actions(each)}
    assert not {action for action in used if action.startswith("s3:Put") or action == "s3:DeleteObject"}


def test_no_other_role_reaches_a_file() -> None:
    reaching = {
        role for role in ROLES.values() if any(name.startswith("InfraUploads") for name in allowed(role))
    }
    assert reaching == {"ReceiveUploadRole", "ReconcileUploadsRole"}


@pytest.mark.parametrize(
    "role",
    ["ApiHandlerRole", "PromoteWaitingRole", "InfraDeskRole", "ReceiveUploadRole", "ReconcileUploadsRole"],
)
def test_only_the_outbox_sends_messages_or_reads_the_providers_secret(role: str) -> None:
    used = {action for each in statements(role) for action in actions(each)}
    assert not {action for action in used if action.startswith(("sns:", "secretsmanager:"))}


@pytest.mark.parametrize("role", ["OutboxStreamRole", "OutboxSweepRole"])
def test_the_outbox_knows_nobody(role: str) -> None:
    """Whom a message is for stands in the message, sealed."""
    assert not allowed(role).keys() & {"InfraPeople", "InfraCoverages", "InfraGroups", "InfraDesk"}


@pytest.mark.parametrize("role", ["OutboxStreamRole", "OutboxSweepRole"])
def test_the_outbox_publishes_to_phones_and_to_no_topic(role: str) -> None:
    [publish] = [each for each in statements(role) if "sns:Publish" in actions(each)]
    assert publish["NotResource"] == {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}
    assert "Resource" not in publish
