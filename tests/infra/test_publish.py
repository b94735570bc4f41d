"""Putting the built site into its bucket."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest

from infra.headers import cache_control
from infra.pages import address_of, environment
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
        ("boards/figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("photo.webp", "image/webp"),
        ("press/share/default.png", "image/png"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("figures.csv", "text/csv; charset=utf-8"),
        ("figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("poster.pdf", "application/pdf"),
        ("strange.zzz", "application/octet-stream"),
    ],
)
def test_every_file_says_what_it_is(name: str, expected: str) -> None:
    assert content_type(name) == expected


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/feed.xml", "/robots.txt", "/boards/figures.csv", "/news/"]
)
def test_what_may_change_tomorrow_is_asked_for_again(path: str) -> None:
    assert cache_control(path) == "public, max-age=60, must-revalidate"


@pytest.mark.parametrize("path", ["/press/share/default.png", "/press/x/poster.pdf", "/press/x/poster.png"])
def test_a_drawn_file_may_be_kept_for_a_day(path: str) -> None:
    assert cache_control(path) == "public, max-age=86400"


def test_a_script_is_kept_for_good_because_its_name_holds_its_hash() -> None:
    assert "immutable" in cache_control("/js/large.0123456789ab.js")


def test_feeds_and_maps_are_uploaded_under_their_own_name_only(aws_moto: None, tmp_path: Path) -> None:
    session = boto3.Session()
    store = session.client("s3")
    place = {"LocationConstraint": session.region_name}
    store.create_bucket(Bucket="site", CreateBucketConfiguration=place)
    (tmp_path / "press/share").mkdir(parents=True)
    for name in ("feed.xml", "sitemap.xml", "robots.txt", "llms.txt", "press/share/default.png"):
        (tmp_path / name).write_bytes(b"x" * 300)
        (tmp_path / f"{name}.br").write_bytes(b"packed")
    assert publish(session, tmp_path, "site") == 5
    picture = store.get_object(Bucket="site", Key="press/share/default.png")
    assert picture["ContentType"] == "image/png"
    assert picture["CacheControl"] == "public, max-age=86400"
    assert store.get_object(Bucket="site", Key="feed.xml")["ContentType"] == "application/xml; charset=utf-8"


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


@pytest.mark.parametrize(
    ("parameters", "address"),
    [
        ({"InfraSiteOrigins": "https://a.example,https://b.example"}, "https://a.example/"),
        ({"InfraSiteOrigins": "https://a.example", "InfraSiteDomain": "c.example"}, "https://c.example/"),
    ],
)
def test_pages_are_built_with_the_address_of_their_stage(parameters: dict[str, str], address: str) -> None:
    assert address_of(parameters) == address
    assert environment(address)["SITE_URL"] == address
