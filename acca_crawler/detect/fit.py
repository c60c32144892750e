"""Fit detection's weights to labelled items: `python -m acca_crawler.detect.fit FILE.jsonl ...` (`make weights`).

What is read at all is fitted first (`acca_crawler.detect.prospect`). Then three layers, each fitted to out-of-fold
predictions of the layer below:

1. Window scores. An article scores as its best window, so fitting alternates: choose each item's best window with the
   current weights, then fit a logistic regression to those windows, regularised towards each rule's prior in
   `rules.toml` and constrained in sign: a rule for a level never becomes a rule against it.
2. Two voices, both logistic regression over IDF-weighted counts: of hashed character n-grams, and of the concepts that
   all languages share.
3. The judge: logistic regression over article features, the rules of the best window and the voices, for alerts
   together with a forest over the same; their log odds are then calibrated to a probability on natural items only,
   where alerts are as rare as in the news.

SciPy and scikit-learn are needed only here, not for detection.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from acca_crawler.detect.annotate import Annotated, annotate_prepared, prepare
from acca_crawler.detect.article import FEATURES, ScoredWindow, article_features
from acca_crawler.detect.clues import clues_of
from acca_crawler.detect.concepts import Concepts, Weight, damped
from acca_crawler.detect.country import is_elsewhere
from acca_crawler.detect.dataset import FOLDS, LIGHT, Labelled, in_cases, read_labelled, read_levels, world_news
from acca_crawler.detect.fit_filing import fit_filing
from acca_crawler.detect.forest import MIN_SHARE, Forest
from acca_crawler.detect.model import WEIGHTS, Judge, Model, Scorer, write_model
from acca_crawler.detect.ngrams import BITS, Grams, Voice, grams_of, letters_of, values_of
from acca_crawler.detect.prospect import OF_TERMS, SHORT, Prospect, features_at_a_glance
from acca_crawler.detect.rules import RuleBook, read_rules
from acca_crawler.detect.windows import RuleMatcher, Window
from acca_crawler.items import Level

ROUNDS = 4
MAX_STEPS = 40
PRIOR_STRENGTH = 0.08
"""Strength of a rule's prior per window in which the rule matches."""
MAX_WEIGHT = 3.0
FALSE_ALARM_COST = 0.8
"""Cost of a false alarm relative to a miss in window scores: by the guideline a miss is worse."""
PRIOR_INTERCEPT = -1.5

UNREAD_SHARE = 0.005
"""Share of the alerts, by weights that had not seen them, that may stay unread for what their terms promise."""
ALWAYS_READ = ("torture:2", "ill_treatment:2", "method:2", "mass_trial")
"""Features of words for torture, abuse and many tried at once: an article with one is read, however rarely it is an
alert."""
UNHEARD_SHARE = 0.01
"""Share of the alerts and digest items, in the same way, that may stay unread for what their n-grams say."""
PROSPECT_STRENGTH = 15.0
"""Penalty on the weights of what a text promises (a larger one keeps them nearer to zero)."""

MIN_TEXTS = 3
"""Minimum document frequency of an n-gram's bucket to get a weight."""
VOICE_SCALE = 10.0
VOICE_FREEDOM = 0.3
"""Inverse regularisation strength of the n-grams' voice (over values scaled by `VOICE_SCALE`)."""
CONCEPT_FREEDOM = 0.005
"""The same of the concepts' voice."""
MIN_ARTICLES = 4
"""Minimum number of articles with a concept or pair of concepts for it to get a weight."""
JUDGE_FREEDOM = {"alert": 0.03, "digest": 0.1}
TREES = 100
MIN_LEAF = 4
"""Fewest items in a leaf of the forest."""
MAX_COLUMNS = 0.3
"""Share of the columns among which a node chooses."""
FOREST_WEIGHT = 2.0
"""Weight of the forest's log odds beside those of the regression."""
UNSURE = 0.5
"""Weight of an item whose annotator was unsure."""
RESTATED = 0.5
"""Weight of an item written or paraphrased for this project, relative to one from the news."""
VOICE_POSITIVE = 3.0
JUDGE_POSITIVE = 2.0
"""Weight of a positive item, since there are ten negative ones for each."""

