"""The sender of a laptop: messages land in a file that the local stack shows as a page. Nothing leaves."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from chalicelib.kernel import Masked
from chalicelib.notify.model import Accepted, SmsRefused, SmsUnknown
from chalicelib.notify.templates import SIGNATURE, Template
from chalicelib.platform import clock, ids


@dataclass(frozen=True, slots=True)
class LocalSmsSender:
    """Appends one JSON line a message: {at, mobile, text, id, template}. Personal data in the clear: `chosen`
    refuses this sender outside local stages."""

    path: str

    def send(self, mobile: Masked, template: Template, params: dict[str, str], message_key: str) -> Accepted:
        line = {
            "at": clock.stamp(clock.now()),
            "mobile": mobile.reveal(),
            "text": SIGNATURE + template.text.format(**params),
            "id": message_key,
            "template": template.name,
        }
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        try:
            # One write to an appending file: lines of concurrent functions do not mix.
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise SmsRefused(type(error).__name__, retryable=True) from None
        try:
            whole = os.write(file, data) == len(data)
        except OSError as error:
            raise SmsUnknown(type(error).__name__) from None
        finally:
            os.close(file)
        if not whole:
            raise SmsUnknown("ShortWrite")
        return Accepted(f"local-{ids.new_id()}")
