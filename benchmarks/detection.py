"""How well and how fast detection judges: `python benchmarks/detection.py [--leave-out outlet] [--mistakes]`.

Real news first: 1,850 labelled posts and articles (`../shared/data/detection/natural.jsonl.gz`), each judged by
weights fitted without its fold; items of one event share a fold. The development items, the full-length articles and
our own are judged by the same folds. `--leave-out outlet` judges each outlet's items by weights that saw nothing of
that outlet: the honest figure for an outlet added tomorrow. What was kept from tuning altogether is judged by the
shipped weights.

Then false alarms on unlabelled everyday news (`streams/`), the calibration of the probability, two baselines on the
same folds (a list of key words; balanced logistic regression over character n-grams), and speed beside the same
patterns run one after another. The words and rules were written by people who had read the development items and
parts of the streams, which no cross-validation takes out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate, lexicon_language
from acca_crawler.detect.article import ScoredWindow, supporting
from acca_crawler.detect.categories import categories_of
from acca_crawler.detect.dataset import FOLDS, LIGHT, Labelled, in_cases, read_labelled, read_levels, world_news
from acca_crawler.detect.fit import Example, Lower, example_of, fit_model, probabilities
from acca_crawler.detect.languages import reading_language
from acca_crawler.detect.lexicon import terms_for
from acca_crawler.detect.matcher import Matcher
from acca_crawler.detect.model import Model
from acca_crawler.detect.rules import read_rules
from acca_crawler.items import CATEGORIES, LANGUAGES, Certainty, Level, certainty_of
from acca_crawler.text.normalise import fold_for_matching
from acca_crawler.text.sentences import sentences
from benchmarks.loading import main as loading

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "detection"
OWN = ROOT / "benchmarks" / "data"
TAUGHT = ("detection.jsonl", "sentences.jsonl", "short_taught.jsonl", "short_regional.jsonl")
"""Our own items that the weights are fitted to."""
LATER = OWN / "taught"
"""Items in eight languages and scripts, written by people who had seen neither the natural ones nor the detector.

How weights that had not seen them judged them is in `docs/detection.md`."""
LATEST = OWN / "taught_2"
"""The same, written a release later by others; the release before had seen nothing of them."""
AGENCY = OWN / "taught_3"
"""Dry agency items in the five languages of the region, written after reading false alarms: no measure of the words."""
MANNERS = OWN / "taught_4"
"""Items in the manner of some thirty outlets, by writers who had seen neither the natural ones nor the detector.

How weights that had not seen them judged them is in `docs/detection.md`."""
PAGES = OWN / "taught_5"
"""Articles that fill a page, by writers who had seen neither; a third of them is in `LONG`."""
KEPT = OWN / "short_kept.jsonl"
"""Items written and labelled before the detector ran on them, and never used for tuning."""
PLAIN = OWN / "plain_kept.jsonl"
"""Dry agency items and posts in six languages, by writers who had not seen the detector; never used for tuning."""
LONG = OWN / "long_kept.jsonl"
"""Articles that fill a page, by the writers of `PAGES`, set aside unread; never used for tuning."""
BOUNDS = OWN / "bounds_kept.jsonl"
"""Items on the boundaries of the guideline, by writers who had seen neither; never used for tuning."""
EVENTS = OWN / "event_levels.json"
RETOLD = OWN / "language"
"""The same events reported in nine languages, and the level of each event."""
CASES = OWN / "cases.jsonl"
"""Natural items of one case whose files do not say so: they share a fold here."""
MIN_ALERTS = 20
"""Alerts from which on a language has a line of its own."""
WORLD = ("ntrex", "sib200")
"""Streams of world news and encyclopedia sentences: nothing in them is about the region."""
BINS = (0.0, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.01)
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with the level something gave it and the probability of an alert."""

    item: Labelled
    level: Level
    chance: float
    categories: tuple[str, ...] = ()


