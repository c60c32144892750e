"""Weights of the rules in a window and of an article's features and n-grams, and their conversion to a probability."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from acca_crawler.detect import concepts, filing, forest, ngrams
from acca_crawler.detect.article import FEATURES
from acca_crawler.detect.concepts import Concepts
from acca_crawler.detect.filing import Filing
from acca_crawler.detect.forest import Forest
from acca_crawler.detect.lexicon import Term
from acca_crawler.detect.ngrams import Voice, heard_in
from acca_crawler.detect.prospect import OF_TERMS, SHORT, Prospect
from acca_crawler.detect.rules import Rule, RuleBook, indexes_of
from acca_crawler.detect.windows import Window
from acca_crawler.exceptions import LexiconError
from acca_crawler.items import Level

WEIGHTS = Path(__file__).with_name("weights.json")

LONG = 800
"""Letters of title and text from which on an article is long: its strongest passage is the best of many."""


@dataclass(frozen=True)
class Scorer:
    """A linear score of a window over its matching rules: above zero supports the level."""

    intercept: float
    weights: dict[str, float]

    def score(self, matched: Iterable[Rule]) -> float:
        """Return the score of a window in which the rules `matched` match."""
        return self.intercept + sum(self.weights[rule.id] for rule in matched)


@dataclass(frozen=True)
class Judge:
    """Log odds of a level from an article's features and the rules of its best window, calibrated to a probability.

    `rules` are additional weights of the best window's rules, besides their part in the window's score; `forest` is the
    weight of the forest's log odds. An article reaches the level at probability `threshold`, a long one at
    `long_threshold`. `scale` and `shift` calibrate the log odds.
    """

    intercept: float
    features: dict[str, float]
    rules: dict[str, float]
    scale: float
    shift: float
    threshold: float
    long_threshold: float
    forest: float = 0.0

    def probability(self, features: Mapping[str, float], matched: Iterable[Rule], forest: float = 0.0) -> float:
        """Return the probability (0 to 1) that an article reaches the level; `forest` are the forest's log odds."""
        odds = self.intercept + sum(self.features[name] * value for name, value in features.items())
        odds += self.forest * forest
        odds += sum(self.rules[rule.id] for rule in matched)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.scale * odds + self.shift))))

    def is_reached(self, chance: float, letters: int) -> bool:
        """Whether an article of so many letters reaches the level at probability `chance`."""
        return chance >= (self.long_threshold if letters >= LONG else self.threshold)


@dataclass(frozen=True)
class Model:
    """What is read, window scorers, voices of n-grams and concepts, article judges and their forest, categories."""

    book: RuleBook
    prospect: Prospect
    alert: Scorer
    digest: Scorer
    voice: Voice
    concepts: Concepts
    alert_judge: Judge
    digest_judge: Judge
    forest: Forest
    filing: Filing

    def values(self, features: Mapping[str, float], matched: int) -> tuple[float, ...]:
        """Return the columns of the forest: the article's features and, for each rule, whether it is in `matched`."""
        rules = [0.0] * len(self.book.rules)
        for index in indexes_of(matched):
            rules[index] = 1.0
        return (*(features[name] for name in FEATURES), *rules)

    def chances(self, features: Mapping[str, float], matched: int) -> tuple[float, float]:
        """Return the probabilities that an article is an alert, and that it is at least a digest item."""
        rules = self.book.named(matched)
        odds = self.forest.odds(self.values(features, matched))
        alert = self.alert_judge.probability(features, rules, odds)
        return alert, self.digest_judge.probability(features, rules, odds)

    def level_of(self, alert: float, digest: float, letters: int) -> Level:
        """Return the level of an article of so many letters from its probabilities (see `chances`)."""
        if self.alert_judge.is_reached(alert, letters):
            return "alert"
        return "digest" if self.digest_judge.is_reached(digest, letters) else "ignore"

    def deciding_features(self, term: Term) -> int:
        """Return the features of a term that counts for whether an article is read at all, 0 for any other."""
        features = self.book.features_of_term(term)
        return features if features & self._deciding else 0

    def is_worth_reading(self, folded: str, features: int) -> bool:
        """Whether the terms of a folded text, which set `features`, and its n-grams leave it a chance.

        A short one has too few n-grams to tell.
        """
        if not self.prospect.is_good(features, self.book):
            return False
        if len(folded) < SHORT:
            return True
        heard = max(self.voice.scores(heard_in(folded)[1]))
        return heard + OF_TERMS * self.prospect.sum_of(features, self.book) > self.prospect.voice

    @cached_property
    def _deciding(self) -> int:
        weighed = (bit for name, bit in self.book.features.items() if self.prospect.weights[name])
        return self.book.core | sum(weighed)

    @cached_property
    def _memo(self) -> dict[int, tuple[float, float]]:
        return {}

    def scorer(self, level: Level) -> Scorer:
        """Return the window scorer for a level: the digest's own, else the one for alerts."""
        return self.digest if level == "digest" else self.alert

    def judge(self, level: Level) -> Judge:
        """Return the article judge for a level: the digest's own, else the one for alerts."""
        return self.digest_judge if level == "digest" else self.alert_judge

    def scores(self, window: Window) -> tuple[float, float]:
        """Return the alert score and the digest score of a window by its rules."""
        if window.matched not in self._memo:
            matched = self.book.named(window.matched)
            self._memo[window.matched] = (self.alert.score(matched), self.digest.score(matched))
        return self._memo[window.matched]


