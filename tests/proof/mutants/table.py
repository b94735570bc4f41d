"""The guards, and the test that misses each. `guard` stands exactly once in `file`."""

from __future__ import annotations

from dataclasses import dataclass

_PLATFORM = "functions/chalicelib/platform"
_IDENTITY = "functions/chalicelib/identity"
_ENROLLMENT = "functions/chalicelib/enrollment"
_PROMISES = "tests/promises"


@dataclass(frozen=True)
class Mutant:
    promise: str
    what: str  # the guard, in words
    file: str
    guard: str
    instead: str
    test: str  # a pytest selector: as narrow as the guard


MUTANTS = (
    Mutant(
        "P11",
        "an ID number's check digit is compared",
        f"{_IDENTITY}/documents.py",
        "if check_digit(text[:17]) != text[17]:",
        "if False:",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P11",
        "an ID number is normalised before it is compared",
        f"{_IDENTITY}/documents.py",
        'text = "".join(unicodedata.normalize("NFKC", typed).split()).upper()',
        "text = typed",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P11",
        "number and mobile are locked in the person's transaction",
        f"{_IDENTITY}/people.py",
        "*(put(lock, LockRow.person_id.does_not_exist()) for lock in locks),",
        "",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P18",
        "the idempotency record stands in the join's transaction",
        f"{_ENROLLMENT}/service.py",
        """            attempt.record(201, answer),
            groups.take_seat_write(""",
        """            groups.take_seat_write(""",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P18",
        "the same key with another body is refused",
        f"{_PLATFORM}/idempotency.py",
        'if stored not in cipher.keyed_hashes("request", self._body):',
        "if False:",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P18",
        "every write demands an Idempotency-Key",
        f"{_PLATFORM}/http.py",
        "if route.write and not _KEY.fullmatch(key):",
        "if False:",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P18",
        "an earlier answer is looked up before anybody known is entered",
        f"{_ENROLLMENT}/service.py",
        "if again is not None:",
        "if False:",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P21",
        "a conflict with another writer is tried again",
        f"{_PLATFORM}/transaction.py",
        "if not _is_conflict(error):",
        "if True:",
        f"{_PROMISES}/test_p21_throttling.py",
    ),
    Mutant(
        "P21",
        "no attempt starts that could outlive the request's budget",
        f"{_PLATFORM}/aws.py",
        "if deadline is not None and time.monotonic() + LIMITS.aws_read_seconds > deadline:",
        "if False:",
        f"{_PROMISES}/test_p21_throttling.py",
    ),
    Mutant(
        "P21",
        "a failure that can pass is a 503 with Retry-After",
        f"{_PLATFORM}/transaction.py",
        "return aws.busy() if code in _DOWN else _as_exception(error)",
        "return _as_exception(error)",
        f"{_PROMISES}/test_p21_throttling.py",
    ),
    Mutant(
        "P25",
        "keys out of reach are a 503 before anything is stored",
        f"{_PLATFORM}/keyring.py",
        'raise aws.busy("platform.keys_unavailable") from error',
        "raise",
        f"{_PROMISES}/test_p25_keys_out_of_reach.py",
    ),
    Mutant(
        "P25",
        "an unwrapped key is forgotten after five minutes",
        f"{_PLATFORM}/keyring.py",
        "if cached is not None and now - cached[0] < timedelta(seconds=LIMITS.key_cache_seconds):",
        "if cached is not None:",
        f"{_PROMISES}/test_p25_keys_out_of_reach.py",
    ),
    Mutant(
        "P27",
        "a sealed field is bound to table, row and field",
        f"{_PLATFORM}/cipher.py",
        "machine.update(context)",
        "pass",
        f"{_PROMISES}/test_p27_sealed_fields.py",
    ),
    Mutant(
        "P27",
        "look-ups try every key version",
        f"{_PLATFORM}/cipher.py",
        'return [f"{key.version}#{_digest(key.secret, kind, value)}" for key in keyring.keys("index")]',
        'return [f"{key.version}#{_digest(key.secret, kind, value)}" for key in keyring.keys("index")[-1:]]',
        f"{_PROMISES}/test_p27_sealed_fields.py",
    ),
    Mutant(
        "P27",
        "a rotation re-seals everybody under the newest key",
        f"{_IDENTITY}/rotation.py",
        'return [update(PersonRow(person.person_id, "person"), actions, unchanged)]',
        "return []",
        f"{_PROMISES}/test_p27_sealed_fields.py",
    ),
    Mutant(
        "seats",
        "a seat is taken only while one is left",
        "functions/chalicelib/groups/service.py",
        "SeatRow.left >= 1)",
        "SeatRow.left >= -1_000_000)",
        "tests/groups/test_seats.py",
    ),
    Mutant(
        "P31",
        "who waited is covered by the terms they agreed to",
        f"{_ENROLLMENT}/promotion.py",
        'products = [catalogue.product_version(*each.split("@")) for each in row.agreed]',
        "products = [catalogue.product(code, today) for code in campaign.products]",
        "tests/enrollment/test_promotion.py",
    ),
    Mutant(
        "P13",
        "age counts again when the waiting ends",
        f"{_ENROLLMENT}/promotion.py",
        "if outgrown is not None:",
        "if False:",
        "tests/enrollment/test_promotion.py",
    ),
    Mutant(
        "P18",
        "an item for the office knows the body it was filed for",
        f"{_ENROLLMENT}/office_checks.py",
        "attempt.refuse_another(filed.body_hash)",
        "pass",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P18",
        "an item for the office and its count are one transaction",
        f"{_ENROLLMENT}/office_checks.py",
        "commit([put(row, OfficeCheckRow.person_id.does_not_exist()), spent], ids.new_id())",
        "commit([spent], ids.new_id()); row.save(OfficeCheckRow.person_id.does_not_exist())",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P27",
        "a rotation re-seals what waits for the desk",
        f"{_PLATFORM}/desk_rows.py",
        'getattr(rows, f"{field}_sealed").set(seal(row.part, field, unseal(row, field)))',
        'getattr(rows, f"{field}_sealed").set(getattr(row, f"{field}_sealed"))',
        f"{_PROMISES}/test_p27_sealed_fields.py",
    ),
)
