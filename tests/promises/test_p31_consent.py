"""P31: consent is proved. Nothing is stored before every text in force was agreed to, each for itself, and
every exclusion acknowledged; afterwards the rows say to what, when and how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from chalicelib.catalog import service as catalog
from chalicelib.enrollment import rules
from chalicelib.platform import ids
from infra.people import demo_person
from tests.contract import catalogues
from tests.contract.store import dump, rows
from tests.contract.wire import Reply, send
from tests.house import add_seats, application, phone, product

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SCOPES = ("terms", "personal_information", "id_number")


@pytest.fixture(autouse=True)
def house(aws_moto: None) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        add_seats(2)
        yield


def body(**changes: Any) -> dict[str, Any]:
    return {**application(demo_person(1)), **changes}


def joins(sent: dict[str, Any]) -> Reply:
    token = phone(1).token
    before = dump()
    reply = send("POST /enrollments", sent, token=token, key=ids.new_id())
    if reply.status >= 400:
        assert dump() == before, "a refused join stored something"
    return reply


def refused(sent: dict[str, Any], code: str, field: str) -> str:
    """403 with a sentence beside the field; gives the sentence."""
    reply = joins(sent)
    assert (reply.status, reply.code) == (403, code)
    assert list(reply.json["fields"]) == [field]
    sentence = str(reply.json["detail"])
    assert sentence == reply.json["fields"][field]
    assert re.fullmatch("[\u3001-\u9fff“”\uff01-\uff5e0-9]+。", sentence), sentence
    return sentence


def with_consent(scope: str, **changes: str) -> list[dict[str, str]]:
    consents: list[dict[str, str]] = body()["consents"]
    assert [each["scope"] for each in consents].count(scope) == 1
    return [{**each, **changes} if each["scope"] == scope else each for each in consents]


def test_p31_the_scopes_asked_for_are_these() -> None:
    """Guard: enrollment.rules.SCOPES; the identity number is asked for apart from the rest (PIPL 29)."""
    assert rules.SCOPES == SCOPES
    assert {each["scope"] for each in body()["consents"]} == set(SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
def test_p31_without_one_of_the_consents_nothing_is_stored(scope: str) -> None:
    """Guard: enrollment.rules.refuse_missing_consent, its first `if`."""
    consents = [each for each in body()["consents"] if each["scope"] != scope]
    assert len(consents) == len(SCOPES) - 1
    sentence = refused(body(consents=consents), "enrollments.consent_missing", "consents")
    assert "单独同意" in sentence


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("wrong", [{"version": "2025-9"}, {"sha256": "0" * 64}])
def test_p31_a_consent_to_another_text_is_none(scope: str, wrong: dict[str, str]) -> None:
    """Guard: enrollment.rules.refuse_missing_consent, `agreed != wanted`: version and hash are compared."""
    sentence = refused(
        body(consents=with_consent(scope, **wrong)), "enrollments.consent_outdated", "consents"
    )
    assert "刷新" in sentence


def test_p31_a_text_that_nobody_published_cannot_be_agreed_to() -> None:
    """Guard: enrollment.rules.refuse_missing_consent, `agreed != wanted`, not just a superset: what is stored
    as consent was asked for."""
    made_up = {"scope": "marketing", "version": "1", "sha256": "0" * 64}
    old = {**with_consent("id_number")[-1], "version": "2025-9"}
    for extra in (made_up, old):
        refused(body(consents=[*body()["consents"], extra]), "enrollments.consent_outdated", "consents")


def newer(scope: str) -> catalogues.Edit:
    """The office withdraws a text and publishes its next version, in force since yesterday."""

    def edit(data: dict[str, Any]) -> None:
        (text,) = [each for each in data["privacy"] if each["scope"] == scope]
        data["privacy"].append({**text, "version": "2026-2", "valid_from": "2026-11-21", "sha256": "f" * 64})

    return edit


@pytest.mark.parametrize("scope", ["personal_information", "id_number"])
def test_p31_a_page_opened_before_the_text_changed_has_to_be_read_again(scope: str, tmp_path: Path) -> None:
    """Guard: catalog.model.Catalogue.consent_text gives the newest text in force."""
    opened_before = body()
    with catalogues.changed(newer(scope), tmp_path):
        refused(opened_before, "enrollments.consent_outdated", "consents")
        assert joins(body()).status == 201
        (row,) = consent_rows(scope)
        assert (row["version"], row["sha256"]) == ({"S": "2026-2"}, {"S": "f" * 64})


def test_p31_a_text_of_tomorrow_is_not_asked_for_today(tmp_path: Path) -> None:
    """Guard: catalog.model.Catalogue.consent_text, `valid_from <= on`."""

    def edit(data: dict[str, Any]) -> None:
        newer("id_number")(data)
        data["privacy"][-1]["valid_from"] = "2026-11-23"

    with catalogues.changed(edit, tmp_path):
        assert joins(body()).status == 201


def test_p31_terms_that_changed_have_to_be_agreed_to_again(tmp_path: Path) -> None:
    """Guard: enrollment.rules.required_texts, the version and hash of today's terms."""

    def edit(data: dict[str, Any]) -> None:
        newest = [each for each in data["products"] if each["code"] == product().code][-1]
        data["products"].append(
            {**newest, "version": "2026-9", "valid_from": "2026-11-21", "terms_sha256": "f" * 64}
        )

    opened_before = body()
    with catalogues.changed(edit, tmp_path):
        refused(opened_before, "enrollments.consent_outdated", "consents")