WRITTEN_ALERTS = 0.3
"""Share of the alerts, by weight, among the items written for this project, for the judge of alerts: half of them are
alerts, which real news is far from."""

THRESHOLDS: dict[Level, float] = {"alert": 0.4, "digest": 0.35}
"""Minimum probability for an alert, or for the digest."""
LONG_THRESHOLDS: dict[Level, float] = {"alert": 0.55, "digest": 0.35}
"""The same for a long article: of the alerts between the two thresholds, most were false."""

Floats = npt.NDArray[np.float64]
IsPositive = Callable[[Level], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A labelled item with its annotations, windows, n-grams, concepts, clues, and the features seen at a glance.

    An item without windows never reaches the judge: it names nothing in the region, or nothing relevant. The voices
    learn from it what everyday news sounds like.
    """

    item: Labelled
    annotated: Annotated
    windows: tuple[Window, ...]
    grams: Grams
    concepts: Counter[str]
    clues: Counter[str]
    glanced: int

    @property
    def fold(self) -> int:
        """Its cross-validation fold: the given one, else derived from its name."""
        own = self.item.is_natural or self.item.event
        return self.item.fold % FOLDS if own else crc32(self.item.id.encode()) % FOLDS

    @property
    def weight(self) -> float:
        """Its sample weight."""
        kind = 1.0 if self.item.is_natural else RESTATED
        return kind * self.item.weight * (1.0 if self.item.sure else UNSURE)


@dataclass(frozen=True, slots=True)
class Lower:
    """The two lower layers: window scorers and voices."""

    alert: Scorer
    digest: Scorer
    voice: Voice
    concepts: Concepts


def example_of(item: Labelled, book: RuleBook) -> Example:
    """Annotate an item with our lexicons."""
    language, fields = prepare(item.text, item.title, item.language)
    annotated = annotate_prepared(language, fields)
    matcher = RuleMatcher(annotated, book)
    windows = () if is_elsewhere(annotated.sentences) else tuple(matcher.windows())
    if all(window.foreign for window in windows):
        windows = ()
    grams, glanced = grams_of(letters_of(annotated.folded)), features_at_a_glance(fields, book)
    concepts = matcher.concepts()
    return Example(item, annotated, windows, grams, concepts, clues_of(annotated, windows, concepts), glanced)


def fit_model(examples: Sequence[Example], book: RuleBook, known: dict[tuple[str, ...], Lower] | None = None) -> Model:
    """Fit the model to `examples`; deterministic for the same examples in the same order.

    What is read and the voices learn from all of them, the other layers from those that have windows. `known` are
    lower layers fitted before, by the ids of their examples, which models of several folds have in common; those
    fitted here are added.
    """
    known = {} if known is None else known

    def lower(given: Sequence[Example]) -> Lower:
        ids = tuple(example.item.id for example in given)
        if ids not in known:
            known[ids] = _fit_lower(given, book)
        return known[ids]

    everything, examples = examples, [example for example in examples if example.windows]
    layers = lower(everything)
    held_out = [layers] * len(examples)
    for fold in range(FOLDS):
        without = lower([example for example in everything if example.fold != fold])
        held_out = [
            without if example.fold == fold else layer for example, layer in zip(examples, held_out, strict=True)
        ]
    seen = [features_of(example, book, layer) for example, layer in zip(examples, held_out, strict=True)]
    matrix = np.array([[*(features[name] for name in FEATURES), *rules] for features, rules in seen])
    alert, digest = _fit_judge(examples, matrix, book, "alert"), _fit_judge(examples, matrix, book, "digest")
    forest = _forest_of(_trees(matrix, *_target(examples, "alert")))
    prospect = _fit_prospect(everything, book)
    prospect = replace(prospect, voice=_fit_bound(examples, held_out, prospect, book))
    filing = fit_filing([(example.item, example.clues) for example in everything])
    return Model(
        book, prospect, layers.alert, layers.digest, layers.voice, layers.concepts, alert, digest, forest, filing
    )


def features_of(example: Example, book: RuleBook, layers: Lower | Model) -> tuple[dict[str, float], list[float]]:
    """Return an example's article features, and for each rule whether it matches in the best window."""
    named = {window.matched: book.named(window.matched) for window in example.windows}
    scored = [
        ScoredWindow(w, layers.alert.score(named[w.matched]), layers.digest.score(named[w.matched]))
        for w in example.windows
    ]
    best = max((entry for entry in scored if not entry.window.foreign), key=lambda e: e.alert, default=None)
    matched = best.window.matched if best else 0
    voice, concepts = layers.voice.scores(example.grams), layers.concepts.scores(example.concepts)
    features = article_features(example.annotated, scored, voice, concepts)
    return features, [float(matched >> index & 1) for index in range(len(book.rules))]


def _fit_prospect(examples: Sequence[Example], book: RuleBook) -> Prospect:
    """Fit what is read at all: its bound leaves `UNREAD_SHARE` of the alerts with a core term unread."""
    matrix = np.array([[example.glanced & bit > 0 for bit in book.features.values()] for example in examples], float)
    target = np.array([example.item.level != "ignore" for example in examples])
    folds = np.array([example.fold for example in examples])
    sums = np.zeros(len(examples))
    for fold in range(FOLDS):
        part = folds == fold
        sums[part] = matrix[part] @ _not_negative(matrix[~part], target[~part])
    counts = [example.item.level == "alert" and example.glanced & book.core > 0 for example in examples]
    bound = float(np.quantile(sums[counts], UNREAD_SHARE)) if any(counts) else 0.0
    fitted = (round(float(weight), 3) for weight in _not_negative(matrix, target))
    weights = dict(zip(book.features, fitted, strict=True))
    bound = round(bound, 3)
    weights |= {name: max(weights[name], round(bound + 0.001, 3)) for name in ALWAYS_READ if name in weights}
    return Prospect(bound, -math.inf, weights)


def _fit_bound(examples: Sequence[Example], held_out: Sequence[Lower], prospect: Prospect, book: RuleBook) -> float:
    """Return the bound for n-grams and terms that leaves `UNHEARD_SHARE` of the alerts and digest items unread."""
    heard = [
        max(layers.voice.scores(example.grams)) + OF_TERMS * prospect.sum_of(example.glanced, book)
        for example, layers in zip(examples, held_out, strict=True)
        if example.item.level != "ignore" and len(example.annotated.folded) >= SHORT
    ]
    return round(float(np.quantile(heard, UNHEARD_SHARE)), 3) if heard else -math.inf


def _not_negative(matrix: Floats, target: npt.NDArray[np.bool_]) -> Floats:
    """Return the weights, none below zero, of a logistic regression."""

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = matrix @ w[:-1] + w[-1]
        error = 1 / (1 + np.exp(-np.clip(margin, -30, 30))) - target
        held = PROSPECT_STRENGTH * w[:-1]
        value = float((np.logaddexp(0, margin) - target * margin).sum() + held @ w[:-1] / 2)
        return value, np.append(matrix.T @ error + held, error.sum())

    start = np.append(np.zeros(matrix.shape[1]), PRIOR_INTERCEPT)
    bounds = [*[(0.0, None)] * matrix.shape[1], (None, None)]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x[:-1])


