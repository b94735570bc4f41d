"""What terms would pay for the facts somebody tells, with the notice that this decides nothing."""

from __future__ import annotations

from chalicelib.benefits.model import Assessment, Facts
from chalicelib.benefits.rules import assess
from chalicelib.catalog.service import catalogue
from chalicelib.catalog.terms import Product
from chalicelib.kernel import InvalidRequestError

ESTIMATE = "这是按您填写的情况估算的，不是给付决定；以经办机构审核结果为准。"
SAMPLE = "示范数值，以经办机构正式条款为准。"  # as figures.NOTICE, which only the site's build may import


def estimate(code: str, version: str | None, facts: Facts) -> tuple[Product, Assessment, str]:
    """The terms applied, what they would pay, and the notice to show with it.

    Without a version, the terms in force on the first day of cover. Raises InvalidRequestError naming the
    product, version or fact.
    """
    of_product = [each for each in catalogue().products if each.code == code]
    if not of_product:
        detail = "没有这个保障项目，请从保障项目页面重新进入。"
        raise InvalidRequestError("catalog.unknown_product", detail, {"product": detail})
    if version is None:
        terms = [each for each in of_product if each.valid_from <= facts.cover_from][-1:]
        detail, field = "这个保障项目那时还没有开始，请核对保障开始日期。", "facts.cover_from"
    else:
        terms = [each for each in of_product if each.version == version]
        detail, field = "没有这个条款版本，请从条款页面重新进入。", "version"
    if not terms:
        raise InvalidRequestError("catalog.unknown_terms", detail, {field: detail})
    notice = ESTIMATE + (SAMPLE if terms[0].is_sample else "")
    return terms[0], assess(terms[0], facts), notice