def main() -> int:
    """Print the tables; exits 0 whatever they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mistakes", action="store_true", help="list every item judged otherwise than by a person")
    parser.add_argument("--leave-out", choices=["outlet"], help="also judge each outlet by the others")
    parser.add_argument("--sample", type=int, default=1, help="of the streams, every n-th text alone")
    options = parser.parse_args()
    book = read_rules()
    examples = {name: [example_of(item, book) for item in items] for name, items in labelled().items()}
    everything = [example for group in examples.values() for example in group]
    judged = by_fold(everything)
    sets = {name: [judged[e.item.id] for e in group] for name, group in examples.items()}
    print(f"by {FOLDS} folds, each judged by weights fitted without it")
    for name, group in sets.items():
        print(line(name, group))
    news = sets.get("natural", sets["own"])
    print("\nlanguages of real news with enough alerts")
    for language in sorted({j.item.language for j in news}):
        part = [j for j in news if j.item.language == language]
        if sum(j.item.level == "alert" for j in part) >= MIN_ALERTS:
            print(line(f"  {language}", part))
    reliability(news)
    categories(sets)
    print("\nbaselines on real news")
    print(line("  key words", [key_words(j.item) for j in news]))
    print(line("  n-grams, balanced", baseline([e.item for e in everything], [j.item for j in news])))
    print("\nnever fitted to, by the shipped weights")
    kept = [shipped(item) for item in read_labelled([KEPT])]
    retold = [shipped(item) for item in retold_events()]
    plain = [shipped(item) for item in read_labelled([PLAIN])]
    pages = [shipped(item) for item in read_labelled([LONG])]
    bounds = [shipped(item) for item in read_labelled([BOUNDS])]
    print(line("own short items, kept", kept))
    print(line("plain items, kept", plain))
    print(line("full pages, kept", pages))
    print(line("boundaries, kept", bounds))
    print(line("the same events in nine languages", retold))
    if options.leave_out:
        left = by_outlet(everything)
        print("\neach outlet by weights that saw nothing of it")
        for outlet in sorted({j.item.outlet for j in left}):
            print(line(f"  {outlet}", [j for j in left if j.item.outlet == outlet]))
        print(line("  all", left))
    if options.mistakes:
        mistakes([j for group in sets.values() for j in group] + kept + retold)
    streams(options.sample, show=options.mistakes)
    speed([j.item for j in news][::3])
    return 0


def labelled() -> dict[str, list[Labelled]]:
    """The labelled sets by name, those of the shared folder where it exists."""
    files = {
        "natural": [SHARED / "natural.jsonl.gz"],
        "development, restated": [SHARED / "dev.jsonl"],
        "full-length, hard": [SHARED / "long.jsonl"],
        "everyday Uzbek, restated": [SHARED / "uz_restated.jsonl"],
        "own": [OWN / name for name in TAUGHT],
        "own, taught later": sorted(LATER.glob("*.jsonl")),
        "own, taught last": sorted(LATEST.glob("*.jsonl")),
        "own, agency items": sorted(AGENCY.glob("*.jsonl")),
    }
    sets = {name: read_labelled(paths) for name, paths in files.items() if all(path.exists() for path in paths)}
    sets["own, outlets' manners"] = read_labelled(sorted(MANNERS.glob("*.jsonl")), LIGHT)
    sets["own, full pages"] = read_labelled(sorted(PAGES.glob("*.jsonl")), LIGHT)
    if "natural" in sets:
        sets["world news"] = world_news(sorted((SHARED / "streams").glob("*_ntrex_translated.jsonl.gz")))
        sets["streams, read"] = read_levels(OWN / "stream_levels.jsonl", SHARED / "streams")
        sets["translated to Uzbek by machine"] = read_levels(OWN / "translated_levels.jsonl", SHARED / "streams")
    return {name: in_cases(items, CASES) for name, items in sets.items()}


def by_fold(examples: Sequence[Example]) -> dict[str, Judged]:
    """Every item, by its id, judged by weights fitted to the other folds."""
    judged: dict[str, Judged] = {}
    known: dict[tuple[str, ...], Lower] = {}
    for number in range(FOLDS):
        model = fit_model([e for e in examples if e.fold != number], read_rules(), known)
        judged |= {e.item.id: judge(e, model) for e in examples if e.fold == number}
    return judged


def by_outlet(examples: Sequence[Example]) -> list[Judged]:
    """The items of every outlet with alerts, judged by weights that saw nothing of that outlet."""
    outlets = sorted({e.item.outlet for e in examples if e.item.outlet and e.item.level == "alert"})
    judged = []
    for outlet in outlets:
        model = fit_model([e for e in examples if e.item.publisher != outlet], read_rules())
        judged += [judge(e, model) for e in examples if e.item.outlet == outlet]
    return judged


def judge(example: Example, model: Model) -> Judged:
    """An example judged by a model."""
    alert, digest = probabilities(example, model)
    level = model.level_of(alert, digest, len(example.annotated.folded))
    return Judged(example.item, level, alert, filed(example, model, level) if level != "ignore" else ())


def filed(example: Example, model: Model, level: Level) -> tuple[str, ...]:
    """The categories that a model gives an example of a level."""
    home = [ScoredWindow(window, *model.scores(window)) for window in example.windows if not window.foreign]
    chances = model.filing.chances(example.clues)
    return categories_of(example.annotated, supporting(home, level), model.book, chances)


def shipped(item: Labelled) -> Judged:
    """An item judged by what ships."""
    found = detect(item.text, title=item.title, language=item.language)
    return Judged(item, found.level, found.score, found.categories)


def retold_events() -> list[Labelled]:
    """The events whose level the guideline leaves no doubt about, in every language."""
    levels: dict[str, Level] = json.loads(EVENTS.read_text(encoding="utf-8"))
    rows = [
        (file.stem, json.loads(row))
        for file in sorted(RETOLD.glob("*.jsonl"))
        for row in file.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Labelled(
            id=f"{language}-{row['event']}",
            title=row["title"],
            text=row["text"] or row["title"],
            level=levels[row["event"]],
            language=language,
            country=None,
            kind="",
            fold=0,
            labels=(),
        )
        for language, row in rows
        if row["event"] in levels
    ]


def line(name: str, judged: Sequence[Judged]) -> str:
    """Precision and recall of alerts and of the digest, and how well the probability ranks alerts."""
    alerts = np.array([j.item.level == "alert" for j in judged])
    ranked = average_precision_score(alerts, [j.chance for j in judged]) if alerts.any() else float("nan")
    return (
        f"{name:36} n {len(judged):5}  alerts {alerts.sum():4}  {rates(judged, 'alert')}  "
        f"average precision {ranked:.3f}  digest {rates(judged, 'digest')}"
    )


def rates(judged: Sequence[Judged], level: Level) -> str:
    """Precision and recall of a level."""
    right = sum(j.level == j.item.level == level for j in judged)
    called = sum(j.level == level for j in judged)
    return f"precision {share(right, called)} recall {share(right, sum(j.item.level == level for j in judged))}"


def share(part: int, whole: int) -> str:
    """A share with three decimals, or a dash."""
    return f"{part / whole:.3f}" if whole else "    -"


def reliability(judged: Sequence[Judged]) -> None:
    """How often an alert is right at each height of its probability."""
    print("\nprobability given -> share that are alerts")
    for low, high in pairwise(BINS):
        part = [j for j in judged if low <= j.chance < high]
        if part:
            mean = sum(j.chance for j in part) / len(part)
            print(f"  {mean:.2f} -> {share(sum(j.item.level == 'alert' for j in part), len(part))}  n {len(part)}")
    print("\ncertainty of an alert -> share that are right")
    called = [j for j in judged if j.level == "alert"]
    for certainty in get_args(Certainty):
        part = [j for j in called if certainty_of(j.chance) == certainty]
        print(f"  {certainty:7} {share(sum(j.item.level == 'alert' for j in part), len(part))}  n {len(part)}")


def key_words(item: Labelled) -> Judged:
    """The plain list: any act of violence is an alert, any detention or prison the digest."""
    found = annotate(item.text, item.title, item.language).sentences
    roles = {match.term.role for sentence in found for match in sentence.found if match.term.strength}
    if "act" in roles:
        return Judged(item, "alert", 1.0)
    return Judged(item, "digest" if roles & {"deprivation", "place", "sentence"} else "ignore", 0.0)


def baseline(train: Sequence[Labelled], measured: Sequence[Labelled]) -> list[Judged]:
    """Scikit-learn's logistic regression with balanced classes over character n-grams of 2 to 5, on the same folds."""
    levels: dict[str, Level] = {"alert": "alert", "digest": "digest", "ignore": "ignore"}
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=200_000)
    matrix = vectors.fit_transform([f"{item.title} {item.text}"[:4000] for item in train])
    rows = {item.id: index for index, item in enumerate(train)}
    judged = []
    for number in range(FOLDS):
        part = [index for index, item in enumerate(train) if not (item.is_natural and item.fold == number)]
        fitted = LogisticRegression(C=10, class_weight="balanced", max_iter=200)
        fitted.fit(matrix[part], [train[index].level for index in part])
        items = [item for item in measured if item.fold == number]
        chances = fitted.predict_proba(matrix[[rows[item.id] for item in items]])
        names = list(fitted.classes_)
        judged += [
            Judged(item, levels[names[int(row.argmax())]], float(row[names.index("alert")]))
            for item, row in zip(items, chances, strict=True)
        ]
    return judged


