"""Pages never freeze a day: a page that will read differently on a coming day lies ready for it.

What a page says may change by itself: a campaign begins or ends, new terms or a new consent text come into
force, an aid shrinks. For each such day of the next weeks the pages that differ are built as of that day too,
below /day/<day>/, and the page of today names the days. On the day, its script (js/day.js) leads on;
without script it still says the dates themselves. So a site that was built yesterday is right today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.catalog.model import Catalogue
from chalicelib.kernel import ShanghaiDate
from sitebuild.addresses import rooted
from sitebuild.build import Build
from sitebuild.built import Files
from sitebuild.edition import Edition

AHEAD_DAYS = 14  # longer than the longest holiday nobody publishes on
FOLDER = "day"
_ABOUT = re.compile(r'(?<=data-about="/)[^"]+')


def pages_of_coming_days(build: Build, config: Any, env: Any) -> Files:
    """The coming pages, and again those of today that name them."""
    files: Files = {}
    shown = dict(build.built.pages)
    days: dict[str, list[str]] = {}
    today = build.files()
    for day in turning_days(build.compiled.catalogue, build.built.on):
        edition = Edition(config, env, build.compiled, day)
        folder = f"{FOLDER}/{day}/"
        for path, html in edition.pages.items():
            if shown.get(path) == html:
                continue
            if path in shown:
                days.setdefault(path, []).append(str(day))
            else:
                files[path] = html.encode  # it only comes then; pages of that day may lead to it
            shown[path] = html
            files |= _below(folder, edition, path, today)
    for path, its in days.items():
        html = build.built.pages[path]
        marked = html.replace("<html ", f'<html data-days="{" ".join(its)}" ', 1)
        files[path] = marked.encode
    return files


def _below(folder: str, edition: Edition, path: str, today: Files) -> Files:
    """A page of that day below `folder`, and the data its forms read, where those differ too."""
    files: Files = {}
    html = edition.pages[path]
    for about in set(_ABOUT.findall(html)):
        make = edition.beside[about]
        if about not in today or make() != today[about]():
            html = html.replace(f'data-about="/{about}"', f'data-about="/{folder}{about}"')
            files[folder + about] = make
    files[folder + path] = rooted(html, "/" + path.removesuffix("index.html")).encode
    return files


def turning_days(catalogue: Catalogue, on: ShanghaiDate) -> list[ShanghaiDate]:
    """The days after `on`, and not too far ahead, on which something begins, ends or changes."""
    return sorted({day for day in _turns(catalogue) if on < day <= on + timedelta(days=AHEAD_DAYS)})


def _turns(catalogue: Catalogue) -> Iterator[ShanghaiDate]:
    for campaign in catalogue.campaigns:
        yield campaign.window.first
        yield campaign.window.last + timedelta(days=1)
        for line in campaign.funding:
            for each in line.by_enrolment_date:
                yield each.first
    yield from (each.valid_from for each in catalogue.products)
    yield from (each.valid_from for each in catalogue.privacy)
