"""One contract for every sender. The outbox trusts exactly this:

accepted means a provider id; SmsRefused means surely nobody got it; everything else is SmsUnknown; and one
`send` is one request, whatever the library below would like to repeat.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Protocol

import pytest

from chalicelib.kernel import Masked
from chalicelib.notify.model import SmsRefused, SmsSender, SmsUnknown
from chalicelib.notify.senders import local, sns, tencent
from chalicelib.notify.templates import newest
from chalicelib.platform.settings import LIMITS
from tests.clients import forget_everything
from tests.notify.fakes import FakeSmsSender
from tests.notify.provider import Dialect, Provider, Sns, Tencent, running

MOBILE = Masked("19900001234")
CODE = newest("sign_in_code")
TEXT = "【职工互助保障】登录验证码402817，5分钟内有效。工作人员不会向您索要，请勿告诉他人。"
QUICK = replace(LIMITS, sms_connect_seconds=0.5, sms_read_seconds=0.5)

WRONG_NUMBER, BUSY, NOBODY, NO_ANSWER, HANGS, GARBAGE, BROKEN = (
    "wrong number",
    "busy",
    "nobody listens",
    "no answer",
    "hangs",
    "garbage",
    "breaks down",
)


class World(Protocol):
    """A sender, its provider in some mood, and what arrived there (mobile, texts)."""

    sender: SmsSender
    moods: frozenset[str]

    def become(self, mood: str) -> None: ...

    def arrived(self) -> list[tuple[str, tuple[str, ...]]]: ...


class FakeWorld:
    moods = frozenset({WRONG_NUMBER, BUSY, NO_ANSWER})
    scripts: ClassVar = {WRONG_NUMBER: "refuse", BUSY: "busy", NO_ANSWER: "lost"}

    def __init__(self) -> None:
        self.sender = FakeSmsSender()

    def become(self, mood: str) -> None:
        self.sender = FakeSmsSender([self.scripts[mood]])

    def arrived(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(mobile, (text,)) for _, mobile, text in self.sender.delivered]


class LocalWorld:
    moods = frozenset({NOBODY, NO_ANSWER})

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sender = local.LocalSmsSender(str(folder / "sms.jsonl"))

    def become(self, mood: str) -> None:
        path = {NOBODY: str(self._folder / "no" / "folder"), NO_ANSWER: "/dev/full"}[mood]
        self.sender = local.LocalSmsSender(path)

    def arrived(self) -> list[tuple[str, tuple[str, ...]]]:
        path = Path(self.sender.path)
        lines = path.read_text().splitlines() if path.is_file() else []
        return [("+86" + json.loads(line)["mobile"], (json.loads(line)["text"],)) for line in lines]


class HttpWorld:
    """A real sender with its real library, talking to a provider on 127.0.0.1."""

    moods = frozenset({WRONG_NUMBER, BUSY, NOBODY, NO_ANSWER, HANGS, GARBAGE, BROKEN})
    modes: ClassVar = {NO_ANSWER: "drop", HANGS: "hang", GARBAGE: "garbage", BROKEN: "status:500"}

    def __init__(self, provider: Provider, codes: dict[str, str], make: Callable[[int], SmsSender]) -> None:
        self.provider, self._codes, self._make = provider, codes, make
        self.sender = make(provider.port)

    def become(self, mood: str) -> None:
        if mood == NOBODY:
            self.sender = self._make(free_port())
        else:
            self.provider.mode = self.modes.get(mood) or f"refuse:{self._codes[mood]}"

    def arrived(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(each.mobile, each.texts) for each in self.provider.arrived]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_tencent(port: int) -> SmsSender:
    account = tencent.TencentAccount(
        secret_id="AKIDtest",
        secret_key="a-secret-key",
        sdk_app_id="1400000001",
        sign_name="职工互助保障",
        region="ap-guangzhou",
        templates={"sign_in_code_1": "7001"},
    )
    return tencent.TencentSmsSender(account, endpoint=f"127.0.0.1:{port}", protocol="http")


@contextmanager
def http_world(
    dialect: Dialect, codes: dict[str, str], make: Callable[[int], SmsSender]
) -> Iterator[HttpWorld]:
    with running(dialect) as provider:
        yield HttpWorld(provider, codes, make)


@contextmanager
def world_of(name: str, patch: pytest.MonkeyPatch, folder: Path) -> Iterator[World]:
    patch.setenv("NO_PROXY", "127.0.0.1")
    for module in (sns, tencent):
        patch.setattr(module, "LIMITS", QUICK)
    with ExitStack() as stack:
        match name:
            case "fake":
                yield FakeWorld()
            case "local":
                yield LocalWorld(folder)
            case "tencent":
                codes = {
                    WRONG_NUMBER: "InvalidParameterValue.IncorrectPhoneNumber",
                    BUSY: "LimitExceeded.DeliveryFrequencyLimit",
                }
                yield stack.enter_context(http_world(Tencent(), codes, make_tencent))
            case "sns":

                def make(port: int) -> SmsSender:
                    patch.setenv("AWS_ENDPOINT_URL_SNS", f"http://127.0.0.1:{port}")
                    forget_everything()
                    return sns.SnsSmsSender()

                for key, value in {
                    "AWS_ACCESS_KEY_ID": "testing",
                    "AWS_SECRET_ACCESS_KEY": "testing",
                    "AWS_DEFAULT_REGION": "ap-southeast-1",
                }.items():
                    patch.setenv(key, value)
                codes = {WRONG_NUMBER: "InvalidParameter", BUSY: "Throttled"}
                yield stack.enter_context(http_world(Sns(), codes, make))


WORLDS: dict[str, type] = {"fake": FakeWorld, "local": LocalWorld, "tencent": HttpWorld, "sns": HttpWorld}


@pytest.fixture
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    with world_of(request.param, monkeypatch, tmp_path) as made:
        yield made
    forget_everything()


def every_world(*moods: str) -> pytest.MarkDecorator:
    """Each sender whose provider can be in one of these moods."""
    cases = [
        pytest.param(name, mood, id=f"{name}, {mood}")
        for name, kind in WORLDS.items()
        for mood in moods
        if mood in kind.moods
    ]
    return pytest.mark.parametrize(("world", "mood"), cases, indirect=["world"])


def send(world: World, key: str = "code-1") -> str:
    return world.sender.send(MOBILE, CODE, {"code": "402817"}, key).provider_id


@pytest.mark.parametrize("world", WORLDS, indirect=True)
def test_an_accepted_message_arrives_once_and_has_the_providers_id(world: World) -> None:
    first, second = send(world, "code-1"), send(world, "code-2")
    assert first
    assert second
    assert first != second
    assert len(world.arrived()) == 2
    for mobile, texts in world.arrived():
        assert mobile == "+8619900001234"
        assert texts in [(TEXT,), ("7001", "402817")]


@every_world(WRONG_NUMBER)
def test_a_clear_no_is_refused_for_good(world: World, mood: str) -> None:
    world.become(mood)
    with pytest.raises(SmsRefused) as refused:
        send(world)
    assert not refused.value.retryable


@every_world(BUSY, NOBODY)
def test_a_door_that_did_not_open_is_refused_for_now(world: World, mood: str) -> None:
    world.become(mood)
    with pytest.raises(SmsRefused) as refused:
        send(world)
    assert refused.value.retryable


@every_world(NO_ANSWER, HANGS, GARBAGE, BROKEN)
def test_no_clear_answer_is_unknown_and_the_request_was_made_once(world: World, mood: str) -> None:
    world.become(mood)
    began = time.monotonic()
    with pytest.raises(SmsUnknown):
        send(world)
    assert time.monotonic() - began < 5
    assert len(world.arrived()) <= 1
    if isinstance(world, HttpWorld):
        time.sleep(0.2)  # a hidden retry would be on its way by now
        assert len(world.arrived()) == 1


@every_world(WRONG_NUMBER, BUSY, NOBODY, NO_ANSWER, HANGS, GARBAGE, BROKEN)
def test_what_is_raised_never_quotes_the_message(world: World, mood: str) -> None:
    world.become(mood)
    with pytest.raises((SmsRefused, SmsUnknown)) as raised:
        send(world)
    for personal in ("19900001234", "402817"):
        assert personal not in f"{raised.value} {raised.value.args} {raised.value.code}"
