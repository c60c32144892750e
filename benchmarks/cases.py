"""How well reports about one person find each other: `python benchmarks/cases.py [--show] [--natural FILE]`.

`benchmarks/data/case_reports.jsonl` has invented reports about invented people, among them namesakes in other towns,
relatives, other patronymics, other ages and an official. Each is read by the shipped detection; a pair counts if both
name somebody under a common key. `--natural` prints the pairs found among labelled posts (items of one `event` are the
same case), to be read.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from acca_crawler.cases.matching import PersonMention, match
from acca_crawler.cases.mention_index import ReportContext
from acca_crawler.detect import detect
from storage.review.mentions import FlagFact

OWN = Path(__file__).parent / "data" / "case_reports.jsonl"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person whom a labelled report may be about."""

    case: str
    text: str
    mention: PersonMention


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairs suggested, rightly suggested, and to be found."""

    suggested: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of the suggested pairs that are right."""
        return self.right / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs to be found that are suggested."""
        return self.right / self.wanted if self.wanted else 1.0


def subjects(items: Sequence[dict[str, Any]]) -> list[Subject]:
    """Read the labelled reports as the program reads any."""
    found = []
    for number, item in enumerate(items, start=1):
        detection = detect(item["text"], title=item.get("title", ""), language=item["lang"])
        facts = tuple(
            FlagFact(number, fact.kind, fact.value, fact.detail, fact.span.quote, fact.sentence)
            for fact in detection.facts
        )
        context = ReportContext(number, detection.country, item["day"][:10], facts)
        found += [Subject(item["case"], item["text"], mention) for mention in context.persons()]
    return found


def suggested(found: Sequence[Subject]) -> Iterator[tuple[Subject, Subject]]:
    """Yield the pairs of reports that are suggested as being about one person."""
    for one, other in combinations(found, 2):
        a, b = one.mention, other.mention
        if a.article_id != b.article_id and set(a.parsed.keys) & set(b.parsed.keys) and match(a, b):
            yield one, other


def measure(items: Sequence[dict[str, Any]], *, show: bool = False) -> Quality:
    """Count right and wrong suggestions among reports whose `case` is known."""
    pairs = list(suggested(subjects(items)))
    wanted = sum(a["case"] == b["case"] for a, b in combinations(items, 2))
    found = {(one.mention.article_id, other.mention.article_id): one.case == other.case for one, other in pairs}
    if show:
        for one, other in pairs:
            if one.case != other.case:
                print(f"wrong: {one.case} / {other.case}: {match(one.mention, other.mention)}")
        numbers = range(1, len(items) + 1)
        for a, b in combinations(numbers, 2):
            if items[a - 1]["case"] == items[b - 1]["case"] and (a, b) not in found:
                print(f"missed: {items[a - 1]['text'][:90]} / {items[b - 1]['text'][:90]}")
    return Quality(len(found), sum(found.values()), wanted)


def own_reports() -> list[dict[str, Any]]:
    """Return the invented reports."""
    return [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print wrong and missed pairs")
    parser.add_argument("--natural", type=Path, help="labelled posts (JSON Lines, gzip)")
    options = parser.parse_args()
    quality = measure(own_reports(), show=options.show)
    print(f"{quality.suggested} pairs suggested, precision {quality.precision:.3f}, recall {quality.recall:.3f}")
    if options.natural:
        with gzip.open(options.natural, "rt", encoding="utf-8") as stream:
            read = [json.loads(line) for line in stream]
        items = [
            {"case": item["event"] or item["id"], "day": item["date"] or "2023-01-01", **item}
            for item in read
            if item["level"] != "ignore"
        ]
        for one, other in suggested(subjects(items)):
            same = "same event" if one.case == other.case else "OTHER"
            print(f"{same}: {one.mention.name} / {other.mention.name} {match(one.mention, other.mention)}")
            if one.case != other.case:
                print(f"   {one.text[:160]!r}\n   {other.text[:160]!r}")


if __name__ == "__main__":
    main()
