"""P36: debug and secrets never ship, and what breaks tells nobody how it is built.

The bounded fuzz run that sees no 5xx is tests/contract/test_fuzz.py; environment and template are also held
by tests/infra/test_template.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import app
import desk
from chalicelib.platform.settings import settings
from infra.paths import FUNCTIONS
from tests.contract.store import dump
from tests.contract.wire import Reply, routes, send
from tests.house import CAMPAIGN, add_seats, application, phone
from tests.infra.rendered import strings, template

CANARY = "canary-in-the-store"
TRACE = re.compile(
    r"Traceback|File \"|\.py\b|/var/|/opt/|chalicelib|botocore|pynamodb|Exception|Error:|line \d"
)


def test_p36_debug_is_off_in_the_app_and_in_every_stage() -> None:
    """Guard: functions/app.py and desk.py, `debug=False`; nothing turns it on later."""
    assert app.app.debug is False
    assert desk.desk.debug is False
    config = json.loads((FUNCTIONS / ".chalice" / "config.json").read_text())
    stages = [config, *config["stages"].values()]
    stages += [each for stage in config["stages"].values() for each in stage["lambda_functions"].values()]
    assert len(stages) >= 3
    for stage in stages:
        assert not [name for name in stage if "debug" in name.lower()]
        assert "environment_variables" not in stage  # the template's references are the only environment
    for source in FUNCTIONS.rglob("*.py"):
        assert not re.search(r"debug\s*=\s*True|set_debug|\bbreakpoint\(", source.read_text()), source


def test_p36_the_environment_holds_names_of_secrets_and_references() -> None:
    """Guard: infra.resources.functions.environment."""
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables.keys() >= {"SMS_SECRET_ID", "DATA_KEY_ID", "STAGE"}
    assert all(isinstance(value, dict) and len(value) == 1 for value in variables.values())
    for name in variables:
        assert not re.search("PASSWORD|TOKEN|PRIVATE|CREDENTIAL|_SECRET$|ACCESS_KEY", name), name
    # `SMS_SECRET_ID` is the one parameter about a secret, and it takes a name: no value has a default here.
    parameters = template()["Parameters"]
    assert "Default" not in parameters["InfraSmsSecret"] or not parameters["InfraSmsSecret"]["Default"]


SECRETS = {
    "an access key": r"\bA(KIA|SIA|KID)[A-Za-z0-9]{12,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a password": r"(?i)\b(password|passwd|secret_?(access_?)?key|api_?key)\b\s*[:=]\s*[\"'][^\"'$<{]{8,}",
    "a token": r"\b(ghp|gho|xox[bp]|sk|glpat)[-_][A-Za-z0-9]{16,}",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_p36_neither_the_package_nor_the_template_holds(kind: str) -> None:
    """Guard: review; this finds the usual slips in everything that is shipped."""
    pattern = re.compile(SECRETS[kind])
    shipped = [path for path in FUNCTIONS.rglob("*") if path.suffix in (".py", ".json") and path.is_file()]
    assert len(shipped) > 50
    found = [
        str(path.relative_to(FUNCTIONS))
        for path in shipped
        if pattern.search(path.read_text("utf-8", "ignore"))
    ]
    assert found == []
    assert not [text for text in strings(template()) if pattern.search(text)]


# --- what breaks -----------------------------------------------------------------------------------------


def tells_nothing(reply: Reply, logged: str) -> None:
    """Our 500: a problem in Chinese, and no word of what broke; nor in the log."""
    assert (reply.status, reply.code) == (500, "platform.unforeseen")
    assert reply.headers["content-type"] == ("application/problem+json",)
    assert reply.json.keys() == {"type", "title", "status", "code", "detail"}
    assert re.search("[\u4e00-\u9fff]", reply.json["detail"])
    for text in (reply.text, json.dumps(dict(reply.headers))):
        assert not TRACE.search(text), text
        assert CANARY not in text
    assert '"event":"unforeseen_error"' in logged
    assert "Traceback" not in logged
    assert CANARY not in logged


ASKS_NO_STORE = {
    "GET /health",
    "GET /sign-in/challenge",
    "POST /quotes",
    "POST /eligibility-checks",
    "POST /estimates",
    "GET /desk/health",
}


def requests() -> Iterator[tuple[str, dict[str, Any]]]:
    """One request a route that reaches the store."""
    for route in routes():
        name = f"{route.method} {route.path}"
        asked: dict[str, Any] = {"path": {"number": "1", "code": CAMPAIGN}} if "{" in route.path else {}
        if name == "POST /enrollments":
            asked["body"] = application(phone(1).person)
        if name == "POST /sign-in/sessions":
            asked["body"] = {"challenge_id": "a" * 26, "code": "000000"}
        if name == "POST /desk/sessions":
            asked["body"] = {"code": "000000"}
        if name == "POST /suggestions":
            asked["body"] = {"kind": "suggestion", "text": "驿站的插座不够用"}
        if name not in ASKS_NO_STORE:
            yield name, asked


@pytest.mark.usefixtures("aws_moto")
def test_p36_a_table_that_is_not_there_is_our_fault_and_nobody_elses_to_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Guard: platform.http._as_domain_error; a store's own text never passes through."""
    token = phone(1).token
    asked = [each for each in requests() if each[0] != "POST /sign-in/codes"]
    assert len(asked) >= 6
    for name in ("codes", "people", "groups", "desk"):
        boto3.client("dynamodb").delete_table(TableName=settings().table(name))
    capsys.readouterr()
    for name, request in asked:
        reply = send(name, token=token, desk_token="0" * 64, **request)
        captured = capsys.readouterr()
        tells_nothing(reply, captured.out + captured.err)
        assert settings().table_prefix not in reply.text


@pytest.mark.usefixtures("aws_moto")
def test_p36_a_row_that_cannot_be_read_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """Guards: platform.http._as_domain_error answers with our own sentence; platform.log.failure logs a type
    and a place. The error's own text quotes what stands in the row."""
    add_seats(1)
    rider = phone(1)
    (certificate,) = rider.join().json_body["certificates"]
    (row,) = [each for each in dump()["coverages"] if "certificate_number" in each]
    broken = {**row, "endorsements": {"S": f'[{{"kind": "{CANARY}", "facts": {{}}}}]'}}
    boto3.client("dynamodb").put_item(TableName=settings().table("coverages"), Item=broken)
    capsys.readouterr()
    for name, asked in (
        ("GET /me/coverages", {"token": rider.token}),
        (
            "GET /certificates/{number}",
            {"path": {"number": certificate["number"]}, "query": [("check", certificate["check"])]},
        ),
    ):
        reply = send(name, **asked)
        captured = capsys.readouterr()
        tells_nothing(reply, captured.out + captured.err)


@pytest.mark.usefixtures("aws_moto")
def test_p36_where_our_wrapper_does_not_reach_the_answer_tells_nothing_either() -> None:
    """Guard: platform.http.one_error_shape. A view that Chalice runs without `Routes` breaks: even then the
    answer is ours. (That no such route exists is said in tests/contract.)"""
    from chalice.app import RouteEntry

    def breaks() -> None:
        raise RuntimeError(CANARY)

    entry = RouteEntry(breaks, "breaks", "/breaks", "GET")
    app.app.routes["/breaks"] = {"GET": entry}
    try:
        reply = send("GET /breaks")
    finally:
        del app.app.routes["/breaks"]
    assert reply.status == 500
    assert reply.headers["content-type"] == ("application/problem+json",)
    assert CANARY not in reply.text
    assert not TRACE.search(reply.text)
