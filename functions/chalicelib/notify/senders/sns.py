"""Amazon SNS, for AWS regions outside China (there it carries no SMS)."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import Masked, UnavailableError
from chalicelib.notify.model import Accepted, SmsRefused, SmsUnknown
from chalicelib.notify.senders import e164
from chalicelib.notify.templates import SIGNATURE, Template
from chalicelib.platform import aws
from chalicelib.platform.settings import LIMITS

# Throttled at the door: nothing was taken over, a later try may be. Query-protocol spellings of one thing.
_LATER = {"Throttled", "ThrottledException", "Throttling", "ThrottlingException", "RequestLimitExceeded"}
# Answers about the request or the account, given before a message exists.
_NEVER = {
    "AccessDenied",
    "AuthorizationError",
    "AuthorizationErrorException",
    "EndpointDisabled",
    "EndpointDisabledException",
    "ExpiredToken",
    "InvalidClientTokenId",
    "InvalidParameter",
    "InvalidParameterException",
    "InvalidParameterValue",
    "OptedOut",
    "OptedOutException",
    "SignatureDoesNotMatch",
    "UserError",
    "UserErrorException",
    "ValidationError",
    "ValidationException",
}


class SnsSmsSender:
    def __init__(self) -> None:
        from botocore.config import Config

        self._client: Any = aws.session().create_client(
            "sns",
            config=Config(
                connect_timeout=LIMITS.sms_connect_seconds,
                read_timeout=LIMITS.sms_read_seconds,
                retries={"total_max_attempts": 1},  # SNS has no token against doubles: never again by itself
            ),
        )

    def send(self, mobile: Masked, template: Template, params: dict[str, str], message_key: str) -> Accepted:
        from botocore import exceptions

        try:
            reply = self._client.publish(
                PhoneNumber=e164(mobile),
                Message=SIGNATURE + template.text.format(**params),
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                },
            )
        except exceptions.ClientError as error:
            raise _meaning(str(error.response.get("Error", {}).get("Code", ""))) from None
        except (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError) as error:
            raise SmsRefused(type(error).__name__, retryable=True) from None
        except UnavailableError as error:  # our own time budget: the request never left
            raise SmsRefused(error.code, retryable=True) from None
        except (exceptions.NoCredentialsError, exceptions.ParamValidationError) as error:
            raise SmsRefused(type(error).__name__, retryable=False) from None
        except Exception as error:  # cut off, timed out, unreadable: botocore has no one name for it
            raise SmsUnknown(type(error).__name__) from None
        return Accepted(str(reply["MessageId"]))


def _meaning(code: str) -> SmsRefused | SmsUnknown:
    if code in _LATER:
        return SmsRefused(code, retryable=True)
    return SmsRefused(code, retryable=False) if code in _NEVER else SmsUnknown(code)
