"""Each function may do what it does and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.platform import keyring
from tests.infra.rendered import of_type, statements, strings, template

ROLES = {
    "APIHandler": "ApiHandlerRole",
    "OutboxStream": "OutboxStreamRole",
    "OutboxSweep": "OutboxSweepRole",
    "PromoteWaiting": "PromoteWaitingRole",
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
        "InfraGroups": "PutItem Query UpdateItem",
        "InfraCodes": "BatchGetItem DeleteItem GetItem PutItem UpdateItem",
        "InfraOutbox": "PutItem",
        "InfraOutbox/index/by_recipient": "Query",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "PromoteWaitingRole": {
        "InfraPeople": "GetItem",
        "InfraCoverages": "DeleteItem PutItem Query",
        "InfraGroups": "DeleteItem GetItem PutItem Query UpdateItem",
        "InfraOutbox": "PutItem",
        "InfraAudit": "GetItem PutItem",
        "InfraDataKey": "Decrypt",
    },
    "OutboxStreamRole": {
        "InfraPeople": "GetItem",
        "InfraOutbox": "GetItem UpdateItem",
        "InfraOutbox/stream": "DescribeStream GetRecords GetShardIterator",
        "InfraOutbox/stream/*": "ListStreams",
        "InfraDataKey": "Decrypt",
        "InfraSmsDeadLetters": "SendMessage",
    },
    "OutboxSweepRole": {
        "InfraPeople": "GetItem",
        "InfraOutbox": "GetItem UpdateItem",
        "InfraOutbox/index/pending": "Query",
        "InfraDataKey": "Decrypt",
        "InfraSmsDeadLetters": "SendMessage",
    },
}
KEY_RINGS = {"dynamodb:LeadingKeys": ["keyring#*"]}
PEOPLE = {"Fn::GetAtt": ["InfraPeople", "Arn"]}


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


def test_whoever_may_write_people_is_denied_every_write_to_the_key_rings() -> None:
    """Losing a ring loses all it sealed. The emulator knows no leading keys: only the document is tested."""
    writers = [role for role in ROLES.values() if allowed(role)["InfraPeople"] & {"PutItem", "UpdateItem"}]
    assert writers == ["ApiHandlerRole"]
    for role in writers:
        [denied] = [each for each in statements(role) if each["Effect"] == "Deny"]
        writes = ("BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem")
        assert actions(denied) == {f"dynamodb:{each}" for each in writes}
        assert resources(denied) == [PEOPLE]
        assert denied["Condition"] == {"ForAnyValue:StringLike": KEY_RINGS}


def test_the_key_rings_lie_under_the_key_the_denial_names() -> None:
    assert all(keyring._row_key(purpose).startswith("keyring#") for purpose in keyring.PURPOSES)


@each_role
def test_no_role_has_a_wildcard_action_or_resource(role: str) -> None:
    for each in statements(role):
        assert not [action for action in actions(each) if "*" in action], each
        assert "*" not in resources(each), each
        for text in strings(resources(each)):
            # One log group's streams and one table's streams have names nobody can know beforehand.
            assert "*" not in text.removesuffix(":*").removesuffix("/stream/*"), each


@each_role
def test_no_role_may_scan_a_table(role: str) -> None:
    assert "dynamodb:Scan" not in {action for each in statements(role) for action in actions(each)}


@each_role
def test_no_role_may_change_a_table_a_key_or_a_queue(role: str) -> None:
    used = {action for each in statements(role) for action in actions(each)}
    services = {"dynamodb", "kms", "sqs", "sns", "secretsmanager", "logs"}
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


@pytest.mark.parametrize("role", ["ApiHandlerRole", "PromoteWaitingRole"])
def test_only_the_outbox_sends_messages_or_reads_the_providers_secret(role: str) -> None:
    used = {action for each in statements(role) for action in actions(each)}
    assert not {action for action in used if action.startswith(("sns:", "secretsmanager:"))}


@pytest.mark.parametrize("role", ["OutboxStreamRole", "OutboxSweepRole"])
def test_the_outbox_reads_of_people_the_key_rings_only(role: str) -> None:
    [reads] = [each for each in statements(role) if PEOPLE in resources(each)]
    assert reads["Condition"] == {"ForAllValues:StringLike": KEY_RINGS}


@pytest.mark.parametrize("role", ["OutboxStreamRole", "OutboxSweepRole"])
def test_the_outbox_publishes_to_phones_and_to_no_topic(role: str) -> None:
    [publish] = [each for each in statements(role) if "sns:Publish" in actions(each)]
    assert publish["NotResource"] == {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}
    assert "Resource" not in publish
