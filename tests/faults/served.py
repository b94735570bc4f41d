"""A real served store, for races and broken connections: one emulator a worker, fresh tables a test.

In-process moto loses atomic updates under threads and cannot be broken into.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.clients import clients_of
from tests.conftest import REGION
from tests.patience import wait_for
from tests.tables import create_tables


@pytest.fixture(scope="session")
def store_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`http://127.0.0.1:<free port>`: an emulator that lives as long as the test run and keeps nothing."""
    folder = tmp_path_factory.mktemp("store")
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",  # else it listens on every interface
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "ERROR",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; sys.argv = ['ministack']; from ministack.app import main; main()",
            ],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process, folder / "log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def served_store(store_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As `aws_moto`, but served: fresh tables under a prefix of their own, a KMS key, key rings."""
    prefix = f"huzhu-{os.urandom(4).hex()}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": store_address,
        "STAGE": "test",
        "RELEASE": "test",
        "SITE_ORIGIN": "https://huzhu.example",
        "TABLE_PREFIX": prefix,
        "SMS_SENDER": "local",
    }.items():
        monkeypatch.setenv(name, value)
    with clients_of(store_address):
        from chalicelib.platform import keyring

        create_tables(prefix)
        monkeypatch.setenv("DATA_KEY_ID", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
        queue = boto3.client("sqs").create_queue(QueueName=f"{prefix}-sms-dead-letters")
        monkeypatch.setenv("SMS_DEAD_LETTERS_URL", queue["QueueUrl"])
        keyring.ensure()
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        assert process.poll() is None, f"the emulator did not start: {log.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(f"{address}/_ministack/health", timeout=10):
                return True
        except OSError:
            return False

    wait_for(answers, "the emulator starts")
