"""The guards of what is said about money, and the test that misses each. See `table`."""

from __future__ import annotations

from tests.proof.mutants.table import Mutant

_LEFT_OUT = "tests/benefits/test_what_is_left_out.py::test"
_BAD = "tests/publishing/test_bad_content.py::test_a_mistake_is_refused_by_file_and_field"
_READ = "tests/publishing/test_papers_and_readings.py::test"
_PROMISED = "tests/site/test_promised.py::test"
_RULES = "functions/chalicelib/benefits/rules"

MUTANTS = (
    Mutant(
        "P38",
        "a part of the cost cannot be ticked as if it were the event",
        f"{_RULES}/checks.py",
        "if known[name].excludes is Excludes.COST:",
        "if False:",
        f"{_LEFT_OUT}_a_part_of_the_cost_is_never_a_tick",
    ),
    Mutant(
        "P38",
        "what an exclusion of cost names is taken off the bill with its clause",
        f"{_RULES}/counting.py",
        "if exclusion.excludes is Excludes.COST and exclusion.is_about(benefit.id)",
        "if False",
        f"{_LEFT_OUT}_each_part_left_out_is_told_with_its_sum_and_its_clause",
    ),
    Mutant(
        "P38",
        "days below second grade are not paid",
        f"{_RULES}/sums.py",
        "if not is_second_grade(each)] if graded else []",
        "if False] if graded else []",
        f"{_LEFT_OUT}_days_in_a_hospital_below_second_grade_are_not_paid",
    ),
    Mutant(
        "P38",
        "nothing is estimated before the hospital's grade is told",
        f"{_RULES}/checks.py",
        "if graded and any(each.hospital_grade is None for each in facts.stays):",
        "if False:",
        f"{_LEFT_OUT}_nothing_is_estimated_before_the_hospitals_grade_is_told",
    ),
    Mutant(
        "P38",
        "earlier terms are read only where the words are the same",
        "site/publishing/readings.py",
        "if new.get(anchor) == words}",
        "if new.get(anchor)}",
        f"{_READ}_other_words_are_not_read_by_a_later_version",
    ),
    Mutant(
        "P38",
        "a list of papers is not shorter than what the claim pays",
        "site/publishing/checks/papers.py",
        "if not listed.intersection(papers):",
        "if False:",
        f"{_READ}_a_list_shorter_than_what_the_claim_pays_is_refused",
    ),
    Mutant(
        "P38",
        "a condition in the text is data of a benefit",
        "site/publishing/checks/conditions.py",
        "if found and clause not in told:",
        "if False:",
        _BAD,
    ),
    Mutant(
        "P38",
        "nobody is promised a beneficiary they cannot name",
        "site/publishing/checks/wording.py",
        "        if wrong_word(line):",
        "        if False:",
        _BAD,
    ),
    Mutant(
        "P38",
        "no page promises a benefit without its conditions",
        "site/sitebuild/output/promised.py",
        "        if each not in text:",
        "        if False:",
        f"{_PROMISED}_a_page_that_leaves_one_out_is_refused_with_the_benefit_and_the_words",
    ),
)
