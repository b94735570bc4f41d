"""The cost-split calculator on a campaign's page: its questions, and what its script is told."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from chalicelib.catalog.campaigns import Campaign
from publishing.compiler import Compiled
from sitebuild.built import Built, Files
from sitebuild.forms import Asked, FormView, words_of
from sitebuild.places import places_within

WORDS = "forms/split.md"


def form_view(made: Compiled, campaign: Campaign) -> FormView:
    """Asks for the day only where funding depends on it, and for the place only where there are several."""
    front = words_of(made, WORDS)
    order = {
        "people": True,
        "on": any(line.by_enrolment_date for line in campaign.funding),
        "region": len(_places(made, campaign)) > 1,
    }
    options = {"region": _places(made, campaign)}
    asked = tuple(
        Asked(each.name, each, options.get(each.name, ())) for each in front.questions if order[each.name]
    )
    return FormView(made.pages[WORDS].title, front, asked, f"/campaigns/{campaign.code}/split.json")


def _places(made: Compiled, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """The campaign's own regions first, then what lies inside them."""
    own = [(code, made.catalogue.region(code).name) for code in campaign.regions]
    inside = places_within(made.catalogue, campaign.regions)
    return (*own, *(each for each in inside if each[0] not in campaign.regions))


def split_files(built: Built) -> Files:
    """`/campaigns/<code>/split.json` for every campaign."""
    return {
        f"campaigns/{campaign.code}/split.json": partial(_encoded, built, campaign)
        for campaign in built.compiled.catalogue.campaigns
    }


def _encoded(built: Built, campaign: Campaign) -> bytes:
    return msgspec.json.encode(about(built.compiled, campaign))


def about(made: Compiled, campaign: Campaign) -> dict[str, Any]:
    """What is asked for is asked as of the reader's day; `window` is the days there are."""
    view = form_view(made, campaign)
    window = campaign.window
    return {
        "campaign": campaign.code,
        "products": campaign.products,
        "window": [window.first, window.last],
        "region": campaign.regions[0],
        "words": view.front.words,
        "problems": {each.name: each.words.error for each in view.questions if each.words.error},
    }
