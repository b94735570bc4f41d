"""What must wake somebody. Alarms show in CloudWatch; the office decides where they ring."""

from __future__ import annotations

from infra.resources.functions import FUNCTIONS
from infra.resources.intrinsics import Json, att, ref, resource, sub
from infra.resources.storage import DEAD_LETTERS


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
        "InfraApiFaultsAlarm": _alarm(
            "api-faults",
            "AWS/ApiGateway",
            "5XXError",
            {"ApiName": "huzhu", "Stage": "api"},
            above=5,
        ),
    }
    for name, short in FUNCTIONS.items():
        made[f"Infra{name}ErrorsAlarm"] = _alarm(
            f"{short}-errors", "AWS/Lambda", "Errors", {"FunctionName": ref(name)}
        )
    return made


def _alarm(
    name: str,
    namespace: str,
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
