"""The front matter of each page type, beyond the nouns themselves.

Every page has `type`, `title` and `description`. A type not listed here, or a field a type does not have,
fails the build.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.catalog.campaigns import Bundle, Campaign
from chalicelib.catalog.insured import OccupationGroup
from chalicelib.catalog.model import Contact, Outlet, PrivacyText, ServiceStandard
from chalicelib.catalog.terms import Code, Noun, Product, Text
from chalicelib.kernel import ShanghaiDate
from publishing.boards import Board
from publishing.cases import CaseStudy

Title = Annotated[str, Meta(min_length=1, max_length=40)]
Description = Annotated[str, Meta(min_length=10, max_length=120)]


class NamedPerson(Noun, frozen=True, kw_only=True):
    """A person a page names: who already named them in public, or that they agreed (how, when)."""

    name: Annotated[str, Meta(min_length=2, max_length=8)]
    named_by: str = ""
    consent: str = ""


class Common(Noun, frozen=True, kw_only=True):
    type: str
    title: Title
    description: Description
    order: int = 100  # place in its folder's list; equal ones by file name
    moved_from: tuple[str, ...] = ()  # old addresses that lead here: `guide/old-name/`
    people: tuple[NamedPerson, ...] = ()  # whoever the page names, and why it may


class Nothing(Noun, frozen=True, kw_only=True):
    """A page that is only text."""


class Card(Noun, frozen=True, kw_only=True):
    """The plain-language card (明白卡) of a product."""

    product: Code
    summary: Text
    # Anchor of a clause no benefit or exclusion names -> it in plain words.
    clauses: dict[Code, Text] = msgspec.field(default_factory=dict)


class Home(Noun, frozen=True, kw_only=True):
    """`contact` is the hotline every page shows."""

    lead: Text
    contact: Contact


class Step(Noun, frozen=True, kw_only=True):
    title: Text
    text: Text


class CampaignPage(Noun, frozen=True, kw_only=True):
    lead: Text
    steps: tuple[Step, ...]


class Comparison(Noun, frozen=True, kw_only=True):
    """Figures of one case drawn side by side: of one unit, or the build refuses."""

    title: Text
    figures: Annotated[tuple[Code, ...], Meta(min_length=2, max_length=8)]


class CasePage(Noun, frozen=True, kw_only=True):
    lead: Text
    charts: tuple[Comparison, ...] = ()


class NewsKind(StrEnum):
    NEWS = "news"
    ACTIVITY = "activity"


class News(Noun, frozen=True, kw_only=True):
    """`date` is the day it happened on this site; the list and the feed are in its order."""

    date: ShanghaiDate
    kind: NewsKind
    campaign: Code | None = None


class PressPage(Noun, frozen=True, kw_only=True):
    """The press kit. Slogans are words to copy, without a figure or a promise."""

    slogans: Annotated[tuple[Text, ...], Meta(min_length=1)]


ClaimName = Annotated[str, Meta(pattern=r"^[a-z0-9-]+\.[a-z0-9_-]+$")]


class Situation(Noun, frozen=True, kw_only=True):
    """What happened, and the kinds of claim it makes: `<product>.<claim type>` of any version."""

    id: Code
    title: Text
    text: str = ""
    claims: Annotated[tuple[ClaimName, ...], Meta(min_length=1)]


class Situations(Noun, frozen=True, kw_only=True):
    """A guide that begins with what happened. Its lists of papers come from the terms.

    `group` is what its situations have in common; a title that begins with it is shortened beside it.
    """

    group: Text
    situations: Annotated[tuple[Situation, ...], Meta(min_length=1)]


class Regions(Noun, frozen=True, kw_only=True):
    regions: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    TEL = "tel"
    CODE = "code"
    ID_NUMBER = "id_number"
    SELECT = "select"
    CHOICE = "choice"
    MONEY = "money"
    DATE = "date"
    CHECKBOX = "checkbox"


class OptionsFrom(StrEnum):
    OCCUPATION_GROUPS = "occupation_groups"
    REGIONS = "regions"
    AGE_BANDS = "age_bands"
    MEDICAL_INSURANCE = "medical_insurance"


class Option(Noun, frozen=True, kw_only=True):
    value: str
    label: Text


class FormField(Noun, frozen=True, kw_only=True):
    """`name` is the JSON body's field. `error` says what happened and what to do next."""

    name: Code
    label: Text
    kind: FieldKind
    error: Text
    required: bool = True
    hint: str = ""
    autocomplete: str = "off"
    input_mode: str = ""
    max_length: int = 0
    options: tuple[Option, ...] = ()
    options_from: OptionsFrom | None = None


