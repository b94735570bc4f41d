"""Messages on the real stack: after the fact, once, and through kills of the sender."""

from __future__ import annotations

import json
from collections import Counter

from infra.stack import Stack
from tests.house import add_seats
from tests.patience import wait_for
from tests.stack.riders import join_together, riders

KILLS = 5


def sent(stack: Stack) -> Counter[str]:
    """How often each message reached the phone, by outbox id."""
    if not stack.sms_file.exists():
        return Counter()
    return Counter(json.loads(line)["id"] for line in stack.sms_file.read_text().splitlines())


def states(stack: Stack) -> dict[str, str]:
    client = stack.session().client("dynamodb")
    pages = client.get_paginator("scan").paginate(
        TableName=f"{stack.env['TABLE_PREFIX']}-outbox", ConsistentRead=True
    )
    return {row["id"]["S"]: row["state"]["S"] for page in pages for row in page["Items"]}


def test_every_join_is_told_once_though_the_sender_is_killed_again_and_again(
    on_stack: Stack, origin: str
) -> None:
    add_seats(2_000)
    crowd = riders(20)
    answers = join_together(origin, crowd, on_stack.api_id)
    wanted = {f"joined-{answer.json()['certificates'][0]['number']}" for answer in answers}
    kills = 0

    def all_are_tried() -> bool:
        nonlocal kills
        if kills < KILLS:
            kills += bool(on_stack.kill_function_workers("outbox"))
        stored = states(on_stack)
        return all(stored[each] != "pending" for each in wanted)

    wait_for(all_are_tried, "every message was taken up by some sender")
    stored, arrived = states(on_stack), sent(on_stack)
    assert max(arrived[each] for each in wanted) <= 1
    for each in wanted:
        # Sent and known to be sent; or cut off in the middle: then visible, and never sent again by itself.
        assert stored[each] in ("sent", "sending", "unknown"), stored[each]
        assert arrived[each] == 1 or stored[each] != "sent"


def test_a_message_is_never_on_the_phone_before_its_fact_is_stored(on_stack: Stack, origin: str) -> None:
    rider = riders(1)[0]
    before = set(sent(on_stack))
    (answer,) = join_together(origin, [rider], on_stack.api_id)
    number = answer.json()["certificates"][0]["number"]

    def arrived() -> bool:
        new = set(sent(on_stack)) - before
        facts = {each.removeprefix("joined-") for each in new if each.startswith("joined-")}
        client = on_stack.session().client("dynamodb")
        for fact in facts:
            found = client.query(
                TableName=f"{on_stack.env['TABLE_PREFIX']}-coverages",
                IndexName="by_certificate",
                KeyConditionExpression="certificate_number = :n",
                ExpressionAttributeValues={":n": {"S": fact}},
            )
            assert found["Count"] == 1
        return f"joined-{number}" in new

    wait_for(arrived, "the message is on the phone")
    assert sent(on_stack)[f"joined-{number}"] == 1
