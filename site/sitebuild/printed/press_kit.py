"""The press kit: which sheets there are for which campaign and product, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mkdocs.exceptions import PluginError

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.addresses import short_address
from sitebuild.built import Built, Files
from sitebuild.campaigns.view import CampaignView, campaign_view
from sitebuild.printed import card, files, ink, poster, share, wording
from sitebuild.printed.canvas import Canvas

PREVIEW = 360  # pixels wide
SHARE_DEFAULT = "press/share/default.png"


@dataclass(frozen=True)
class Sheet:
    """One drawing: `draw(*inputs)`, and nothing else decides it; `path` is the PNG's, below the site."""

    path: str
    label: str
    draw: Callable[..., Canvas]
    inputs: tuple[object, ...]
    title: str = ""  # given: it is printed, so there is a PDF too
    dpi: int = 0
    preview: bool = False

    def canvas(self) -> Canvas:
        return self.draw(*self.inputs)

    def files(self) -> Files:
        """The drawing, as a PDF, and small; each drawn once."""
        made: Files = {self.path: self._png}
        if self.title:
            made[self.pdf_path] = self._pdf
        if self.preview:
            made[self.preview_path] = self._small
        return made

    @property
    def pdf_path(self) -> str:
        return self.path.removesuffix(".png") + ".pdf"

    @property
    def preview_path(self) -> str:
        return self.path.removesuffix(".png") + "-preview.png"

    def is_drawn(self) -> bool:
        return all(files.cached(path, self._decided_by).exists() for path in self.files())

    @property
    def _decided_by(self) -> tuple[object, ...]:
        return (*self.inputs, self.title, self.dpi, PREVIEW)

    def _png(self) -> bytes:
        return files.drawn_once(self.path, self._decided_by, lambda: files.png(self.canvas().image))

    def _pdf(self) -> bytes:
        return files.drawn_once(
            self.pdf_path, self._decided_by, lambda: files.pdf(self._png(), self.title, self.dpi)
        )

    def _small(self) -> bytes:
        return files.drawn_once(
            self.preview_path, self._decided_by, lambda: files.preview(self._png(), PREVIEW)
        )


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
        view = campaign_view(made.catalogue, campaign, on)
        if view.state != "over":
            entries.append(_campaign(made, view, address, on))
    return entries


def _campaign(made: Compiled, view: CampaignView, address: str, on: ShanghaiDate) -> Entry:
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
            Sheet(_shared(campaign.code), "转发图", share.campaign_share, (given, url)),
            _square(given.house, campaign.code, campaign.name, given.is_sample),
        ),
    )


def _poster(given: wording.CampaignWords, path: str, url: str, place: str, preview: bool) -> Sheet:
    label = f"海报：{place}" if place else "海报"
    title = f"{given.name} {label}"
    return Sheet(path, label, poster.draw_poster, (given, url, place), title, ink.POSTER_DPI, preview)


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
    title = f"{given.name} 明白卡"
    return Sheet(path, "明白卡", card.draw_card, (given, url), title, ink.CARD_DPI, preview=True)


def _product_share(given: wording.ProductWords, url: str) -> Sheet:
    return Sheet(_shared(given.code), "转发图", share.product_share, (given, url))


def _shared(code: str) -> str:
    return f"press/share/{code}.png"


def _square(house: wording.House, code: str, words: str, sample: bool) -> Sheet:
    return Sheet(f"press/share/{code}-square.png", "方图", share.square, (house, words, sample))


def default_sheets(made: Compiled, address: str) -> tuple[Sheet, Sheet]:
    house = wording.house(made)
    whole = Sheet(SHARE_DEFAULT, "转发图", share.default_share, (house, address))
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


def press_kit(built: Built) -> Files:
    found: Files = {}
    for sheet in sheets(built.compiled, built.on, built.address):
        if sheet.path in found:
            raise PluginError(
                f"{sheet.path}: a campaign and a product have the same code; rename the campaign"
            )
        found |= sheet.files()
    return found | _stand_in_for_past_campaigns(built)


def _stand_in_for_past_campaigns(built: Built) -> Files:
    """Pages that are still there keep a picture beside their links; it no longer asks anybody to join."""
    default = default_sheets(built.compiled, built.address)
    return {
        f"press/share/{campaign.code}{end}": sheet.files()[sheet.path]
        for campaign in built.compiled.catalogue.campaigns
        if built.on > campaign.window.last
        for sheet, end in zip(default, (".png", "-square.png"), strict=True)
    }