class FormStep(Noun, frozen=True, kw_only=True):
    id: Code
    title: Text
    button: Text
    fields: tuple[FormField, ...] = ()


class ServicePage(Noun, frozen=True, kw_only=True):
    """The shell of an interactive page: useful to read before, and without, any script."""

    service: Code
    prepare: Annotated[tuple[Text, ...], Meta(min_length=1)]
    disabled_reason: Text
    steps: Annotated[tuple[FormStep, ...], Meta(min_length=1)]


class Question(Noun, frozen=True, kw_only=True):
    """One question of a small form. `error` is said when it is missing or cannot be read."""

    name: Code
    label: Text
    kind: Literal["day", "money", "count", "tick", "choice", "stays"]
    hint: str = ""
    error: str = ""
    options: tuple[Option, ...] = ()


class FormWords(Noun, frozen=True, kw_only=True):
    """The text of a small form that stands in other pages; `words` are what its script says.

    Which questions a page asks is decided by its product or campaign.
    """

    lead: Text
    open: Text
    button: Text
    disabled_reason: Text
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]
    words: dict[Code, Text]


Word = Annotated[str, Meta(pattern=r"^[\u3400-\u9fffA-Za-z0-9]{2,12}$")]


class Saying(Noun, frozen=True, kw_only=True):
    """What people type, and the words our pages have for it: whoever searches the first finds the second."""

    said: Annotated[tuple[Word, ...], Meta(min_length=1)]
    written: Annotated[tuple[Word, ...], Meta(min_length=1)]


class SearchWords(Noun, frozen=True, kw_only=True):
    """`skipped` are words of a question that say nothing about what is asked."""

    sayings: tuple[Saying, ...]
    skipped: tuple[Annotated[str, Meta(pattern=r"^[\u3400-\u9fff]{1,6}$")], ...] = ()


class OccupationWords(Noun, frozen=True, kw_only=True):
    """What clerks write for an occupation in a roster, besides its name and code."""

    words: dict[OccupationGroup, Annotated[tuple[Word, ...], Meta(min_length=1)]]


# What the front matter of a type holds after the common fields: page fields, and the noun it publishes.
PAGE_TYPES: dict[str, tuple[type[Noun], type[Noun] | None]] = {
    "home": (Home, None),
    "about": (Nothing, None),
    "guide": (Nothing, None),
    "situations": (Situations, None),
    "faq": (Nothing, None),
    "not_found": (Nothing, None),
    "index": (Nothing, None),
    "product": (Card, None),
    "terms": (Nothing, Product),
    "campaign": (CampaignPage, Campaign),
    "case": (CasePage, CaseStudy),
    "board": (Nothing, Board),
    "news": (News, None),
    "privacy": (Nothing, PrivacyText),
    "outlet": (Nothing, Outlet),
    "regions": (Regions, None),
    "press": (PressPage, None),
    "bundle": (Nothing, Bundle),
    "service_standard": (Nothing, ServiceStandard),
    "service": (ServicePage, None),
    "form": (FormWords, None),  # no page of its own
    "search": (Nothing, None),
    "search_words": (SearchWords, None),
    "occupation_words": (OccupationWords, None),
}
