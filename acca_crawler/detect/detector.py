"""Detect what an article reports, how urgent it is, and why: the public API of detection."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from acca_crawler.detect.annotate import Annotated, annotate_prepared, folded_text, prepare
from acca_crawler.detect.article import ScoredWindow, article_features, supporting
from acca_crawler.detect.categories import categories_of
from acca_crawler.detect.clues import clues_of
from acca_crawler.detect.country import country_of, is_elsewhere
from acca_crawler.detect.facts import facts_of
from acca_crawler.detect.glance import glance
from acca_crawler.detect.lexicon import BUILT_IN, lexicon_files
from acca_crawler.detect.model import Model, read_model
from acca_crawler.detect.ngrams import heard_in
from acca_crawler.detect.rationale import deciding_spans, opposing_spans, reasons_of
from acca_crawler.detect.rules import read_rules
from acca_crawler.detect.windows import RuleMatcher, Window
from acca_crawler.items import Detection
from acca_crawler.uncollected import uncollected

REMEMBERED = 64
"""Texts a detector caches with annotations and result: an article, its archived version, and the rest of its story."""

NO_LEXICON = "no lexicon covers this language or script"
NO_TERM = "no term of the lexicon in the text"
NO_PASSAGE = "no passage of the text supports a level"


def detect(
    text: str,
    *,
    title: str = "",
    language: str | None = None,
    outlet_countries: tuple[str, ...] = (),
    lexicons: tuple[Path, ...] = (),
) -> Detection:
    """Classify one article.

    `language` is a BCP 47 code (`ru`, `kk-Latn`, `uz-Cyrl`, ...) or None to identify it; `outlet_countries` are
    ISO 3166 codes of the outlet's home, used for the country if no place is named; `lexicons` are directories with
    the operators' own lexicon files, read after ours. Offsets in spans are code points of `title` and `text` as given.
    Raises LexiconError for an invalid operators' lexicon.
    """
    return _detector(lexicons).detect(text, title=title, language=language, outlet_countries=outlet_countries)


class Detector:
    """Detection with our lexicons and the operator's; one instance per run.

    Caches the results of the last texts, so that storing an article processes each text once.
    """

    def __init__(self, lexicons: tuple[Path, ...] = ()) -> None:
        self._lexicons = lexicons
        self._prepare = lru_cache(REMEMBERED)(prepare)
        self._annotate = lru_cache(REMEMBERED)(self._annotate_once)
        self._detect = lru_cache(REMEMBERED)(self._detect_once)

    def __reduce__(self) -> tuple[type[Detector], tuple[tuple[Path, ...]]]:
        """Pickle only the directories; the other process loads the lexicons itself."""
        return Detector, (self._lexicons,)

    def annotate(self, text: str, title: str = "", language: str | None = None) -> Annotated:
        """Find every lexicon term and place in a title and a text."""
        return self._annotate(text, title, language)

    def _annotate_once(self, text: str, title: str, language: str | None) -> Annotated:
        return annotate_prepared(*self._prepare(text, title, language), self._lexicons)

    def detect(
        self, text: str, *, title: str = "", language: str | None = None, outlet_countries: tuple[str, ...] = ()
    ) -> Detection:
        """Same as the function `detect`."""
        return self._detect(text, title, language, outlet_countries)

    def _detect_once(self, text: str, title: str, language: str | None, outlet_countries: tuple[str, ...]) -> Detection:
        if known := self._without_core(text, title, language):
            return known
        found = _detection_of(self.annotate(text, title, language), outlet_countries)
        return replace(found, detector=self.fingerprint)

    @property
    def fingerprint(self) -> str:
        """Hash of the lexicons, rules and weights used (`fingerprint`)."""
        return fingerprint(self._lexicons)

    def _without_core(self, text: str, title: str, language: str | None) -> Detection | None:
        """Return the result for an article whose terms could not give it a level, None for any other."""
        read_as, fields = self._prepare(text, title, language)
        if read_as is None:
            return None
        model = shipped_model()
        features, places = glance(fields, model.deciding_features, self._lexicons)
        if model.is_worth_reading(folded_text(fields), features):
            return None
        reason = NO_PASSAGE if features & model.book.core else NO_TERM
        return Detection("ignore", country=country_of(places), reasons=(reason,), detector=self.fingerprint)


OURS = Detector()
"""Detection with the bundled lexicons only."""


@cache
def _detector(lexicons: tuple[Path, ...]) -> Detector:
    return Detector(lexicons)


def _detection_of(annotated: Annotated, outlet_countries: tuple[str, ...]) -> Detection:
    if annotated.language is None:
        return Detection("ignore", reasons=(NO_LEXICON,))
    if is_elsewhere(annotated.sentences, outlet_countries):
        return Detection("ignore", reasons=("a long text that names nothing in the region",))
    model = shipped_model()
    matcher = RuleMatcher(annotated, model.book)
    windows = matcher.windows()
    if not windows:
        return Detection("ignore", country=country_of(annotated.sentences), reasons=(NO_TERM,))
    if all(window.foreign for window in windows):
        return Detection("ignore", against=opposing_spans(windows[:1]), reasons=("happens outside the region",))
    return _judged(annotated, matcher, windows, model, outlet_countries)


@cache
def fingerprint(lexicons: tuple[Path, ...] = ()) -> str:
    """Return the first 16 hex digits of the SHA-256 of all words, rules and weights, the operator's lexicons last."""
    ours = sorted(path for path in BUILT_IN.parent.rglob("*") if path.suffix in (".toml", ".json", ".npy"))
    digest = hashlib.sha256()
    for path in (*ours, *(path for directory in lexicons for path in lexicon_files(directory))):
        digest.update(f"{path.name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
@uncollected()
def shipped_model() -> Model:
    """Load the bundled rules and weights."""
    return read_model(read_rules())


def _judged(
    annotated: Annotated,
    matcher: RuleMatcher,
    windows: Sequence[Window],
    model: Model,
    outlet_countries: tuple[str, ...],
) -> Detection:
    scored = [ScoredWindow(window, *model.scores(window)) for window in windows]
    home = [entry for entry in scored if not entry.window.foreign]
    best = max(home, key=lambda entry: entry.alert).window
    voice = model.voice.scores(heard_in(annotated.folded)[1])
    concepts = matcher.concepts()
    features = article_features(annotated, scored, voice, model.concepts.scores(concepts))
    chance, digest_chance = model.chances(features, best.matched)
    level = model.level_of(chance, digest_chance, len(annotated.folded))
    reasons = reasons_of(annotated, model, level, best, features)
    score = round(chance, 3)
    if level == "ignore":
        country = country_of(annotated.sentences)  # by places only, not by the outlet's home
        return Detection(level, against=opposing_spans((best,)), country=country, score=score, reasons=reasons)
    deciding = max(home, key=lambda entry: entry.digest).window if level == "digest" else best
    support = supporting(home, level)
    country = country_of(annotated.sentences, deciding.sentences, annotated.language, outlet_countries)
    chances = model.filing.chances(clues_of(annotated, windows, concepts))
    return Detection(
        level=level,
        categories=categories_of(annotated, support, model.book, chances),
        spans=deciding_spans(support, deciding, model.book, model.scorer(level)),
        against=opposing_spans(support),
        facts=facts_of(annotated, country),
        country=country,
        score=score,
        reasons=reasons,
    )
