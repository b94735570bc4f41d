"""Buckets and queues. Nothing is public: visitors reach the site's files through the CDN only."""

from __future__ import annotations

from infra.resources.intrinsics import Json, att, kept, ref, resource, sub, when
from infra.resources.tables import DATA_KEY

SITE = "InfraSite"
PHOTOS = "InfraPhotos"
DEAD_LETTERS = "InfraSmsDeadLetters"
SITE_IDENTITY = "InfraSiteIdentity"

_PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
FOURTEEN_DAYS = 14 * 24 * 3600  # the longest SQS keeps a message: time to notice over a holiday


def resources() -> Json:
    return {
        SITE: _bucket("site", {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}, _old_pages()),
        f"{SITE}Policy": _policy(SITE, when("InfraHasSiteDomain", _read_by_cdn())),
        PHOTOS: _bucket(
            "photos",
            {
                "ServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": att(DATA_KEY),
                },
                "BucketKeyEnabled": True,
            },
            _abandoned_uploads(),
        ),
        f"{PHOTOS}Policy": _policy(PHOTOS),
        DEAD_LETTERS: resource(
            "AWS::SQS::Queue",
            {
                "QueueName": sub("${AWS::StackName}-sms-dead-letters"),
                "MessageRetentionPeriod": FOURTEEN_DAYS,
                "SqsManagedSseEnabled": True,
            },
        ),
    }


def _bucket(name: str, encryption: Json, rules: list[Json]) -> Json:
    return kept(
        "AWS::S3::Bucket",
        {
            # The account id makes the name ours: bucket names are shared by everybody in a partition.
            "BucketName": sub("${AWS::StackName}-" + name + "-${AWS::AccountId}"),
            "PublicAccessBlockConfiguration": _PRIVATE,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {"Rules": rules},
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


def _abandoned_uploads() -> list[Json]:
    return [
        {
            # An upload that no claim took over within a day was given up; the photo is not ours to keep.
            "Id": "ForgetAbandonedUploads",
            "Status": "Enabled",
            "Prefix": "incoming/",
            "ExpirationInDays": 1,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        },
        {
            "Id": "ForgetReplacedPhotos",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        },
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
