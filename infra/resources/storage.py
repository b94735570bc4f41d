"""Buckets and queues. Nothing is public: visitors reach the site's files through the CDN only."""

from __future__ import annotations

from infra.resources.intrinsics import Json, att, kept, ref, resource, sub, when
from infra.resources.tables import DATA_KEY

SITE = "InfraSite"
UPLOADS = "InfraUploads"
UPLOADS_NAME = "uploads"
DEAD_LETTERS = "InfraSmsDeadLetters"
UPLOAD_EVENTS = "InfraUploadEvents"
UPLOAD_DEAD_LETTERS = "InfraUploadDeadLetters"
# Queues of those who look into stored bytes: what `Purpose.checked_by` names -> resource.
CHECK_QUEUES: dict[str, str] = {}
SITE_IDENTITY = "InfraSiteIdentity"

_PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
RECEIVE_SECONDS = 60  # the time-out of the function behind the queue (functions/.chalice/config.json)
TRIES = 3  # then a message is poisoned
FOURTEEN_DAYS = 14 * 24 * 3600  # the longest SQS keeps a message: time to notice over a holiday


def resources() -> Json:
    return {
        SITE: _bucket("site", {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}, _old_pages()),
        f"{SITE}Policy": _policy(SITE, when("InfraHasSiteDomain", _read_by_cdn())),
        UPLOADS: _bucket(
            UPLOADS_NAME,
            {
                "ServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": att(DATA_KEY),
                },
                "BucketKeyEnabled": True,
            },
            _halves_of_uploads(),
            CorsConfiguration={"CorsRules": [_posted_by_our_pages()]},
            NotificationConfiguration={
                "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": att(UPLOAD_EVENTS)}]
            },
        )
        | {"DependsOn": [f"{UPLOAD_EVENTS}Policy"]},  # S3 tries the queue when it is named to it
        f"{UPLOADS}Policy": _policy(UPLOADS),
        UPLOAD_EVENTS: _queue(
            "upload-events",
            VisibilityTimeout=6 * RECEIVE_SECONDS,  # as AWS advises, so that a retry never overlaps
            RedrivePolicy={"deadLetterTargetArn": att(UPLOAD_DEAD_LETTERS), "maxReceiveCount": TRIES},
        ),
        f"{UPLOAD_EVENTS}Policy": _events_policy(),
        UPLOAD_DEAD_LETTERS: _queue("upload-dead-letters"),
        DEAD_LETTERS: _queue("sms-dead-letters"),
    }


def _queue(name: str, **more: object) -> Json:
    return resource(
        "AWS::SQS::Queue",
        {
            "QueueName": sub("${AWS::StackName}-" + name),
            "MessageRetentionPeriod": FOURTEEN_DAYS,
            "SqsManagedSseEnabled": True,
            **more,
        },
    )


def _events_policy() -> Json:
    """Nobody but our own bucket puts an event there. Its name is written out: it waits for this policy."""
    return resource(
        "AWS::SQS::QueuePolicy",
        {
            "Queues": [ref(UPLOAD_EVENTS)],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "OurBucketOnly",
                        "Effect": "Allow",
                        "Principal": {"Service": "s3.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": att(UPLOAD_EVENTS),
                        "Condition": {
                            "ArnEquals": {
                                "aws:SourceArn": sub(
                                    "arn:${AWS::Partition}:s3:::" + bucket_name(UPLOADS_NAME)
                                )
                            },
                            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
                        },
                    }
                ],
            },
        },
    )


def _posted_by_our_pages() -> Json:
    """A page of ours may post a form and read whether it was taken; nothing is read through a page."""
    return {
        "AllowedOrigins": {"Fn::Split": [",", ref("InfraSiteOrigins")]},
        "AllowedMethods": ["POST"],
        "AllowedHeaders": ["Content-Type"],
        "MaxAge": 3600,
    }


def bucket_name(name: str) -> str:
    """For Fn::Sub. The account id makes the name ours: bucket names are shared by all of a partition."""
    return "${AWS::StackName}-" + name + "-${AWS::AccountId}"


def _bucket(name: str, encryption: Json, rules: list[Json], **more: object) -> Json:
    return kept(
        "AWS::S3::Bucket",
        {
            "BucketName": sub(bucket_name(name)),
            "PublicAccessBlockConfiguration": _PRIVATE,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {"Rules": rules},
            **more,
        },
    )


def _old_pages() -> list[Json]:
    return [
        {
            "Id": "ForgetOldPages",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]


def _halves_of_uploads() -> list[Json]:
    """No rule of age for versions: the pinned one is not the newest once somebody posts a form twice. What
    nobody needs is removed by version, at once (uploads.service) or at night (uploads.reconciliation)."""
    return [
        {
            "Id": "ForgetHalves",
            "Status": "Enabled",
            "ExpiredObjectDeleteMarker": True,
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]


def _policy(bucket: str, *more: Json) -> Json:
    arn = "arn:${AWS::Partition}:s3:::${" + bucket + "}"
    return resource(
        "AWS::S3::BucketPolicy",
        {
            "Bucket": ref(bucket),
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "NeverInPlainText",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": [sub(arn), sub(arn + "/*")],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                    *more,
                ],
            },
        },
    )


def _read_by_cdn() -> Json:
    """ListBucket is what turns a missing page into 404 instead of 403."""
    bucket = "arn:${AWS::Partition}:s3:::${" + SITE + "}"
    return {
        "Sid": "ReadByTheCdn",
        "Effect": "Allow",
        "Principal": {"CanonicalUser": att(SITE_IDENTITY, "S3CanonicalUserId")},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [sub(bucket), sub(bucket + "/*")],
    }
