"""A served store for a benchmark: one emulator, the template's tables, key rings, our functions' settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from infra.stack import CREDENTIALS, REGION, start_emulator
from tests.clients import forget_everything
from tests.tables import create_tables

PREFIX = "huzhu-bench"
ORIGIN = "https://huzhu.example"  # what tests.house says its pages come from


@contextmanager
def served_store() -> Iterator[dict[str, str]]:
    """Gives the environment of a function on this store; this process has it too."""
    with tempfile.TemporaryDirectory(prefix="bench-store-") as folder:
        stack = start_emulator(Path(folder))
        try:
            environment = {
                **CREDENTIALS,
                "AWS_REGION": REGION,
                "AWS_ENDPOINT_URL": stack.endpoint,
                "STAGE": "bench",
                "RELEASE": "bench",
                "SITE_ORIGIN": ORIGIN,
                "TABLE_PREFIX": PREFIX,
                "SMS_SENDER": "local",
            }
            os.environ.update(environment)
            create_tables(PREFIX)
            environment["DATA_KEY_ID"] = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
            os.environ.update(environment)
            forget_everything()
            from chalicelib.platform import keyring

            keyring.ensure()
            yield environment
        finally:
            forget_everything()
            stack.stop()