def read_model(book: RuleBook, path: Path = WEIGHTS) -> Model:
    """Load the bundled weights for `book`.

    Raises LexiconError if a rule or feature has no weight, or a weight no rule, or if a file beside the weights is not
    the one they were fitted with: then the weights must be refitted.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    for name, sha256 in data["files"].items():
        if _sha256(path.with_name(name)) != sha256:
            raise LexiconError(f"{name} is not the file that {path.name} was fitted with: run `make weights`")
    _require_same(path, "prospect weights", data["prospect"]["weights"], set(book.features))
    rules = {rule.id for rule in book.rules}
    for level in ("alert", "digest"):
        _require_same(path, f"{level} weights", data[level]["weights"], rules)
        _require_same(path, f"{level} judge's rules", data[f"{level}_judge"]["rules"], rules)
        _require_same(path, f"{level} judge's features", data[f"{level}_judge"]["features"], set(FEATURES))
    return Model(
        book,
        Prospect(**data["prospect"]),
        Scorer(**data["alert"]),
        Scorer(**data["digest"]),
        ngrams.read_voice(path.with_name(ngrams.FILE.name), tuple(data["voice"]["intercepts"])),
        concepts.read_concepts(path.with_name(concepts.FILE.name), tuple(data["concepts"]["intercepts"])),
        Judge(**data["alert_judge"]),
        Judge(**data["digest_judge"]),
        forest.read_forest(path.with_name(forest.FILE.name)),
        filing.read_filing(path.with_name(filing.FILE.name)),
    )


def write_model(model: Model, path: Path = WEIGHTS) -> None:
    """Write the weights and, next to them, n-grams, concepts, forest and categories."""
    beside = [path.with_name(file.name) for file in (ngrams.FILE, concepts.FILE, forest.FILE, filing.FILE)]
    ngrams.write_voice(model.voice, beside[0])
    concepts.write_concepts(model.concepts, beside[1])
    forest.write_forest(model.forest, beside[2])
    filing.write_filing(model.filing, beside[3])
    data = {
        "prospect": {
            "bound": model.prospect.bound,
            "voice": model.prospect.voice,
            "weights": model.prospect.weights,
        },
        "alert": vars(model.alert),
        "digest": vars(model.digest),
        "alert_judge": vars(model.alert_judge),
        "digest_judge": vars(model.digest_judge),
        "concepts": {"intercepts": model.concepts.intercepts},
        "voice": {"intercepts": model.voice.intercepts},
        "files": {file.name: _sha256(file) for file in beside},
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _require_same(path: Path, what: str, weighed: Iterable[str], known: set[str]) -> None:
    """Raise LexiconError if the names with a weight differ from the known names."""
    if odd := known.symmetric_difference(weighed):
        raise LexiconError(f"{path.name}: {what} do not match for {', '.join(sorted(odd))}: run `make weights`")
