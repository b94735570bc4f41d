"""Make a new stack's first data keys, with the code that reads them, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from infra.paths import FUNCTIONS


def ensure_rings(environment: dict[str, str]) -> None:
    """Safe to repeat. `environment` holds TABLE_PREFIX, DATA_KEY_ID and, locally, where AWS is."""
    subprocess.run(
        [sys.executable, "-c", "from chalicelib.platform import keyring; keyring.ensure(('field', 'index'))"],
        env={**os.environ, **environment, "PYTHONPATH": str(FUNCTIONS)},
        check=True,
    )
