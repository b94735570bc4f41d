"""The queue's messages: read for key and version alone, and one that cannot be read stops no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.platform import aws
from chalicelib.uploads import worker
from chalicelib.uploads.model import FileState
from tests.uploads.slots import found, message, opened, put, versions

pytestmark = pytest.mark.usefixtures("upload_bucket")


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"Records": [{}]}', '{"Records": [{"s3": {}}]}'])
def test_a_poisoned_message_is_named_and_the_others_are_done(body: str) -> None:
    """Guard: uploads.worker:on_queue, its except."""
    first, last = opened(), opened()
    records = [
        message(first, put(first), "first"),
        {"messageId": "poison", "body": body},
        message(last, put(last), "last"),
    ]
    assert worker.on_queue({"Records": records}) == {"batchItemFailures": [{"itemIdentifier": "poison"}]}
    assert {found(first).state, found(last).state} == {FileState.STORED}


def test_the_stores_own_test_message_is_no_failure() -> None:
    body = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})
    assert worker.on_queue({"Records": [{"messageId": "t", "body": body}]}) == {"batchItemFailures": []}


def test_a_message_may_tell_of_several_objects() -> None:
    one, two = opened(), opened()
    both = [json.loads(message(slot, put(slot))["body"])["Records"][0] for slot in (one, two)]
    event = {"Records": [{"messageId": "m", "body": json.dumps({"Records": both})}]}
    assert worker.on_queue(event) == {"batchItemFailures": []}
    assert {found(one).state, found(two).state} == {FileState.STORED}


def test_what_an_event_says_beyond_key_and_version_is_not_believed() -> None:
    slot = opened()
    told = message(slot, put(slot))
    notice = json.loads(told["body"])
    notice["Records"][0]["s3"]["object"] |= {"size": 10**9, "eTag": "0" * 32}
    assert worker.on_queue({"Records": [{**told, "body": json.dumps(notice)}]})["batchItemFailures"] == []
    assert found(slot).state is FileState.STORED


def test_an_object_at_no_slots_key_is_left_for_the_night(upload_bucket: str) -> None:
    stored = aws.client("s3").put_object(Bucket=upload_bucket, Key="a b/ü.txt", Body=b"x")
    notice = {"Records": [{"s3": {"object": {"key": "a+b/%C3%BC.txt", "versionId": stored["VersionId"]}}}]}
    event = {"Records": [{"messageId": "m", "body": json.dumps(notice)}]}
    assert worker.on_queue(event) == {"batchItemFailures": []}


def test_p21_while_the_bucket_does_not_answer_the_message_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Guard: uploads.bucket:_get, which takes for gone only what is gone."""
    from botocore.exceptions import ClientError

    slot = opened()
    version_id = put(slot)
    read = aws.client("s3").get_object

    def down(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "SlowDown"}, "ResponseMetadata": {}}, "GetObject")  # type: ignore[typeddict-item]

    monkeypatch.setattr(aws.client("s3"), "get_object", down)
    event = {"Records": [message(slot, version_id)]}
    assert worker.on_queue(event) == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert (found(slot).state, versions(slot)) == (FileState.AWAITING_UPLOAD, [version_id])
    monkeypatch.setattr(aws.client("s3"), "get_object", read)
    assert worker.on_queue(event) == {"batchItemFailures": []}
    assert found(slot).state is FileState.STORED


def test_p26_no_line_of_the_log_tells_more_than_ids(capfd: pytest.CaptureFixture[str]) -> None:
    slot = opened()
    worker.on_queue({"Records": [message(slot, put(slot)), {"messageId": "p", "body": "赵六 13800000000"}]})
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["upload_stored", "upload_message_failed"]
    assert "赵六" not in json.dumps(lines, ensure_ascii=False)
