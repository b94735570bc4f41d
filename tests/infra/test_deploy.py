"""Deploying through CloudFormation, on the emulator. What a real cloud adds cannot be tested here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.deploy import STAGES, DeployError, deploy, with_code_at
from infra.package import Package, package
from infra.resources.parameters import SENDERS, parameters
from infra.stack import Stack, start_emulator

STACK = "huzhu-trial"
BUCKET = f"{STACK}-packages-000000000000"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = start_emulator(tmp_path_factory.mktemp("cloud"))
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def made() -> Package:
    return package()


def example() -> dict[str, str]:
    """The parameters of the example stage: a site of its own behind the CDN, in China."""
    listed: dict[str, str] = json.loads((STAGES / "example.json").read_text())["parameters"]
    return {**listed, "InfraStage": "trial", "InfraPagesPolicy": "default-src 'none'"}


def test_the_example_stage_says_all_a_deployment_needs() -> None:
    known = parameters()
    given = example()
    assert given.keys() <= known.keys()
    assert {name for name, each in known.items() if "Default" not in each} <= given.keys()
    assert given["InfraSmsSender"] in SENDERS
    assert given["InfraSmsSender"] != "local"


def test_a_stack_is_created_and_the_same_again_changes_nothing(emulator: Stack, made: Package) -> None:
    session, template = emulator.session(), made.template.read_text()
    first = deploy(session, STACK, made, template, example())
    assert first["InfraTablePrefix"] == STACK
    assert first["InfraSiteCdn"]
    assert deploy(session, STACK, made, template, example()) == first
    described = session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert described["StackStatus"] == "CREATE_COMPLETE"


def test_without_a_host_name_there_is_an_api_and_no_cdn(emulator: Stack, made: Package) -> None:
    plain = {name: value for name, value in example().items() if not name.startswith("InfraSiteD")}
    outputs = deploy(emulator.session(), f"{STACK}-plain", made, made.template.read_text(), plain)
    assert outputs["RestAPIId"]
    assert "InfraSiteCdn" not in outputs


def test_packages_lie_in_a_private_bucket(emulator: Stack, made: Package) -> None:
    store = emulator.session().client("s3")
    blocked = store.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert store.head_object(Bucket=BUCKET, Key=f"{made.release}.zip")["ContentLength"] > 0


def test_every_function_takes_its_code_from_there(made: Package) -> None:
    parsed: dict[str, Any] = json.loads(with_code_at(made.template.read_text(), "b", "k.zip"))
    functions = [r for r in parsed["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    assert [each["Properties"]["CodeUri"] for each in functions] == [{"Bucket": "b", "Key": "k.zip"}] * 7


def test_a_failed_deployment_says_which_resource_and_leaves_the_old_one(
    emulator: Stack, made: Package
) -> None:
    session, name = emulator.session(), f"{STACK}-change"
    before = deploy(session, name, made, made.template.read_text(), example())
    broken = json.loads(made.template.read_text())
    broken["Resources"]["InfraCodes"]["Properties"]["KeySchema"][0]["AttributeName"] = "other"
    broken["Resources"]["InfraCodes"]["Properties"]["AttributeDefinitions"][0]["AttributeName"] = "other"
    with pytest.raises(DeployError, match=r"did not reach stack_update_complete\nInfraCodes: "):
        deploy(session, name, made, json.dumps(broken), example())
    tables = session.client("dynamodb").describe_table(TableName=f"{name}-codes")["Table"]
    assert tables["KeySchema"] == [{"AttributeName": "key", "KeyType": "HASH"}]
    assert deploy(session, name, made, made.template.read_text(), example()) == before
