"""Where this copy runs (environment) and the limits it holds to, each with its reason.

The environment names secrets, never holds them (P36).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    release: str
    site_origins: tuple[str, ...]  # the Origins our pages are served from, e.g. https://huzhu.example
    table_prefix: str
    data_key_id: str  # ARN of the stack's KMS key
    sms_sender: str  # local | sns | tencent
    sms_secret_id: str  # name of the provider's secret in Secrets Manager
    sms_dead_letters_url: str  # SQS queue for messages that will not be sent
    local_sms_file: str  # the local sender appends here; empty elsewhere
    upload_bucket: str  # every file that comes in
    check_queues: dict[
        str, str
    ]  # who looks into stored bytes: name (`Purpose.checked_by`) -> URL of its queue
    # Whose address counts as the visitor's: 0 is the gateway's own caller; n is the n-th from the right of
    # X-Forwarded-For. Behind a CDN the gateway appends the CDN's address and the CDN the visitor's: 2.
    forwarded_hops: int = 0

    def table(self, name: str) -> str:
        return f"{self.table_prefix}-{name}"


@cache
def settings() -> Settings:
    env = os.environ
    return Settings(
        stage=env.get("STAGE", "local"),
        release=env.get("RELEASE", "dev"),
        site_origins=tuple(filter(None, env.get("SITE_ORIGIN", "").split(","))),
        table_prefix=env.get("TABLE_PREFIX", "huzhu-local"),
        data_key_id=env.get("DATA_KEY_ID", ""),
        sms_sender=env.get("SMS_SENDER", "local"),
        sms_secret_id=env.get("SMS_SECRET_ID", ""),
        sms_dead_letters_url=env.get("SMS_DEAD_LETTERS_URL", ""),
        local_sms_file=env.get("LOCAL_SMS_FILE", ""),
        upload_bucket=env.get("UPLOAD_BUCKET", ""),
        check_queues=dict(each.split("=", 1) for each in env.get("CHECK_QUEUES", "").split(",") if each),
        forwarded_hops=int(env.get("FORWARDED_HOPS", "0")),
    )


@dataclass(frozen=True, slots=True)
class Limits:
    # One-time codes. Six digits and five tries: a guess succeeds once in 200,000 challenges.
    code_digits: int = 6
    code_seconds: int = 5 * 60  # ASVS 6.5.5 allows ten minutes
    code_tries: int = 5
    codes_per_mobile_minute: int = 1
    codes_per_mobile_hour: int = 5
    codes_per_mobile_day: int = 10
    codes_per_network_hour: int = 10  # network = IPv4 /24 or IPv6 /56
    code_cool_off_seconds: int = 30 * 60  # after a mobile has used up its hour
    codes_office_minute: int = 120  # the whole office: 120 SMS a minute is a full hall at a campaign day
    codes_office_day: int = 20_000  # about 1,000 yuan at 0.05 yuan each: the most a bad day may cost
    codes_resellers_hour: int = 200  # all mobiles in resellers' ranges together: what bulk senders rent

    # Proof of work before a code: 25,000 SHA-256 on average, meant as 1-2 s in the worker of a cheap phone of
    # 2018 (measured in the browser tests). It makes scripts visible and slow; the counts above cap the bill.
    proof_max_number: int = 50_000
    proof_seconds: int = 5 * 60  # solved while the form is filled in

    # Sessions (ASVS 7.3).
    member_idle_seconds: int = 30 * 60
    member_session_seconds: int = 12 * 3600
    member_seen_seconds: int = 60  # a session is marked as used at most this often

    # The desk: a second factor on top of a proved mobile (ASVS 6.5, 7.3). A guess of six digits succeeds once
    # in 70,000 windows of five tries.
    desk_idle_seconds: int = 15 * 60
    desk_session_seconds: int = 8 * 3600
    desk_tries_per_staff: int = 5
    desk_tries_seconds: int = 15 * 60
    desk_recovery_codes: int = 10
    desk_page: int = 20

    # A mobile is bound to one person: few of its disagreements with a number in a day are honest mistakes.
    office_checks_per_mobile_day: int = 3

    # The suggestion box: five people read it. A hall shares an address; a script soon meets the end.
    suggestions_per_network_hour: int = 20
    suggestions_office_day: int = 1000

    # Public look-ups: enough for a hall of people behind one address, too few to walk 38-bit check codes.
    certificate_checks_per_network_minute: int = 60
    certificate_checks_per_number_hour: int = 30

    # Outgoing SMS. Only what was surely not accepted is tried again: after a hiccup, a restart, an outage of
    # an hour; then a person must look.
    sms_retry_seconds: tuple[int, ...] = (30, 120, 600, 3600)
    sms_connect_seconds: float = 2
    sms_read_seconds: float = 5
    sms_lease_seconds: int = 3 * 60  # a worker lives 60 s at most; after three times that it is dead
    sms_work_seconds: float = 30  # no new message is begun later in a run: the last one may take 20 s more
    outbox_shards: int = 32  # so that no index key takes more than a twentieth of a launch day's writes
    inbox_page: int = 20

    # Files. Sizes stand with what they are for (uploads.model.PURPOSES).
    upload_seconds: int = 5 * 60  # 20 MiB over 3G take four minutes
    upload_forget_seconds: int = (
        7 * 24 * 3600
    )  # an unused slot's row; a queue's dead letters are dealt with by then
    link_seconds: int = 60  # a click, not something to pass on
    reconcile_seconds: float = 10 * 60  # of a function that may run fifteen; the next night goes on

    # HTTP.
    body_bytes: int = 64 * 1024
    idempotency_seconds: int = 24 * 3600

    # AWS calls. API Gateway gives up at 29 s, a person long before.
    aws_connect_seconds: float = 1
    aws_read_seconds: float = 2
    aws_retries: int = 2
    aws_request_seconds: float = 6  # everything one request may spend on AWS
    conflict_retries: int = 3
    key_cache_seconds: int = 5 * 60  # P25: a disabled key stops working within five minutes

    # Seats: one counter is exact and simple; above this many, a launch would queue on it.
    seats_one_counter_below: int = 500
    seat_counters: int = 20


LIMITS = Limits()
