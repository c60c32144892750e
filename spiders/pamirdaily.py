"""Pamir Daily News: reports from Gorno-Badakhshan, mostly on social media."""

from dataclasses import replace

from spiders._generic import GenericSpider


class PamirDailyNewsSpider(GenericSpider):
    """Pamir Daily News."""

    name = "pamirdaily"
    outlet = replace(
        GenericSpider.outlet,
        title="Pamir Daily News",
        home="https://pamirdailynews.com/",
        hosts=("pamirdailynews.com",),
        countries=("TJ",),
        languages=("ru", "en"),
        kind="media",
        timezone="Asia/Dushanbe",
        enabled=False,
        note="To check before switching it on: whether this host (a guess) is theirs at all, and everything else.",
    )