def categories(sets: Mapping[str, Sequence[Judged]]) -> None:
    """F1 of each category on the labelled alerts of real news, and the mean on those of the other sets, by the folds.

    An alert that is ignored has none. The rules of categories were written with the natural items read, not the others.
    """
    print("\ncategories of alerts")
    for name, judged in sets.items():
        scores = category_scores([j for j in judged if j.item.level == "alert"])
        if name == "natural":
            for code, (f1, number) in scores.items():
                print(f"  {code:36} F1 {f1:.3f}  n {number}")
        if scores:
            mean = sum(f1 for f1, _ in scores.values()) / len(scores)
            print(f"  macro F1 {mean:.3f} of {len(scores)} categories, {name}")


def category_scores(judged: Sequence[Judged]) -> dict[str, tuple[float, int]]:
    """F1 of each category that a person gave, and how often."""
    scores: dict[str, tuple[float, int]] = {}
    for code in CATEGORIES:
        right = sum(code in j.item.categories and code in j.categories for j in judged)
        either = sum((code in j.item.categories) + (code in j.categories) for j in judged)
        if number := sum(code in j.item.categories for j in judged):
            scores[code] = (2 * right / either, number)
    return scores


def mistakes(judged: Iterable[Judged]) -> None:
    """Print every item whose level differs from the annotation."""
    print("\nmistakes")
    for j in judged:
        if j.level != j.item.level:
            start = " ".join(f"{j.item.title} {j.item.text}".split())[:100]
            print(f"  {j.level:6} for {j.item.level:6} {j.chance:.2f} {j.item.language:7} {j.item.id} {start}")


