"""Places to choose from in a form."""

from __future__ import annotations

from chalicelib.catalog.model import Catalogue


def places_within(catalogue: Catalogue, within: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(code, name) of the places inside `within`, or of all; a district is named with its city.

    A region that only holds others (a province) is left out: nobody works in all of it.
    """
    names = {each.code: each.name for each in catalogue.regions}
    tops = {each.code for each in catalogue.regions if each.parent is None}
    parents = {each.parent for each in catalogue.regions}
    found = []
    for each in catalogue.regions:
        if (within and not each.is_within(within)) or each.code in tops & parents:
            continue
        city = "" if each.parent is None or each.parent in tops else names[each.parent] + " "
        found.append((each.code, city + each.name))
    return tuple(found)
