"""How well and how fast detection judges: `python benchmarks/detection.py [--mistakes]`.

Quality is measured on the developers' labelled items (`../shared/data/detection/dev.jsonl`, where it exists) and on
this project's own (`benchmarks/data`). The weights are fitted anew for every fold, to the other folds and to our own
items, so no item is judged by weights that saw it. The lexicons and rules were written by people who had read the
development items, which no cross-validation takes out: figures on unseen articles will be lower.

Two baselines run on the same folds: a plain list of key words (every act and deprivation stem), and a logistic
regression over hashed character n-grams. Speed is measured against the same patterns run one after another.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate, lexicon_language, matcher_for
from acca_crawler.detect.dataset import Labelled, read_labelled
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.fit import bag_of, fit_model, level_of
from acca_crawler.detect.languages import reading_language
from acca_crawler.detect.lexicon import LANGUAGES, terms_for
from acca_crawler.detect.matcher import Matcher
from acca_crawler.items import Level
from acca_crawler.text.normalise import fold
from acca_crawler.text.sentences import sentences

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "detection" / "dev.jsonl"
OWN = ROOT / "benchmarks" / "data" / "detection.jsonl"
TAUGHT = [
    ROOT / "benchmarks" / "data" / name for name in ("sentences.jsonl", "short_taught.jsonl", "short_regional.jsonl")
]
"""Items that the weights are always fitted to."""
KEPT = ROOT / "benchmarks" / "data" / "short_kept.jsonl"
"""Items written and labelled before anybody asked the detector about them, and never tuned on."""
EVENTS = ROOT / "benchmarks" / "data" / "event_levels.json"
RETOLD = ROOT / "benchmarks" / "data" / "language"
"""The same events told in nine languages, and the level of each event."""
FOLDS = 5
BUCKETS = 1 << 13
MEGABYTE = 1_000_000

Judge = Callable[[Labelled], Level]


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with the level something gave it."""

    item: Labelled
    level: Level


def main() -> int:
    """Print the tables; exits 0 whatever they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mistakes", action="store_true", help="list every item judged otherwise than by a person")
    options = parser.parse_args()
    own = read_labelled([OWN])
    taught = read_labelled(TAUGHT)
    kept = read_labelled([KEPT])
    dev = read_labelled([SHARED]) if SHARED.exists() else []
    measured = dev or own
    print(f"measured on {'the development items' if dev else 'our own long articles'}, weights fitted per fold\n")
    rules = by_fold(measured, lambda train: rule_judge(train + taught + (own if dev else [])))
    words = [Judged(item, word_level(item)) for item in measured]
    grams = by_fold(measured, lambda train: ngram_judge(train + taught + (own if dev else [])))
    for name, judged in (("rules", rules), ("key words", words), ("n-grams", grams)):
        print(line(name, judged))
    if dev:
        print(line("own long articles, fitted to the rest", judge_own(own, dev + taught)))
    unseen = judge_own(kept, taught + own + dev)
    retold = judge_own(retold_events(), taught + own + dev)
    print(line("own short items, kept from tuning", unseen))
    print(line("the same events in nine languages", retold))
    table("language, items kept from tuning", unseen, lambda item: [item.language])
    table("language, the same events", retold, lambda item: [item.language])
    table("language", rules, lambda item: [item.language])
    table("kind", rules, lambda item: [item.kind])
    table("category", rules, lambda item: item.labels)
    countries(measured)
    if options.mistakes:
        mistakes(rules + unseen + retold)
    speed(own + dev)
    return 0


def by_fold(items: Sequence[Labelled], judge_from: Callable[[list[Labelled]], Judge]) -> list[Judged]:
    """Every item judged by what was made from the other folds."""
    judged = []
    for fold_number in range(FOLDS):
        judge = judge_from([item for item in items if item.fold != fold_number])
        judged += [Judged(item, judge(item)) for item in items if item.fold == fold_number]
    return judged


def rule_judge(train: Sequence[Labelled]) -> Judge:
    """Our rules with weights fitted to `train`."""
    book = shipped_model().book
    model = fit_model([bag_of(item, book) for item in train], book)
    return lambda item: level_of(bag_of(item, book), model)


def judge_own(own: Sequence[Labelled], train: list[Labelled]) -> list[Judged]:
    """Our own long articles by weights that saw none of them."""
    judge = rule_judge(train)
    return [Judged(item, judge(item)) for item in own]


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
            kind="positive" if levels[row["event"]] == "alert" else "plain_negative",
            fold=0,
            labels=(),
        )
        for language, row in rows
        if row["event"] in levels
    ]


def word_level(item: Labelled) -> Level:
    """The plain list: any act of violence is an alert, any detention or prison the digest."""
    sentences_ = annotate(item.text, item.title, item.language).sentences
    roles = {found.term.role for sentence in sentences_ for found in sentence.found if found.term.strength}
    if "act" in roles:
        return "alert"
    return "digest" if roles & {"deprivation", "place", "sentence"} else "ignore"


def ngram_judge(train: Sequence[Labelled]) -> Judge:
    """Logistic regression over hashed character n-grams of 3 to 5, one against the rest, by gradient descent."""
    features = np.stack([ngrams(item) for item in train])
    wanted = {level: np.array([item.level == level for item in train], dtype=float) for level in LEVELS}
    weights = {level: regression(features, target) for level, target in wanted.items()}

    def judge(item: Labelled) -> Level:
        vector = ngrams(item)
        return max(LEVELS, key=lambda level: float(vector @ weights[level]))

    return judge


LEVELS: tuple[Level, ...] = ("alert", "digest", "ignore")


@cache
def ngrams(item: Labelled) -> np.ndarray:
    """Counts of hashed n-grams, damped by the root and scaled to length one, with a constant."""
    text = f" {item.title} {item.text[:1000]} ".lower()
    vector = np.zeros(BUCKETS + 1, dtype=np.float32)
    for size in (3, 4, 5):
        for start in range(len(text) - size + 1):
            vector[crc32(text[start : start + size].encode()) % BUCKETS] += 1
    vector = np.sqrt(vector)
    vector /= max(float(np.linalg.norm(vector)), 1e-9)
    vector[BUCKETS] = 1
    return vector


def regression(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights after 120 steps with a little decay."""
    weights = np.zeros(features.shape[1], dtype=np.float32)
    for _ in range(120):
        chance = 1 / (1 + np.exp(-(features @ weights)))
        weights += 8.0 * (features.T @ (target - chance) / len(target) - 1e-4 * weights)
    return weights


