"""What the cloud is told to do. Emulators ignore most of it, so it is read off the template."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chalicelib.platform.settings import LIMITS
from chalicelib.uploads.model import PURPOSES
from infra.headers import security_headers
from infra.paths import FUNCTIONS as SOURCES
from infra.resources.alarms import COUNTED
from infra.resources.api import BODY_BYTES
from infra.resources.storage import CHECK_QUEUES
from infra.resources.tables import TABLES
from tests.infra.rendered import of_type, strings, template

TABLE_NAMES = [spec.resource for spec in TABLES]
FUNCTIONS = [
    "APIHandler",
    "InfraDeskFunction",
    "OutboxStream",
    "OutboxSweep",
    "PromoteWaiting",
    "ReceiveUpload",
    "ReconcileUploads",
]


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_every_table_recovers_is_protected_and_is_sealed_with_our_key(name: str) -> None:
    table = template()["Resources"][name]
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": {"Fn::GetAtt": ["InfraDataKey", "Arn"]},
    }
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_there_is_no_table_beside_the_ones_listed() -> None:
    assert sorted(of_type("AWS::DynamoDB::Table")) == sorted(TABLE_NAMES)


def test_codes_sessions_and_unused_slots_expire_and_nothing_else_does() -> None:
    expiring = {
        name: each["Properties"]["TimeToLiveSpecification"]
        for name, each in of_type("AWS::DynamoDB::Table").items()
        if "TimeToLiveSpecification" in each["Properties"]
    }
    assert expiring == {
        "InfraCodes": {"AttributeName": "expires_at", "Enabled": True},
        "InfraDesk": {"AttributeName": "expires_at", "Enabled": True},
        "InfraFiles": {"AttributeName": "forget_at", "Enabled": True},  # gone from the row once bytes came
    }


def test_the_outbox_stream_carries_keys_only_and_wakes_on_new_rows() -> None:
    stream = template()["Resources"]["InfraOutbox"]["Properties"]["StreamSpecification"]
    assert stream == {"StreamViewType": "KEYS_ONLY"}
    feed = template()["Resources"]["InfraOutboxFeed"]["Properties"]
    assert json.loads(feed["FilterCriteria"]["Filters"][0]["Pattern"]) == {"eventName": ["INSERT"]}
    assert feed["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert feed["MaximumRetryAttempts"] > 0
    assert feed["DestinationConfig"]["OnFailure"]["Destination"] == {
        "Fn::GetAtt": ["InfraSmsDeadLetters", "Arn"]
    }


def test_the_key_turns_every_year_and_survives_the_stack() -> None:
    key = template()["Resources"]["InfraDataKey"]
    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("name", ["InfraSite", "InfraUploads"])
def test_buckets_are_private_encrypted_versioned_and_forget(name: str) -> None:
    properties = of_type("AWS::S3::Bucket")[name]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["LifecycleConfiguration"]["Rules"]
    policy = template()["Resources"][f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
    assert policy["Effect"] == "Deny"
    assert policy["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def uploads() -> dict[str, Any]:
    properties: dict[str, Any] = of_type("AWS::S3::Bucket")["InfraUploads"]["Properties"]
    return properties


def test_files_are_under_our_key() -> None:
    [encryption] = uploads()["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": {"Fn::GetAtt": ["InfraDataKey", "Arn"]},
    }


def test_p15_no_rule_of_age_takes_the_pinned_version_away() -> None:
    """It is not the newest once somebody posts a form twice, so an old version is no forgotten one."""
    [rule] = uploads()["LifecycleConfiguration"]["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule.keys() == {"Id", "Status", "AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker"}


def test_p14_pages_of_ours_may_post_to_the_bucket_and_do_nothing_else() -> None:
    [rule] = uploads()["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == {"Fn::Split": [",", {"Ref": "InfraSiteOrigins"}]}
    assert (rule["AllowedMethods"], rule["AllowedHeaders"]) == (["POST"], ["Content-Type"])


def test_p20_what_comes_reaches_the_worker_and_what_it_cannot_take_an_alarm() -> None:
    resources = template()["Resources"]
    [told] = uploads()["NotificationConfiguration"]["QueueConfigurations"]
    assert told == {"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["InfraUploadEvents", "Arn"]}}
    assert resources["InfraUploads"]["DependsOn"] == ["InfraUploadEventsPolicy"]
    queue = resources["InfraUploadEvents"]["Properties"]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["InfraUploadDeadLetters", "Arn"]},
        "maxReceiveCount": 3,
    }
    assert queue["VisibilityTimeout"] >= 6 * resources["ReceiveUpload"]["Properties"]["Timeout"]
    feed = resources["InfraUploadFeed"]["Properties"]
    assert feed["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert feed["EventSourceArn"] == {"Fn::GetAtt": ["InfraUploadEvents", "Arn"]}
    alarm = resources["InfraUploadDeadLettersAlarm"]["Properties"]
    [watched] = alarm["Dimensions"]
    assert watched["Value"] == {"Fn::GetAtt": ["InfraUploadDeadLetters", "QueueName"]}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_only_our_bucket_puts_events_into_the_queue() -> None:
    [statement] = template()["Resources"]["InfraUploadEventsPolicy"]["Properties"]["PolicyDocument"][
        "Statement"
    ]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    name = uploads()["BucketName"]["Fn::Sub"]
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{name}"}},
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }


def test_files_and_records_are_compared_every_night_with_time_left_to_stop() -> None:
    nightly = template()["Resources"]["ReconcileUploads"]["Properties"]
    [event] = nightly["Events"].values()
    assert event["Properties"]["Schedule"] == "cron(30 18 * * ? *)"  # UTC: half past two in Shanghai
    assert nightly["Timeout"] >= LIMITS.reconcile_seconds + 120
    missing = template()["Resources"]["InfraUploadsMissing"]["Properties"]
    assert missing["LogGroupName"] == {"Ref": "InfraReconcileUploadsLogs"}
    alarm = template()["Resources"]["InfraUploadsMissingAlarm"]["Properties"]
    assert (alarm["MetricName"], alarm["Threshold"]) == ("UploadsMissing", 0)


def test_whoever_checks_a_files_bytes_has_a_queue() -> None:
    assert {each.checked_by for each in PURPOSES.values()} - {""} <= set(CHECK_QUEUES)


@pytest.mark.parametrize("name", ["InfraUploadEvents", "InfraUploadDeadLetters"])
def test_events_of_files_are_kept_encrypted_and_long_enough(name: str) -> None:
    queue = template()["Resources"][name]["Properties"]
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_failed_messages_are_kept_encrypted_and_ring_an_alarm() -> None:
    queue = template()["Resources"]["InfraSmsDeadLetters"]["Properties"]
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    alarm = template()["Resources"]["InfraDeadLettersAlarm"]["Properties"]
    assert (alarm["MetricName"], alarm["Threshold"], alarm["ComparisonOperator"]) == (
        "ApproximateNumberOfMessagesVisible",
        0,
        "GreaterThanThreshold",
    )


def test_every_function_has_its_own_alarm_on_errors() -> None:
    watched = [
        each["Properties"]["Dimensions"][0]["Value"]
        for each in of_type("AWS::CloudWatch::Alarm").values()
        if each["Properties"].get("Namespace") == "AWS/Lambda"
    ]
    assert sorted(each["Ref"] for each in watched) == FUNCTIONS


def test_p02_alarms_ring_when_codes_are_sent_but_not_typed_in_or_the_budget_is_reached() -> None:
    waste = template()["Resources"]["InfraSmsWasteAlarm"]["Properties"]
    assert (waste["Threshold"], waste["ComparisonOperator"]) == (30, "LessThanThreshold")
    assert {each["MetricStat"]["Period"] for each in waste["Metrics"] if "MetricStat" in each} == {15 * 60}
    budget = template()["Resources"]["InfraSmsBudgetAlarm"]["Properties"]
    assert (budget["MetricName"], budget["Threshold"]) == ("SmsBudgetReached", 0)


def test_what_the_alarms_count_is_what_the_code_logs() -> None:
    from chalicelib.platform.limits import TABLE

    code = "".join(path.read_text("utf-8") for path in (SOURCES / "chalicelib").rglob("*.py"))
    for _, pattern in COUNTED.values():
        for event in re.findall(r'\$\.event = "(\w+)"', pattern):
            assert f'log.info("{event}"' in code
        for prefix in re.findall(r'\$\.operation = "(\w+)\*"', pattern):
            assert [name for name in TABLE if name.startswith(prefix)]


def test_the_functions_are_the_ones_the_template_knows() -> None:
    assert sorted(of_type("AWS::Serverless::Function")) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_logs_for_six_months_under_a_name_known_beforehand(name: str) -> None:
    function = template()["Resources"][name]
    [log] = function["DependsOn"]
    group = template()["Resources"][log]["Properties"]
    assert group["RetentionInDays"] == 180
    assert (
        group["LogGroupName"]["Fn::Sub"] == f"/aws/lambda/{function['Properties']['FunctionName']['Fn::Sub']}"
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_runs_the_chosen_runtime_within_the_gateways_patience(name: str) -> None:
    properties = template()["Resources"][name]["Properties"]
    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == ["x86_64"]
    assert properties["Tracing"] == "PassThrough"  # China has no X-Ray for Lambda
    if name in ("APIHandler", "InfraDeskFunction"):
        assert LIMITS.aws_request_seconds < properties["Timeout"] < 29


def test_the_api_is_regional_because_china_has_no_edge_endpoints() -> None:
    assert template()["Resources"]["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"


def test_the_desk_is_its_own_function_under_the_same_api() -> None:
    """Everything below /desk goes to it, and nothing else does."""
    paths = template()["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    to_desk = [
        path for path, methods in paths.items() if "${InfraDeskFunction.Arn}" in "".join(strings(methods))
    ]
    assert to_desk == ["/desk/{proxy+}"] == [path for path in paths if path.startswith("/desk")]
    assert sorted(paths["/desk/{proxy+}"]) == ["delete", "get", "post"]
    desk = template()["Resources"]["InfraDeskFunction"]["Properties"]
    assert desk["Handler"] == "desk.handler"
    assert desk["CodeUri"] == template()["Resources"]["APIHandler"]["Properties"]["CodeUri"]
    permission = template()["Resources"]["InfraDeskInvokedByApi"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "InfraDeskFunction"}
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert "${RestAPI}" in permission["SourceArn"]["Fn::Sub"]


def test_p33_floods_are_refused_before_a_function_runs() -> None:
    [throttle] = template()["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert throttle["ResourcePath"] == "/*"
    assert throttle["HttpMethod"] == "*"
    assert throttle["ThrottlingRateLimit"] == {"Ref": "InfraRequestsPerSecond"}
    assert throttle["ThrottlingBurstLimit"] == {"Ref": "InfraRequestBurst"}
    rules = template()["Resources"]["InfraApiRules"]["Properties"]
    assert rules["Scope"] == "REGIONAL"
    by_name = {rule["Name"]: rule for rule in rules["Rules"]}
    size = by_name["BodySize"]["Statement"]["SizeConstraintStatement"]
    assert (size["ComparisonOperator"], size["Size"]) == ("GT", BODY_BYTES)
    assert size["FieldToMatch"]["Body"]["OversizeHandling"] == "MATCH"
    blocked = {
        name: rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] for name, rule in by_name.items()
    }
    assert blocked == {"BodySize": 413, "RatePerAddress": 429}
    attached = template()["Resources"]["InfraApiRulesAttached"]["Properties"]
    assert attached["WebACLArn"] == {"Fn::GetAtt": ["InfraApiRules", "Arn"]}


def test_the_edge_and_the_functions_agree_on_the_longest_body() -> None:
    assert LIMITS.body_bytes == BODY_BYTES


def test_the_gateway_never_logs_bodies() -> None:
    [settings] = template()["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert settings["DataTraceEnabled"] is False
    assert settings["LoggingLevel"] == "OFF"


def test_where_no_function_runs_the_answer_still_has_our_error_shape() -> None:
    responses = template()["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    for name in ("THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"):
        problem = json.loads(responses[name]["ResponseTemplates"]["application/json"])
        assert problem.keys() >= {"type", "title", "code", "detail"}
        assert "problem+json" in responses[name]["ResponseParameters"]["Headers"]["Content-Type"]


def test_pages_get_the_very_headers_the_local_gateway_sends() -> None:
    policy = template()["Resources"]["InfraSiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    sent = {each["Header"]: each["Value"] for each in policy.get("CustomHeadersConfig", {}).get("Items", [])}
    expected = security_headers()
    assert security["ContentSecurityPolicy"] == {
        "ContentSecurityPolicy": {"Ref": "InfraPagesPolicy"},
        "Override": True,
    }
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert security["ContentTypeOptions"] == {"Override": True}
    sent |= {
        "Content-Security-Policy": expected["Content-Security-Policy"],
        "Strict-Transport-Security": expected["Strict-Transport-Security"],
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
    }
    assert sent == expected


def test_the_cdn_is_made_only_for_an_own_host_name() -> None:
    cdn = [
        name for name, each in template()["Resources"].items() if each["Type"].startswith("AWS::CloudFront")
    ]
    assert len(cdn) == 3
    assert {template()["Resources"][name]["Condition"] for name in cdn} == {"InfraHasSiteDomain"}


def test_the_cdn_passes_the_api_on_uncached_and_encrypted() -> None:
    distribution = template()["Resources"]["InfraSiteDistribution"]["Properties"]["DistributionConfig"]
    [api] = distribution["CacheBehaviors"]
    assert api["PathPattern"] == "/api/*"
    assert (api["DefaultTTL"], api["MaxTTL"]) == (0, 0)
    assert api["ForwardedValues"]["Cookies"] == {"Forward": "all"}
    assert {"Origin", "Sec-Fetch-Site", "Idempotency-Key"} <= set(api["ForwardedValues"]["Headers"])
    assert "Host" not in api["ForwardedValues"]["Headers"]
    origins = {each["Id"]: each for each in distribution["Origins"]}
    assert origins["api"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert "CustomErrorResponses" not in distribution  # they would replace the API's answers too


def test_nothing_names_a_partition_or_a_host_suffix() -> None:
    fixed = [
        text for text in strings(template()["Resources"]) if re.search(r"arn:aws\b|amazonaws\.com", text)
    ]
    principals = {
        "lambda.amazonaws.com",
        "apigateway.amazonaws.com",
        "s3.amazonaws.com",
    }  # the same in every partition
    assert set(fixed) <= principals


def test_the_main_path_uses_nothing_that_china_lacks() -> None:
    absent = ("AWS::Cognito", "AWS::XRay", "AWS::Lambda::Url", "AWS::CloudFront::Function")
    absent += ("AWS::CloudFront::OriginAccessControl", "AWS::Scheduler")
    assert [n for n, each in template()["Resources"].items() if each["Type"].startswith(absent)] == []


def test_p36_the_environment_names_secrets_and_holds_none() -> None:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    plain = {name: value for name, value in variables.items() if isinstance(value, str)}
    assert plain == {}  # everything is a reference
    assert variables["SMS_SECRET_ID"] == {"Ref": "InfraSmsSecret"}
    for name in FUNCTIONS:
        assert "Environment" not in template()["Resources"][name]["Properties"]


def test_the_local_sms_sender_cannot_be_deployed_elsewhere() -> None:
    rule = template()["Rules"]["InfraLocalSenderStaysLocal"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "InfraSmsSender"}, "local"]}
    [assertion] = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "InfraStage"}, "local"]}


def test_p36_no_function_runs_in_debug_mode() -> None:
    import app

    assert app.app.debug is False


def test_the_template_fits_what_cloudformation_takes_from_a_bucket() -> None:
    assert len(json.dumps(template())) < 1_000_000
