"""Fixtures every test may use. `aws_moto` is the fast store: in process, one thread, no network.

Anything about concurrency, restarts, queues or the template uses the real local stack instead: `stack` is
the packaged template deployed on the emulator, `origin` the gateway in front of it, `on_stack` lets this
process use the functions' own services against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import settings as hypothesis_settings
from moto import mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from playwright.sync_api import Browser

from infra.serve import running_gateway
from infra.stack import Stack, running_stack
from tests.browser.chromium import chromium
from tests.clients import clients_of, keep_what_tests_make
from tests.site.building import real_site

keep_what_tests_make()

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")

REGION = "cn-northwest-1"

# `served_store`: a real served store, one emulator a worker.
pytest_plugins = ("tests.schedule", "tests.faults.served")


@pytest.fixture
def aws_moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All tables, a KMS key, a dead-letter queue and fresh key rings on moto."""
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
        "UPLOAD_BUCKET": "huzhu-test-uploads",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(), clients_of("moto"):
        from chalicelib.platform import aws, keyring

        monkeypatch.setenv("DATA_KEY_ID", _tables_and_key())
        queue = aws.client("sqs").create_queue(QueueName="huzhu-test-sms-dead-letters")
        monkeypatch.setenv("SMS_DEAD_LETTERS_URL", queue["QueueUrl"])
        keyring.ensure()
        yield


@pytest.fixture
def upload_bucket(aws_moto: None) -> str:
    """Where files come in, on moto. Nobody tells of what lies there: a test sends the events itself."""
    name, store = "huzhu-test-uploads", boto3.client("s3")
    store.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    store.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _tables_and_key() -> str:
    """Empty tables and a key on moto, made through its API once; gives the key's ARN."""
    from tests.tables import create_tables

    if not _MADE:
        create_tables("huzhu-test")
        _MADE["key"] = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
        _MADE.update({name: deepcopy(vars(_moto(name))) for name in ("dynamodb", "kms")})
    for name in ("dynamodb", "kms"):
        vars(_moto(name)).update(deepcopy(_MADE[name]))
    return str(_MADE["key"])


def _moto(service: Any) -> Any:
    return get_backend(service)[DEFAULT_ACCOUNT_ID][REGION]


_MADE: dict[str, Any] = {}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed stack, one for the whole run. Tests on it use people of their own (`house.people`)."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def site_dir() -> Path:
    """The site as the release builds it, for every worker and run on the same sources. Never written to."""
    return real_site()


@pytest.fixture(scope="session")
def origin(stack: Stack, site_dir: Path) -> Iterator[str]:
    """Where a browser finds pages and `/api`, as `make start` serves them."""
    with running_gateway(stack, site=site_dir) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for a worker. Tests close the contexts they open."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose emulator enforces the roles' policies on what is called, which nobody's own does. The
    bucket's own policy is lifted: it refuses plain http, and the emulator speaks nothing else."""
    with running_stack(tmp_path_factory.mktemp("guarded"), env_overrides={"AUTH": "true"}) as running:
        running.session().client("s3").delete_bucket_policy(Bucket=running.outputs["InfraUploadBucket"])
        yield running


@contextmanager
def environment_of(stack: Stack) -> Iterator[None]:
    """This process may use the functions' own services against it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**stack.env, "AWS_REGION": stack.env["AWS_DEFAULT_REGION"]}.items():
            patch.setenv(name, value)
        with clients_of(stack.endpoint):
            yield


@pytest.fixture
def on_stack(stack: Stack) -> Iterator[Stack]:
    """The stack's environment in this process."""
    with environment_of(stack):
        yield stack