def _fit_lower(examples: Sequence[Example], book: RuleBook) -> Lower:
    windowed = [example for example in examples if example.windows]
    alert = _fit_scorer(windowed, book, lambda level: level == "alert", digest=False)
    digest = _fit_scorer(windowed, book, lambda level: level != "ignore", digest=True)
    return Lower(alert, digest, _fit_voice(examples), _fit_concepts(examples))


def _fit_scorer(examples: Sequence[Example], book: RuleBook, is_positive: IsPositive, *, digest: bool) -> Scorer:
    """Fit the window scorer of a level."""
    rules = book.rules
    against = [rule.against and not (digest and rule.digest) for rule in rules]
    prior = np.array([rule.digest_prior if digest else rule.prior for rule in rules])
    bounds = [(-MAX_WEIGHT, 0.0) if speaks_against else (0.0, MAX_WEIGHT) for speaks_against in against]
    bags = [(bag, example) for example in examples if len(bag := _bag(example, len(rules)))]
    target = np.array([is_positive(example.item.level) for _, example in bags], dtype=float)
    cost = np.array([example.weight for _, example in bags]) * np.where(target > 0, 1.0, FALSE_ALARM_COST)
    limits = [*bounds, (-10.0, 10.0)]
    weights = np.clip(np.append(prior, PRIOR_INTERCEPT), *np.transpose(limits))
    for _ in range(ROUNDS):
        best = np.array([bag[np.argmax(bag @ weights[:-1])] for bag, _ in bags])
        strength = PRIOR_STRENGTH * (cost @ best) + 1e-3

        def loss(w: Floats, best: Floats = best, strength: Floats = strength) -> tuple[float, Floats]:
            margin = best @ w[:-1] + w[-1]
            chance = 1 / (1 + np.exp(-np.clip(margin, -30, 30)))
            gap = w[:-1] - prior
            value = float(cost @ (np.logaddexp(0, margin) - target * margin) + (strength * gap * gap).sum() / 2)
            error = cost * (chance - target)
            return value, np.append(best.T @ error + strength * gap, error.sum())

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": MAX_STEPS}).x
    rounded = [round(float(weight), 3) for weight in weights]
    return Scorer(rounded[-1], {rule.id: weight for rule, weight in zip(rules, rounded[:-1], strict=True)})


