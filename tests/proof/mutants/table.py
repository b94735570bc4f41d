"""The guards, and the test that misses each. `guard` stands exactly once in `file`."""

from __future__ import annotations

from dataclasses import dataclass

_PLATFORM = "functions/chalicelib/platform"
_ENROLLMENT = "functions/chalicelib/enrollment"
_PROMISES = "tests/promises"
_TRANSACTION = "tests/platform/test_transaction.py::test"


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
        "functions/chalicelib/people/rules.py",
        "if check_digit(text[:17]) != text[17]:",
        "if False:",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P11",
        "an ID number is normalised before it is compared",
        "functions/chalicelib/people/rules.py",
        "text = read_number(typed)",
        "text = typed",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P11",
        "what is pasted along and unseen is not read",
        "functions/chalicelib/typed.py",
        'return _UNSEEN.sub("", typed)',
        "return typed",
        "tests/kernel/test_typed.py",
    ),
    Mutant(
        "P11",
        "full-width twins are read",
        "functions/chalicelib/typed.py",
        'text = _STAND_INS.sub(lambda each: unicodedata.normalize("NFKC", each[0]), seen(typed))',
        "text = seen(typed)",
        "tests/kernel/test_typed.py",
    ),
    Mutant(
        "P11",
        "a name is letters of its scripts and one sign between them",
        "functions/chalicelib/people/rules.py",
        "if len(text) > NAME_MOST or not re.fullmatch(_NAME, text):",
        "if not text or len(text) > NAME_MOST:",
        "tests/kernel/test_typed.py",
    ),
    Mutant(
        "P11",
        "number and mobile are locked in the person's transaction",
        "functions/chalicelib/people/service.py",
        "*(put(lock, LockRow.person_id.does_not_exist()) for lock in locks),",
        "",
        f"{_PROMISES}/test_p11_one_person.py",
    ),
    Mutant(
        "P18",
        "the idempotency record stands in the join's transaction",
        f"{_ENROLLMENT}/service/join.py",
        "            work.add(work.attempt.record(joined))\n",
        "            pass\n",
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
        f"{_ENROLLMENT}/service/join.py",
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
        "functions/chalicelib/people/rotation.py",
        "return [update(PersonRow(person.person_id, PERSON), person.resealed(SEALED), unchanged)]",
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
        "seats",
        "reserved seats are opened only as many as there are",
        "functions/chalicelib/groups/service.py",
        "[SeatRow.left.set(leave)], SeatRow.left == reserved)",
        "[SeatRow.left.set(leave)], None)",
        "tests/groups/test_seats.py::test_seats_taken_meanwhile_are_not_opened_again",
    ),
    Mutant(
        "seats",
        "of two additions made on the same reading one is kept",
        "functions/chalicelib/groups/service.py",
        "(GroupPolicyRow.seats == policy.seats) & (GroupPolicyRow.counters == policy.counters),",
        "GroupPolicyRow.id.exists(),",
        "tests/groups/test_seats.py::test_of_two_additions_made_on_the_same_reading_only_one_is_kept",
    ),
    Mutant(
        "seats",
        "a grant adds once",
        "functions/chalicelib/groups/service.py",
        "put(grant, SeatGrantRow.id.does_not_exist())",
        "put(grant, SeatGrantRow.id.does_not_exist() | SeatGrantRow.id.exists())",
        "tests/groups/test_seats.py::test_the_same_grant_adds_once",
    ),
    Mutant(
        "seats",
        "a newcomer tries any counter of the stored policy",
        "functions/chalicelib/groups/service.py",
        "return ids.pick(policy.counters)",
        "return 0",
        "tests/groups/test_seats.py"
        "::test_two_thousand_added_seats_lie_evenly_on_twenty_counters_and_newcomers_try_all_of_them",
    ),
    Mutant(
        "seats",
        "outside the policy's days nothing is given out",
        f"{_ENROLLMENT}/service/join.py",
        "if self.work.today not in policy.window:",
        "if False:",
        "tests/enrollment/test_policy_window.py"
        "::test_outside_the_policys_days_nothing_is_given_out_and_nothing_stored",
    ),
    Mutant(
        "seats",
        "a place on the list answers for all that is asked, or for nothing",
        f"{_ENROLLMENT}/service/join.py",
        "if {each.product for each in here} == codes and len(tickets) == 1:",
        "if here:",
        "tests/enrollment/test_several_products.py"
        "::test_who_waits_for_one_of_two_is_not_told_they_wait_for_both",
    ),
    Mutant(
        "seats",
        "nobody waits twice for one product",
        f"{_ENROLLMENT}/service/join.py",
        "        if places:\n",
        "        if False:\n",
        "tests/enrollment/test_several_products.py"
        "::test_who_waits_elsewhere_keeps_that_place_and_is_told_so_when_there_is_no_seat_here",
    ),
    Mutant(
        "seats",
        "who waits is given only what they still wait for",
        f"{_ENROLLMENT}/service/promotion.py",
        "wanted = [each for each in products if each.code in waits_for]",
        "wanted = products",
        "tests/enrollment/test_several_products.py"
        "::test_a_product_got_elsewhere_while_waiting_is_left_out_and_the_rest_promoted",
    ),
    Mutant(
        "P31",
        "who waited is covered by the terms they agreed to",
        f"{_ENROLLMENT}/service/promotion.py",
        'products = [catalogue.product_version(*each.split("@")) for each in row.agreed]',
        "products = [catalogue.product(code, work.today) for code in campaign.products]",
        "tests/enrollment/test_promotion.py",
    ),
    Mutant(
        "P13",
        "age counts again when the waiting ends",
        f"{_ENROLLMENT}/service/promotion.py",
        "    if outgrown:\n",
        "    if False:\n",
        "tests/enrollment/test_promotion.py",
    ),
    Mutant(
        "P18",
        "an item for the office knows the body it was filed for",
        f"{_ENROLLMENT}/service/office_checks.py",
        "work.attempt.refuse_another(filed.body_hash)",
        "pass",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P18",
        "an item for the office and its count are one transaction",
        f"{_ENROLLMENT}/service/office_checks.py",
        "        work.commit()\n",
        "        apart, work.writes = work.writes[:1], work.writes[1:]\n"
        "        work.commit()\n"
        "        work.writes = apart\n"
        "        work.commit()\n",
        f"{_PROMISES}/test_p18_submitted_twice.py",
    ),
    Mutant(
        "P27",
        "a rotation re-seals what waits for the desk",
        f"{_PLATFORM}/resealing.py",
        "commit([update(key(*row.store_key), row.resealed(fields), unchanged)], ids.new_id())",
        "pass",
        f"{_PROMISES}/test_p27_sealed_fields.py",
    ),
    Mutant(
        "commit",
        "one transaction writes an item once",
        f"{_PLATFORM}/transaction.py",
        "    if tables:\n",
        "    if False:\n",
        f"{_TRANSACTION}_two_writes_to_one_item_are_refused_before_the_store_is_asked",
    ),
    Mutant(
        "commit",
        "one transaction writes a hundred items",
        f"{_PLATFORM}/transaction.py",
        "if len(writes) > MOST_ITEMS:",
        "if False:",
        f"{_TRANSACTION}_a_hundred_items_are_written_and_one_more_is_refused_before_the_store_is_asked",
    ),
    Mutant(
        "work",
        "a round begins without the writes of the one before",
        f"{_PLATFORM}/work.py",
        "        work.writes = []\n",
        "",
        "tests/platform/test_work.py::test_a_round_begins_without_the_writes_of_the_one_before",
    ),
    Mutant(
        "keys",
        "a key version is never written over",
        f"{_PLATFORM}/keyring.py",
        "row.save(condition=KeyRow.purpose.does_not_exist())",
        "row.save()",
        "tests/platform/test_keyring.py::test_a_version_that_is_there_is_never_written_over",
    ),
    Mutant(
        "access",
        "staff act on what lies wholly inside their region",
        "functions/chalicelib/access/rules.py",
        "bool(thing.regions) and all(region in path",
        "any(region in path",
        "tests/access/test_may.py",
    ),
    Mutant(
        "access",
        "a handler acts for their own unit",
        "functions/chalicelib/access/rules.py",
        "grant.handlers and bool(actor.unit_id) and actor.unit_id == thing.unit_id",
        "grant.handlers and actor.unit_id == thing.unit_id",
        "tests/access/test_may.py",
    ),
)
