"""The bucket that files come into: forms and links for it, and one version of one object at a time.

A room of its own because it is neither rows nor rules: what is signed here and what lies there. Nothing is
ever read or removed without naming its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.platform import aws, clock
from chalicelib.platform.settings import LIMITS, settings
from chalicelib.uploads import rules
from chalicelib.uploads.model import Announced, Arrived, Form, Version, key

_GONE = ("NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed")  # the last: only a mark that it was deleted
_CHUNK = 1024 * 1024


def form(place: str, what: Announced, expires_at: datetime) -> Form:
    """Lets whoever holds it put exactly these bytes at exactly this key until then. Asks nobody: it signs."""
    fields, conditions = rules.form(what)
    signed = aws.client("s3").generate_presigned_post(
        Bucket=settings().upload_bucket,
        Key=place,
        Fields=fields,
        Conditions=conditions,
        ExpiresIn=int((expires_at - clock.now()).total_seconds()),
    )
    return Form(signed["url"], signed["fields"])


def link(place: str, version_id: str, content_type: str) -> str:
    """Gives that version to whoever holds it, for a minute: saved, never shown as a page, never kept by what
    lies between."""
    address: str = aws.client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().upload_bucket,
            "Key": place,
            "VersionId": version_id,
            "ResponseCacheControl": "no-store",
            "ResponseContentType": content_type,
            "ResponseContentDisposition": "attachment",
        },
        ExpiresIn=LIMITS.link_seconds,
    )
    return address


def arrived(place: str, version_id: str, most: int) -> Arrived | None:
    """What lies there, its bytes read and hashed unless there are more than `most`; None: it is gone."""
    found = _get(place, version_id)
    if found is None:
        return None
    size = int(found["ContentLength"])
    digest = hashlib.sha256()
    if size <= most:
        for chunk in found["Body"].iter_chunks(_CHUNK):
            digest.update(chunk)
    found["Body"].close()
    return Arrived(found["ContentType"], size, digest.hexdigest())


def content(place: str, version_id: str) -> bytes:
    """The bytes of a version that is there. Raises LookupError if it is not."""
    found = _get(place, version_id)
    if found is None:
        raise LookupError("a stored file is gone")
    read: bytes = found["Body"].read()
    return read


def remove(place: str, version_id: str) -> None:
    """That version, for good. What is gone already is as well."""
    aws.client("s3").delete_object(Bucket=settings().upload_bucket, Key=place, VersionId=version_id)


def on_shelf(shelf: str, after: str) -> Iterator[Version]:
    """Every version whose key begins so, sorted by file, from the file behind `after`; read page by page."""
    purpose = shelf.partition("/")[0]
    pages = aws.client("s3").get_paginator("list_object_versions")
    start = {"KeyMarker": key(purpose, after)} if after else {}
    for page in pages.paginate(Bucket=settings().upload_bucket, Prefix=shelf, **start):
        for each in page.get("Versions", []):
            file_id = each["Key"].partition("/")[2]
            if file_id > after:  # not every store takes the marker for what was seen already
                yield Version(file_id, each["VersionId"], each["LastModified"])


def _get(place: str, version_id: str) -> Any:
    from botocore.exceptions import ClientError

    try:
        return aws.client("s3").get_object(Bucket=settings().upload_bucket, Key=place, VersionId=version_id)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
