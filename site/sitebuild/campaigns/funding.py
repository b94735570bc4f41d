"""Who pays what, drawn: the bar of one person's fee, a bar a scope, and the steps of an aid paid by date.

Every number is the one `rules` counts; here it only gets its place in a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalog.campaigns import Campaign, Payer
from chalicelib.catalog.model import Region
from chalicelib.catalog.terms import Product
from chalicelib.kernel import Fen, ShanghaiDate
from chalicelib.pricing import rules
from chalicelib.pricing.model import Share


@dataclass(frozen=True)
class Slice:
    """One payer's part of one person's fee; `start` and `width` are percents of the bar."""

    label: str
    fee_fen: int
    start: float
    width: float
    style: str


@dataclass(frozen=True)
class ScopeBar:
    """The split of the products whose lines are split together."""

    products: tuple[Product, ...]
    own_fen: int
    slices: tuple[Slice, ...]


@dataclass(frozen=True)
class Step:
    """The days of one amount: what the worker pays, and what the dated lines pay. Percents and pixels."""

    first: ShanghaiDate
    last: ShanghaiDate
    own_fen: int
    aid_fen: int
    start: float
    width: float
    top: int  # of the worker's part
    height: int

    @property
    def middle(self) -> float:
        return self.start + self.width / 2


@dataclass(frozen=True)
class StepChart:
    """`today` is the place of today on the days' axis, None outside the window."""

    steps: tuple[Step, ...]
    label: str  # who pays by date
    today: float | None
    current: Step | None


CHART_TOP, CHART_HEIGHT = 28, 132  # pixels: the line of "today", and a whole fee
LEAST_WIDTH = 22.0  # percent; below it a step's sum has no room, and all steps are drawn equally wide


def slices_of(shares: Sequence[Share], *, worker_named: bool) -> tuple[Slice, ...]:
    """The payers' parts as pieces of one bar, in order. The worker's own is last, and shown even when it is
    nothing, unless the campaign does not say what the worker pays."""
    whole = sum(share.fee_fen for share in shares)
    parts: list[tuple[str, int, str]] = [
        (share.label, share.fee_fen, f"s{n % 4}")
        for n, share in enumerate(each for each in shares if each.payer is not Payer.WORKER)
    ]
    if worker_named:
        own = next((share.label for share in shares if share.payer is Payer.WORKER), "您自己")
        parts.append((own, own_part(shares), "own"))
    made: list[Slice] = []
    paid = 0
    for label, fee_fen, style in parts:
        made.append(Slice(label, fee_fen, _percent(paid, whole), _percent(fee_fen, whole), style))
        paid += fee_fen
    return tuple(made)


def own_part(shares: Sequence[Share]) -> int:
    return sum(share.fee_fen for share in shares if share.payer is Payer.WORKER)


def names_the_worker(campaign: Campaign) -> bool:
    """Whether the split says what the worker pays, be it nothing. Some published ones end at the unit."""
    return any(line.payer is Payer.WORKER for line in campaign.funding)


def scope_bars(campaign: Campaign, products: Sequence[Product], day: ShanghaiDate) -> tuple[ScopeBar, ...]:
    """A bar for each scope, when there is more than one; else the whole campaign's bar says it all."""
    scopes = rules.funding_scopes(campaign)
    if len(scopes) < 2:
        return ()
    bars = []
    for codes, lines in scopes.items():
        chosen = tuple(each for each in products if each.code in codes)
        fee = Fen(sum(each.fee_fen for each in chosen))
        shares = rules.split(fee, lines, campaign.rounding_payer, day)
        # A scope nobody asks the worker to pay for is a gift: its bar says zero too.
        bars.append(ScopeBar(chosen, own_part(shares), slices_of(shares, worker_named=True)))
    return tuple(bars)


def step_chart(
    campaign: Campaign, products: Sequence[Product], region: Region, on: ShanghaiDate
) -> StepChart | None:
    """What the worker pays by the day of joining, or None when the day makes no difference."""
    dated = [line for line in campaign.funding if line.by_enrolment_date]
    if not dated:
        return None
    window = campaign.window
    firsts = sorted({each.first for line in dated for each in line.by_enrolment_date})
    lasts = [each - timedelta(days=1) for each in firsts[1:]] + [window.last]
    days = (window.last - window.first).days + 1
    widths = [100 * ((last - first).days + 1) / days for first, last in zip(firsts, lasts, strict=True)]
    if min(widths) < LEAST_WIDTH:
        widths = [100 / len(widths)] * len(widths)
    steps: list[Step] = []
    start = 0.0
    today = current = None
    for first, last, width in zip(firsts, lasts, widths, strict=True):
        quote = rules.quote(products, campaign, 1, region, first)
        aid = sum(
            each.fixed_fen
            for line in dated
            for each in line.by_enrolment_date
            if each.first <= first <= each.last
        )
        height = round(CHART_HEIGHT * own_part(quote.shares) / quote.fee_fen)
        top = CHART_TOP + CHART_HEIGHT - height
        step = Step(first, last, own_part(quote.shares), aid, round(start, 2), round(width, 2), top, height)
        steps.append(step)
        if first <= on <= last:
            current = step
            today = round(start + width * ((on - first).days + 0.5) / ((last - first).days + 1), 2)
        start += width
    return StepChart(tuple(steps), "、".join(dict.fromkeys(line.label for line in dated)), today, current)


def rounds(campaign: Campaign, products: Sequence[Product]) -> bool:
    """Whether a percent of some scope's fee is not a whole fen, so that somebody pays the odd one."""
    return any(
        line.percent is not None
        and sum(each.fee_fen for each in products if each.code in codes) * line.percent % 100
        for codes, lines in rules.funding_scopes(campaign).items()
        for line in lines
    )


def label_of(campaign: Campaign, payer: Payer) -> str:
    """What the campaign calls `payer`."""
    return next(line.label for line in campaign.funding if line.payer is payer)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
