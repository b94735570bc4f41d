"""The guards of files that come in, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_UPLOADS = "functions/chalicelib/uploads"
_P14 = "tests/promises/test_p14_upload_forms.py::test_p14"
_P15 = "tests/promises/test_p15_swapped_evidence.py::test_p15"
_P20 = "tests/promises/test_p20_uploads.py::test_p20"
_SERVICE = "tests/uploads/test_service.py::test"
_WORKER = "tests/uploads/test_worker.py::test"
_NIGHT = "tests/uploads/test_reconciliation.py::test"

MUTANTS = (
    Mutant(
        "P14",
        "a form lets one length through",
        f"{_UPLOADS}/rules.py",
        '["content-length-range", what.bytes, what.bytes]',
        '["content-length-range", 1, what.purpose.max_bytes]',
        f"{_P14}_the_policy_is_a_list_of_equations_for_this_file",
    ),
    Mutant(
        "P14",
        "a form lets one type and one content through",
        f"{_UPLOADS}/rules.py",
        "[{name: value} for name, value in fields.items()]",
        '[["starts-with", f"${name}", ""] for name in fields]',
        f"{_P14}_the_policy_is_a_list_of_equations_for_this_file",
    ),
    Mutant(
        "P14",
        "a form ends with its slot",
        f"{_UPLOADS}/bucket.py",
        "ExpiresIn=int((expires_at - clock.now()).total_seconds()),",
        "ExpiresIn=LIMITS.upload_seconds,",
        f"{_P14}_a_form_ends_when_its_slot_says_and_never_later",
    ),
    Mutant(
        "P14",
        "a form leads to the bucket's own address in its region",
        "functions/chalicelib/platform/aws.py",
        '"addressing_style": "virtual", ',
        "",
        f"{_P14}_a_form_leads_to_the_one_origin_the_pages_policy_allows",
    ),
    Mutant(
        "P14",
        "a file of a kind its purpose does not take gets no form",
        f"{_UPLOADS}/rules.py",
        "    if endings is None:\n",
        "    endings = endings or ()\n    if False:\n",
        "tests/uploads/test_rules.py::test_what_cannot_be_taken_is_refused_beside_its_field",
    ),
    Mutant(
        "P15",
        "a slot is used once",
        f"{_UPLOADS}/service.py",
        "    if not FILES.allows(state, FileAction.RECEIVE):\n",
        "    if False:\n",
        f"{_P15}_what_is_posted_after_the_receipt_is_never_seen_and_goes",
    ),
    Mutant(
        "P15",
        "the pin is a condition of the store",
        f"{_UPLOADS}/records.py",
        "        FileRow.forget_at.remove(),\n    ]\n"
        "    return update(FileRow(row.file_id), actions, move.condition)",
        "        FileRow.forget_at.remove(),\n    ]\n    return update(FileRow(row.file_id), actions, None)",
        f"{_P15}_the_pin_is_a_condition_of_the_store_and_not_only_a_check",
    ),
    Mutant(
        "P15",
        "a link names the pinned version",
        f"{_UPLOADS}/bucket.py",
        '            "VersionId": version_id,\n            "ResponseCacheControl"',
        '            "ResponseCacheControl"',
        f"{_SERVICE}_a_link_names_the_pinned_version_for_a_minute_and_is_kept_by_nobody",
    ),
    Mutant(
        "P15",
        "what lies there is read and compared",
        f"{_UPLOADS}/rules.py",
        'for name in ("bytes", "content_type", "sha256"):',
        'for name in ("bytes", "content_type"):',
        f"{_P15}_other_bytes_first_keep_no_place_for_themselves",
    ),
    Mutant(
        "P15",
        "a view is in the log before its link is given",
        f"{_UPLOADS}/service.py",
        '    work.add(_entry(work, "file_viewed", row, row.version_id))\n',
        "",
        f"{_SERVICE}_each_link_is_a_view_in_the_log_by_whom_it_was_given",
    ),
    Mutant(
        "P05",
        "a link is given to whom access lets read the file",
        f"{_UPLOADS}/service.py",
        "if row is None or not may(work.actor, PURPOSES[row.purpose].read, row.permission):",
        "if row is None:",
        f"{_SERVICE}_p05_not_yours_and_unknown_are_the_same_and_leave_no_trace",
    ),
    Mutant(
        "P05",
        "an owner is the very member whose thing it is",
        "functions/chalicelib/access/rules.py",
        "bool(actor.key) and actor.key == thing.member",
        "True",
        "tests/access/test_may.py::test_an_owner_is_the_very_member_whose_thing_it_is",
    ),
    Mutant(
        "P20",
        "the right bytes count though wrong ones came first",
        f"{_UPLOADS}/model.py",
        "        Edge(FileState.REFUSED, FileAction.RECEIVE, FileState.STORED, _SYSTEM),\n",
        "",
        f"{_P20}_whatever_the_order_and_however_often_the_end_is_the_same",
    ),
    Mutant(
        "P20",
        "the pinned version told again is no surplus",
        f"{_UPLOADS}/service.py",
        "    if row.version_id == version_id:\n",
        "    if False:\n",
        f"{_P20}_whatever_the_order_and_however_often_the_end_is_the_same",
    ),
    Mutant(
        "P20",
        "a refusal is written down before its bytes go",
        f"{_UPLOADS}/service.py",
        "        if FILES.allows(state, FileAction.REFUSE):\n",
        "        bucket.remove(row.place, version_id)\n        if FILES.allows(state, FileAction.REFUSE):\n",
        f"{_P20}_whatever_the_order_and_however_often_the_end_is_the_same",
    ),
    Mutant(
        "P20",
        "one poisoned message does not stop the queue",
        f"{_UPLOADS}/worker.py",
        "except Exception as error:",
        "except ZeroDivisionError as error:",
        f"{_WORKER}_a_poisoned_message_is_named_and_the_others_are_done",
    ),
    Mutant(
        "P20",
        "nothing is removed whose record stands",
        f"{_UPLOADS}/reconciliation.py",
        "            if records.read(file_id) is not None:\n                continue\n",
        "",
        f"{_NIGHT}_a_record_the_index_does_not_show_yet_keeps_its_object",
    ),
    Mutant(
        "P20",
        "the night goes on where it stopped",
        f"{_UPLOADS}/reconciliation.py",
        'first, _, after = cursor.place.partition(" ")',
        'first, _, after = "", "", ""',
        f"{_NIGHT}_it_stops_in_time_and_goes_on_where_it_stopped",
    ),
    Mutant(
        "P20",
        "of two nights at once one stops",
        f"{_UPLOADS}/records.py",
        "    return moved, put(moved, unmoved)",
        "    return moved, put(moved, unmoved | CursorRow.file_id.exists())",
        f"{_NIGHT}_of_two_runs_at_once_one_stops",
    ),
    Mutant(
        "P20",
        "one file that cannot be dealt with does not end the night",
        f"{_UPLOADS}/reconciliation.py",
        "except Exception as error:",
        "except ZeroDivisionError as error:",
        f"{_NIGHT}_a_file_that_cannot_be_dealt_with_hides_no_other",
    ),
    Mutant(
        "P21",
        "only what is gone is taken for gone",
        f"{_UPLOADS}/bucket.py",
        '        if error.response["Error"]["Code"] in _GONE:\n',
        "        if True:\n",
        f"{_WORKER}_p21_while_the_bucket_does_not_answer_the_message_comes_again",
    ),
    Mutant(
        "P23",
        "a slot is over though nobody wrote it down",
        f"{_UPLOADS}/rules.py",
        "    return FILES.edge(record.state, FileAction.EXPIRE).to if over else record.state",
        "    return record.state",
        "tests/uploads/test_rules.py::"
        "test_p23_a_slot_is_over_an_hour_after_its_form_though_nobody_wrote_it_down",
    ),
)