def streams(step: int, *, show: bool) -> None:
    """Alerts per 1,000 texts of unlabelled news, and the speed of whole judgements on them."""
    files = sorted((SHARED / "streams").glob("*.jsonl.gz"))
    if not files:
        return
    print("\nalerts in unlabelled streams, by the shipped weights")
    size = seconds = 0.0
    for file in files:
        rows: list[dict[str, Any]] = [json.loads(row) for row in gzip.decompress(file.read_bytes()).splitlines()][
            ::step
        ]
        started = time.process_time()
        found = [detect(row["text"], title=row["title"] or "", language=row["lang"]) for row in rows]
        seconds += time.process_time() - started
        size += sum(len(row["text"].encode()) + len((row["title"] or "").encode()) for row in rows) / MEGABYTE
        alerts = [(row, one) for row, one in zip(rows, found, strict=True) if one.level == "alert"]
        world = "  (world news: none is right)" if any(name in file.name for name in WORLD) else ""
        often = f"{len(alerts):4} of {len(rows):5}: {1000 * len(alerts) / len(rows):5.1f}"
        print(f"  {file.name.split('.')[0]:36} {often}{world}")
        for row, one in alerts if show else ():
            start = " ".join(f"{row['title'] or ''} {row['text']}".split())[:140]
            print(f"      {one.score:.2f} {row['id']} {start}")
    print(f"  whole judgements on the streams: {size / seconds:.2f} MB/s")


def speed(items: Sequence[Labelled]) -> None:
    """Loading, and megabytes (UTF-8) a second on one core beside the patterns one after another."""
    print(flush=True)
    loading()
    folded = [
        (lexicon_language(read_as), fold_for_matching(item.text, read_as), sentences(item.text))
        for item in items
        if (read_as := reading_language(item.text, item.language))
    ]
    size = sum(len(text.original.encode()) for _, text, _ in folded) / MEGABYTE
    terms = {language: [t for t in terms_for(language) if t.strength or t.role == "mask"] for language in LANGUAGES}
    matchers = {language: Matcher((term, term.pattern) for term in terms[language]) for language in LANGUAGES}
    compiled = {
        language: [re.compile(rf"(?<!\w)(?:{term.pattern})(?!\w)") for term in terms[language]]
        for language in LANGUAGES
    }

    def one_pass() -> None:
        for language, text, spans in folded:
            matchers[language].find(text.text, spans if text.keeps_offsets else [(0, len(text.text))])

    def one_after_another() -> None:
        for language, text, _ in folded:
            for pattern in compiled[language]:
                for _ in pattern.finditer(text.text):
                    pass

    fast, slow = rate(one_pass, size), rate(one_after_another, size)
    print(f"one pass {fast:.2f} MB/s, one after another {slow:.2f} MB/s: {fast / slow:.1f} times as fast")


def rate(work: Callable[[], None], size: float) -> float:
    """Megabytes a second of processor time, the better of two after one to warm up."""
    work()
    best = 0.0
    for _ in range(2):
        started = time.process_time()
        work()
        best = max(best, size / (time.process_time() - started))
    return best


if __name__ == "__main__":
    sys.exit(main())