def _bag(example: Example, rules: int) -> Floats:
    """Return the distinct windows of an example that are set in the region, one row each, one column per rule."""
    matched = sorted({window.matched for window in example.windows if not window.foreign})
    return np.array([[bits >> index & 1 for index in range(rules)] for bits in matched], dtype=float)


def _fit_voice(examples: Sequence[Example]) -> Voice:
    """Fit the n-grams' weights for an alert and for at least a digest item."""
    texts = np.zeros(1 << BITS)
    for example in examples:
        texts[example.grams.buckets] += 1
    rarity = _halved(np.where(texts >= MIN_TEXTS, np.log((1 + len(examples)) / (1 + texts)) + 1, 0))
    ends = np.cumsum([0, *(len(example.grams.buckets) for example in examples)])
    columns = np.concatenate([example.grams.buckets for example in examples])
    values = values_of(Grams(columns, np.concatenate([example.grams.counts for example in examples])), rarity)
    matrix = sparse.csr_matrix((values, columns, ends), shape=(len(examples), 1 << BITS))
    matrix.eliminate_zeros()  # buckets too rare for a weight only take time
    matrix = normalize(matrix) * VOICE_SCALE
    (alert, digest), intercepts = _regressions(matrix, examples, VOICE_FREEDOM)
    return Voice(rarity, _halved(alert), _halved(digest), intercepts)


def _fit_concepts(examples: Sequence[Example]) -> Concepts:
    """Fit the concepts' weights for an alert and for at least a digest item."""
    articles = Counter(name for example in examples for name in example.concepts)
    names = sorted(name for name, number in articles.items() if number >= MIN_ARTICLES)
    columns = {name: column for column, name in enumerate(names)}
    rarity = np.array([round(math.log((1 + len(examples)) / (1 + articles[name])) + 1, 3) for name in names])
    cells = [
        (row, columns[name], damped(count))
        for row, example in enumerate(examples)
        for name, count in example.concepts.items()
        if name in columns
    ]
    rows, indexes, values = np.array(cells).reshape(-1, 3).T
    counts = sparse.csr_matrix((values, (rows, indexes)), shape=(len(examples), len(names)))
    matrix = normalize(counts @ sparse.diags(rarity)) * VOICE_SCALE
    (alert, digest), intercepts = _regressions(matrix, examples, CONCEPT_FREEDOM)
    weights: dict[str, Weight] = {
        name: (rare, round(a, 3), round(d, 3))
        for name, rare, a, d in zip(names, rarity.tolist(), alert.tolist(), digest.tolist(), strict=True)
    }
    return Concepts(weights, intercepts)


