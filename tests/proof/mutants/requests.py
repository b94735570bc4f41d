"""The guards of what a request may learn, reach, smuggle or leave behind, and the test that misses each."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_PLATFORM = "functions/chalicelib/platform"
_COVERAGE = "functions/chalicelib/coverage"
_ENROLLMENT = "functions/chalicelib/enrollment"
_CATALOG = "functions/chalicelib/catalog"
_OFFICE = "functions/chalicelib/office"
_P03 = "tests/promises/test_p03_who_is_a_member.py::test_p03"
_P05 = "tests/promises/test_p05_not_yours.py::test_p05"
_P06 = "tests/promises/test_p06_smuggled_fields.py::test_p06"
_P13 = "tests/promises/test_p13_ages.py::test_p13"
_P31 = "tests/promises/test_p31_consent.py::test_p31"
_P36 = "tests/promises/test_p36_nothing_ships.py::test_p36"
_SEVERAL = "tests/enrollment/test_several_products.py::test"
_REFUSED = f"{_P06}_what_was_not_asked_for_is_refused_and_nothing_is_written"
_PLAINLY = f"{_P06}_what_json_cannot_say_plainly_is_refused_whatever_the_body_takes"

MUTANTS = (
    Mutant(
        "P03",
        "asking for a code does not look at who has joined",
        "functions/chalicelib/access/service/codes.py",
        "    proof = read_proof(solution, work.now)\n",
        "    proof = read_proof(solution, work.now)\n"
        "    from chalicelib.people import service as people\n\n"
        '    known = people.person_of(cipher.blind_indexes("mobile", mobile.number))\n'
        "    known and people.read(known)\n",
        f"{_P03}_asking_for_a_code_tells_nothing_of_the_mobile",
    ),
    Mutant(
        "P03",
        "signing in does not say who has joined",
        "functions/chalicelib/access/service/sign_in.py",
        "    masked = challenge.mobile_masked\n",
        "    from chalicelib.people import service as people\n\n"
        "    joined = bool(people.person_of(list(challenge.mobile_indexes)))\n"
        '    masked = challenge.mobile_masked + "*" * joined\n',
        f"{_P03}_signing_in_does_not_say_whether_the_mobile_has_joined",
    ),
    Mutant(
        "P03",
        "a wrong check code is an unknown number",
        f"{_COVERAGE}/service/read.py",
        "        if hmac.compare_digest(row.check_code.encode(), typed):\n",
        "        if not hmac.compare_digest(row.check_code.encode(), typed):\n"
        '            raise refusal("coverage.unknown_certificate")\n'
        "        else:\n",
        f"{_P03}_a_wrong_check_code_is_an_unknown_number",
    ),
    Mutant(
        "P03",
        "what no certificate can have is refused before the store is asked",
        f"{_COVERAGE}/routes.py",
        '    if number is None:\n        raise refusal("certificates.mistyped")\n',
        '    number = number or "-"\n',
        f"{_P03}_what_no_certificate_can_have_is_told_without_asking_the_store_for_it",
    ),
    Mutant(
        "P03",
        "looking a number up is counted whether or not it exists",
        f"{_COVERAGE}/routes.py",
        '    limits.spend("certificate_checks_number_hour", limits.text_key(number), request.now)\n',
        "",
        f"{_P03}_looking_too_often_is_refused_alike_for_a_number_that_exists",
    ),
    Mutant(
        "P03",
        "number and mobile are looked up in one read, whoever is known",
        "functions/chalicelib/people/service.py",
        "    return Found(Standing.OFFICE_CHECK)\n",
        "    if by_mobile:\n"
        '        LockRow.get(mobiles[0], "lock")\n'
        "    return Found(Standing.OFFICE_CHECK)\n",
        f"{_P03}_a_number_that_is_not_this_mobiles_is_for_the_office_whoever_is_known",
    ),
    Mutant(
        "P05",
        "a certificate opens with its own check code only",
        f"{_COVERAGE}/service/read.py",
        "if hmac.compare_digest(row.check_code.encode(), typed):",
        "if typed:",
        f"{_P05}_a_certificate_opens_with_its_own_check_code_only",
    ),
    Mutant(
        "P05",
        "an idempotency key is its caller's alone",
        f"{_PLATFORM}/idempotency.py",
        "{actor.key}\\n{route}",
        "{route}",
        f"{_P05}_another_member_gets_what_somebody_unknown_would_get",
    ),
    Mutant(
        "P05",
        "an inbox is read by its recipient",
        "functions/chalicelib/notify/records.py",
        "OutboxRow.by_recipient.query(recipient, older, scan_index_forward=False, limit=limit)",
        "OutboxRow.scan(OutboxRow.recipient.exists(), limit=limit)",
        f"{_P05}_another_member_gets_what_somebody_unknown_would_get",
    ),
    Mutant(
        "P05",
        "a number is only its own mobile's",
        "functions/chalicelib/people/service.py",
        "if by_number == by_mobile and len(by_number) == 1:",
        "if len(by_number) == 1:",
        f"{_P05}_another_member_gets_what_somebody_unknown_would_get",
    ),
    Mutant(
        "P05",
        "a member's route asks for a session",
        "functions/chalicelib/access/service/sessions.py",
        "    if row is None:\n        raise _not_signed_in()\n",
        "",
        f"{_P05}_without_a_session_every_request_is_the_same_refusal",
    ),
    Mutant(
        "P05",
        "no route is served but those with a guard",
        "functions/app.py",
        '@app.lambda_function(name="outbox_stream")',
        '@app.route("/bare")\ndef bare():\n    return {}\n\n\n@app.lambda_function(name="outbox_stream")',
        "tests/contract/test_routes.py::test_every_route_that_is_served_was_registered_with_a_guard",
    ),
    Mutant(
        "P06",
        "a body takes no field it does not name",
        f"{_PLATFORM}/strict_json.py",
        "class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):",
        "class Body(msgspec.Struct, frozen=True, kw_only=True):",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "an application takes no field it does not name",
        f"{_ENROLLMENT}/model.py",
        "class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):",
        "class Application(msgspec.Struct, frozen=True, kw_only=True):",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "a consent takes no field it does not name",
        f"{_ENROLLMENT}/model.py",
        "class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):",
        "class Consent(msgspec.Struct, frozen=True):",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "a key stands once",
        f"{_PLATFORM}/strict_json.py",
        "if len(made) != len(pairs):",
        "if False:",
        _REFUSED,
    ),
    Mutant(
        "P06", "no NaN", f"{_PLATFORM}/strict_json.py", "            parse_constant=_refuse,\n", "", _PLAINLY
    ),
    Mutant(
        "P06",
        "no fraction",
        f"{_PLATFORM}/strict_json.py",
        "            parse_float=_refuse,\n",
        "",
        _PLAINLY,
    ),
    Mutant(
        "P06", "no minus zero", f"{_PLATFORM}/strict_json.py", "            parse_int=_whole,\n", "", _PLAINLY
    ),
    Mutant(
        "P06",
        "no half character",
        f"{_PLATFORM}/strict_json.py",
        "        json.dumps(value, ensure_ascii=False).encode()\n",
        "",
        _PLAINLY,
    ),
    Mutant(
        "P06",
        "types are not converted",
        f"{_PLATFORM}/strict_json.py",
        "strict=True",
        "strict=False",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "a nest without end is refused, not our fault",
        f"{_PLATFORM}/strict_json.py",
        "except (ValueError, RecursionError):",
        "except ValueError:",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "a body has at most 64 KiB",
        f"{_PLATFORM}/http.py",
        "if len(body) > LIMITS.body_bytes:",
        "if False:",
        _REFUSED,
    ),
    Mutant(
        "P06",
        "an address takes no parameter it does not name",
        f"{_PLATFORM}/http.py",
        "if repeated or query.keys() - set(route.query):",
        "if repeated:",
        f"{_P06}_an_address_takes_no_parameter_and_no_body_it_does_not_name",
    ),
    Mutant(
        "P06",
        "a route without a body takes none",
        f"{_PLATFORM}/http.py",
        'elif request.raw not in (b"", b"null"):',
        "elif False:",
        f"{_P06}_an_address_takes_no_parameter_and_no_body_it_does_not_name",
    ),
    Mutant(
        "P13",
        "the youngest age of the terms",
        "functions/chalicelib/pricing/rules.py",
        "if youngest < ages.first:",
        "if youngest < ages.first - 1:",
        f"{_P13}_the_youngest_has_their_birthday_on_the_first_day_of_cover",
    ),
    Mutant(
        "P13",
        "the oldest age of the terms, inclusive",
        "functions/chalicelib/pricing/rules.py",
        "if oldest > ages.last:",
        "if oldest >= ages.last:",
        f"{_P13}_the_oldest_has_the_next_birthday_after_the_first_day_of_cover",
    ),
    Mutant(
        "P13",
        "age counts on the first day of cover",
        "functions/chalicelib/pricing/rules.py",
        "effective = effective or on + timedelta(days=1)",
        "effective = effective or on",
        f"{_P13}_the_youngest_has_their_birthday_on_the_first_day_of_cover",
    ),
    Mutant(
        "P13",
        "the day is Shanghai's",
        f"{_PLATFORM}/work.py",
        "return shanghai_day(self.now)",
        "return self.now.date()",
        f"{_P13}_the_day_is_shanghais_not_utcs",
    ),
    Mutant(
        "P13",
        "29 February turns on 1 March",
        "functions/chalicelib/kernel.py",
        "return date(day.year + years, 3, 1)",
        "return date(day.year + years, 2, 28)",
        f"{_P13}_born_on_29_february_one_turns_on_1_march",
    ),
    Mutant(
        "P13",
        "under 14 nobody joins without a guardian",
        f"{_ENROLLMENT}/rules.py",
        "    refuse_child(applicant.id_number.birthday, today)\n",
        "",
        f"{_P13}_under_14_nobody_joins_without_a_guardian_whatever_the_terms_allow",
    ),
    Mutant(
        "P31",
        "each scope is agreed to",
        f"{_ENROLLMENT}/rules.py",
        "if {consent.scope for consent in wanted} - {consent.scope for consent in agreed}:",
        "if not agreed:",
        f"{_P31}_without_one_of_the_consents_nothing_is_stored",
    ),
    Mutant(
        "P31",
        "the text agreed to is the one in force",
        f"{_ENROLLMENT}/rules.py",
        "if agreed != wanted:",
        "if False:",
        f"{_P31}_a_consent_to_another_text_is_none",
    ),
    Mutant(
        "P31",
        "nothing is agreed to that was not asked for",
        f"{_ENROLLMENT}/rules.py",
        "if agreed != wanted:",
        "if wanted - agreed:",
        f"{_P31}_a_text_that_nobody_published_cannot_be_agreed_to",
    ),
    Mutant(
        "P31",
        "the newest text in force is asked for",
        f"{_CATALOG}/model.py",
        'return _found(fitting[-1:], "scope",',
        'return _found(fitting[:1], "scope",',
        f"{_P31}_a_page_opened_before_the_text_changed_has_to_be_read_again",
    ),
    Mutant(
        "P31",
        "every exclusion is acknowledged",
        f"{_ENROLLMENT}/rules.py",
        "    if missing:\n",
        "    if len(missing) > 1:\n",
        f"{_P31}_every_exclusion_is_acknowledged_one_by_one",
    ),
    Mutant(
        "P31",
        "consents stand in the join's transaction",
        f"{_ENROLLMENT}/service/join.py",
        "        work.add(consents.writes(work, person_id, self.products, self.application))\n",
        "",
        f"{_P31}_the_rows_say_to_what_when_and_how",
    ),
    Mutant(
        "P31",
        "a consent keeps the hash of its text",
        f"{_ENROLLMENT}/service/consents.py",
        "sha256=each.consent.sha256",
        'sha256="0" * 64',
        f"{_P31}_the_rows_say_to_what_when_and_how",
    ),
    Mutant(
        "P31",
        "an exclusion acknowledged for one product says nothing of another's",
        f"{_ENROLLMENT}/rules.py",
        "if (product.code, each.id) not in seen",
        "if each.id not in {exclusion for _, exclusion in seen}",
        f"{_SEVERAL}_acknowledging_one_products_exclusions_says_nothing_of_the_others",
    ),
    Mutant(
        "P31",
        "consents to two terms of one version are two rows",
        f"{_ENROLLMENT}/records.py",
        'return f"consent#{scope}#{text}#{version}#{at}"',
        'return f"consent#{scope}#{version}#{at}"',
        f"{_SEVERAL}_the_consents_to_both_terms_of_one_version_are_stored_each_for_itself",
    ),
    Mutant(
        "P36",
        "debug is off",
        "functions/app.py",
        "debug=False",
        "debug=True",
        f"{_P36}_debug_is_off_in_the_app_and_in_every_stage",
    ),
    Mutant(
        "P36",
        "an unforeseen error is answered in our own words",
        f"{_PLATFORM}/http.py",
        'return DomainError("platform.unforeseen", _OUR_FAULT)',
        'return DomainError("platform.unforeseen", _OUR_FAULT + repr(error))',
        f"{_P36}_a_row_that_cannot_be_read_is_not_quoted",
    ),
    Mutant(
        "P36",
        "an unforeseen error is mapped before Chalice sees it",
        f"{_PLATFORM}/http.py",
        "    except Exception as error:\n        problem = _as_domain_error(error, label)\n",
        "    except DomainError as error:\n        problem = _as_domain_error(error, label)\n",
        f"{_P36}_a_table_that_is_not_there_is_our_fault_and_nobody_elses_to_read",
    ),
    Mutant(
        "P36",
        "Chalice's own refusals are told in our words",
        f"{_PLATFORM}/http.py",
        "shaped = reshape(response, response.status_code)",
        "shaped = response",
        f"{_P36}_where_our_wrapper_does_not_reach_the_answer_tells_nothing_either",
    ),
    Mutant(
        "P36",
        "the environment names a secret",
        "infra/resources/functions.py",
        '"SMS_SECRET_ID": ref("InfraSmsSecret")',
        '"SMS_SECRET_ID": "the-secret-itself"',
        f"{_P36}_the_environment_holds_names_of_secrets_and_references",
    ),
    Mutant(
        "P02",
        "a network fills the suggestion box only so far",
        f"{_OFFICE}/service.py",
        "            limits.spend_write(_NETWORK, network, work.now),\n",
        "",
        "tests/office/test_suggestions.py::test_one_network_may_write_so_often_and_no_more",
    ),
    Mutant(
        "P18",
        "a suggestion handed in twice is filed once",
        f"{_OFFICE}/service.py",
        "            if earlier is not None:\n                return earlier\n",
        "",
        "tests/office/test_suggestions.py::test_the_same_press_twice_is_one_entry_with_one_receipt",
    ),
    Mutant(
        "P27",
        "what people write to the office is sealed",
        f"{_PLATFORM}/rows.py",
        "return cipher.seal(text, table=self._table_name(), row=self._place(), field=name)",
        "return text.reveal().encode()",
        "tests/office/test_suggestions.py::test_the_store_holds_no_readable_word",
    ),
)
