"""A page from elsewhere, in a real browser, against the ports of a running local stack.

The emulator runs code for whoever asks, and any page may send requests to 127.0.0.1. What a page can learn is
what its script gets back; what it can do is looked up afterwards in the stack itself.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from infra.serve import running_gateway
from infra.stack import NAME, Stack, running_stack
from tests.browser.chromium import EXECUTABLE, QUIET

# Names of somebody else's that lead to this machine, as such names can.
RULES = "--host-resolver-rules=MAP *.example 127.0.0.1"
READ = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return answer.type + " " + answer.status + " " + await answer.text();
  } catch (error) { return "blocked"; }
}"""
AN_IMAGE = """url => new Promise(done => {
  const image = new Image(); image.onload = image.onerror = () => done("asked"); image.src = url;
})"""
A_FORM = """([url, name, type]) => new Promise(done => {
  const frame = document.createElement("iframe"); frame.name = "answer"; document.body.append(frame);
  const form = document.createElement("form");
  form.action = url; form.method = "post"; form.target = "answer"; form.enctype = type;
  for (const [field, value] of [["Action", "CreateQueue"], ["QueueName", name]]) {
    const input = document.createElement("input");
    input.name = field; input.value = value; form.append(input);
  }
  frame.onload = () => done("sent"); document.body.append(form); form.submit();
})"""

AN_UPLOAD = """async ({url, fields}) => {
  const form = new FormData();
  for (const field in fields) form.append(field, fields[field]);
  form.append("file", new Blob(["a photo"]), "photo.jpg");
  const answer = await fetch(url, {method: "POST", body: form});
  return answer.type + " " + answer.status;
}"""