def _regressions(
    matrix: sparse.csr_matrix, examples: Sequence[Example], freedom: float
) -> tuple[tuple[Floats, Floats], tuple[float, float]]:
    """Return weights and intercepts for an alert and at least a digest item, over values scaled by `VOICE_SCALE`."""
    weights, intercepts = [], []
    levels = np.array([example.item.level for example in examples])
    for target in (levels == "alert", levels != "ignore"):
        cost = np.array([example.weight for example in examples]) * np.where(target, VOICE_POSITIVE, 1.0)
        fitted = LogisticRegression(C=freedom, solver="liblinear", dual=True, tol=1e-2, random_state=11)
        fitted.fit(matrix, target, sample_weight=cost)
        weights.append(fitted.coef_[0] * VOICE_SCALE)
        intercepts.append(round(float(fitted.intercept_[0]), 4))
    return (weights[0], weights[1]), (intercepts[0], intercepts[1])


def _halved(table: Floats) -> npt.NDArray[np.float32]:
    """Return the table as if written in half precision and read back."""
    return table.astype(np.float16).astype(np.float32)


def _fit_judge(examples: Sequence[Example], matrix: Floats, book: RuleBook, level: Level) -> Judge:
    """Fit the judge of a level, its probability calibrated on held-out predictions for natural items."""
    target, cost = _target(examples, level)
    weight = FOREST_WEIGHT if level == "alert" else 0.0
    folds = np.array([example.fold for example in examples])
    odds = np.zeros(len(examples))
    for fold in range(FOLDS):
        part = folds == fold
        if part.any() and not part.all():
            given = matrix[~part], target[~part], cost[~part]
            odds[part] = _regression(*given, level).decision_function(matrix[part])
            if weight:
                odds[part] += weight * _log_odds(_trees(*given).predict_proba(matrix[part])[:, 1])
    natural = np.array([example.item.is_natural for example in examples])
    on = natural if target[natural].any() else ~natural
    platt = LogisticRegression(C=1e3, solver="lbfgs").fit(odds[on].reshape(-1, 1), target[on])
    fitted = _regression(matrix, target, cost, level)
    weights = [round(float(weight), 4) for weight in fitted.coef_[0]]
    return Judge(
        intercept=round(float(fitted.intercept_[0]), 4),
        features=dict(zip(FEATURES, weights, strict=False)),
        rules=dict(zip((rule.id for rule in book.rules), weights[len(FEATURES) :], strict=True)),
        scale=round(float(platt.coef_[0][0]), 4),
        shift=round(float(platt.intercept_[0]), 4),
        threshold=THRESHOLDS[level],
        long_threshold=LONG_THRESHOLDS[level],
        forest=weight,
    )


