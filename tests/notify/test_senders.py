"""What only one sender does: whose account it uses, what it writes, how it reads its provider's codes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
import time_machine
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends
from tencentcloud.sms.v20210111 import errorcodes

from chalicelib.kernel import Masked
from chalicelib.notify import senders
from chalicelib.notify.model import SmsRefused, SmsUnknown
from chalicelib.notify.senders import local, sns, tencent
from chalicelib.notify.templates import TEMPLATES, newest
from chalicelib.platform.settings import settings
from tests.conftest import REGION
from tests.notify.outbox import BEGIN
from tests.notify.provider import Tencent, running
from tests.notify.test_senders_contract import CODE, MOBILE, TEXT

ACCOUNT = {
    "secret_id": "AKIDtest",
    "secret_key": "a-secret-key",
    "sdk_app_id": "1400000001",
    "sign_name": "职工互助保障",
    "region": "ap-guangzhou",
    "templates": {"sign_in_code_1": "7001", "joined_1": "7002"},
}


def test_the_local_file_holds_one_line_a_message(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    with time_machine.travel(BEGIN, tick=False):
        local.LocalSmsSender(str(file)).send(MOBILE, CODE, {"code": "402817"}, "code-1")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {
            "at": "2026-11-22T03:00:00Z",
            "mobile": "19900001234",
            "text": TEXT,
            "id": "code-1",
            "template": "sign_in_code_1",
        }
    ]
    assert file.stat().st_mode & 0o077 == 0


def _send_many(path: str, worker: int) -> None:
    sender = local.LocalSmsSender(path)
    for n in range(50):
        sender.send(MOBILE, CODE, {"code": "402817"}, f"{worker}-{n}")


def test_lines_of_concurrent_functions_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(_send_many, [str(file)] * 4, range(4)))
    keys = [json.loads(line)["id"] for line in file.read_text().splitlines()]
    assert sorted(keys) == sorted(f"{worker}-{n}" for worker in range(4) for n in range(50))


@pytest.mark.usefixtures("aws_moto")
def test_sns_gets_the_whole_text_for_the_whole_number() -> None:
    accepted = sns.SnsSmsSender().send(MOBILE, CODE, {"code": "402817"}, "code-1")
    sent = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages
    assert sent == {accepted.provider_id: ("+8619900001234", TEXT)}


def test_a_number_with_its_country_code_keeps_it() -> None:
    assert senders.e164(Masked("+8619900001234")) == senders.e164(MOBILE) == "+8619900001234"


@pytest.mark.usefixtures("aws_moto")
def test_tencents_account_comes_from_the_secret_the_environment_only_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boto3.client("secretsmanager").create_secret(Name="huzhu/sms", SecretString=json.dumps(ACCOUNT))
    monkeypatch.setenv("SMS_SENDER", "tencent")
    monkeypatch.setenv("SMS_SECRET_ID", "huzhu/sms")
    settings.cache_clear()
    sender = senders.chosen()
    assert isinstance(sender, tencent.TencentSmsSender)
    assert sender._account == tencent.TencentAccount(**ACCOUNT)  # type: ignore[arg-type]
    assert "a-secret-key" not in repr(sender._account)


def test_tencent_gets_our_key_the_values_in_order_and_a_signature() -> None:
    account = tencent.TencentAccount(**ACCOUNT)  # type: ignore[arg-type]
    joined = newest("joined")
    values = {name: f"值{n}" for n, name in enumerate(joined.placeholders)}
    with running(Tencent()) as provider:
        sender = tencent.TencentSmsSender(account, endpoint=f"127.0.0.1:{provider.port}", protocol="http")
        assert sender.send(MOBILE, joined, values, "joined-1").provider_id == "serial:1"
        (arrived,) = provider.arrived
    assert arrived.texts == ("7002", "值0", "值1", "值2")
    assert arrived.key == "joined-1"
    assert arrived.authorization.startswith("TC3-HMAC-SHA256 Credential=AKIDtest/")
    assert "a-secret-key" not in arrived.authorization


def test_a_text_tencent_has_not_approved_is_refused_before_anything_leaves() -> None:
    account = tencent.TencentAccount(**ACCOUNT)  # type: ignore[arg-type]
    sender = tencent.TencentSmsSender(account, endpoint="127.0.0.1:9", protocol="http")
    with pytest.raises(SmsRefused, match="no_provider_template") as refused:
        sender.send(MOBILE, newest("waiting"), {}, "waiting-1")
    assert not refused.value.retryable


@pytest.mark.parametrize("name", [template.name for template in TEMPLATES.values()])
def test_a_template_name_can_be_a_key_of_the_secret(name: str) -> None:
    assert name.isascii()
    assert name.isidentifier()


def verdict(answer: SmsRefused | SmsUnknown) -> str:
    if isinstance(answer, SmsUnknown):
        return "unknown"
    return "later" if answer.retryable else "never"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("LimitExceeded.DeliveryFrequencyLimit", "later"),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", "later"),
        ("RequestLimitExceeded", "later"),
        ("RequestLimitExceeded.UinLimitExceeded", "later"),
        ("LimitExceeded.PhoneNumberDailyLimit", "never"),
        ("LimitExceeded", "never"),
        ("FailedOperation.InsufficientBalanceInSmsPackage", "never"),
        ("FailedOperation.PhoneNumberInBlacklist", "never"),
        ("AuthFailure.SignatureExpire", "never"),
        ("InvalidParameterValue.IncorrectPhoneNumber", "never"),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", "never"),
        ("InternalError.SigVerificationFail", "never"),
        ("InternalError.Timeout", "unknown"),
        ("InternalError.SendAndRecvFail", "unknown"),
        ("InternalError.ParseBackendResponseFail", "unknown"),
        ("InternalError", "unknown"),
        ("FailedOperation", "unknown"),
        ("FailedOperation.OtherError", "unknown"),
        ("ServerNetworkError", "unknown"),
        ("InvalidParameterish", "unknown"),
        ("None", "unknown"),
    ],
)
def test_tencents_codes_mean(code: str, meaning: str) -> None:
    assert verdict(tencent._meaning(code)) == meaning


def test_of_tencents_published_codes_only_those_that_leave_it_open_are_unknown() -> None:
    """A code the SDK adds later is unknown until somebody reads what it says about a message."""
    published = {value for name, value in vars(errorcodes).items() if name.isupper()}
    assert len(published) > 80
    managing = {  # of signatures and templates; never an answer to a message
        "FailedOperation.ForbidAddMarketingTemplates",
        "FailedOperation.MissingSignatureList",
        "FailedOperation.MissingSignatureToModify",
        "FailedOperation.MissingTemplateToModify",
        "FailedOperation.NotEnterpriseCertification",
        "FailedOperation.ProhibitSubAccountUse",
        "FailedOperation.QualificationIdNotApproved",
        "FailedOperation.SignIdNotExist",
        "FailedOperation.SignNumberLimit",
        "FailedOperation.TemplateAlreadyPassedCheck",
        "FailedOperation.TemplateNumberLimit",
    }
    assert {code for code in published if verdict(tencent._meaning(code)) == "unknown"} - managing == {
        "FailedOperation.OtherError",
        "FailedOperation.ParametersOtherError",
        "InternalError.JsonParseFail",
        "InternalError.OtherError",
        "InternalError.ParseBackendResponseFail",
        "InternalError.SendAndRecvFail",
        "InternalError.Timeout",
        "InternalError.UnknownError",
    }


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("Throttled", "later"),
        ("ThrottlingException", "later"),
        ("OptedOut", "never"),
        ("InvalidParameter", "never"),
        ("AuthorizationError", "never"),
        ("InternalError", "unknown"),
        ("InternalFailure", "unknown"),
        ("ServiceUnavailable", "unknown"),
        ("", "unknown"),
    ],
)
def test_snss_codes_mean(code: str, meaning: str) -> None:
    assert verdict(sns._meaning(code)) == meaning
