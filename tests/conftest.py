"""Fixtures every test may use. `aws_moto` is the fast store: in process, one thread, no network.

Anything about concurrency, restarts, queues or the template uses the real local stack instead.
"""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from hypothesis import settings as hypothesis_settings
from moto import mock_aws

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")

REGION = "cn-northwest-1"
pytest_plugins = ("tests.faults.served",)  # `served_store`: a real served store, one emulator a test run


def forget_everything() -> None:
    from chalicelib.platform import aws, keyring, tables
    from chalicelib.platform.settings import settings

    settings.cache_clear()
    aws.forget_clients()
    tables.forget_connection()
    keyring.forget()


@pytest.fixture
def aws_moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All tables, a KMS key, a dead-letter queue and fresh key rings on moto."""
    from tests.tables import create_tables

    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "STAGE": "test",
        "RELEASE": "test",
        "SITE_ORIGIN": "https://huzhu.example",
        "TABLE_PREFIX": "huzhu-test",
        "SMS_SENDER": "local",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        create_tables("huzhu-test")
        monkeypatch.setenv("DATA_KEY_ID", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
        queue = boto3.client("sqs").create_queue(QueueName="huzhu-test-sms-dead-letters")
        monkeypatch.setenv("SMS_DEAD_LETTERS_URL", queue["QueueUrl"])
        forget_everything()
        from chalicelib.platform import keyring

        keyring.ensure()
        yield
    forget_everything()
