"""What differs from one deployment to the next. Everything else is the same everywhere."""

from __future__ import annotations

from infra.resources.intrinsics import Json, ref

SENDERS = ["local", "sns", "tencent"]


def parameters() -> Json:
    return {
        "InfraStage": _text("Name of this deployment: local, staging, production", "[a-z][a-z0-9-]{1,20}"),
        "InfraRelease": _text("What runs: digest of the deployed package", default="unknown"),
        "InfraSiteOrigins": _text("Origins our pages are served from, comma separated"),
        "InfraSiteDomain": _text(
            "Host name of the site at the CDN (in China: with ICP record). Empty: no CDN", default=""
        ),
        "InfraSiteCertificate": _text("ACM certificate ARN of that name (outside China)", default=""),
        "InfraSiteIamCertificate": _text(
            "IAM server certificate id of that name (China's CDN knows no ACM)", default=""
        ),
        "InfraPagesPolicy": _text(
            "Content-Security-Policy of the built pages, made by infra.headers", default="default-src 'none'"
        ),
        "InfraSmsSender": {
            "Type": "String",
            "AllowedValues": SENDERS,
            "Description": "Who sends SMS. Amazon SNS has no SMS in China",
        },
        "InfraSmsSecret": _text(
            "Name of the provider's secret in Secrets Manager, never its value", default=""
        ),
        "InfraLocalSmsFile": _text("Local stack only: file the local sender appends to", default=""),
        # 200 a second is a whole hall joining at once; beyond it a person retries, the tables do not suffer.
        "InfraRequestsPerSecond": {"Type": "Number", "Default": 200, "MinValue": 1},
        "InfraRequestBurst": {"Type": "Number", "Default": 400, "MinValue": 1},
    }


def conditions() -> Json:
    return {
        "InfraHasSiteDomain": _filled("InfraSiteDomain"),
        "InfraHasAcmCertificate": _filled("InfraSiteCertificate"),
        "InfraHasSmsSecret": _filled("InfraSmsSecret"),
        "InfraSmsThroughSns": {"Fn::Equals": [ref("InfraSmsSender"), "sns"]},
    }


def rules() -> Json:
    """A deployment outside a laptop can never write people's messages to a file."""
    return {
        "InfraLocalSenderStaysLocal": {
            "RuleCondition": {"Fn::Equals": [ref("InfraSmsSender"), "local"]},
            "Assertions": [
                {
                    "Assert": {"Fn::Equals": [ref("InfraStage"), "local"]},
                    "AssertDescription": "The local SMS sender is for the local stack only.",
                }
            ],
        }
    }


def _text(description: str, pattern: str = "", default: str | None = None) -> Json:
    made: Json = {"Type": "String", "Description": description}
    if pattern:
        made["AllowedPattern"] = pattern
    if default is not None:
        made["Default"] = default
    return made


def _filled(parameter: str) -> Json:
    return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}
