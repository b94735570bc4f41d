"""The desk's own function: `functions/desk.py` under /desk of the same API, with a role of its own.

Chalice knows one app, so its second function is written here whole. Its policy stands beside the others in
`functions/.chalice/`.
"""

from __future__ import annotations

import json

from infra.paths import FUNCTIONS
from infra.resources.intrinsics import Json, att, ref, resource, sub
from infra.resources.logs import log_group

FUNCTION, ROLE, SHORT = "InfraDeskFunction", "InfraDeskRole", "desk"
# What `platform.http.Routes` can register. By name: the emulator imports no "any method" of a description,
# and a verb that nobody serves is refused at the edge, as for the member API.
VERBS = ("get", "post", "delete")


def resources(runtime: str, architecture: str) -> Json:
    policy = json.loads((FUNCTIONS / ".chalice" / "policy-desk.json").read_text())
    return {
        FUNCTION: {
            "Type": "AWS::Serverless::Function",
            "DependsOn": [f"{FUNCTION}Logs"],
            "Properties": {
                "FunctionName": sub("${AWS::StackName}-" + SHORT),
                "CodeUri": "./deployment.zip",
                "Handler": "desk.handler",
                "Runtime": runtime,
                "Architectures": [architecture],
                "MemorySize": 1024,
                "Timeout": 15,
                "Tracing": "PassThrough",
                "Role": att(ROLE),
            },
        },
        ROLE: resource(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "Policies": [{"PolicyName": "DeskPolicy", "PolicyDocument": policy}],
            },
        ),
        f"{FUNCTION}Logs": log_group(SHORT),
        "InfraDeskInvokedByApi": resource(
            "AWS::Lambda::Permission",
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": ref(FUNCTION),
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": sub(
                    "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}/*"
                ),
            },
        ),
    }


def paths() -> Json:
    """Everything below /desk, for the API's own description."""
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
        "responses": {"default": {"statusCode": "200"}},
        "uri": sub(
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
            f"${{{FUNCTION}.Arn}}/invocations"
        ),
    }
    method: Json = {
        "parameters": [{"name": "proxy", "in": "path", "required": True, "type": "string"}],
        "responses": {},
        "x-amazon-apigateway-integration": integration,
    }
    return {"/desk/{proxy+}": dict.fromkeys(VERBS, method)}
