"""The guards that end the build on a broken or indiscreet page, and the test that misses each."""

from __future__ import annotations

from tests.mutants.table import Mutant

_GATES = "site/sitebuild/output/checks.py"
_NAMES = "site/publishing/names.py"
_CASES = "site/publishing/checks/cases.py"
_TEST = "tests/site/test_gates.py::test"
_HOLDS = "tests/publishing/test_computed_cases.py::test_a_comparison_that_does_not_hold_fails_the_build"

MUTANTS = (
    Mutant(
        "P34",
        "nothing is loaded from another host, and the build says so",
        _GATES,
        '        if _is_foreign(target):\n            yield target, f"`{target}` would be loaded',
        '        if False:\n            yield target, f"`{target}` would be loaded',
        f"{_TEST}_a_fault_ends_the_build_and_is_named",
    ),
    Mutant(
        "P34",
        "a page leads only to hosts on the list",
        _GATES,
        'if parts.scheme != "https" or parts.hostname not in OUTBOUND:',
        "if False:",
        f"{_TEST}_a_fault_ends_the_build_and_is_named",
    ),
    Mutant(
        "P34",
        "a link leads to an anchor that exists",
        _GATES,
        'if anchor and path.endswith(".html") and anchor not in self.read(path).ids:',
        "if False:",
        f"{_TEST}_a_fault_ends_the_build_and_is_named",
    ),
    Mutant(
        "P34",
        "a picture has words for whoever cannot see it",
        _GATES,
        'if tag == "img" and not given.get("alt", "").strip():',
        "if False:",
        f"{_TEST}_a_fault_ends_the_build_and_is_named",
    ),
    Mutant(
        "P34",
        "a redirect never hides a page",
        "site/sitebuild/output/redirects.py",
        '            if f"{old}index.html" in built.pages:',
        "            if False:",
        "tests/site/test_redirects.py::test_a_redirect_that_cannot_be_stops_the_build",
    ),
    Mutant(
        "P37",
        "nobody is named in a source without a declaration",
        "site/publishing/compiler.py",
        "        names.check_names(page)\n",
        "",
        "tests/publishing/test_names.py",
    ),
    Mutant(
        "P37",
        "a declaration of a person gives its reason",
        _NAMES,
        'if not (person.get("named_by") or person.get("consent")):',
        "if False:",
        "tests/publishing/test_names.py",
    ),
    Mutant(
        "P38",
        "a claim case is computed or says why not",
        _CASES,
        "if case.is_claim and len(said) != 1:",
        "if False:",
        _HOLDS,
    ),
    Mutant(
        "P38",
        "the sum a case states is the one its terms give",
        _CASES,
        "if total != made.amount_fen:",
        "if False:",
        _HOLDS,
    ),
    Mutant(
        "P38",
        "what a case says of its two sums is so",
        _CASES,
        "    if not holds:",
        "    if False:",
        _HOLDS,
    ),
    Mutant(
        "P26",
        "search engines are kept from what is personal",
        "site/sitebuild/pages/sharing.py",
        'if meta["type"] == "not_found" or meta.get("service") in PERSONAL_SERVICES:',
        'if meta["type"] == "not_found":',
        "tests/site/test_share.py::test_search_engines_are_kept_from_what_is_personal",
    ),
)
