"""Each function may do what it does and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.rendered import of_type, statements, strings, template

ROLES = {
    "APIHandler": "ApiHandlerRole",
    "OutboxStream": "OutboxStreamRole",
    "OutboxSweep": "OutboxSweepRole",
    "PromoteWaiting": "PromoteWaitingRole",
}
each_role = pytest.mark.parametrize("role", ROLES.values())


def actions(statement: dict[str, Any]) -> set[str]:
    listed = statement["Action"]
    return {listed} if isinstance(listed, str) else set(listed)


def allowed(role: str, resource: str) -> set[str]:
    """All actions a role has on a resource of ours (its index and stream ARNs not counted)."""
    found: set[str] = set()
    for each in statements(role):
        resources = each.get("Resource", [])
        listed = resources if isinstance(resources, list) else [resources]
        if {"Fn::GetAtt": [resource, "Arn"]} in listed:
            found |= actions(each)
    return found


def test_every_function_has_its_own_role() -> None:
    used = {
        name: each["Properties"]["Role"]["Fn::GetAtt"][0]
        for name, each in of_type("AWS::Serverless::Function").items()
    }
    assert used == ROLES
    assert sorted(of_type("AWS::IAM::Role")) == sorted(ROLES.values())


@each_role
def test_no_role_has_a_wildcard_action_or_resource(role: str) -> None:
    for each in statements(role):
        assert not [action for action in actions(each) if "*" in action], each
        resources = each.get("Resource", [])
        listed = resources if isinstance(resources, list) else [resources]
        assert "*" not in listed, each
        for text in strings(listed):
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
    assert not allowed(role, "InfraAudit") & {"dynamodb:UpdateItem", "dynamodb:DeleteItem"}


@each_role
def test_keys_are_only_opened_and_made_under_our_one_key(role: str) -> None:
    for each in statements(role):
        if any(action.startswith("kms:") for action in actions(each)):
            assert actions(each) == {"kms:Decrypt", "kms:GenerateDataKey"}
            assert each["Resource"] == {"Fn::GetAtt": ["InfraDataKey", "Arn"]}


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
def test_the_outbox_cannot_touch_people_covers_or_money(role: str) -> None:
    assert allowed(role, "InfraPeople") <= {"dynamodb:GetItem"}
    for table in ("InfraCoverages", "InfraGroups", "InfraAudit"):
        assert allowed(role, table) == set()


@pytest.mark.parametrize("role", ["OutboxStreamRole", "OutboxSweepRole"])
def test_the_outbox_publishes_to_phones_and_to_no_topic(role: str) -> None:
    [publish] = [each for each in statements(role) if "sns:Publish" in actions(each)]
    assert publish["NotResource"] == {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}
    assert "Resource" not in publish
