"""A function's log group, under a name known beforehand so that its role can name exactly it."""

from __future__ import annotations

from infra.resources.intrinsics import Json, resource, sub

LOG_DAYS = 180  # the Cybersecurity Law keeps network logs six months


def log_group(short: str) -> Json:
    name = sub(f"/aws/lambda/${{AWS::StackName}}-{short}")
    return resource("AWS::Logs::LogGroup", {"LogGroupName": name, "RetentionInDays": LOG_DAYS})
