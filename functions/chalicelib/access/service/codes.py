"""One-time codes: sending one, and telling whether one is right.

proof of work ─► limits ─┐
                         ├─ one transaction: proof used, limits counted, challenge, SMS in the outbox,
mobile is mainland ──────┘                   idempotency record; or none of them
"""

from __future__ import annotations

import hmac
from datetime import datetime

from chalicelib.access import keys, records, rules
from chalicelib.access.answers import CodeSent
from chalicelib.access.mobiles import read_mobile
from chalicelib.access.model import Mobile, Pace
from chalicelib.access.records import ChallengeRow, SendsRow
from chalicelib.access.service import sessions
from chalicelib.access.service.proof import Proof, read_proof, stale
from chalicelib.kernel import DomainError, Masked, TooManyError
from chalicelib.notify import service as notify
from chalicelib.platform import aws, cipher, ids, limits, log
from chalicelib.platform.http import Answer
from chalicelib.platform.idempotency import Attempt
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, commit, put

_ROUNDS = 4  # a refusal teaches one fact: another send to this mobile, a used proof, a full shard
_DAY = 86400
_PACE = Pace(
    LIMITS.codes_per_mobile_minute,
    LIMITS.codes_per_mobile_hour,
    LIMITS.codes_per_mobile_day,
    LIMITS.code_cool_off_seconds,
)


def send_code(typed: str, solution: str, source_ip: str, attempt: Attempt, now: datetime) -> Answer:
    """Send a code to a mobile; older codes stay valid while they live. 202, the same for every mobile:
    whether it belongs to a member is not looked at (P03).

    Raises InvalidRequestError (mobile, proof), TooManyError, UnavailableError: then nothing is sent.
    """
    mobile = read_mobile(typed)
    proof = read_proof(solution, now)
    indexes = cipher.blind_indexes("mobile", mobile.number)
    budgets = _budgets(mobile, source_ip)
    shards = {name: limits.any_shard(name) for name in budgets}
    for _ in range(_ROUNDS):
        sends = _Sends(indexes[0], now)
        refusal = stale() if proof.expired else sends.refusal()
        if refusal is None:
            spent = [limits.spend_write(name, key, now, shards[name]) for name, key in budgets.items()]
            answer = _try(mobile, indexes, proof, sends, spent, attempt, now)
            if answer is not None:
                return answer
        again = attempt.earlier(CodeSent)
        if again is not None:
            return again
        if refusal is not None:
            raise refusal
        proof.refuse_if_used(now)
        shards = {name: limits.shard_with_room(name, key, now) for name, key in budgets.items()}
    raise aws.busy("platform.busy")


def _budgets(mobile: Mobile, source_ip: str) -> dict[str, str]:
    """Which counters one message is charged to: {limit: key}."""
    return {
        "codes_network_hour": limits.network_key(source_ip),
        **({"codes_resellers_hour": "all"} if mobile.reseller else {}),
        "codes_office_minute": "all",
        "codes_office_day": "all",
    }


def _try(
    mobile: Mobile,
    indexes: list[str],
    proof: Proof,
    sends: _Sends,
    spent: list[Write],
    attempt: Attempt,
    now: datetime,
) -> Answer | None:
    """One round. None: a condition was false, look again. The SMS carries the challenge's id, so that however
    often it is handed on there is one message for one challenge (P02)."""
    challenge_id, code = ids.new_id(), ids.new_code()
    answer = CodeSent(challenge_id, LIMITS.code_seconds, 60 // LIMITS.codes_per_mobile_minute)
    key = keys.challenge(challenge_id)
    challenge = ChallengeRow(
        key,
        expires_at=int(now.timestamp()) + LIMITS.code_seconds,
        code_hash=cipher.keyed_hash("code", _bound(challenge_id, code)),
        mobile_sealed=sessions.seal_mobile(key, mobile.number),
        mobile_indexes=indexes,
        mobile_masked=mobile.masked,
    )
    writes = [
        proof.use_write(now),
        sends.write(challenge_id),
        *spent,
        put(challenge, ChallengeRow.key.does_not_exist()),
        *notify.sms_writes(
            "sign_in_code",
            mobile.number,
            {"code": Masked(code)},
            recipient=f"mobile#{indexes[0]}",
            dedup_id=challenge_id,
        ),
        attempt.record(202, answer),
    ]
    try:
        commit(writes, ids.new_id())
    except WriteRefused:
        return None
    log.info("code_sent")
    return Answer(202, answer)


class _Sends:
    """The codes one mobile got in the last day, as read now."""

    def __init__(self, mobile_index: str, now: datetime) -> None:
        self._key, self._now = keys.sends(mobile_index), int(now.timestamp())
        self._row = records.live(SendsRow, self._key, self._now)
        sent = [int(at) for at in self._row.sent_at] if self._row else []
        self._sent = rules.still_counted(sent, self._now, _PACE)

    def refusal(self) -> DomainError | None:
        wait = rules.wait_seconds(self._sent, self._now, _PACE)
        if not wait:
            return None
        detail = f"验证码刚发过，请查看短信；没收到的话，{rules.in_words(wait)}后可以再发一次。"
        return TooManyError("sign_in.too_soon", detail, retry_after_seconds=wait)

    def write(self, challenge_id: str) -> Write:
        """Refused if another code was sent to this mobile since it was read."""
        if self._row is None:
            unchanged = records.absent_or_expired(SendsRow, self._now)
        else:
            unchanged = SendsRow.last == self._row.last
        row = SendsRow(
            self._key,
            sent_at=[*self._sent, self._now],
            last=challenge_id,
            expires_at=self._now + _DAY,
        )
        return put(row, unchanged)


def is_right(challenge_id: str, challenge: ChallengeRow, code: str) -> bool:
    """In constant time; under every key, so that turning the keys spoils no code on its way."""
    given = cipher.keyed_hashes("code", _bound(challenge_id, code))
    return any(hmac.compare_digest(challenge.code_hash, candidate) for candidate in given)


def _bound(challenge_id: str, code: str) -> str:
    """A code's hash holds for one challenge: moved to another row it is right for nobody."""
    return f"{challenge_id}\x1f{code}"
