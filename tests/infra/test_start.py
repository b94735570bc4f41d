"""`make start` as a person uses it: real processes, one port, stopped by a signal."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.folder import FolderInUseError, claimed
from infra.paths import ROOT, SITE
from infra.processes import children, free_port
from tests.infra.test_stack import running
from tests.patience import PATIENCE_SECONDS, wait_for


@dataclass
class Started:
    child: subprocess.Popen[str]
    port: int
    said: str

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def descendants(self) -> list[int]:
        found = [self.child.pid]
        for pid in found:
            found += children(pid)
        return found


def start(state: Path, port: int) -> Started:
    child = subprocess.Popen(
        [sys.executable, "-m", "infra.start", "--port", str(port), "--state", str(state)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    said = ""
    while "Ctrl-C stops everything" not in said:
        line = child.stdout.readline()
        assert line, f"{child.wait()} {said}"
        said += line
    return Started(child, port, said)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Started]]:
    """Started, stopped by TERM, and started again on what it kept."""
    state, port = tmp_path_factory.mktemp("local"), free_port()
    first = start(state, port)
    wait_for((state / "sms.jsonl").is_file, "the demo's messages are sent")
    assert stop(first, signal.SIGTERM) == 0
    second = start(state, port)
    yield state, second
    assert stop(second, signal.SIGINT) == 0


def stop(started: Started, number: signal.Signals) -> int:
    """Its exit status; asserts that nothing it started lives on."""
    pids = started.descendants()
    started.child.send_signal(number)
    started.child.communicate(timeout=PATIENCE_SECONDS)
    wait_for(lambda: not any(map(running, pids)), "nothing it started lives on")
    return started.child.returncode


def test_a_second_start_keeps_the_first_ones_people(twice: tuple[Path, Started]) -> None:
    state, _ = twice
    texts = [json.loads(line)["text"] for line in (state / "sms.jsonl").read_text("utf-8").splitlines()]
    assert len([text for text in texts if "已参保" in text]) == 1  # joined once, told once, over both starts


def test_site_and_api_answer_on_one_origin(twice: tuple[Path, Started]) -> None:
    site = twice[1].site
    home = httpx.get(f"{site}/", trust_env=False)
    assert home.status_code == 200
    assert "<html" in home.text
    health = httpx.get(f"{site}/api/health", trust_env=False)
    assert health.status_code == 200
    assert health.headers["x-huzhu-api"]


def test_every_link_it_prints_works(twice: tuple[Path, Started]) -> None:
    links = [word for word in twice[1].said.split() if word.startswith("http://")]
    assert len(links) >= 4
    assert {link: httpx.get(link, trust_env=False).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_demo_people_it_prints_are_on_the_local_page(twice: tuple[Path, Started]) -> None:
    page = httpx.get(f"{twice[1].site}/local", trust_env=False).text
    shown = [word for word in twice[1].said.split() if word.isdigit() and len(word) == 11]
    assert len(shown) >= 2
    assert all(mobile in page for mobile in shown)


def test_office_tools_find_the_running_stack(twice: tuple[Path, Started]) -> None:
    notes = twice[0] / "environment.json"
    assert json.loads(notes.read_text())["STAGE"] == "local"
    assert (notes.stat().st_mode & 0o777) == 0o600


def test_a_killed_start_leaves_no_emulator_behind_and_the_next_one_has_its_data(tmp_path: Path) -> None:
    killed = start(tmp_path, free_port())
    pids = killed.descendants()
    killed.child.kill()
    killed.child.communicate()
    again = start(tmp_path, killed.port)  # waits for the orphan to save and end
    try:
        assert not any(running(pid) for pid in pids)
        health = httpx.get(f"{again.site}/api/health", trust_env=False)
        assert health.status_code == 200
    finally:
        assert stop(again, signal.SIGTERM) == 0


def run_beside(state: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.start", "--port", str(port), "--state", str(state)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("same_port", [True, False])
def test_a_second_start_beside_the_first_touches_nothing_and_says_who_holds_the_folder(
    twice: tuple[Path, Started], same_port: bool
) -> None:
    state, first = twice
    files = [state / "environment.json", state / "emulator.log", SITE / "index.html"]
    before = [file.stat().st_mtime_ns for file in files]
    ran = run_beside(state, first.port if same_port else free_port())
    assert ran.returncode == 1
    assert ran.stdout == ""
    for said in (
        f"process {first.child.pid}",
        f"{first.site}/",
        f"kill {first.child.pid}",
        "since 20",
        "正在使用",
    ):
        assert said in ran.stderr
    assert "PORT=" not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert [file.stat().st_mtime_ns for file in files] == before
    assert httpx.get(f"{first.site}/api/health", trust_env=False).status_code == 200


def test_a_folder_is_free_again_however_its_holder_ended(tmp_path: Path) -> None:
    hold = "import sys; from pathlib import Path; from infra.folder import claimed\n"
    hold += (
        "with claimed(Path(sys.argv[1]), 'http://127.0.0.1:1/'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    for end in (signal.SIGKILL, signal.SIGTERM, None):
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"held\n"
            with pytest.raises(FolderInUseError, match=f"process {child.pid}"), claimed(tmp_path, ""):
                pass
            if end:
                child.send_signal(end)
        with claimed(tmp_path, ""):  # without a signal it ended because its input did
            pass


def test_who_has_only_just_begun_is_named_without_a_process(tmp_path: Path) -> None:
    with claimed(tmp_path, ""):
        (tmp_path / "start.lock").write_text("")
        with pytest.raises(FolderInUseError, match="Wait a moment"), claimed(tmp_path, ""):
            pass


def test_a_taken_port_is_said_plainly_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run_beside(tmp_path / "s", port)
    assert ran.returncode == 1
    assert f"Port {port} is taken by another program" in ran.stderr
    assert f"PORT={port + 10}" in ran.stderr
    assert ran.stdout == ""
    assert [file.name for file in (tmp_path / "s").iterdir()] == ["start.lock"]
