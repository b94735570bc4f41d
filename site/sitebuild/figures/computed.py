"""What our terms would pay in a published case, line by line, by the benefit engine as the page is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.benefits.model import AssessedBenefit
from chalicelib.benefits.rules import assess
from chalicelib.catalog.terms import Product, SourceKind
from chalicelib.kernel import ShanghaiDate
from publishing import figures
from publishing.cases import CaseStudy, Figure
from publishing.compiler import Compiled
from sitebuild.formats import yuan
from sitebuild.forms import words_of
from sitebuild.products import estimate_form


@dataclass(frozen=True)
class Sentence:
    """One step of the sum. `clause` is the heading of the article it rests on, at `url`, where known."""

    text: str
    clause: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    amount_fen: int
    is_sample: bool
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class ComputedCase:
    """The same words as the estimate's answer on a product's page (js/estimate.js)."""

    terms: Product
    supposes: str
    why: str
    lines: tuple[Line, ...]
    total_fen: int
    paid: Figure

    @property
    def is_sample(self) -> bool:
        return any(each.is_sample for each in self.lines)


def computed(made: Compiled, case: CaseStudy, on: ShanghaiDate) -> ComputedCase | None:
    """None where the case says why it cannot be computed."""
    asked = case.computed
    if asked is None:
        return None
    terms = made.catalogue.product_version(asked.product, asked.version)
    answer = assess(terms, asked.facts)
    page = made.pages[f"cases/{case.code}.md"]
    supposes, why = (
        figures.render_words(each, page, made.catalogue, on) for each in (asked.supposes, asked.why)
    )
    lines = tuple(_line(made, terms, each) for each in answer.lines)
    return ComputedCase(terms, supposes, why, lines, answer.total_fen, case.figure(asked.figure))


def _line(made: Compiled, terms: Product, line: AssessedBenefit) -> Line:
    source = terms.source_of(f"benefits.{line.benefit}")
    is_sample = source.kind is SourceKind.SAMPLE
    return Line(line.name, line.amount_fen, is_sample, tuple(_sentences(made, terms, line)))


def _sentences(made: Compiled, terms: Product, line: AssessedBenefit) -> Iterator[Sentence]:
    said = words_of(made, estimate_form.WORDS).words
    about = estimate_form.named_clauses(made, terms)

    def sentence(text: str, clause: str | None) -> Sentence:
        if clause is None:
            return Sentence(text)
        return Sentence(text, about["clauses"].get(clause, said["clause"]), f"{about['url']}#{clause}")

    for out in line.left_out:
        yield sentence(out.text, out.clause)
    yield sentence(line.text, line.clause)
    for each in line.deductions:
        less = f"{said['less']}{yuan(each.amount_fen)}{said['yuan']}：" if each.amount_fen else ""
        yield sentence(less + each.text, each.clause)
