"""The suggestion box: filed once, sealed, limited, read back by no route; the office reads and forgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.access.model import Role, Staff
from chalicelib.kernel import Actor, ForbiddenError, InvalidRequestError, System, Visitor
from chalicelib.office import rules, service
from chalicelib.office.model import Suggestion
from chalicelib.office.records import SuggestionRow
from chalicelib.platform import cipher, clock, keyring, limits
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.work import Work
from infra import office as command
from tests.contract.bodies import suggestion
from tests.contract.store import dump, rows
from tests.contract.wire import send

ROUTE = "POST /suggestions"
SAID = "驿站的插座不够用，能不能多装几个？"
CLERK = Staff("staff#1", "staff#1", frozenset({Role.CLERK}))


def leave(key: str = "a-suggestion-of-mine", **changes: Any) -> Any:
    return send(ROUTE, {**suggestion(), **changes}, key=key)


def filed() -> list[dict[str, Any]]:
    return [row for row in rows("desk") if row["folder"]["S"].startswith("suggestion#")]


def read() -> list[Suggestion]:
    return service.read(Work(CLERK), clock.today())


def forget(receipt: str) -> bool:
    return service.forget(Work(CLERK), receipt)


def test_it_is_filed_and_the_office_reads_it(aws_moto: None) -> None:
    answer = leave(contact="13900000000")
    assert answer.status == 201
    (left,) = read()
    assert (left.receipt, left.text.reveal(), left.contact.reveal()) == (
        answer.json["receipt"],
        SAID,
        "13900000000",
    )
    assert left.page == "/guide/claim/"


def test_the_store_holds_no_readable_word(aws_moto: None) -> None:
    leave(contact="13900000000")
    everything = str(dump())
    assert SAID not in everything
    assert "插座" not in everything
    assert "13900000000" not in everything


def test_the_same_press_twice_is_one_entry_with_one_receipt(aws_moto: None) -> None:
    first, again = leave(), leave()
    assert first.json == again.json
    assert again.status == 201
    assert len(filed()) == 1


def test_the_same_key_with_other_words_is_refused(aws_moto: None) -> None:
    leave()
    assert leave(text="别的话，别的话").code == "request.key_reused"
    assert len(filed()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "　 \n "), ("text", "好"), ("text", "长" * 1001), ("contact", "1" * 41)],
)
def test_what_cannot_be_filed_is_named_and_nothing_is_written(aws_moto: None, field: str, value: str) -> None:
    answer = leave(**{field: value})
    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]
    assert filed() == []


@pytest.mark.parametrize(("length", "fine"), [(3, False), (4, True), (1000, True), (1001, False)])
def test_the_length_counts_to_the_character(length: int, fine: bool) -> None:
    if fine:
        assert len(rules.read_text("字" * length)) == length
    else:
        with pytest.raises(InvalidRequestError):
            rules.read_text("字" * length)


def test_control_characters_are_dropped_and_lines_kept() -> None:
    assert rules.read_text("第一行\r\n第二\x00行\u202e\n") == "第一行\n第二行"


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "/guide/?id=1", "/服务/", "x"])
def test_only_a_path_of_ours_is_kept_as_the_page(aws_moto: None, page: str) -> None:
    assert leave(page=page).status == 201
    assert read()[0].page == ""


def test_one_network_may_write_so_often_and_no_more(aws_moto: None) -> None:
    for n in range(LIMITS.suggestions_per_network_hour):
        assert leave(f"key-of-suggestion-{n:03}").status == 201
    refused = leave("key-of-one-too-many")
    assert refused.status == 429
    assert refused.code == "limits.suggestions_network_hour"
    assert len(filed()) == LIMITS.suggestions_per_network_hour
    assert leave("key-of-suggestion-000").status == 201  # a repeat is still answered


def test_a_full_box_says_so(aws_moto: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.TABLE, "suggestions_office_day", limits.Limit(2, 86400, shards=2))
    assert [leave(f"key-of-suggestion-{n:03}").status for n in range(3)] == [201, 201, 429]


def test_whoever_knows_the_receipt_may_have_it_deleted(aws_moto: None) -> None:
    receipt = leave().json["receipt"]
    assert not forget(receipt[:-1] + ("2" if receipt[-1] != "2" else "3"))
    assert not forget("20269999-22222222")
    assert forget(receipt.lower())
    assert not forget(receipt)
    assert filed() == []


def test_turning_the_keys_seals_it_anew(aws_moto: None) -> None:
    leave()
    keyring.add_version("field")
    assert service.reseal() == 1
    assert service.reseal() == 0
    (row,) = filed()
    assert cipher.seal_version(bytes(row["text_sealed"]["B"])) == keyring.newest("field").version
    assert read()[0].text.reveal() == SAID


@pytest.mark.parametrize(
    "actor",
    [Visitor(), System(), Actor("x", "x"), Staff("staff#2", "staff#2", frozenset({Role.ADMINISTRATOR}))],
    ids=lambda actor: actor.name,
)
def test_nobody_but_the_office_reads_or_deletes(aws_moto: None, actor: Actor) -> None:
    receipt = leave().json["receipt"]
    with pytest.raises(ForbiddenError):
        service.read(Work(actor), clock.today())
    with pytest.raises(ForbiddenError):
        service.forget(Work(actor), receipt)
    assert len(filed()) == 1


@pytest.fixture
def in_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_enter", lambda stage: None)


def test_the_office_reads_and_deletes_from_its_command_line(
    aws_moto: None, in_this_environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = leave().json["receipt"]
    assert command.main(["suggestions"]) == 0
    printed = capsys.readouterr().out
    assert SAID in printed
    assert receipt in printed
    assert command.main(["suggestions", "--forget", receipt]) == 0
    assert command.main(["suggestions", "--forget", receipt]) == 1
    assert filed() == []


def test_an_entry_deleted_while_keys_turn_stops_nobody(
    aws_moto: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rotation has read two; one is forgotten before it is written back."""
    gone = leave("key-of-suggestion-001").json["receipt"]
    leave("key-of-suggestion-002", text="第二封信")
    keyring.add_version("field")
    resealing = SuggestionRow.resealed

    def forgotten_meanwhile(row: SuggestionRow, names: Iterable[str]) -> list[Any]:
        forget(gone)
        return resealing(row, names)

    monkeypatch.setattr(SuggestionRow, "resealed", forgotten_meanwhile)
    assert service.reseal() == 1
    assert [each.text.reveal() for each in read()] == ["第二封信"]
