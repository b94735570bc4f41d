"""Runs inside the measured process, which sees an unpacked package and the standard library, nothing else.

    python -I -S -B child.py < order.json

An order is {"do": "start" | "warm", "path": [...], ...}; the result is one line of JSON on the last line of
standard output. Imports at the top are few: whatever is loaded here is not measured.
"""

import json
import sys
import time
from pathlib import Path


def lookup_key(operation: str, body: bytes) -> str:
    """What decides an answer: the operation, and the keys or the ciphertext it names."""
    if operation == "TransactWriteItems":
        return operation
    asked = json.loads(body)
    # Of a query what its key has to be; a filter beside it decides nothing here.
    placeholder = asked.get("KeyConditionExpression", "").partition(" = ")[2].partition(" ")[0]
    value = asked.get("ExpressionAttributeValues", {}).get(placeholder)
    named = [asked.get("Key"), value, asked.get("CiphertextBlob")]
    batches = asked.get("RequestItems", {}).values()
    keys = sorted(json.dumps(key, sort_keys=True) for batch in batches for key in batch["Keys"])
    return operation + json.dumps([named, keys], sort_keys=True)


class Context:
    function_name = "bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def peak_kb() -> int:
    """Peak resident memory of this program; getrusage would count what was before exec too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def call(app, event: dict, status: int) -> dict:
    answer = app(event, Context())
    if answer["statusCode"] != status:
        raise SystemExit(f"{event['path']}: {answer['statusCode']} {answer['body']}, not {status}")
    return answer


def start(order: dict) -> dict:
    """CPU milliseconds of importing the function, client included, and then of its first request, if any."""
    began = time.process_time()
    import app

    result = {"start_ms": (time.process_time() - began) * 1000, "start_kb": peak_kb()}
    if "event" in order:
        if "keys" in order:
            app.keys.update(order["keys"])
        call(app.app, order["event"], order["status"])
        result["with_first_ms"] = (time.process_time() - began) * 1000
    return result


def warm(order: dict) -> dict:
    """CPU microseconds of each request, ours and the line's in turns: {route: {side: [us]}}."""
    import line_app as line

    import app as ours
    from chalicelib.platform import aws, tables

    for client in (tables.connection().client, aws.client("kms"), line.shared.client):
        client.meta.events.register_first("before-send", player(order["tape"]))
    results: dict = {}
    for route in order["routes"]:
        line.keys.clear()
        line.keys.update(route["keys"])
        sides = {"ours": ours.app, "line": line.app}
        taken: dict = {side: [] for side in sides}
        for _ in range(order["calls"]):
            for side, app in sides.items():
                began = time.process_time()
                call(app, route["event"], route["status"])
                taken[side].append((time.process_time() - began) * 1e6)
        results[route["name"]] = taken
    return results


def player(tape: dict):
    """A botocore hook that answers from the tape, so that neither socket nor store is measured."""
    from botocore.awsrequest import AWSResponse

    known: dict = {}

    class Raw:
        def stream(self, *_, **__):
            return iter(())

    def answer(request, **_):
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        body = bytes(request.body)
        if body not in known:
            known[body] = tape[lookup_key(operation, body)].encode()
        response = AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, Raw())
        response._content = known[body]
        return response

    return answer


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.path[:0] = given["path"]
    print(json.dumps({"start": start, "warm": warm}[given["do"]](given)))
