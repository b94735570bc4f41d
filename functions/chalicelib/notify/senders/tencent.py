"""Tencent Cloud SMS, the mainland provider, through its own SDK (API version 2021-01-11).

One secret in Secrets Manager holds the account:
{"secret_id", "secret_key", "sdk_app_id", "sign_name", "region", "templates": {"joined_1": "1234567", …}}
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kernel import Masked
from chalicelib.notify.model import Accepted, SmsRefused, SmsUnknown
from chalicelib.notify.senders import e164
from chalicelib.notify.templates import Template
from chalicelib.platform import aws
from chalicelib.platform.settings import LIMITS, settings

# The provider's published error codes, sorted by what they say about this one message. What is in neither
# table (InternalError.Timeout, …SendAndRecvFail, …OtherError, a new code) is unknown.
_LATER = (
    "LimitExceeded.DeliveryFrequencyLimit",
    "LimitExceeded.PhoneNumberThirtySecondLimit",
    "RequestLimitExceeded",
)
_NEVER = (
    "ActionOffline",
    "AuthFailure",
    "FailedOperation.ContainSensitiveWord",
    "FailedOperation.FailResolvePacket",
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.JsonParseFail",
    "FailedOperation.MarketingSendTimeConstraint",
    "FailedOperation.MissingSignature",
    "FailedOperation.MissingTemplateList",
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "FailedOperation.SignatureIncorrectOrUnapproved",
    "FailedOperation.TemplateIdNotExist",
    "FailedOperation.TemplateIncorrectOrUnapproved",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
    "FailedOperation.TemplateUnapprovedOrNotExist",
    "InternalError.RequestTimeException",
    "InternalError.RestApiInterfaceNotExist",
    "InternalError.SigFieldMissing",
    "InternalError.SigVerificationFail",
    "InvalidAction",
    "InvalidCredential",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "MissingParameter",
    "NoSuchProduct",
    "NoSuchVersion",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedProtocol",
    "UnsupportedRegion",
)


@dataclass(frozen=True)
class TencentAccount:
    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    sdk_app_id: str
    sign_name: str  # as approved, without 【】
    region: str
    templates: dict[str, str]  # our template name -> the provider's id


class TencentSmsSender:
    def __init__(
        self, account: TencentAccount, *, endpoint: str = "sms.tencentcloudapi.com", protocol: str = "https"
    ) -> None:
        self._account, self._endpoint, self._protocol = account, endpoint, protocol

    @classmethod
    def from_settings(cls) -> TencentSmsSender:
        """Reads the secret by its name. Raises botocore's errors if it cannot."""
        reply = aws.client("secretsmanager").get_secret_value(SecretId=settings().sms_secret_id)
        return cls(TencentAccount(**json.loads(reply["SecretString"])))

    def send(self, mobile: Masked, template: Template, params: dict[str, str], message_key: str) -> Accepted:
        from tencentcloud.common.exception import TencentCloudSDKException
        from tencentcloud.sms.v20210111.models import SendSmsRequest

        provider_template = self._account.templates.get(template.name)
        if provider_template is None:
            raise SmsRefused("no_provider_template", retryable=False)
        request = SendSmsRequest()
        request.PhoneNumberSet = [e164(mobile)]
        request.SmsSdkAppId = self._account.sdk_app_id
        request.SignName = self._account.sign_name
        request.TemplateId = provider_template
        request.TemplateParamSet = list(params.values())
        request.SessionContext = message_key
        try:
            reply = self._client().SendSms(request)
        except TencentCloudSDKException as error:
            raise _failure(error) from None
        statuses = reply.SendStatusSet or []
        if len(statuses) != 1:
            raise SmsUnknown("no_status")
        if statuses[0].Code == "Ok":
            return Accepted(str(statuses[0].SerialNo))
        raise _meaning(str(statuses[0].Code))

    def _client(self) -> Any:
        """New for each message: on a kept connection that died, nobody knows whether a request left."""
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.sms.v20210111.sms_client import SmsClient

        http = HttpProfile(
            protocol=self._protocol,
            endpoint=self._endpoint,
            reqTimeout=(LIMITS.sms_connect_seconds, LIMITS.sms_read_seconds),
        )
        credential = Credential(self._account.secret_id, self._account.secret_key)
        # No retryer and no second region: both would send again after a timeout.
        profile = ClientProfile(httpProfile=http, disable_region_breaker=True, retryer=None)
        return SmsClient(credential, self._account.region, profile)


def _failure(error: Any) -> SmsRefused | SmsUnknown:
    """The SDK says ClientNetworkError for everything on the wire; the cause tells whether a request left."""
    if error.code == "ClientNetworkError":
        return _network(error.__context__)
    return _meaning(str(error.code))


def _network(cause: BaseException | None) -> SmsRefused | SmsUnknown:
    from requests.exceptions import ConnectionError as RequestsConnectionError
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    if isinstance(cause, ConnectTimeout):
        return SmsRefused("connect_timeout", retryable=True)
    if isinstance(cause, RequestsConnectionError) and cause.args:
        reason = getattr(cause.args[0], "reason", None)
        if isinstance(reason, NewConnectionError | ConnectTimeoutError):
            return SmsRefused("connection_refused", retryable=True)
    return SmsUnknown(type(cause).__name__ if cause is not None else "network")


def _meaning(code: str) -> SmsRefused | SmsUnknown:
    if _listed(code, _LATER):
        return SmsRefused(code, retryable=True)
    return SmsRefused(code, retryable=False) if _listed(code, _NEVER) else SmsUnknown(code)


def _listed(code: str, table: tuple[str, ...]) -> bool:
    """A code of the table, or one below it: `AuthFailure` also means `AuthFailure.SignatureFailure`."""
    return any(code == entry or code.startswith(f"{entry}.") for entry in table)
