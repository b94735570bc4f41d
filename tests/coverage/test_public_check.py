"""The public check of a certificate: four answers for who holds number and code, one for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from chalice.test import HTTPResponse

from chalicelib.coverage.rules import numbers
from chalicelib.platform import aws, clock, tables
from chalicelib.platform.settings import LIMITS
from infra.people import demo_person
from tests.contract.wire import send
from tests.coverage.holder import Holder
from tests.house import Phone, client
from tests.typed_cases import full_width

pytestmark = pytest.mark.usefixtures("warm_house")


@pytest.fixture
def warm_house(aws_moto: None) -> Iterator[None]:
    """The limiter's key is in memory, as in any function but the first call's; the clock stands still, so
    that no limiter window ends in the middle of a test."""
    with time_machine.travel(datetime(2026, 11, 22, 4, 30, tzinfo=UTC), tick=False):
        check("-", "-")
        yield


def check(number: str, code: str | None) -> HTTPResponse:
    query = "" if code is None else f"?check={quote(code)}"
    return Phone(demo_person(1)).call("GET", f"/certificates/{quote(number)}{query}")


def seen_by_aws(act: Callable[[], HTTPResponse]) -> tuple[HTTPResponse, list[Any]]:
    """The answer, and every AWS call made for it: the operation and what it was asked, values left out."""
    calls: list[Any] = []

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        calls.append((model.service_model.service_name, model.name, shape(params)))

    clients = [tables.connection().client, aws.client("kms")]
    for each in clients:
        each.meta.events.register("provide-client-params.*.*", note)
    try:
        return act(), calls
    finally:
        for each in clients:
            each.meta.events.unregister("provide-client-params.*.*", note)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return type(value).__name__


def test_number_and_code_open_what_is_printed_on_the_certificate_and_nothing_else() -> None:
    issued = Holder().enters(clock.today())
    answer = check(issued.number, issued.check)
    assert answer.status_code == 200
    assert answer.json_body == {
        "number": issued.number,
        "state": "not_yet",
        "name_masked": "李**",
        "product": issued.product,
        "product_name": issued.product_name,
        "from": issued.period.first.isoformat(),
        "to": issued.period.last.isoformat(),
        "terms_version": answer.json_body["terms_version"],
        "terms_sha256": answer.json_body["terms_sha256"],
        "sponsor": "工会（示范）",
        "starts": [
            {
                "cause": "accident",
                "from": issued.period.first.isoformat(),
                "full_from": issued.period.first.isoformat(),
                "percent": 100,
            }
        ],
    }


def test_number_and_code_may_be_typed_in_small_letters_with_dashes() -> None:
    issued = Holder().enters(clock.today())
    typed = "-".join([issued.number[:2], issued.number[2:8], issued.number[8:]]).lower()
    assert check(typed, f" {issued.check.lower()} ").status_code == 200


def test_number_and_code_may_be_pasted_and_the_number_copied_as_it_looks() -> None:
    issued = Holder().enters(clock.today())
    looks = "\u202d" + issued.number[2:].replace("0", "O").replace("1", "l") + "\ufeff"
    pair = {"path": {"number": looks}, "query": [("check", "\u200b" + full_width(issued.check))]}
    assert send("GET /certificates/{number}", **pair).status == 200


def test_p03_a_wrong_code_cannot_be_told_from_an_unknown_number() -> None:
    """Guard: coverage.service.read.certificate raises one refusal for both, after the same query."""
    issued, other = Holder().enters(clock.today()), Holder("person-2").enters(clock.today())
    unknown = numbers.number("99999999999")
    pairs = [
        (unknown, issued.check),
        (unknown, "--------"),
        (issued.number, "22222222"),
        (issued.number, other.check),
        (issued.number, issued.check[:-1]),
        (issued.number, issued.check + "2"),
        (issued.number, ""),
        (issued.number, None),
        (issued.number, "查"),
    ]
    (first, first_calls), *others = [seen_by_aws(lambda pair=pair: check(*pair)) for pair in pairs]
    assert (first.status_code, first.json_body["code"]) == (404, "certificates.unknown")
    assert [name for _, name, _ in first_calls] == ["UpdateItem", "UpdateItem", "Query"]
    for pair, (answer, calls) in zip(pairs[1:], others, strict=True):
        assert (answer.status_code, answer.body, answer.headers) == (404, first.body, first.headers), pair
        assert calls == first_calls, pair


@pytest.mark.parametrize("typed", ["HZ1", "X" * 3_000, "-", "one digit off"])
def test_a_number_that_was_copied_wrongly_is_told_so_beside_its_field(typed: str) -> None:
    """Guard: coverage.rules.numbers.read compares the check digit; nobody is asked for what cannot be."""
    issued = Holder().enters(clock.today())
    if typed == "one digit off":
        typed = issued.number[:-1] + str((int(issued.number[-1]) + 1) % 10)
    answer, calls = seen_by_aws(lambda: check(typed, issued.check))
    assert (answer.status_code, answer.json_body["code"]) == (400, "certificates.mistyped")
    assert answer.json_body["fields"]["number"].startswith("号码抄错了")
    assert [name for _, name, _ in calls] == ["UpdateItem"]


def test_p03_a_right_pair_asks_the_store_for_nothing_more() -> None:
    """Guard: coverage.records.CertificateRow.name_masked is stored, so that the check opens no seal."""
    issued = Holder().enters(clock.today())
    _, wrong = seen_by_aws(lambda: check(issued.number, "22222222"))
    answer, right = seen_by_aws(lambda: check(issued.number, issued.check))
    assert answer.status_code == 200
    assert right == wrong


def test_one_number_is_checked_thirty_times_an_hour_however_it_is_typed() -> None:
    """Guard: coverage.routes.check_certificate counts the number as it was read."""
    issued = Holder().enters(clock.today())
    spellings = [issued.number, issued.number.lower(), f"{issued.number[:2]}-{issued.number[2:]}"]
    tries = LIMITS.certificate_checks_per_number_hour
    wrong = [check(spellings[turn % 3], "22222222").status_code for turn in range(tries)]
    assert wrong == [404] * tries
    assert check(issued.number, issued.check).status_code == 429


def test_the_check_takes_no_other_question() -> None:
    answer = client().http.get("/certificates/HZ000000000000?check=22222222&today=2020-01-01")
    assert (answer.status_code, answer.json_body["code"]) == (400, "request.invalid")
