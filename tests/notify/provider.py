"""A provider on 127.0.0.1 that speaks Tencent Cloud's or Amazon SNS's protocol, and fails on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Arrived:
    mobile: str
    texts: tuple[str, ...]  # the whole text, or the values for the provider's template
    key: str  # our message key, where the protocol carries one
    authorization: str


class Dialect(Protocol):
    def read(self, body: bytes, headers: dict[str, str]) -> Arrived: ...

    def accept(self, arrived: Arrived, number: int) -> tuple[int, str, str]:
        """Status, content type, body."""
        ...

    def refuse(self, code: str) -> tuple[int, str, str]: ...


class Tencent:
    def read(self, body: bytes, headers: dict[str, str]) -> Arrived:
        sent = json.loads(body)
        assert headers["x-tc-action"] == "SendSms"
        assert headers["x-tc-version"] == "2021-01-11"
        assert (sent["SmsSdkAppId"], sent["SignName"]) == ("1400000001", "职工互助保障")
        (mobile,) = sent["PhoneNumberSet"]
        values = (sent["TemplateId"], *sent["TemplateParamSet"])
        return Arrived(mobile, values, sent["SessionContext"], headers["authorization"])

    def accept(self, arrived: Arrived, number: int) -> tuple[int, str, str]:
        return self._status(arrived, f"serial:{number}", "Ok")

    def refuse(self, code: str) -> tuple[int, str, str]:
        if code.startswith("AuthFailure"):  # refused as a request, not as a message
            error = {"Code": code, "Message": "number +8619900001234 …"}
            return self._answer({"Error": error, "RequestId": "r"})
        return self._status(Arrived("+8619900001234", (), "", ""), "", code)

    def _status(self, arrived: Arrived, serial: str, code: str) -> tuple[int, str, str]:
        status = {
            "SerialNo": serial,
            "PhoneNumber": arrived.mobile,
            "Fee": 1,
            "SessionContext": arrived.key,
            "Code": code,
            "Message": f"about {arrived.mobile}",
            "IsoCode": "CN",
        }
        return self._answer({"SendStatusSet": [status], "RequestId": "r"})

    def _answer(self, response: object) -> tuple[int, str, str]:
        return 200, "application/json", json.dumps({"Response": response})


class Sns:
    def read(self, body: bytes, headers: dict[str, str]) -> Arrived:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        assert sent["Action"] == "Publish"
        assert "Transactional" in sent.values()
        return Arrived(sent["PhoneNumber"], (sent["Message"],), "", headers["authorization"])

    def accept(self, arrived: Arrived, number: int) -> tuple[int, str, str]:
        result = f"<PublishResult><MessageId>message-{number}</MessageId></PublishResult>"
        meta = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        return 200, "text/xml", f"<PublishResponse>{result}{meta}</PublishResponse>"

    def refuse(self, code: str) -> tuple[int, str, str]:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>+8619900001234</Message></Error>"
        return 400, "text/xml", f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"


@dataclass
class Provider:
    """`mode`: accept · refuse:<code> · drop (read all, hang up) · hang · garbage · status:<http status>."""

    dialect: Dialect
    mode: str = "accept"
    arrived: list[Arrived] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, str] | None:
        arrived = self.dialect.read(body, headers)
        self.arrived.append(arrived)
        what, _, detail = self.mode.partition(":")
        match what:
            case "accept":
                return self.dialect.accept(arrived, len(self.arrived))
            case "refuse":
                return self.dialect.refuse(detail)
            case "garbage":
                return 200, "application/json", "<html>maintenance"
            case "status":
                return int(detail), "text/plain", "upstream"
            case "hang":
                self.over.wait(30)
        return None


@contextmanager
def running(dialect: Dialect) -> Iterator[Provider]:
    """The provider, listening on a free port of 127.0.0.1 until the block ends."""
    provider = Provider(dialect)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = provider.answer(body, {name.lower(): value for name, value in self.headers.items()})
            if answer is None:
                self.close_connection = True
                return
            status, kind, text = answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        provider.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
