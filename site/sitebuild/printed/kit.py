"""The press kit: which sheets there are for which campaign and product, where they lie, and drawing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild import views
from sitebuild.printed import card, files, ink, poster, share, wording
from sitebuild.printed.addresses import short_address
from sitebuild.printed.canvas import Canvas

if TYPE_CHECKING:
    from sitebuild.build import Built

PREVIEW = 360  # pixels wide
SHARE_DEFAULT = "press/share/default.png"


@dataclass(frozen=True)
class Sheet:
    """One drawing. `inputs` decide all of it; `path` is the PNG's, below the site."""

    path: str
    label: str
    inputs: tuple[object, ...]
    draw: Callable[[], Canvas]
    dpi: int = 0  # given: printed, so there is a PDF too
    preview: bool = False

    def png(self) -> bytes:
        name = self.path.removesuffix(".png").replace("/", "_") + ".png"
        return files.drawn_once(name, self.inputs, lambda: files.png(self.draw().image))

    @property
    def pdf_path(self) -> str:
        return self.path.removesuffix(".png") + ".pdf"

    @property
    def preview_path(self) -> str:
        return self.path.removesuffix(".png") + "-preview.png"


@dataclass(frozen=True)
class Entry:
    """What the press page shows of one campaign or product."""

    title: str
    code: str
    page: str
    text: str
    is_sample: bool
    printed: tuple[Sheet, ...]
    shared: tuple[Sheet, ...]

    @property
    def shown(self) -> Sheet:
        return next(each for each in self.printed if each.preview)


def campaign_entries(made: Compiled, on: ShanghaiDate, address: str) -> list[Entry]:
    """Nothing is printed for a campaign that is over."""
    entries = []
    for campaign in made.catalogue.campaigns:
        view = views.campaign_view(made.catalogue, campaign, on)
        if view.state != "over":
            entries.append(_campaign(made, view, address, on))
    return entries


def _campaign(made: Compiled, view: views.CampaignView, address: str, on: ShanghaiDate) -> Entry:
    campaign, given = view.campaign, wording.campaign_words(made, view, on)
    url = address + short_address(campaign.code)
    places = [(f"poster-{each.code}", each.name, each.code) for each in campaign.channels]
    printed = [
        _poster(
            given,
            f"press/{campaign.code}/{name}.png",
            address + short_address(campaign.code, code),
            place,
            not n,
        )
        for n, (name, place, code) in enumerate(places or [("poster", "", "")])
    ]
    return Entry(
        title=campaign.name,
        code=campaign.code,
        page=f"/campaigns/{campaign.code}/",
        text=wording.campaign_text(given, url),
        is_sample=given.is_sample,
        printed=tuple(printed),
        shared=(
            Sheet(_shared(campaign.code), "转发图", (given, url), lambda: share.campaign_share(given, url)),
            _square(given.house, campaign.code, campaign.name, given.is_sample),
        ),
    )


def _poster(given: wording.CampaignWords, path: str, url: str, place: str, preview: bool) -> Sheet:
    label = f"海报：{place}" if place else "海报"
    inputs = (given, url, place)
    return Sheet(path, label, inputs, lambda: poster.draw_poster(given, url, place), ink.POSTER_DPI, preview)


def product_entries(made: Compiled, on: ShanghaiDate, address: str) -> list[Entry]:
    entries = []
    for product in made.catalogue.products_on(on):
        page = f"products/{product.code}/"
        given, url = wording.product_words(made, product, on), address + page
        entries.append(
            Entry(
                title=product.short_name,
                code=product.code,
                page="/" + page,
                text=wording.product_text(given, url),
                is_sample=given.is_sample,
                printed=(_card(given, url),),
                shared=(
                    _product_share(given, url),
                    _square(given.house, product.code, given.short_name, given.is_sample),
                ),
            )
        )
    return entries


def _card(given: wording.ProductWords, url: str) -> Sheet:
    path = f"press/{given.code}/card.png"
    return Sheet(path, "明白卡", (given, url), lambda: card.draw_card(given, url), ink.CARD_DPI, preview=True)


def _product_share(given: wording.ProductWords, url: str) -> Sheet:
    return Sheet(_shared(given.code), "转发图", (given, url), lambda: share.product_share(given, url))


def _shared(code: str) -> str:
    return f"press/share/{code}.png"


def _square(house: wording.House, code: str, words: str, sample: bool) -> Sheet:
    inputs = (house, words, sample)
    return Sheet(f"press/share/{code}-square.png", "方图", inputs, lambda: share.square(house, words, sample))


def default_sheets(made: Compiled, address: str) -> tuple[Sheet, Sheet]:
    house = wording.house(made)
    whole = Sheet(SHARE_DEFAULT, "转发图", (house, address), lambda: share.default_share(house, address))
    return whole, _square(house, "default", house.slogan, sample=False)


def sheets(made: Compiled, on: ShanghaiDate, address: str) -> Iterator[Sheet]:
    for entry in (*campaign_entries(made, on, address), *product_entries(made, on, address)):
        yield from (*entry.printed, *entry.shared)
    yield from default_sheets(made, address)


def press_context(made: Compiled, on: ShanghaiDate, address: str) -> dict[str, object]:
    """What the press page is given."""
    return {
        "campaigns": campaign_entries(made, on, address),
        "products": product_entries(made, on, address),
        "default_share": default_sheets(made, address)[0],
        "preview": (PREVIEW, round(PREVIEW * poster.HEIGHT / poster.WIDTH)),
    }


def write_press_kit(built: Built) -> None:
    made, seen = built.compiled, set()
    titles = {each.code: each.name for each in (*made.catalogue.products, *made.catalogue.campaigns)}
    for sheet in sheets(made, built.on, built.address):
        if sheet.path in seen:
            raise ValueError(
                f"{sheet.path}: a campaign and a product have the same code; rename the campaign"
            )
        seen.add(sheet.path)
        _write(built, sheet, titles)
    _stand_in_for_past_campaigns(built)


def _write(built: Built, sheet: Sheet, titles: dict[str, str]) -> None:
    picture, target = sheet.png(), built.site / sheet.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(picture)
    if sheet.dpi:
        title = f"{titles[sheet.path.split('/')[1]]} {sheet.label}"
        (built.site / sheet.pdf_path).write_bytes(files.pdf(picture, title, sheet.dpi))
    if sheet.preview:
        small = files.drawn_once(f"preview-{PREVIEW}.png", picture, lambda: files.preview(picture, PREVIEW))
        (built.site / sheet.preview_path).write_bytes(small)


def _stand_in_for_past_campaigns(built: Built) -> None:
    """Pages that are still there keep a picture beside their links; it no longer asks anybody to join."""
    default = default_sheets(built.compiled, built.address)
    for campaign in built.compiled.catalogue.campaigns:
        if built.on > campaign.window.last:
            for sheet, end in zip(default, (".png", "-square.png"), strict=True):
                (built.site / f"press/share/{campaign.code}{end}").write_bytes(sheet.png())
