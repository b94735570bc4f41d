"""The AWS emulator as one child process: `python -m infra.emulator`, settings by environment.

What it does not do by itself, measured (its version 1.5) and added here:
- It saves its state only on a clean stop, so a kill loses everything. A forked copy saves it a moment after
  any change; the fork stalls the loop about 5 ms, writing happens in the copy. A stack half made is never
  saved, however the emulator ends: CloudFormation would take no further deployment.
- It knows a queue by an address that holds its port: started on another one, no message reaches a function.
- It waits 50 ms for a log line after every call of a silent function.
- Two of them on the same state would overwrite each other: the second waits for the first to end, and one
  whose parent was killed ends by itself.
- It runs functions with its own packages in reach, which hides a dependency missing from the zip.
- It runs code for whoever asks, under any Host, and lets every page of every origin read its answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from infra.this_machine import NoPages, OnlyThisMachine

SAVE_PAUSE_SECONDS = 1.0  # the most a kill of the emulator itself can lose, plus one save
SAVE_LIMIT_SECONDS = 30  # a copy that takes longer is stuck
LOG_WAIT_SECONDS = 0.002
QUEUES_PORT = "8001"  # in the name of each queue, whatever port this start listens on; that of `make start`
_HALF_MADE = (
    "CREATE_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
)


class Saver:
    """Forks to save the emulator's state soon after a request changed it; one copy at a time."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.changed = False
        self.stopping = asyncio.Event()
        self.parent = os.getppid()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            self.changed = self.changed or not scope.get("path", "").startswith("/_ministack/")
            return
        saving = asyncio.create_task(self.save_until_stopped())

        async def receive_after_last_copy() -> Any:
            message = await receive()
            if message["type"] == "lifespan.shutdown":  # the emulator now saves, to the same files
                self.stopping.set()
                await saving
                if deploying():
                    os._exit(1)
            return message

        await self.app(scope, receive_after_last_copy, send)

    async def pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    async def save_until_stopped(self) -> None:
        while not self.stopping.is_set():
            await self.pause(SAVE_PAUSE_SECONDS)
            if os.getppid() != self.parent:  # who started us was killed: save and stop, as if told to
                os.kill(os.getpid(), signal.SIGTERM)
                return
            if self.changed and not deploying():
                self.changed = False
                started = time.monotonic()
                await self.wait_for(self.fork_and_save())
                # Saving may use at most a fifth of one core, however large the data grows.
                await self.pause(4 * (time.monotonic() - started))

    def fork_and_save(self) -> int:
        from ministack.app import _build_persistence_save_dict
        from ministack.core.persistence import save_all
        from ministack.services import dynamodb

        # Requests to tables run on this loop, so none is half done here; the lock keeps out the TTL thread.
        with dynamodb._lock:
            pid = os.fork()
        if pid:
            return pid
        try:
            signal.alarm(SAVE_LIMIT_SECONDS)
            os.nice(10)
            save_all(_build_persistence_save_dict())
        finally:
            os._exit(0)

    async def wait_for(self, pid: int) -> None:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):  # noqa: ASYNC110, ASYNC222 - does not block
            await asyncio.sleep(0.02)


def deploying() -> bool:
    """Whether CloudFormation is amid making or changing a stack."""
    formation = sys.modules.get("ministack.services.cloudformation")
    stacks = formation._stacks._data.values() if formation else ()
    return any(each["StackStatus"] in _HALF_MADE for each in stacks)


def bare_interpreter(folder: Path) -> str:
    """A launcher for this Python without site packages: a function sees its own zip and nothing else."""
    launcher = folder / "lambda-python"
    python = getattr(sys, "_base_executable", sys.executable)
    launcher.write_text(f'#!/bin/sh\nexec "{python}" -I -S -B "$@"\n')
    launcher.chmod(0o755)
    return str(launcher)


def accept_our_template(provisioners: Any) -> None:
    """Let through the two things its CloudFormation refuses: the firewall's attachment, and alarms computed
    from several metrics. It filters no requests and rings for nobody, so a note of each is enough."""

    def attach_firewall(name: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        return f"{properties['WebACLArn']}|{properties['ResourceArn']}", {}

    def alarm_record(name: str, properties: dict[str, Any]) -> Any:
        if "Metrics" not in properties:
            return simple_alarm_record(name, properties)
        silent = {"Namespace": "computed", "MetricName": name, "Statistic": "Sum", "Period": 60}
        return simple_alarm_record(name, {**properties, "Metrics": None, **silent})

    simple_alarm_record = provisioners._cw_metric_alarm_record
    provisioners._cw_metric_alarm_record = alarm_record
    provisioners._RESOURCE_HANDLERS["AWS::WAFv2::WebACLAssociation"] = {
        "create": attach_firewall,
        "delete": lambda *_: None,
    }


def own_state(folder: Path) -> int:
    """Wait until no other emulator uses this state; the lock ends with this process."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main() -> None:
    own_state(Path(os.environ["STATE_DIR"]))
    scratch = Path(os.environ["TMPDIR"])
    shutil.rmtree(scratch, ignore_errors=True)  # unzipped functions of a run that was killed
    scratch.mkdir(parents=True)

    from ministack import app as emulator
    from ministack.core import lambda_runtime
    from ministack.services import sqs
    from ministack.services.cloudformation import provisioners

    accept_our_template(provisioners)
    sqs.DEFAULT_PORT = QUEUES_PORT
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{QUEUES_PORT}"
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    python = bare_interpreter(scratch)
    lambda_runtime._detect_runtime_binary = lambda runtime: (python, script)
    wait = lambda_runtime.Worker._drain_stderr_bounded
    wait.__defaults__ = (LOG_WAIT_SECONDS, *wait.__defaults__[1:])
    origins, bucket_prefix = os.environ["SITE_ORIGINS"].split(","), os.environ["UPLOAD_BUCKET_PREFIX"]
    emulator.app = OnlyThisMachine(NoPages(Saver(emulator.app), origins, bucket_prefix))
    sys.argv = ["ministack"]
    emulator.main()


if __name__ == "__main__":
    main()
