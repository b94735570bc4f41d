"""The guards of the public pages and their forms, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.mutants.table import Mutant

_HEADERS = "infra/headers.py"
_P34 = "tests/promises/test_p34_the_static_site_cannot_be_turned.py::test"
_JOIN = "tests/site/test_join_form.py::test"
_SCRIPTS = "tests/site/test_scripts.py::test"
_BUILD = "tests/site/test_build.py::test"

MUTANTS = (
    Mutant(
        "P34",
        "scripts run only as files of our own",
        _HEADERS,
        'f"script-src {_sources(script_hashes, own=True)}",',
        "\"script-src 'self' 'unsafe-inline'\",",
        f"{_P34}_a_page_changed_on_its_way_runs_nothing",
    ),
    Mutant(
        "P34",
        "styles are allowed by the hash of what pages really inline",
        _HEADERS,
        "styles.update(map(_hash, _STYLE.findall(text)))",
        "styles.add(_hash(page.name))",
        f"{_P34}_the_policy_lists_exactly_the_styles_the_pages_inline",
    ),
    Mutant(
        "P34",
        "no page may change where its links and forms lead",
        _HEADERS,
        "            \"base-uri 'none'\",\n",
        "",
        f"{_P34}_every_header_is_there",
    ),
    Mutant(
        "P34",
        "browsers insist on TLS for a year",
        _HEADERS,
        '        "Strict-Transport-Security": f"max-age={ONE_YEAR_SECONDS}",\n',
        "",
        f"{_P34}_every_header_is_there",
    ),
    Mutant(
        "P34",
        "a policy cannot grow without anybody noticing",
        _HEADERS,
        "if len(policy) > LONGEST_POLICY_BYTES:",
        "if False:",
        f"{_P34}_a_policy_that_grows_too_long_stops_the_build",
    ),
    Mutant(
        "P34",
        "the theme's scripts, styles and fonts never reach the site",
        "site/sitebuild/build.py",
        "            files.remove(file)",
        "            pass",
        f"{_BUILD}_nothing_of_the_theme_reaches_the_site",
    ),
    Mutant(
        "P31",
        "a refused consent sends nothing",
        "site/js/join.js",
        "return consent.answer !== 'agree';",
        "return false;",
        f"{_JOIN}_refusing_one_consent_sends_nothing_and_says_what_then",
    ),
    Mutant(
        "P31",
        "every exclusion is acknowledged before the fields are shown",
        "site/js/join.js",
        "return !tick.checked;",
        "return false;",
        f"{_JOIN}_exclusions_must_be_acknowledged_one_by_one",
    ),
    Mutant(
        "P18",
        "a page killed while sending asks again with the same key",
        "site/js/join.js",
        "kept.key = kept.key || H.newKey();",
        "kept.key = H.newKey();",
        f"{_JOIN}_a_page_killed_while_sending_asks_again_with_the_same_key_and_body",
    ),
    Mutant(
        "P27",
        "the identity number is never kept beyond the tab",
        "site/js/join.js",
        "    draft.kept.write(kept);\n    draft.passing.write(",
        "    kept.id = idNumber.value;\n    draft.kept.write(kept);\n    draft.passing.write(",
        f"{_JOIN}_neither_code_nor_identity_number_is_ever_kept_on_the_phone",
    ),
    Mutant(
        "P11",
        "the check character is compared as one types",
        "site/js/id_number.js",
        "if (H.idCheck(text) !== text.charAt(17)) {",
        "if (false) {",
        f"{_SCRIPTS}_right_numbers_are_right_and_one_changed_digit_is_not",
    ),
    Mutant(
        "figures",
        "the fee on a card comes from the terms, never from the template",
        "site/theme/product.html",
        "<b>{{ product.fee_fen | yuan }}元</b>",
        "<b>31元</b>",
        "tests/site/test_figures_walk.py::test_every_figure_on_every_page_traces_to_the_data",
    ),
    Mutant(
        "figures",
        "a figure in 人次 is not shown in 人",
        "site/theme/case.html",
        "{{ each.counted }}</small></b></div>",
        '{{ each.counted | replace("人次", "人") }}</small></b></div>',
        "tests/site/test_figures_walk.py::test_every_figure_on_every_page_traces_to_the_data",
    ),
)
