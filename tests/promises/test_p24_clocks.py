"""P24: the server's clock and Shanghai's calendar decide, to the second; the visitor's clock never does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.coverage.model import Issued
from chalicelib.kernel import SHANGHAI, shanghai_day
from chalicelib.platform import clock
from infra.people import demo_person
from tests.coverage.holder import Holder
from tests.faults import seam
from tests.house import Phone, add_seats, phone

SECOND = timedelta(seconds=1)
in_process = pytest.mark.usefixtures("aws_moto")


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    with time_machine.travel(instant, tick=False):
        yield


def public_check(issued: Issued, headers: dict[str, str] | None = None) -> HTTPResponse:
    anybody = Phone(demo_person(9), headers=headers or {})
    return anybody.call("GET", f"/certificates/{issued.number}?check={issued.check}")


def state(issued: Issued) -> str:
    return str(public_check(issued).json_body["state"])


@in_process
@pytest.mark.parametrize(
    ("joined", "first", "last"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), "2026-11-23", "2027-11-22"),  # 23:59:59 in Shanghai
        (datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), "2026-11-24", "2027-11-23"),  # 00:00:00, a new day
        (datetime(2027, 1, 31, 15, 59, 59, tzinfo=UTC), "2027-02-01", "2028-01-31"),  # month end
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2027-01-01", "2027-12-31"),  # year end
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "2027-01-02", "2028-01-01"),
        (datetime(2028, 2, 28, 15, 59, 59, tzinfo=UTC), "2028-02-29", "2029-02-28"),  # begins on 29 February
        (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), "2028-03-01", "2029-02-28"),  # joined on it
        (datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC), "2027-03-01", "2028-02-29"),  # ends on it
    ],
)
def test_p24_cover_runs_from_midnight_to_midnight_in_shanghai(
    joined: datetime, first: str, last: str
) -> None:
    """Guard: kernel.shanghai_day turns server instants into days; coverage.rules.engine.effective_day and
    first_period set the bounds, coverage.rules.engine.state_on includes both."""
    with at(joined):
        issued = Holder().enters(clock.today())
    begins = datetime.fromisoformat(first).replace(tzinfo=SHANGHAI).astimezone(UTC)
    ends = datetime.fromisoformat(last).replace(tzinfo=SHANGHAI).astimezone(UTC) + timedelta(days=1)
    expected = {
        joined: "not_yet",
        begins - SECOND: "not_yet",
        begins: "in_force",
        ends - SECOND: "in_force",
        ends: "ended",
    }
    seen = {}
    for instant in expected:
        with at(instant):
            answer = public_check(issued).json_body
        assert (answer["from"], answer["to"]) == (first, last)
        seen[instant] = answer["state"]
    assert seen == expected


@in_process
def test_p24_am_i_covered_today_turns_at_midnight_in_shanghai() -> None:
    """Guard: me.routes.my_coverages asks `work.today`, not the UTC day."""
    joined = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    midnight = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    with at(joined):
        add_seats(1)
        rider = phone(1)
        assert rider.join().status_code == 201
    answers = {}
    for instant in (midnight - SECOND, midnight):
        with at(instant):
            mine = rider.sign_in().call("GET", "/me/coverages").json_body
        answers[mine["today"]] = (mine["covered_today"], mine["items"][0]["state"])
    assert answers == {"2026-11-22": (False, "not_yet"), "2026-11-23": (True, "in_force")}


@in_process
@pytest.mark.parametrize("wrong", [timedelta(days=-1), timedelta(days=1)])
def test_p24_a_wrong_clock_on_the_phone_changes_nothing(wrong: timedelta) -> None:
    """Guard: platform.http._read takes `now` from platform.clock; no header, query or body sets it."""
    now = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    told = (now + wrong).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with at(now):
        add_seats(1)
        rider = phone(1)
        rider.headers = {"Date": told, "X-Amz-Date": (now + wrong).strftime("%Y%m%dT%H%M%SZ")}
        (certificate,) = rider.join().json_body["certificates"]
        assert certificate["effective_from"] == "2026-11-23"
        mine = rider.call("GET", "/me/coverages").json_body
        assert (mine["today"], mine["covered_today"]) == ("2026-11-22", False)
        assert rider.join(today="2026-11-20").status_code == 400
        assert rider.call("GET", "/me/coverages?today=2026-11-24").status_code == 400


@pytest.mark.usefixtures("served_store")
@pytest.mark.parametrize("refusal", ["RequestTimeTooSkewed", "InvalidSignatureException"])
def test_p24_a_skewed_server_clock_is_a_clear_pause_and_never_a_guess(
    refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Guard: platform.transaction._SKEWED counts a refused clock among what makes us unavailable, and says so
    in the log, where an alarm counts it."""
    issued = Holder().enters(clock.today())
    assert state(issued) == "not_yet"
    with seam.faults(seam.always(seam.Reply(refusal, 403))):
        answer = public_check(issued)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "state" not in answer.json_body
    assert '"event":"clock_skewed"' in capsys.readouterr().err
    assert state(issued) == "not_yet"


def test_p24_an_instant_without_a_time_zone_is_no_instant() -> None:
    """Guard: kernel.shanghai_day refuses a naive datetime."""
    with pytest.raises(ValueError, match="aware"):
        shanghai_day(datetime(2026, 11, 22, 16, 0))  # noqa: DTZ001 - the very thing that must be refused


def test_p24_naive_instants_and_other_clocks_are_lint_errors() -> None:
    """Guard: pyproject.toml, ruff's DTZ rules and banned clocks."""
    import tomllib

    lint = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert {"DTZ", "TID"} <= set(lint["select"])
    assert not [rule for rule in lint["ignore"] if rule.startswith(("DTZ", "TID"))]
    banned = lint["flake8-tidy-imports"]["banned-api"]
    assert {"datetime.datetime.now", "datetime.date.today", "time.time"} <= banned.keys()
