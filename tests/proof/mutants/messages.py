"""The guards of messages, of the log and of what is logged, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_AUDIT = "functions/chalicelib/audit"
_NOTIFY = "functions/chalicelib/notify"
_PLATFORM = "functions/chalicelib/platform"
_DELIVERY = "tests/notify/test_delivery.py::test"
_CONTRACT = "tests/notify/test_senders_contract.py::test"
_CHAIN = "tests/audit/test_audit_rules.py::test"
_STATES = "tests/kernel/test_states.py::test"
_LOG = "tests/audit/test_audit_service.py::test"
_P26 = "tests/promises/test_p26_no_personal_data_in_logs.py::test"

MUTANTS = (
    Mutant(
        "P20",
        "the same news is stored once",
        f"{_NOTIFY}/records.py",
        "put(row, OutboxRow.id.does_not_exist())",
        "put(row, OutboxRow.id.does_not_exist() | OutboxRow.id.exists())",
        "tests/notify/test_outbox.py::"
        "test_the_same_news_is_stored_once_and_refuses_the_whole_second_transaction",
    ),
    Mutant(
        "P20",
        "of two workers one claims",
        f"{_NOTIFY}/records.py",
        """OutboxRow.tries.set(row.tries + 1),
    ]
    return update(OutboxRow(row.id), actions, move.condition)""",
        """OutboxRow.tries.set(row.tries + 1),
    ]
    return update(OutboxRow(row.id), actions, None)""",
        f"{_DELIVERY}_of_two_workers_one_sends",
    ),
    Mutant(
        "P20",
        "our own claim is recognised when its reply was lost",
        f"{_NOTIFY}/delivery.py",
        "if standing is None or standing.claim != mine:",
        "if True:",
        "tests/notify/test_duplicates.py::test_our_own_claim_whose_reply_was_lost_is_recognised",
    ),
    Mutant(
        "P20",
        "a worker that outlived its lease changes nothing",
        f"{_NOTIFY}/records.py",
        """OutboxRow.secrets_sealed.remove()]
    return update(OutboxRow(row.id), actions, move.condition)""",
        """OutboxRow.secrets_sealed.remove()]
    return update(OutboxRow(row.id), actions, None)""",
        f"{_DELIVERY}_a_worker_that_wakes_up_after_its_lease_changes_nothing_any_more",
    ),
    Mutant(
        "P20",
        "what may have arrived is not sent again",
        f"{_NOTIFY}/rules.py",
        'return Settlement(MessageAction.LOSE, reason=f"unknown:{code}")',
        'return Settlement(MessageAction.TRY_AGAIN, reason="again", wait_seconds=1)',
        f"{_DELIVERY}_no_clear_answer_is_unknown_for_ever_and_reported",
    ),
    Mutant(
        "P20",
        "what a dead worker held is not sent again",
        f"{_NOTIFY}/delivery.py",
        'Settlement(MessageAction.LOSE, reason="unknown:worker_lost")',
        'Settlement(MessageAction.TRY_AGAIN, reason="again")',
        "tests/notify/test_crash_points.py",
    ),
    Mutant(
        "states",
        "a message moves from the state it was read in, and no other",
        "functions/chalicelib/states.py",
        "(kind.state == edge.state.value) & (kind.version == row.version)",
        "(kind.version == row.version)",
        f"{_STATES}_the_store_compares_the_state",
    ),
    Mutant(
        "states",
        "there and back again is a change",
        "functions/chalicelib/states.py",
        "(kind.state == edge.state.value) & (kind.version == row.version)",
        "(kind.state == edge.state.value)",
        f"{_STATES}_the_store_compares_the_version",
    ),
    Mutant(
        "states",
        "whoever acted is refused by the store where duties are split",
        "functions/chalicelib/states.py",
        "            condition &= ~kind.acted_by.contains(actor_key)\n",
        "",
        "tests/kernel/test_states.py::test_whoever_acted_is_refused_by_the_store_where_duties_are_split",
    ),
    Mutant(
        "states",
        "an action the table does not have is refused",
        "functions/chalicelib/states.py",
        "        if not self.allows(state, action):\n",
        "        if False:\n",
        f"{_DELIVERY}_a_message_moves_only_by_its_table",
    ),
    Mutant(
        "P20",
        "a failure stays in the index until the queue took it",
        f"{_NOTIFY}/delivery.py",
        '    facts = {"outbox_id": row.id',
        '    work.add(records.reported_write(row))\n    work.commit()\n    facts = {"outbox_id": row.id',
        f"{_DELIVERY}_a_failure_is_reported_again_until_the_queue_took_it",
    ),
    Mutant(
        "P20",
        "one poisoned message does not stop the sweep",
        f"{_NOTIFY}/delivery.py",
        "except Exception as error:  # one poisoned",
        "except ZeroDivisionError as error:  # one poisoned",
        f"{_DELIVERY}_a_row_that_cannot_even_be_handled_does_not_stop_the_sweep",
    ),
    Mutant(
        "P20",
        "one poisoned record does not stop the stream",
        f"{_NOTIFY}/worker.py",
        "except Exception as error:",
        "except ZeroDivisionError as error:",
        "tests/notify/test_worker.py::test_a_poisoned_record_is_named_and_the_others_go",
    ),
    Mutant(
        "P02",
        "a dead code is not sent",
        f"{_NOTIFY}/delivery.py",
        "if rules.too_late(",
        "if False and rules.too_late(",
        f"{_DELIVERY}_a_code_that_is_dead_already_is_not_sent",
    ),
    Mutant(
        "P02",
        "Amazon's library does not send twice by itself",
        f"{_NOTIFY}/senders/sns.py",
        '{"total_max_attempts": 1}',
        '{"total_max_attempts": 3}',
        f"{_CONTRACT}_no_clear_answer_is_unknown_and_the_request_was_made_once",
    ),
    Mutant(
        "P02",
        "a cut line to Tencent is unknown, not refused",
        f"{_NOTIFY}/senders/tencent.py",
        'return SmsUnknown(type(cause).__name__ if cause is not None else "network")',
        'return SmsRefused("network", retryable=True)',
        f"{_CONTRACT}_no_clear_answer_is_unknown_and_the_request_was_made_once",
    ),
    Mutant(
        "P27",
        "a message's mobile lies sealed",
        f"{_NOTIFY}/records.py",
        "    return row.seal(mobile=mobile, **(",
        "    row.mobile_sealed = mobile.reveal().encode()\n    return row.seal(**(",
        "tests/notify/test_outbox.py::test_mobile_and_code_lie_sealed_for_their_own_row",
    ),
    Mutant(
        "P27",
        "what was sealed goes once the message went",
        f"{_NOTIFY}/rules.py",
        "return settled or (",
        "return False and (",
        f"{_DELIVERY}_a_message_is_sent_and_what_was_sealed_is_gone",
    ),
    Mutant(
        "P26",
        "a provider's free text is not kept as a reason",
        f"{_NOTIFY}/rules.py",
        'return code if _SAFE.fullmatch(code) else "other"',
        "return code",
        "tests/notify/test_rules.py::test_a_reason_keeps_a_code_and_drops_free_text",
    ),
    Mutant(
        "P26",
        "the local sender's clear text stays on laptops",
        f"{_NOTIFY}/senders/__init__.py",
        'settings().stage in ("local", "test") and ',
        "",
        "tests/notify/test_worker.py::"
        "test_a_deployment_that_names_no_usable_sender_stops_loudly_and_sends_nothing",
    ),
    Mutant(
        "P26",
        "a log key that is not allowed is refused",
        f"{_PLATFORM}/log.py",
        "    if unknown:",
        "    if False:",
        f"{_P26}_a_log_key_that_is_not_allowed_is_refused_without_its_value",
    ),
    Mutant(
        "P26",
        "an exception's text is not logged",
        f"{_PLATFORM}/log.py",
        "error=type(error).__name__",
        "error=str(error)",
        f"{_P26}_of_an_exception_only_its_type_and_place_are_written",
    ),
    Mutant(
        "P26",
        "foreign exceptions do not reach Chalice",
        f"{_PLATFORM}/http.py",
        "    except Exception as error:\n        problem",
        "    except DomainError as error:\n        problem",
        f"{_P26}_an_error_in_a_use_case_shows_no_personal_data",
    ),
    Mutant(
        "P26",
        "a validation error is not quoted",
        f"{_PLATFORM}/strict_json.py",
        'named.group(1) if named else ""',
        "message",
        f"{_P26}_a_bad_request_shows_no_personal_data",
    ),
    Mutant(
        "P06",
        "half a character is refused",
        f"{_PLATFORM}/strict_json.py",
        "        json.dumps(value, ensure_ascii=False).encode()\n",
        "",
        f"{_P26}_a_bad_request_shows_no_personal_data",
    ),
    Mutant(
        "P30",
        "an entry is never put over another",
        f"{_AUDIT}/records.py",
        "put(row, EntryRow.subject.does_not_exist())",
        "put(row, EntryRow.subject.does_not_exist() | EntryRow.subject.exists())",
        f"{_LOG}_an_entry_that_is_there_is_never_replaced_even_with_the_right_head",
    ),
    Mutant(
        "P30",
        "the head moves only from where it was read",
        f"{_AUDIT}/records.py",
        "put(moved, unmoved)",
        "put(moved, HeadRow.subject.does_not_exist() | HeadRow.subject.exists())",
        f"{_LOG}_nothing_is_written_when_the_rest_of_the_transaction_is_refused",
    ),
    Mutant(
        "P30",
        "an entry's hash is worked out again",
        f"{_AUDIT}/rules.py",
        " or entry.hash != _digest_of(entry)",
        "",
        f"{_CHAIN}_one_changed_byte_is_named_at_its_entry",
    ),
    Mutant(
        "P30",
        "an entry must follow the one before it",
        f"{_AUDIT}/rules.py",
        "if entry.previous != previous:",
        "if False:",
        f"{_CHAIN}_an_entry_rewritten_with_a_fresh_hash_is_named_at_its_successor",
    ),
    Mutant(
        "P30",
        "a cut tail shows at the head",
        f"{_AUDIT}/rules.py",
        "if reached > len(entries):",
        "if False:",
        f"{_CHAIN}_a_cut_tail_is_named_through_the_head",
    ),
)
