"""Who carries our SMS, by setting. The port is `model.SmsSender`; all senders pass one contract suite.

`total tries = 1` everywhere: a library that retries by itself after a timeout would send twice.
"""

from __future__ import annotations

from chalicelib.kernel import Masked
from chalicelib.notify.model import SmsSender
from chalicelib.platform.settings import settings


def chosen() -> SmsSender:
    """The sender this deployment is set to. Imports only that one: the others' libraries cost cold start.

    Raises RuntimeError for an unknown name, and for the local sender anywhere but on a laptop or in tests.
    """
    name = settings().sms_sender
    if name == "tencent":
        from chalicelib.notify.senders.tencent import TencentSmsSender

        return TencentSmsSender.from_settings()
    if name == "sns":
        from chalicelib.notify.senders.sns import SnsSmsSender

        return SnsSmsSender()
    if name == "local" and settings().stage in ("local", "test") and settings().local_sms_file:
        from chalicelib.notify.senders.local import LocalSmsSender

        return LocalSmsSender(settings().local_sms_file)
    raise RuntimeError(f"no SMS sender {name} in stage {settings().stage}")


def e164(mobile: Masked) -> str:
    """`+8613800138000`, whether or not the country code was there."""
    text = mobile.reveal()
    return text if text.startswith("+") else f"+86{text}"