class Anything(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = b"<!doctype html><title>elsewhere</title><body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  -- its name there
        """Quiet: a test's output is its assertions."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of another site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Anything)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=EXECUTABLE, args=[*QUIET, RULES])
        yield running
        running.close()


@pytest.fixture(params=["127.0.0.1", "localhost", "evil.example", "no origin"])
def foreign(browser: Browser, elsewhere: int, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of another port, of another host name, and one whose origin is `null`."""
    page = browser.new_page()
    nowhere = request.param == "no origin"
    page.goto("data:text/html,<body>" if nowhere else f"http://{request.param}:{elsewhere}/")
    yield page
    page.close()


@pytest.fixture
def rebound(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A page of a host name that leads to the emulator's own port by now: to the browser, one origin."""
    page = browser.new_page()
    page.goto(f"http://rebound.example:{stack.port}/_ministack/health")
    yield page
    page.close()


def dynamodb(call: str, body: str) -> dict[str, Any]:
    kind = {"X-Amz-Target": f"DynamoDB_20120810.{call}", "Content-Type": "application/x-amz-json-1.0"}
    return {"method": "POST", "headers": kind, "body": body}


KEYS = dynamodb("Scan", f'{{"TableName": "{NAME}-keys"}}')
FUNCTION = json.dumps(
    {
        "FunctionName": "%s",
        "Runtime": "python3.11",
        "Role": "arn:aws:iam::000000000000:role/x",
        "Handler": "a.b",
        "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
    }
)


def test_the_attacks_below_are_attacks(stack: Stack) -> None:
    """Each, sent by a program, does what the pages must not."""
    with httpx.Client(base_url=stack.endpoint, trust_env=False, timeout=30) as program:
        assert "wrapped" in program.request(url="/", **_as_httpx(KEYS)).text
        name = new_name()
        made = program.post(
            "/2015-03-31/functions", content=FUNCTION % name, headers={"Content-Type": "text/plain"}
        )
        assert made.status_code == 201, made.text
        program.post("/", data={"Action": "CreateQueue", "QueueName": name})
        program.get(f"/?Action=CreateQueue&QueueName={name}-i")
    assert planted(stack, name) == {"function", "queue", "queue by image"}


def _as_httpx(options: dict[str, Any]) -> dict[str, Any]:
    return {"method": options["method"], "headers": options["headers"], "content": options["body"]}


def test_a_foreign_page_reads_nothing(stack: Stack, foreign: Page) -> None:
    for host in ("127.0.0.1", "localhost"):
        url = f"http://{host}:{stack.port}"
        for path, options in (
            ("/", KEYS),
            ("/_ministack/health", {}),
            (f"/{NAME}-uploads-000000000000", {}),
            ("/?Action=ListQueues", {}),
            ("/2015-03-31/functions", {}),
            ("/health", {"headers": {"X-Huzhu-Gateway": "1"}}),
            (stack.api_url.removeprefix(stack.endpoint) + "/health", {}),
        ):
            assert foreign.evaluate(READ, [url + path, options]) == "blocked", path


def test_a_foreign_page_changes_nothing_even_blindly(stack: Stack, foreign: Page) -> None:
    name, plain = new_name(), {"Content-Type": "text/plain"}
    queue = f"Action=CreateQueue&QueueName={name}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for mode in ("cors", "no-cors"):
        for path, headers, body in (
            ("/2015-03-31/functions", plain, FUNCTION % name),
            ("/", form, queue),
            ("/", plain, queue),
        ):
            options = {"method": "POST", "mode": mode, "headers": headers, "body": body}
            foreign.evaluate(READ, [stack.endpoint + path, options])
    foreign.evaluate(A_FORM, [f"{stack.endpoint}/", name, "application/x-www-form-urlencoded"])
    foreign.evaluate(AN_IMAGE, f"{stack.endpoint}/?Action=CreateQueue&QueueName={name}-i")
    upload = {"method": "PUT", "body": "planted"}
    foreign.evaluate(READ, [f"{stack.endpoint}/{NAME}-uploads-000000000000/{name}?X-Amz-Signature=x", upload])
    assert planted(stack, name) == set()


def test_a_name_pointed_at_the_emulator_reads_and_changes_nothing(stack: Stack, rebound: Page) -> None:
    """To the browser it asks its own origin, so there is no Origin, no preflight, nothing but the Host."""
    name = new_name()
    assert rebound.evaluate(READ, ["/_ministack/health", {}]).startswith("basic 421")
    assert rebound.evaluate(READ, ["/", KEYS]).startswith("basic 421")
    body = {"method": "POST", "headers": {"X-Huzhu-Gateway": "1"}, "body": FUNCTION % name}
    assert rebound.evaluate(READ, ["/2015-03-31/functions", body]).startswith("basic 421")
    assert planted(stack, name) == set()


def test_a_page_of_the_site_may_upload_and_nothing_else(tmp_path: Path, browser: Browser) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>a page of the site</title>", "utf-8")
    with running_stack(tmp_path / "stack") as stack, running_gateway(stack, site=site) as origin:
        uploads_and_nothing_else(stack, browser, origin)


def uploads_and_nothing_else(stack: Stack, browser: Browser, origin: str) -> None:
    bucket, name = f"{NAME}-uploads-000000000000", new_name()
    signed = stack.session().client("s3").generate_presigned_post(bucket, f"incoming/{name}")
    page = browser.new_page()
    page.goto(f"{origin}/")  # under the site's own policy, which lets its pages send there
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        assert page.evaluate(AN_UPLOAD, signed) == "cors 204"
    assert answered.value.headers["access-control-allow-origin"] == origin
    stored = stack.session().client("s3").get_object(Bucket=bucket, Key=f"incoming/{name}")
    assert stored["Body"].read() == b"a photo"

    assert page.evaluate(READ, [f"{stack.endpoint}/", KEYS]) == "blocked"
    for path in (f"/{bucket}?policy", f"/{bucket}?delete", f"/{bucket}/..%2f", "/2015-03-31/functions"):
        options = {"method": "POST", "body": FUNCTION % name, "headers": {"Content-Type": "text/plain"}}
        assert page.evaluate(READ, [stack.endpoint + path, options]) == "blocked", path
    assert planted(stack, name) == set()
    page.close()


def new_name() -> str:
    return f"planted-{uuid.uuid4().hex[:12]}"


def planted(stack: Stack, name: str) -> set[str]:
    """What of this name there is in the stack now."""
    session = stack.session()
    functions = session.client("lambda").get_paginator("list_functions").paginate()
    queues = session.client("sqs").list_queues(QueueNamePrefix=name).get("QueueUrls", [])
    photos = session.client("s3").list_objects_v2(Bucket=f"{NAME}-uploads-000000000000", Prefix=name)
    return {
        kind
        for kind, there in {
            "function": any(each["FunctionName"] == name for page in functions for each in page["Functions"]),
            "queue": any(url.endswith(f"/{name}") for url in queues),
            "queue by image": any(url.endswith(f"/{name}-i") for url in queues),
            "photo": photos["KeyCount"] > 0,
        }.items()
        if there
    }
