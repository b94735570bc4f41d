"""What must wake somebody. Alarms show in CloudWatch; the office decides where they ring."""

from __future__ import annotations

from infra.resources import desk
from infra.resources.functions import FUNCTIONS
from infra.resources.intrinsics import Json, att, ref, resource, sub
from infra.resources.storage import DEAD_LETTERS, UPLOAD_DEAD_LETTERS

# Counted from a function's log, by event name. A test holds these to what the code really logs.
COUNTED = {
    "CodesSent": ("APIHandler", '{ $.event = "code_sent" }'),
    "CodesVerified": ("APIHandler", '{ $.event = "code_verified" }'),
    "ClockSkewed": ("APIHandler", '{ $.event = "clock_skewed" }'),
    "SmsBudgetReached": ("APIHandler", '{ $.event = "limit_reached" && $.operation = "codes_office_*" }'),
    "UploadsMissing": ("ReconcileUploads", '{ $.event = "upload_object_missing" }'),
}
VERIFIED_PERCENT = 30  # fewer codes than this ever typed in: somebody else is spending our SMS money (P02)
ENOUGH_SENT = 20  # below, one evening's typing errors would ring


def resources() -> Json:
    made = {
        # Somebody was promised a message and did not get it.
        "InfraDeadLettersAlarm": _alarm(
            "dead-letters",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": att(DEAD_LETTERS, "QueueName")},
            statistic="Maximum",
        ),
        # Somebody sent a file and nobody took it in.
        "InfraUploadDeadLettersAlarm": _alarm(
            "upload-dead-letters",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": att(UPLOAD_DEAD_LETTERS, "QueueName")},
            statistic="Maximum",
        ),
        "InfraApiFaultsAlarm": _alarm(
            "api-faults",
            "AWS/ApiGateway",
            "5XXError",
            {"ApiName": "huzhu", "Stage": "api"},
            above=5,
        ),
    }
    for name, short in {**FUNCTIONS, desk.FUNCTION: desk.SHORT}.items():
        made[f"Infra{name.removeprefix('Infra')}ErrorsAlarm"] = _alarm(
            f"{short}-errors", "AWS/Lambda", "Errors", {"FunctionName": ref(name)}
        )
    for name, (function, pattern) in COUNTED.items():
        made[f"Infra{name}"] = _counted(name, function, pattern)
    made["InfraSmsBudgetAlarm"] = _alarm("sms-budget", ref("AWS::StackName"), "SmsBudgetReached", {})
    made["InfraClockSkewedAlarm"] = _alarm("clock-skewed", ref("AWS::StackName"), "ClockSkewed", {})
    made["InfraUploadsMissingAlarm"] = _alarm("uploads-missing", ref("AWS::StackName"), "UploadsMissing", {})
    made["InfraSmsWasteAlarm"] = _waste_alarm()
    return made


def _counted(name: str, function: str, pattern: str) -> Json:
    return resource(
        "AWS::Logs::MetricFilter",
        {
            "LogGroupName": ref(f"Infra{function}Logs"),
            "FilterPattern": pattern,
            "MetricTransformations": [
                {
                    "MetricNamespace": ref("AWS::StackName"),
                    "MetricName": name,
                    "MetricValue": "1",
                    "DefaultValue": 0,
                }
            ],
        },
    )


def _waste_alarm() -> Json:
    """Share of codes that were typed in, over a quarter of an hour."""
    counts = [
        {
            "Id": short,
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": ref("AWS::StackName"), "MetricName": metric},
                "Period": 900,
                "Stat": "Sum",
            },
        }
        for short, metric in (("sent", "CodesSent"), ("verified", "CodesVerified"))
    ]
    share = f"IF(sent >= {ENOUGH_SENT}, 100 * verified / sent, 100)"
    return resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": sub("${AWS::StackName}-sms-waste"),
            "Metrics": [{"Id": "share", "Expression": share, "ReturnData": True}, *counts],
            "EvaluationPeriods": 1,
            "Threshold": VERIFIED_PERCENT,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "notBreaching",
        },
    )


def _alarm(
    name: str,
    namespace: object,
    metric: str,
    dimensions: Json,
    *,
    above: int = 0,
    statistic: str = "Sum",
) -> Json:
    return resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": sub("${AWS::StackName}-" + name),
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            "Statistic": statistic,
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": above,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        },
    )
