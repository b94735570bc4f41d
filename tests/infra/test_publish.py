"""Putting the built site into its bucket."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest

from infra.publish import content_type, keys, publish


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        ("index.html", ["index.html"]),
        ("services/join/index.html", ["services/join/index.html", "services/join/"]),
        ("js/join.js", ["js/join.js"]),
    ],
)
def test_a_page_is_stored_under_every_address_it_answers(relative: str, expected: list[str]) -> None:
    assert keys(relative) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("terms.md", "text/markdown; charset=utf-8"),
        ("catalog.json", "application/json; charset=utf-8"),
        ("icon.svg", "image/svg+xml; charset=utf-8"),
        ("app.webmanifest", "application/manifest+json"),
        ("photo.webp", "image/webp"),
        ("strange.zzz", "application/octet-stream"),
    ],
)
def test_every_file_says_what_it_is(name: str, expected: str) -> None:
    assert content_type(name) == expected


def test_only_what_changed_is_uploaded_and_nothing_is_removed(aws_moto: None, tmp_path: Path) -> None:
    session = boto3.Session()
    store = session.client("s3")
    place = {"LocationConstraint": session.region_name}
    store.create_bucket(Bucket="site", CreateBucketConfiguration=place)
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text("one")
    (tmp_path / "index.html.br").write_text("packed")
    (tmp_path / "a" / "index.html").write_text("two")
    (tmp_path / "old.js").write_text("three")
    assert publish(session, tmp_path, "site") == 4  # the folder's page counts twice
    assert publish(session, tmp_path, "site") == 0
    (tmp_path / "index.html").write_text("changed")
    (tmp_path / "old.js").unlink()
    assert publish(session, tmp_path, "site") == 1
    listed = {each["Key"] for each in store.list_objects_v2(Bucket="site")["Contents"]}
    assert listed == {"index.html", "a/index.html", "a/", "old.js"}
    page = store.get_object(Bucket="site", Key="a/")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert page["CacheControl"]
    assert page["Body"].read() == b"two"
