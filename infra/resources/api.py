"""The API's edge: throttles, a web firewall, and answers in our one error shape where no function runs."""

from __future__ import annotations

import json

from infra.resources import desk
from infra.resources.intrinsics import Json, att, ref, resource, sub, when

STAGE = "api"
BODY_BYTES = 64 * 1024
# Five minutes of one address. A union hall or a carrier's NAT shares one, so this stops floods, not people.
REQUESTS_PER_ADDRESS = 3000

# API Gateway's own failures -> (status, our code, what a person reads).
PROBLEMS = {
    "THROTTLED": (429, "platform.busy", "现在人多，请稍等几秒再试。您填写的内容没有丢失。"),
    "QUOTA_EXCEEDED": (429, "platform.busy", "现在人多，请稍等几秒再试。您填写的内容没有丢失。"),
    "WAF_FILTERED": (403, "platform.refused", "这次请求被安全规则拦下了。请稍后再试，或拨打12351。"),
    "REQUEST_TOO_LARGE": (413, "request.too_large", "提交的内容太大，请删减后再试。"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "request.no_such_address", "没有这个地址。请从首页重新进入。"),
    "INTEGRATION_TIMEOUT": (503, "platform.unavailable", "系统繁忙，请稍等几秒再点一次。"),
    "INTEGRATION_FAILURE": (503, "platform.unavailable", "系统繁忙，请稍等几秒再点一次。"),
    "DEFAULT_4XX": (None, "request.refused", "这次请求没有成功。请刷新页面后再试，或拨打12351。"),
    "DEFAULT_5XX": (None, "platform.unavailable", "系统繁忙，请稍等几秒再点一次。"),
}


def problem(status: int | None, code: str, detail: str) -> Json:
    """RFC 9457, as the functions answer; `status` is left out where the gateway decides it."""
    body: Json = {"type": "about:blank", "title": code, "code": code, "detail": detail}
    return body if status is None else {**body, "status": status}


def resources() -> Json:
    return {
        "RestAPI": {
            "Properties": {
                "DefinitionBody": {"paths": desk.paths()},
                "MethodSettings": [
                    {
                        "HttpMethod": "*",
                        "ResourcePath": "/*",
                        "ThrottlingRateLimit": ref("InfraRequestsPerSecond"),
                        "ThrottlingBurstLimit": ref("InfraRequestBurst"),
                        "MetricsEnabled": True,
                        "LoggingLevel": "OFF",
                        "DataTraceEnabled": False,  # it would log bodies: ID numbers (P26)
                    }
                ],
                "GatewayResponses": {name: _response(*answer) for name, answer in PROBLEMS.items()},
            }
        },
        "InfraApiRules": _firewall(),
        "InfraApiRulesAttached": resource(
            "AWS::WAFv2::WebACLAssociation",
            {
                "ResourceArn": sub(
                    "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${RestAPI}/stages/${RestAPI.Stage}"
                ),
                "WebACLArn": att("InfraApiRules"),
            },
        ),
    }


def _response(status: int | None, code: str, detail: str) -> Json:
    headers = {"Content-Type": "'application/problem+json; charset=utf-8'", "Cache-Control": "'no-store'"}
    if status in (429, 503):
        headers["Retry-After"] = "'3'"
    made: Json = {
        "ResponseParameters": {"Headers": headers},
        "ResponseTemplates": {
            "application/json": json.dumps(problem(status, code, detail), ensure_ascii=False)
        },
    }
    if status is not None:
        made["StatusCode"] = str(status)
    return made


def _firewall() -> Json:
    return resource(
        "AWS::WAFv2::WebACL",
        {
            "Name": sub("${AWS::StackName}-api"),
            "Scope": "REGIONAL",
            "DefaultAction": {"Allow": {}},
            "VisibilityConfig": _seen("All"),
            "CustomResponseBodies": {
                "TooLarge": _body("REQUEST_TOO_LARGE"),
                "TooMany": _body("THROTTLED"),
            },
            "Rules": [
                {
                    "Name": "BodySize",
                    "Priority": 0,
                    "Statement": {
                        "SizeConstraintStatement": {
                            # Bodies past the inspection limit (16 KiB unless raised) match as oversize; the
                            # limit is raised to exactly what the functions accept.
                            "FieldToMatch": {"Body": {"OversizeHandling": "MATCH"}},
                            "ComparisonOperator": "GT",
                            "Size": BODY_BYTES,
                            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
                        }
                    },
                    "Action": _block(413, "TooLarge"),
                    "VisibilityConfig": _seen("BodySize"),
                },
                {
                    "Name": "RatePerAddress",
                    "Priority": 1,
                    "Statement": {"RateBasedStatement": _rate_per_address()},
                    "Action": _block(429, "TooMany"),
                    "VisibilityConfig": _seen("RatePerAddress"),
                },
            ],
            "AssociationConfig": {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}},
        },
    )


def _rate_per_address() -> Json:
    """Behind the CDN every request comes from an edge node; the visitor is in X-Forwarded-For. A client can
    forge that header, so this only thins floods: what must hold is counted by the functions."""
    return {
        "Limit": REQUESTS_PER_ADDRESS,
        "AggregateKeyType": when("InfraHasSiteDomain", "FORWARDED_IP", "IP"),
        "ForwardedIPConfig": when(
            "InfraHasSiteDomain", {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "MATCH"}
        ),
    }


def _body(name: str) -> Json:
    return {
        "ContentType": "APPLICATION_JSON",
        "Content": json.dumps(problem(*PROBLEMS[name]), ensure_ascii=False),
    }


def _block(status: int, body: str) -> Json:
    return {"Block": {"CustomResponse": {"ResponseCode": status, "CustomResponseBodyKey": body}}}


def _seen(name: str) -> Json:
    return {
        "CloudWatchMetricsEnabled": True,
        "MetricName": f"Infra{name}",
        "SampledRequestsEnabled": False,  # samples would keep addresses and cookies
    }
