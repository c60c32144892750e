"""Detection of copies, excerpts, rewrites and translations, against simpler methods in the same run.

    python benchmarks/dedup.py [--part test] [--mistakes] [--judged PAIRS] [--streams DIRECTORY]

Pairs are made from reports written for this project (`data/language`, `data/dedup`): by code (copied, trimmed,
re-headlined, sentences moved and reworded, boilerplate put around, two wordings of a flash) and by hand
(`rewrites.jsonl`).
What must not merge: other events of the same topic, and flashes after one pattern with another place, number, name
or date. Events of odd number are the tuning part, the rest is the test. Each pair goes the archive's way: it counts as
found only where the two signatures share an index key and `relation` then names a relation. Goals: precision 0.99 and
recall 0.95 for copies, excerpts and rewrites; precision 0.95 for translations.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.keys import index_keys
from acca_crawler.dedup.relation import relation
from acca_crawler.items import LANGUAGES
from acca_crawler.text.sentences import sentences

DATA = Path(__file__).parent / "data"
GOALS = {"precision": 0.99, "recall": 0.97, "translations": 0.95}
MAX_FLASH_PAIRS = 40
MAX_NEIGHBOURS = 60
"""Posts of the days around one among which the likeliest to be mistaken for it are looked for."""
DAY = "2024-05-22"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, how the second was made from the first, and whether they are one story's."""

    how: str
    language: str
    a: Document
    b: Document
    one: bool


Reports = dict[str, dict[str, Document]]


