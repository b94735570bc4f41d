"""What Chalice cannot say about its functions: names, environment, logs, the outbox's feed."""

from __future__ import annotations

from infra.resources.intrinsics import Json, att, ref, resource, sub, when
from infra.resources.logs import log_group
from infra.resources.storage import CHECK_QUEUES, DEAD_LETTERS, UPLOAD_DEAD_LETTERS, UPLOAD_EVENTS, UPLOADS
from infra.resources.tables import DATA_KEY

# Chalice's resource name -> short name. Given names make every log group and ARN known beforehand, so roles
# can name them exactly.
FUNCTIONS = {
    "APIHandler": "api",
    "OutboxStream": "outbox-stream",
    "OutboxSweep": "outbox-sweep",
    "PromoteWaiting": "promote-waiting",
    "ReceiveUpload": "receive-upload",
    "ReconcileUploads": "reconcile-uploads",
}
EVERY_MINUTE = ("OutboxSweep", "PromoteWaiting")


def globals_() -> Json:
    return {"Function": {"Environment": {"Variables": environment()}}}


def environment() -> Json:
    """Names only: a secret's value is never in an environment (P36)."""
    return {
        "STAGE": ref("InfraStage"),
        "RELEASE": ref("InfraRelease"),
        "SITE_ORIGIN": ref("InfraSiteOrigins"),
        "TABLE_PREFIX": ref("AWS::StackName"),
        "DATA_KEY_ID": att(DATA_KEY),
        "SMS_SENDER": ref("InfraSmsSender"),
        "SMS_SECRET_ID": ref("InfraSmsSecret"),
        "SMS_DEAD_LETTERS_URL": ref(DEAD_LETTERS),
        "LOCAL_SMS_FILE": ref("InfraLocalSmsFile"),
        "UPLOAD_BUCKET": ref(UPLOADS),
        "CHECK_QUEUES": {
            "Fn::Join": [",", [sub(f"{name}=${{{queue}}}") for name, queue in CHECK_QUEUES.items()]]
        },
        # Behind the CDN: visitor, edge node. What a visitor writes into the header comes before these.
        "FORWARDED_HOPS": when("InfraHasSiteDomain", "2", "0"),
    }


def resources(runtime: str, architecture: str) -> Json:
    made: Json = {}
    for name, short in FUNCTIONS.items():
        made[name] = {
            "DependsOn": [f"Infra{name}Logs"],
            "Properties": {
                "FunctionName": sub("${AWS::StackName}-" + short),
                "Runtime": runtime,
                "Architectures": [architecture],
            },
        }
        made[f"Infra{name}Logs"] = log_group(short)
    for name in EVERY_MINUTE:
        # The next minute comes anyway: a repeated run would only overlap with it.
        made[f"Infra{name}Once"] = resource(
            "AWS::Lambda::EventInvokeConfig",
            {
                "FunctionName": ref(name),
                "Qualifier": "$LATEST",
                "MaximumRetryAttempts": 0,
                "MaximumEventAgeInSeconds": 60,
            },
        )
    made["InfraOutboxFeed"] = outbox_feed()
    made["InfraUploadFeed"] = upload_feed()
    return made


def outbox_feed() -> Json:
    """Wakes the sender when a message was stored. Losing a wake costs a minute: the sweep finds the rest."""
    return resource(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": att("InfraOutbox", "StreamArn"),
            "FunctionName": att("OutboxStream"),
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 10,
            "MaximumBatchingWindowInSeconds": 0,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": 3,
            "MaximumRecordAgeInSeconds": 3600,
            "FilterCriteria": {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
            "DestinationConfig": {"OnFailure": {"Destination": att(DEAD_LETTERS)}},
        },
    )


def upload_feed() -> Json:
    """Files that came, ten at a time: 200 MiB at most, which a minute reads ten times over."""
    return resource(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": att(UPLOAD_EVENTS),
            "FunctionName": att("ReceiveUpload"),
            "BatchSize": 10,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    )


def outputs() -> Json:
    return {
        "InfraTablePrefix": {"Value": ref("AWS::StackName")},
        "InfraDataKeyArn": {"Value": att(DATA_KEY)},
        "InfraDeadLettersUrl": {"Value": ref(DEAD_LETTERS)},
        "InfraSiteBucket": {"Value": ref("InfraSite")},
        "InfraUploadBucket": {"Value": ref(UPLOADS)},
        "InfraUploadOrigin": {"Value": sub("https://${" + UPLOADS + ".RegionalDomainName}")},
        "InfraUploadEventsUrl": {"Value": ref(UPLOAD_EVENTS)},
        "InfraUploadDeadLettersUrl": {"Value": ref(UPLOAD_DEAD_LETTERS)},
    }