def test_p31_every_exclusion_is_acknowledged_one_by_one() -> None:
    """Guard: enrollment.rules.refuse_unacknowledged."""
    exclusions = product().exclusions
    assert len(exclusions) >= 3
    for missing in exclusions:
        seen = [each.id for each in exclusions if each is not missing]
        sentence = refused(
            body(acknowledgements=[{"product": product().code, "exclusions": seen}]),
            "enrollments.exclusions_not_acknowledged",
            "acknowledgements",
        )
        assert missing.title in sentence
    for nothing in ([], [{"product": product().code, "exclusions": []}]):
        none = refused(
            body(acknowledgements=nothing), "enrollments.exclusions_not_acknowledged", "acknowledgements"
        )
        assert all(each.title in none for each in exclusions)


def test_p31_the_rows_say_to_what_when_and_how() -> None:
    """Guard: enrollment.service.consents.writes in the join's own transaction."""
    assert joins(body(channel="station")).status == 201
    agreed = [plain(row) for scope in SCOPES for row in consent_rows(scope)]
    published = {text.scope: (text.version, text.sha256) for text in catalog.catalogue().privacy}
    published["terms"] = (product().version, product().terms_sha256)
    assert len(agreed) == len(SCOPES)
    for row in agreed:
        assert (row["version"], row["sha256"]) == published[row["scope"]]
        assert datetime.fromisoformat(row["at"]) == NOON
        assert (row["channel"], row["given_by"]) == ("station", "self")
        assert "withdrawn_at" not in row
    (read,) = [row for row in dump()["people"] if row["part"]["S"].startswith("acknowledged#")]
    assert [each["S"] for each in read["exclusions"]["L"]] == [each.id for each in product().exclusions]
    assert read["terms_sha256"] == {"S": product().terms_sha256}
    assert datetime.fromisoformat(read["at"]["S"]) == NOON
    assert {row["person_id"] for row in agreed} == {read["person_id"]["S"]}


def test_p31_a_place_on_the_waiting_list_needs_the_same_consents() -> None:
    """Guard: enrollment.service.join._Joining._finish, on both ways in."""
    for seed in (2, 3):
        assert phone(seed).join().status_code == 201  # the seats are taken
    refused(body(consents=[]), "enrollments.consent_missing", "consents")
    assert joins(body()).json["state"] == "waiting"
    assert len([row for scope in SCOPES for row in consent_rows(scope, of=demo_person(1).mobile)]) == 3


def consent_rows(scope: str, of: str = "") -> list[dict[str, Any]]:
    found = [row for row in rows("people", scope=scope) if row["part"]["S"].startswith(f"consent#{scope}#")]
    if not of:
        return found
    from chalicelib.kernel import Masked
    from chalicelib.people import service as people
    from chalicelib.platform import cipher

    person_id = people.person_of(cipher.blind_indexes("mobile", Masked(of)))
    return [row for row in found if row["person_id"]["S"] == person_id]


def plain(row: dict[str, Any]) -> dict[str, str]:
    return {name: value["S"] for name, value in row.items() if "S" in value}
