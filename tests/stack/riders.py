"""Riders on the real stack: sessions through access's service, joins through the front door."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from chalicelib.access.service import sign_in as identity
from chalicelib.kernel import Masked
from chalicelib.platform import ids
from infra.demo import application
from infra.people import DemoPerson, demo_person
from tests.patience import PATIENCE_SECONDS

_seeds = itertools.count(500_000)
AGAIN = (429, 503)


@dataclass(frozen=True)
class Rider:
    person: DemoPerson
    token: str
    key: str

    def headers(self, origin: str) -> dict[str, str]:
        return {
            "Origin": origin,
            "Cookie": f"__Host-huzhu={self.token}",
            "Idempotency-Key": self.key,
            "Content-Type": "application/json",
        }


def riders(count: int) -> list[Rider]:
    """New signed-in people nobody else uses in this run. Needs the stack's environment (`on_stack`)."""
    made = []
    for seed in itertools.islice(_seeds, count):
        person = demo_person(seed)
        made.append(Rider(person, identity.open_session_for(Masked(person.mobile)), ids.new_id()))
    return made


def join(origin: str, rider: Rider, api_id: str) -> httpx.Response:
    """One join; what asks to be tried again is tried again with the same key."""
    return join_together(origin, [rider], api_id)[0]


def join_together(
    origin: str, crowd: Sequence[Rider], api_id: str, connections: int = 32
) -> list[httpx.Response]:
    """All start at once over at most `connections`; 429, 503 and broken lines are tried again."""
    return asyncio.run(_together(origin, crowd, api_id, connections))


async def _together(
    origin: str, crowd: Sequence[Rider], api_id: str, connections: int
) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    bodies = [application(rider.person) for rider in crowd]
    gate = asyncio.Event()
    async with httpx.AsyncClient(limits=limits, timeout=httpx.Timeout(PATIENCE_SECONDS, pool=None)) as client:

        async def one(rider: Rider, body: dict[str, object]) -> httpx.Response:
            await gate.wait()
            until, pause = time.monotonic() + PATIENCE_SECONDS, 0.2
            while True:
                with contextlib.suppress(httpx.TransportError):  # a broken line: press again
                    answer = await client.post(
                        f"{origin}/api/enrollments", json=body, headers=rider.headers(origin)
                    )
                    if answer.status_code not in AGAIN:
                        assert answer.headers["x-huzhu-api"] == api_id, "not answered by the deployed stack"
                        return answer
                assert time.monotonic() < until, "never answered"
                await asyncio.sleep(pause)
                pause = min(3.0, 1.4 * pause)

        tasks = [asyncio.ensure_future(one(rider, body)) for rider, body in zip(crowd, bodies, strict=True)]
        gate.set()
        return await asyncio.gather(*tasks)
