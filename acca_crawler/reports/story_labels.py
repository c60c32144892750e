"""Describes in words how a story's members relate to it and what they add."""

from __future__ import annotations

from collections.abc import Iterable

from storage.articles.stories import Member, News

_EVENTS = {
    "charge": "a charge", "denial": "an official's denial", "death": "a death", "disappearance": "a disappearance",
    "injury": "an injury", "torture": "torture", "rearrest": "a new arrest", "hunger_strike": "a hunger strike",
    "suicide_attempt": "a suicide attempt",
}  # fmt: skip
_KINDS = {"person": "", "place": "held in ", "legal_article": "article "}


def member_in_brief(member: Member) -> str:
    """Return an outlet, its relation to the first report, and what it reported first, if anything."""
    relation = "first reporter" if member.relation == "first" else member.relation
    return (
        f"{member.outlet} ({relation}; new: {news_label(member.news)})"
        if member.news
        else f"{member.outlet} ({relation})"
    )


def news_label(news: Iterable[News]) -> str:
    """Return what a later report added, without repeats, e.g. `a charge, article 143, Marat Zhunisbekov`."""
    return ", ".join(dict.fromkeys(_EVENTS.get(one.value) or f"{_KINDS.get(one.kind, '')}{one.value}" for one in news))
