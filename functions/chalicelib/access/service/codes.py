"""One-time codes: sending one, and telling whether one is right.

proof of work ─► limits ─┐
                         ├─ one transaction: proof used, limits counted, challenge, SMS in the outbox,
mobile is mainland ──────┘                   idempotency record; or none of them
"""

from __future__ import annotations

import hmac

import msgspec

from chalicelib.access import rules
from chalicelib.access.mobiles import read_mobile
from chalicelib.access.model import Mobile, Pace
from chalicelib.access.records import ChallengeRow, SendsRow, challenge_key, sends_key
from chalicelib.access.service.proof import Proof, read_proof, stale
from chalicelib.kernel import DomainError, Masked, TooManyError, Visitor
from chalicelib.notify import service as notify
from chalicelib.platform import cipher, ids, limits, log
from chalicelib.platform.settings import LIMITS
from chalicelib.platform.transaction import Write, WriteRefused, put
from chalicelib.platform.work import Work, retry

_DAY = 86400
_PACE = Pace(
    LIMITS.codes_per_mobile_minute,
    LIMITS.codes_per_mobile_hour,
    LIMITS.codes_per_mobile_day,
    LIMITS.code_cool_off_seconds,
)


class CodeSent(msgspec.Struct, frozen=True):
    challenge_id: str
    expires_in_seconds: int
    resend_in_seconds: int


def send_code(work: Work, typed: str, solution: str) -> CodeSent:
    """Send a code to a mobile; older codes stay valid while they live. The same for every mobile: whether it
    belongs to a member is not looked at (P03).

    Raises InvalidRequestError (mobile, proof), TooManyError, UnavailableError: then nothing is sent.
    """
    mobile = read_mobile(typed)
    proof = read_proof(solution, work.now)
    sending = _Sending(work, mobile, proof)
    return retry(work, sending.one_round)


class _Sending:
    """One code on its way out, over the rounds it takes."""

    def __init__(self, work: Work, mobile: Mobile, proof: Proof) -> None:
        self.work, self.mobile, self.proof = work, mobile, proof
        self.indexes = cipher.blind_indexes("mobile", mobile.number)
        self.budgets = _budgets(work, mobile)
        self.shards = {name: limits.any_shard(name) for name in self.budgets}

    def one_round(self) -> CodeSent:
        """A refusal teaches one fact: another send to this mobile, a used proof, a full shard."""
        work, now = self.work, self.work.now
        sends = _Sends(self.indexes[0], work.seconds)
        refusal = stale() if self.proof.expired else sends.refusal()
        if refusal is None:
            try:
                return self._send(sends)
            except WriteRefused:
                pass
        again = work.attempt.earlier(CodeSent) if work.attempt else None
        if again is not None:
            return again
        if refusal is not None:
            raise refusal
        self.proof.refuse_if_used(now)
        self.shards = {name: limits.shard_with_room(name, key, now) for name, key in self.budgets.items()}
        raise WriteRefused

    def _send(self, sends: _Sends) -> CodeSent:
        """The SMS carries the challenge's id, so that however often it is handed on there is one message for
        one challenge (P02). Raises WriteRefused if a condition was false."""
        work, mobile = self.work, self.mobile
        challenge_id, code = ids.new_id(), ids.new_code()
        sent = CodeSent(challenge_id, LIMITS.code_seconds, 60 // LIMITS.codes_per_mobile_minute)
        challenge = ChallengeRow(
            challenge_key(challenge_id),
            expires_at=work.seconds + LIMITS.code_seconds,
            code_hash=cipher.keyed_hash("code", _bound(challenge_id, code)),
            mobile_indexes=self.indexes,
            mobile_masked=mobile.masked,
        ).seal(mobile=mobile.number)
        work.add(
            self.proof.use_write(work.now),
            sends.write(challenge_id),
            [
                limits.spend_write(name, key, work.now, self.shards[name])
                for name, key in self.budgets.items()
            ],
            put(challenge, ChallengeRow.key.does_not_exist()),
            notify.sms_writes(
                work,
                "sign_in_code",
                mobile.number,
                {"code": Masked(code)},
                recipient=f"mobile#{self.indexes[0]}",
                dedup_id=challenge_id,
            ),
        )
        if work.attempt:
            work.add(work.attempt.record(sent))
        work.commit()
        log.info("code_sent")
        return sent


def _budgets(work: Work, mobile: Mobile) -> dict[str, str]:
    """Which counters one message is charged to: {limit: key}."""
    source_ip = work.actor.source_ip if isinstance(work.actor, Visitor) else ""
    return {
        "codes_network_hour": limits.network_key(source_ip),
        **({"codes_resellers_hour": "all"} if mobile.reseller else {}),
        "codes_office_minute": "all",
        "codes_office_day": "all",
    }


class _Sends:
    """The codes one mobile got in the last day, as read now."""

    def __init__(self, mobile_index: str, now: int) -> None:
        self._key, self._now = sends_key(mobile_index), now
        self._row = SendsRow.live(self._key, now)
        sent = [int(at) for at in self._row.sent_at] if self._row else []
        self._sent = rules.still_counted(sent, now, _PACE)

    def refusal(self) -> DomainError | None:
        wait = rules.wait_seconds(self._sent, self._now, _PACE)
        if not wait:
            return None
        detail = f"验证码刚发过，请查看短信；没收到的话，{limits.in_words(wait)}后可以再发一次。"
        return TooManyError("sign_in.too_soon", detail, retry_after_seconds=wait)

    def write(self, challenge_id: str) -> Write:
        """Refused if another code was sent to this mobile since it was read."""
        if self._row is None:
            unchanged = SendsRow.absent_or_expired(self._now)
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