def line(name: str, judged: Sequence[Judged]) -> str:
    """Recall and precision of alerts, accuracy of levels, and hard negatives called alert."""
    alerts = [j for j in judged if j.item.level == "alert"]
    called = [j for j in judged if j.level == "alert"]
    hard = [j for j in judged if j.item.kind == "hard_negative"]
    hits = sum(j.level == "alert" for j in alerts)
    right = sum(j.level == j.item.level for j in judged)
    return (
        f"{name:40} n {len(judged):4}  recall {share(hits, len(alerts))}  precision {share(hits, len(called))}  "
        f"levels {share(right, len(judged))}  hard negatives called alert "
        f"{share(sum(j.level == 'alert' for j in hard), len(hard))}"
    )


def share(part: int, whole: int) -> str:
    """A share with three decimals, or a dash."""
    return f"{part / whole:.3f}" if whole else "    -"


def table(name: str, judged: Sequence[Judged], keys: Callable[[Labelled], Iterable[str]]) -> None:
    """One line for every value of a property."""
    print(f"\nby {name}")
    for key in sorted({key for j in judged for key in keys(j.item)}):
        print(line(f"  {key}", [j for j in judged if key in keys(j.item)]))


def countries(items: Sequence[Labelled]) -> None:
    """How often the country of an alert is right (by the shipped weights)."""
    found = [
        (item, detect(item.text, title=item.title, language=item.language)) for item in items if item.level == "alert"
    ]
    called = [(item, detection) for item, detection in found if detection.level == "alert"]
    right = sum(detection.country == item.country for item, detection in called)
    print(f"\ncountry right for {right} of {len(called)} alerts: {share(right, len(called))}")


def mistakes(judged: Sequence[Judged]) -> None:
    """Every item whose level a person gave otherwise."""
    print("\nmistakes")
    for j in judged:
        if j.level != j.item.level:
            print(f"  {j.level:6} for {j.item.level:6} {j.item.language:7} {j.item.id} {j.item.title[:80]}")


def speed(items: Sequence[Labelled]) -> None:
    """Megabytes (UTF-8) a second on one core, all languages loaded, beside the patterns one after another."""
    started = time.process_time()
    terms_for.cache_clear()
    matcher_for.cache_clear()
    for language in LANGUAGES:
        matcher_for(language)
    print(f"\nlexicons of all languages loaded in {(time.process_time() - started) * 1000:.0f} ms")
    folded = [
        (lexicon_language(read_as), fold(item.text, read_as), sentences(item.text))
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

    def whole_judgement() -> None:
        for item in items:
            detect(item.text, title=item.title, language=item.language)

    fast, slow, whole = (rate(work, size) for work in (one_pass, one_after_another, whole_judgement))
    print(f"one pass {fast:.2f} MB/s, one after another {slow:.2f} MB/s: {fast / slow:.1f} times as fast")
    print(f"whole judgements, facts included, on these items (a third of them alerts): {whole:.2f} MB/s")


def rate(work: Callable[[], None], size: float) -> float:
    """Megabytes a second of processor time, the best of three after one to warm up."""
    work()
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        work()
        best = max(best, size / (time.process_time() - started))
    return best


if __name__ == "__main__":
    sys.exit(main())
