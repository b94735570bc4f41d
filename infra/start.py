"""`make start`: everything on this machine, from nothing or from where it stopped.

Package, emulator, deployment, pages, demo people, gateway; each step says what it does and how long it
took. State stays in `.local/`, held by one start at a time. Ctrl-C or TERM stops all that was started, the
emulator last so that it saves.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from infra.deploy import DeployError
from infra.folder import FolderInUseError, claimed
from infra.package import Package, package
from infra.pages import start_building
from infra.paths import FUNCTIONS, LOCAL
from infra.serve import HOST, server
from infra.stack import Stack, StackError, deploy_locally, start_emulator


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    print(f"  {text} … ", end="", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def run(port: int, state: Path) -> None:
    """Hold `state` first: a second start must not touch what the first one uses."""
    with claimed(state, f"http://{HOST}:{port}/"):
        refuse_taken(port)
        run_alone(port, state)


def run_alone(port: int, state: Path) -> None:
    began = time.monotonic()
    print("Starting the mutual-aid site on this machine / 正在本机启动互助保障微站", flush=True)
    pages = start_building(f"http://{HOST}:{port}/")  # beside the other steps; the slowest of all
    stack: Stack | None = None
    try:
        with step("packaging the functions / 打包函数"):
            made: Package = package()
        with step("starting the AWS emulator / 启动本机云"):
            stack = start_emulator(state, port=port + 1, site_origin=origins(port))
        with step("deploying the CloudFormation template / 部署"):
            deploy_locally(stack, made)
            enter(stack)
        with step("building the pages / 生成页面"):
            if pages.wait() != 0:
                raise SystemExit("the pages could not be built; the lines above say why")
        with step("preparing demo people and seats / 准备演示数据"):
            from infra.demo import CAMPAIGN, seed

            demo: list[dict[str, str]] = seed(stack)
        ready = partial(announce, port, CAMPAIGN, demo, began)
        server(stack, port, demo=demo, on_started=ready).run()  # until Ctrl-C or TERM
    finally:
        if pages.poll() is None:
            pages.terminate()
        (state / "environment.json").unlink(missing_ok=True)
        if stack is not None:
            with step("saving and stopping / 正在保存并停止"):
                stack.stop()


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise SystemExit(
                f"Port {port} is taken by another program; no other `make start` uses this folder. "
                f"Stop that program, or run: make start PORT={port + 10}"
            ) from None


def origins(port: int) -> str:
    return f"http://127.0.0.1:{port},http://localhost:{port}"


def enter(stack: Stack) -> None:
    """Let this process and `make seats` use the functions' code on the stack."""
    os.environ.update(stack.env)
    sys.path.insert(0, str(FUNCTIONS))
    notes = stack.folder / "environment.json"
    notes.touch(0o600)
    notes.write_text(json.dumps(stack.env, indent=2))


def announce(port: int, campaign: str, demo: list[dict[str, str]], began: float) -> None:
    site = f"http://{HOST}:{port}"
    print(f"\nReady in {time.monotonic() - began:.1f} s / 已就绪\n")
    print(f"  Site 首页           {site}/")
    print(f"  Join 参加活动       {site}/campaigns/{campaign}/")
    print(f"  SMS outbox 短信     {site}/local/sms   (sign-in codes arrive here / 验证码看这里)")
    print(f"  Demo overview 演示  {site}/local")
    for person in demo:
        print(f"    {person['mobile']}  {person['who']}  {person.get('note', '')}")
    print("\nCtrl-C stops everything and keeps your data / 按 Ctrl-C 停止并保存\n", flush=True)


def stop_on_signal(number: int, frame: Any) -> None:
    raise KeyboardInterrupt  # stopping is what was asked for, so it is no failure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--state", type=Path, default=LOCAL, help="folder that keeps the data")
    chosen = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_on_signal)
    state = chosen.state.resolve()
    try:
        run(chosen.port, state)
    except KeyboardInterrupt:
        return
    except DeployError as error:
        raise SystemExit(
            f"\n{error}\nTo start from nothing, remove {state} (your local data) first."
        ) from None
    except (StackError, FolderInUseError) as error:
        raise SystemExit(f"\n{error}") from None


if __name__ == "__main__":
    main()
