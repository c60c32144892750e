"""Article-level features for and against an alert, besides the rules of its best window."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acca_crawler.detect.annotate import Annotated
from acca_crawler.detect.windows import Window
from acca_crawler.items import Level

MAX_SCORE = 5.0
"""Window scores are capped at this value."""

MAX_WINDOWS = 4
"""Windows counted at most: a long article has more for its length alone."""

FEATURES: Mapping[str, str] = {
    "best": "",
    "second": "",
    "digest": "",
    "lead": "",
    "title": "",
    "background": "the strongest passage recalls earlier reports",
    "passages": "",
    "windows": "",
    "unmatched": "no rule matches",
    "share": "",
    "late": "the strongest passage comes late in the text",
    "abroad": "a strong passage is about events outside the region",
    "length": "a long text",
    "no_place": "no place in the region is named",
    "places": "places in the region are named",
    "foreign_places": "places outside the region are named",
    "only_foreign": "only places outside the region are named",
    "voice": "words as in reports of abuse",
    "voice_digest": "words as in news about abuse and justice",
    "concepts": "people and acts are combined as in reports of abuse",
    "concepts_digest": "",
}
"""Features of an article by name, with the reason shown to analysts if the feature is one on its own."""


@dataclass(frozen=True, slots=True)
class ScoredWindow:
    """A window with its alert score and its digest score by the rules, regardless of its setting."""

    window: Window
    alert: float
    digest: float


def article_features(
    annotated: Annotated,
    scored: Sequence[ScoredWindow],
    voice: tuple[float, float],
    concepts: tuple[float, float],
) -> dict[str, float]:
    """Compute the features of an article, each roughly between -5 and 5.

    `voice` are the n-grams' scores for an alert and for at least a digest item, `concepts` those of the concepts.
    """
    home = [entry for entry in scored if not entry.window.foreign]
    alerts = sorted((_bounded(entry.alert) for entry in home), reverse=True)
    best = max(home, key=lambda entry: entry.alert, default=None)
    positive = sum(score > 0 for score in alerts)
    features = {
        "best": alerts[0] if alerts else -MAX_SCORE,
        "second": (alerts[1] if len(alerts) > 1 else -MAX_SCORE) / 2,
        "digest": max((_bounded(entry.digest) for entry in home), default=-MAX_SCORE) / 2,
        "lead": _best_of(home, ("title", "lead")) / 2,
        "title": _best_of(home, ("title",)) / 4,
        "background": float(best is not None and best.window.part == "background"),
        "passages": math.log1p(positive),
        "windows": math.log1p(min(len(home), MAX_WINDOWS)),
        "unmatched": float(best is None or not best.window.matched),
        "share": positive / len(home) if home else 0.0,
        "late": _position(annotated, best),
        "abroad": (_bounded(max((e.alert for e in scored if e.window.foreign), default=-MAX_SCORE)) + MAX_SCORE) / 2,
        "length": math.log1p(len(annotated.folded)) / 4,
        "voice": voice[0],
        "voice_digest": voice[1] / 2,
        "concepts": concepts[0],
        "concepts_digest": concepts[1] / 2,
    }
    return features | _places(annotated)


def supporting(home: Sequence[ScoredWindow], level: Level) -> list[Window]:
    """Return the windows whose score supports a level, or else the strongest."""

    def score(entry: ScoredWindow) -> float:
        return entry.digest if level == "digest" else entry.alert

    return [entry.window for entry in home if score(entry) > 0] or [max(home, key=score).window]


def _bounded(score: float) -> float:
    return max(-MAX_SCORE, min(MAX_SCORE, score))


def _best_of(home: Sequence[ScoredWindow], parts: tuple[str, ...]) -> float:
    return max((_bounded(entry.alert) for entry in home if entry.window.part in parts), default=-MAX_SCORE)


def _position(annotated: Annotated, best: ScoredWindow | None) -> float:
    """Return the share (0 to 1) of the sentences that come before the best window."""
    if best is None or best.window.part == "title":
        return 0.0
    return annotated.sentences.index(best.window.sentences[0]) / len(annotated.sentences)


def _places(annotated: Annotated) -> dict[str, float]:
    named = [found.place for sentence in annotated.sentences for found in sentence.places]
    foreign = sum(place.level == "veto" for place in named)
    home = len(named) - foreign
    return {
        "no_place": float(home == 0),
        "places": math.log1p(home) / 2,
        "foreign_places": math.log1p(foreign) / 2,
        "only_foreign": float(foreign > 0 and home == 0),
    }
