"""The campaigns in the order people look for them: open ones one may join alone first, past ones last."""

from __future__ import annotations

from chalicelib.kernel import ShanghaiDate
from publishing.compiler import Compiled
from sitebuild.campaigns.view import CampaignView, campaign_view

GROUPS = (("open", "正在进行"), ("soon", "还没开始"), ("over", "已经结束"))


def view_of(made: Compiled, code: str, on: ShanghaiDate) -> CampaignView:
    return campaign_view(made.catalogue, made.catalogue.campaign(code), on)


def ordered(made: Compiled, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    def place(view: CampaignView) -> tuple[int, bool, int, str]:
        order = made.pages[f"campaigns/{view.campaign.code}.md"].order
        states = [state for state, _ in GROUPS]
        return states.index(view.state), not view.joins_online, order, view.campaign.code

    return tuple(sorted((view_of(made, each.code, on) for each in made.catalogue.campaigns), key=place))


def running(made: Compiled, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    """Open now or later."""
    return tuple(each for each in ordered(made, on) if each.state != "over")


def grouped(made: Compiled, on: ShanghaiDate) -> tuple[tuple[str, tuple[CampaignView, ...]], ...]:
    """(heading, campaigns) of each state that has any."""
    views = ordered(made, on)
    groups = [(name, tuple(each for each in views if each.state == state)) for state, name in GROUPS]
    return tuple(each for each in groups if each[1])


def open_instead(made: Compiled, code: str, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    """At most two open campaigns for whoever finds this one closed: those with a product of its own first."""
    products = set(made.catalogue.campaign(code).products)
    others = [each for each in running(made, on) if each.state == "open" and each.campaign.code != code]
    return tuple(sorted(others, key=lambda each: not products & set(each.campaign.products))[:2])


def of_bundle(made: Compiled, bundle: str, on: ShanghaiDate) -> tuple[CampaignView, ...]:
    return tuple(each for each in running(made, on) if each.campaign.bundle == bundle)
