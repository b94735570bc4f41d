"""Put a package into a cloud through CloudFormation: `make deploy STAGE=…`, and the local stack the same way.

A stage is `infra/stages/<stage>.json`: region, runtime, architecture and the template's parameters. Run from
a machine whose AWS credentials may create the stack. Steps: upload zip and template to a private bucket,
create or update the stack, make the key rings, upload the site, built for the stage's own address.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError, WaiterError

from infra.package import Package, package
from infra.pages import address_of, build_pages
from infra.paths import ROOT, SITE
from infra.rings import ensure_rings
from infra.vendor import cloud

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]  # roles, and SAM's transform
STAGES = ROOT / "infra" / "stages"


class DeployError(Exception):
    """The stack did not reach the wanted state; the text holds CloudFormation's reasons."""


def deploy(
    session: Any, stack: str, made: Package, template: str, parameters: dict[str, str]
) -> dict[str, str]:
    """Create or update `stack` and return its outputs. Nothing to change is success."""
    bucket = package_bucket(session, stack)
    store = session.client("s3")
    key = f"{made.release}.zip"
    store.put_object(Bucket=bucket, Key=key, Body=made.archive.read_bytes())
    store.put_object(Bucket=bucket, Key="template.json", Body=with_code_at(template, bucket, key).encode())
    address = store.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "template.json"}, ExpiresIn=900
    ).partition("?")[0]
    formation = session.client("cloudformation")
    wanted = {
        "StackName": stack,
        "TemplateURL": address,
        "Capabilities": CAPABILITIES,
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {**parameters, "InfraRelease": made.release}.items()
        ],
    }
    if _exists(formation, stack):
        _update(formation, wanted)
    else:
        formation.create_stack(**wanted, EnableTerminationProtection=True)
        _wait(formation, "stack_create_complete", stack)
    return outputs(formation, stack)


def with_code_at(template: str, bucket: str, key: str) -> str:
    """The template with every function's code at its place in the bucket."""
    parsed = json.loads(template)
    for each in parsed["Resources"].values():
        if each["Type"] == "AWS::Serverless::Function":
            each["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))


def outputs(formation: Any, stack: str) -> dict[str, str]:
    described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}


def package_bucket(session: Any, stack: str) -> str:
    """The private bucket that packages are deployed from; made on first use."""
    account = session.client("sts").get_caller_identity()["Account"]
    name = f"{stack}-packages-{account}"
    store = session.client("s3")
    try:
        store.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": session.region_name}}
        store.create_bucket(Bucket=name, **({} if session.region_name == "us-east-1" else elsewhere))
        store.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
    return name


def _exists(formation: Any, stack: str) -> bool:
    try:
        described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    if described["StackStatus"] == "ROLLBACK_COMPLETE":
        raise DeployError(f"{stack} failed when it was first created: delete it, then deploy again")
    return bool(described["StackStatus"] != "DELETE_COMPLETE")


def _update(formation: Any, wanted: dict[str, Any]) -> None:
    try:
        formation.update_stack(**wanted)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    _wait(formation, "stack_update_complete", wanted["StackName"])


def _wait(formation: Any, state: str, stack: str) -> None:
    local = formation.meta.endpoint_url.startswith("http://127.0.0.1")
    try:
        formation.get_waiter(state).wait(
            StackName=stack, WaiterConfig={"Delay": 0.2 if local else 10, "MaxAttempts": 180}
        )
    except WaiterError as error:
        events = formation.describe_stack_events(StackName=stack)["StackEvents"]
        reasons = [
            f"{each['LogicalResourceId']}: {each['ResourceStatusReason']}"
            for each in events
            if each["ResourceStatus"].endswith("FAILED") and each.get("ResourceStatusReason")
        ]
        raise DeployError(f"{stack} did not reach {state}\n" + "\n".join(reasons)) from error


def main() -> None:
    stage = sys.argv[1] if len(sys.argv) == 2 else ""
    chosen = STAGES / f"{stage}.json"
    if not stage or not chosen.is_file():
        known = ", ".join(sorted(p.stem for p in STAGES.glob("*.json")))
        raise SystemExit(f"usage: make deploy STAGE=…, one of infra/stages: {known}")
    settings = json.loads(chosen.read_text())
    session = boto3.Session(region_name=settings["region"])
    stack = f"huzhu-{stage}"
    build_pages(address_of(settings["parameters"]))
    made = package(cloud(settings["runtime"], settings["architecture"]))
    parameters = {
        **settings["parameters"],
        "InfraStage": stage,
        "InfraPagesPolicy": pages_policy(session, stack),
    }
    print(f"{stack} in {settings['region']}: package {made.release}, {made.archive.stat().st_size:,} bytes")
    made_outputs = deploy(session, stack, made, made.template.read_text(), parameters)
    ensure_rings(ring_environment(made_outputs, settings["region"]))
    from infra.publish import publish

    count = publish(session, SITE, made_outputs["InfraSiteBucket"])
    print(f"{count} files published. API: {made_outputs['EndpointURL']}")


def pages_policy(session: Any, stack: str) -> str:
    """The Content-Security-Policy of the site as built, letting files go to the stack's own bucket."""
    from infra.headers import page_headers

    account = session.client("sts").get_caller_identity()["Account"]
    if not (SITE / "index.html").is_file():
        raise SystemExit("build the site first: make pages")
    origin = upload_origin(stack, account, session.region_name)
    return page_headers(SITE, origin)["Content-Security-Policy"]


def upload_origin(stack: str, account: str, region: str) -> str:
    """Where forms are posted to: the bucket's own address in its region, as the functions sign it."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{stack}-uploads-{account}.s3.{region}.{suffix}"


def ring_environment(made: dict[str, str], region: str) -> dict[str, str]:
    return {
        "TABLE_PREFIX": made["InfraTablePrefix"],
        "DATA_KEY_ID": made["InfraDataKeyArn"],
        "AWS_DEFAULT_REGION": region,
    }


if __name__ == "__main__":
    main()