def _target(examples: Sequence[Example], level: Level) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return which examples reach a level, and the weight of each for the judge."""
    target = np.array([e.item.level == "alert" if level == "alert" else e.item.level != "ignore" for e in examples])
    cost = np.array([example.weight for example in examples]) * np.where(target, JUDGE_POSITIVE, 1.0)
    written = np.array([not example.item.publisher for example in examples])
    alerts, others = cost[written & target].sum(), cost[written & ~target].sum()
    if level == "alert" and alerts and others:
        cost[written & target] *= min(1.0, WRITTEN_ALERTS / (1 - WRITTEN_ALERTS) * others / alerts)
    return target, cost


def _regression(matrix: Floats, target: npt.NDArray[np.bool_], cost: Floats, level: Level) -> LogisticRegression:
    return LogisticRegression(C=JUDGE_FREEDOM[level], solver="liblinear", random_state=11).fit(
        matrix, target, sample_weight=cost
    )


def _trees(matrix: Floats, target: npt.NDArray[np.bool_], cost: Floats) -> RandomForestClassifier:
    trees = RandomForestClassifier(TREES, min_samples_leaf=MIN_LEAF, max_features=MAX_COLUMNS, random_state=11)
    return trees.fit(matrix, target, sample_weight=cost)


def _log_odds(shares: Floats) -> Floats:
    bounded = np.clip(shares, MIN_SHARE, 1 - MIN_SHARE)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _forest_of(trees: RandomForestClassifier) -> Forest:
    """Return the trees as one table of nodes."""
    tables = [estimator.tree_ for estimator in trees.estimators_]
    roots = np.cumsum([0, *(table.node_count for table in tables)])[:-1]
    own = [np.arange(table.node_count) + root for table, root in zip(tables, roots, strict=True)]

    def joined(name: str) -> npt.NDArray[np.int64]:
        parts = zip(tables, own, roots, strict=True)
        return np.concatenate(
            [np.where(table.feature < 0, nodes, getattr(table, name) + root) for table, nodes, root in parts]
        )

    shares = np.concatenate([table.value[:, 0, 1] / table.value[:, 0].sum(axis=1) for table in tables])
    return Forest(
        columns=np.concatenate([np.maximum(table.feature, 0) for table in tables]),
        bounds=np.concatenate([table.threshold for table in tables]).astype(np.float32),
        left=joined("children_left"),
        right=joined("children_right"),
        shares=shares.astype(np.float32),
        roots=roots,
    )


def probabilities(example: Example, model: Model) -> tuple[float, float]:
    """Return the probabilities that an example is an alert, and that it is at least a digest item."""
    if all(window.foreign for window in example.windows):
        return 0.0, 0.0
    if not model.is_worth_reading(example.annotated.folded, example.glanced):
        return 0.0, 0.0
    features, held = features_of(example, model.book, model)
    return model.chances(features, sum(1 << index for index, holds in enumerate(held) if holds))


def level_of(example: Example, model: Model) -> Level:
    """Return the level the model assigns to an example."""
    return model.level_of(*probabilities(example, model), len(example.annotated.folded))


def main(arguments: Iterable[str] | None = None) -> int:
    """Fit the model to the given files and write the weights; a missing file is an error."""
    parser = argparse.ArgumentParser(prog="python -m acca_crawler.detect.fit", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled items, JSONL or JSONL in gzip")
    parser.add_argument("--light", nargs="*", type=Path, default=[], help="labelled items that count for less")
    parser.add_argument(
        "--world", nargs="*", type=Path, default=[], help="streams of world news: nothing of the region"
    )
    parser.add_argument("--levels", nargs="*", type=Path, default=[], help="levels of texts in the streams, by id")
    parser.add_argument("--streams", type=Path, help="directory of the streams")
    parser.add_argument("--cases", type=Path, help="items that tell of one case, though their files do not say so")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="weights file to write")
    options = parser.parse_args(None if arguments is None else list(arguments))
    needed = [*options.files, *options.light, *options.world, *options.levels]
    needed += [options.cases] if options.cases else []
    if missing := [str(path) for path in needed if not path.is_file()]:
        parser.error(f"no such file: {', '.join(missing)}; weights fitted without it would differ")
    book = read_rules()
    items = read_labelled(options.files) + read_labelled(options.light, LIGHT) + world_news(options.world)
    for levels in options.levels if options.streams else ():
        items += read_levels(levels, options.streams)
    items = in_cases(items, options.cases) if options.cases else items
    examples = [example_of(item, book) for item in items]
    model = fit_model(examples, book)
    write_model(model, options.out)
    right = sum(level_of(example, model) == example.item.level for example in examples)
    sys.stdout.write(f"{len(examples)} items, level right on the fitted items for {right}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