def read_reports(part: str) -> Reports:
    """The reports of one part, by language (scripts included) and event."""
    reports: Reports = {}
    for path in sorted((DATA / "language").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        reports[path.stem] = {
            row["event"]: Document(row["title"], row["text"], path.stem)
            for row in rows
            if row["text"] and _in(part, row["event"])
        }
    return reports


def _in(part: str, event: str) -> bool:
    return (part == "tune") == bool(int(event[1:]) % 2)


def is_for_concepts(published: str) -> bool:
    """Whether `fit_concepts` learns from the posts of a day: odd ones but every third, which weights are fitted to."""
    day = int(published[8:10])
    return bool(day % 2 and day % 3)


def is_line_for_concepts(number: int) -> bool:
    """Whether `fit_concepts` learns from a parallel text: odd ones but every fourth, which weights are fitted to."""
    return bool(number % 2) and number % 8 != 3


def read_material() -> dict[str, Any]:
    return tomllib.loads((DATA / "dedup" / "material.toml").read_text(encoding="utf-8"))


def pairs(part: str) -> Iterator[Pair]:
    """Every labelled pair within a language."""
    reports, material = read_reports(part), read_material()
    chance = random.Random(20)
    for language in LANGUAGES:
        of_language = reports[language]
        for event, report in of_language.items():
            stranger = chance.choice([other for key, other in of_language.items() if key != event])
            for how, text in variants(report.text, material[language], stranger.text, chance):
                yield Pair(
                    how,
                    language,
                    report,
                    Document(stranger.title if how == "re-headlined" else f"{report.title}!", text, language),
                    True,
                )
        yield from (Pair("another event", language, a, b, False) for a, b in combinations(of_language.values(), 2))
        yield from flashes(part, language, material[language], chance)
    for language, script in (("uz", "uz-Cyrl"), ("kk", "kk-Latn")):
        for event, report in reports[language].items():
            yield Pair("other alphabet", language, report, reports[script][event], True)
    yield from by_hand(part, reports)


def variants(text: str, material: dict[str, Any], stranger: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """A report's text as copies of it look elsewhere."""
    parts = [text[start:end] for start, end in sentences(text)]
    yield "copied", text.replace("«", "“").replace("»", "”").replace(". ", ".\n\n")
    yield "re-headlined", text
    yield "trimmed", " ".join(parts[:-1])
    yield "excerpt", " ".join(parts[: max(2, len(parts) // 2)])
    yield "last part", " ".join(parts[-3:])
    before, after, rights = material["boilerplate"]
    yield "boilerplate", f"{before}\n\n{text}\n\n{after}\n\n{rights}"
    yield "inside another", f"{stranger}\n\n{text}"
    moved = parts[:1] + chance.sample(parts[1:], len(parts) - 1)
    yield "moved", " ".join(moved)
    yield "reworded", reworded(text, material["swaps"])
    yield "reworded and moved", reworded(" ".join(moved[:-1]), material["swaps"])


def reworded(text: str, swaps: list[list[str]]) -> str:
    for old, new in swaps:
        text = text.replace(old, new)
    return text


def flashes(part: str, language: str, material: dict[str, Any], chance: random.Random) -> Iterator[Pair]:
    """Short reports after one pattern: the same in two wordings, and others that differ in one slot or more."""
    half = 0 if part == "tune" else 4
    places, names = material["places"][half : half + 4], material["names"][half : half + 4]
    fillings = [
        {"place": place, "name": name, "n": n, "day": day, "age": age}
        for (place, name), (n, day, age) in product(
            zip(places, names, strict=True), [(3, 12, 34), (5, 12, 34), (3, 21, 41)]
        )
    ]
    for pattern in material["flash"]:
        written = [
            [Document("", pattern[wording].format(**slots), language) for wording in ("one", "two")]
            for slots in fillings
        ]
        yield from (Pair("flash reworded", language, one, two, True) for one, two in written)
        others = [
            Pair("flash of another event", language, a[i], b[j], False)
            for a, b in combinations(written, 2)
            for i, j in ((0, 0), (0, 1))
            if a[0].text != b[0].text
        ]
        yield from chance.sample(others, min(MAX_FLASH_PAIRS, len(others)))


def by_hand(part: str, reports: Reports) -> Iterator[Pair]:
    for line in (DATA / "dedup" / "rewrites.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if _in(part, row["event"]):
            written = Document(row["title"], row["text"], row["language"])
            for event, report in reports[row["language"]].items():
                same = event == row["event"]
                yield Pair("rewritten by hand" if same else "another event", row["language"], report, written, same)


def translations(part: str) -> Iterator[Pair]:
    """English and each national language against Russian, every event against every other, all of one day."""
    reports, material = read_reports(part), read_material()
    for language in ("en", "kk", "ky", "tg", "uz", "uz-Cyrl", "tk"):
        for (event, a), (other, b) in product(reports[language].items(), reports["ru"].items()):
            yield Pair("translation", language, a, b, event == other)
        if language in material:
            for mine, theirs in zip(
                flashes(part, language, material[language], random.Random(3)),
                flashes(part, "ru", material["ru"], random.Random(3)),
                strict=True,
            ):
                yield Pair("flash of another event" if not mine.one else "flash", language, mine.a, theirs.b, mine.one)


def judged_pairs(path: Path) -> Iterator[Pair]:
    """Judged pairs of real posts; `how` is the judgement: same, follow-up or different."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        a, b = (
            Document(side.get("title") or "", side["text"], None, published=side["date"], outlet=side["outlet"])
            for side in (row["a"], row["b"])
        )
        yield Pair(row["judged"], a.known_language or "", a, b, row["judged"] != "different")


def parallel_texts(streams: Path) -> dict[str, list[Document]]:
    """The translations of one list of articles, by language."""
    found = {}
    for path in sorted(streams.glob("*_ntrex_*")):
        language = path.name[:2]
        found[language] = [Document(row["title"] or "", row["text"], language, published=DAY) for row in _rows(path)]
    return found


def two_editions(
    streams: Path, chance: random.Random, most: int = 450, others: int = 4
) -> Iterator[tuple[Document, list[tuple[Document, bool]]]]:
    """Posts of an Uzbek edition with their Russian original, and the likeliest other Russian posts within three days.

    The days are odd ones that `fit_concepts` does not learn from.
    """
    russian, uzbek = (edition(streams, name) for name in ("ru_gazeta", "uz_gazeta"))
    originals = {document.published: document for document in russian}
    by_day: defaultdict[date, list[Document]] = defaultdict(list)
    for document in russian:
        by_day[_day(document)].append(document)
    chosen = [
        one for one in uzbek
        if one.published in originals and _day(one).day % 2 and not is_for_concepts(str(one.published))
    ]  # fmt: skip
    for one in chance.sample(chosen, min(most, len(chosen))):
        original = originals[one.published]
        near = [other for days in range(-3, 4) for other in by_day[_day(one) + timedelta(days)] if other != original]
        keys = frozenset(index_keys(one.profile).near)
        sampled = chance.sample(near, min(MAX_NEIGHBOURS, len(near)))
        likely = sorted(sampled, key=lambda other: -len(keys.intersection(index_keys(other.profile).near)))
        yield one, [(original, True), *((other, False) for other in likely[:others])]


def _day(document: Document) -> date:
    return date.fromisoformat(str(document.published)[:10])


def edition(streams: Path, name: str) -> list[Document]:
    """The posts of an edition, their links and signatures taken off."""
    path = next(streams.glob(f"{name}*"))
    return [
        Document("", text, row["lang"], published=row["date"].replace(" ", "T") + "Z", outlet=name)
        for row in _rows(path)
        if (text := _LINKS.sub("", row["text"]).strip())
    ]


_LINKS = re.compile(r"(?m)^.*(?:https?://|@gazetauz).*$")


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ours(a: Document, b: Document) -> bool:
    """As the archive does it: an index key in common, then the decision."""
    one, other = ({*d.signature.keys, *index_keys(d.profile).near} for d in (a, b))
    found = relation(a, b) if one & other else None
    return found is not None and found.kind != "mentions"


def unrelated_candidates() -> tuple[int, int]:
    """Of all pairs of different events in a language: how many share an index key, and how many there are."""
    shared = total = 0
    of_tune, of_test = read_reports("tune"), read_reports("test")
    for language in LANGUAGES:
        keys = [set(d.signature.keys) for half in (of_tune, of_test) for d in half[language].values()]
        shared += sum(bool(one & other) for one, other in combinations(keys, 2))
        total += len(keys) * (len(keys) - 1) // 2
    return shared, total


def same_hash(a: Document, b: Document) -> bool:
    return content_sha256("", a.text) == content_sha256("", b.text)


def jaccard(threshold: float) -> Callable[[Document, Document], bool]:
    """Exact Jaccard similarity of word pairs against a threshold: what MinHash libraries estimate."""

    def decide(a: Document, b: Document) -> bool:
        one, other = _word_pairs(a.text), _word_pairs(b.text)
        return len(one & other) >= threshold * len(one | other)

    return decide


def _word_pairs(text: str) -> set[tuple[str, str]]:
    words = text.lower().split()
    return set(pairwise(words))


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def judged(chosen: list[Pair], decide: Callable[[Document, Document], bool]) -> tuple[Score, list[Pair]]:
    """The score of a way to decide, and the pairs it got wrong."""
    right = wrong = missed = 0
    mistakes = []
    for pair in chosen:
        found = decide(replace(pair.a), replace(pair.b))
        right += found and pair.one
        wrong += found and not pair.one
        missed += pair.one and not found
        if found != pair.one:
            mistakes.append(pair)
    return Score(right, wrong, missed), mistakes


def is_translation(a: Document, b: Document) -> bool:
    return relation(a, b) is not None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("tune", "test"), default="test")
    parser.add_argument("--mistakes", action="store_true", help="print every pair that was judged wrongly")
    parser.add_argument("--judged", type=Path, help="judged pairs, to be cross-validated; needs --streams")
    parser.add_argument("--streams", type=Path, help="streams of real posts, to be stored whole")
    options = parser.parse_args()
    chosen, across = list(pairs(options.part)), list(translations(options.part))
    print(f"{len(chosen)} pairs within a language ({sum(p.one for p in chosen)} to be found), {len(across)} across")
    across = [replace(p, a=replace(p.a, published=DAY), b=replace(p.b, published=DAY)) for p in across]
    start = time.perf_counter()
    score, mistakes = judged(chosen, ours)
    each = (time.perf_counter() - start) / len(chosen)
    print_table(chosen, mistakes)
    print(f"\n{'way':24}{'precision':>10}{'recall':>8}")
    for way, decide in (
        ("exact hash", same_hash),
        ("Jaccard of pairs ≥ 0.5", jaccard(0.5)),
        ("Jaccard of pairs ≥ 0.2", jaccard(0.2)),
    ):
        plain, _ = judged(chosen, decide)
        print(f"{way:24}{plain.precision:10.3f}{plain.recall:8.3f}")
    print(f"{'ours':24}{score.precision:10.3f}{score.recall:8.3f}    {each * 1e3:.1f} ms a pair, signatures included")
    translated, more = judged(across, is_translation)
    print(f"{'translations':24}{translated.precision:10.3f}{translated.recall:8.3f}")
    shared, total = unrelated_candidates()
    print(f"pairs of different events that share an index key: {shared} of {total}")
    if options.judged and options.streams:
        from benchmarks.fit_dedup import cross_validated

        shares = cross_validated(options.judged, options.streams)
        print("judged pairs in one story: " + ", ".join(f"{how} {share:.3f}" for how, share in shares.items()))
    if options.streams:
        from benchmarks._story_figures import print_figures

        print_figures(options.streams)
    if options.mistakes:
        for pair in (*mistakes, *more):
            print(f"\n{pair.language} {pair.how}, {'missed' if pair.one else 'wrongly merged'}")
            print(f"  {pair.a.text[:400]}\n  {pair.b.text[:400]}")
    met = (
        score.precision >= GOALS["precision"]
        and score.recall >= GOALS["recall"]
        and translated.precision >= GOALS["translations"]
    )
    print(f"goals met: {GOALS}" if met else f"short of the goals: {GOALS}")
    return int(not met)


def print_table(chosen: list[Pair], mistakes: list[Pair]) -> None:
    """Mistakes by how a pair was made and by language."""
    wrong: defaultdict[tuple[str, str], int] = defaultdict(int)
    total: defaultdict[tuple[str, str], int] = defaultdict(int)
    for pair in chosen:
        total[pair.how, pair.language] += 1
    for pair in mistakes:
        wrong[pair.how, pair.language] += 1
    print(f"{'wrong of all':24}" + "".join(f"{language:>9}" for language in LANGUAGES))
    for how in dict.fromkeys(pair.how for pair in chosen):
        cells = (
            f"{wrong[how, language]}/{total[how, language]}" if total[how, language] else "" for language in LANGUAGES
        )
        print(f"{how:24}" + "".join(f"{cell:>9}" for cell in cells))


if __name__ == "__main__":
    raise SystemExit(main())
