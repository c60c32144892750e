"""Facts on 60 natural alerts beside what a person read in them: `python benchmarks/facts.py [--mistakes]`.

The labels (`data/facts_labels.jsonl`) were written before the detector's facts on these items were seen. They hold no
text: each is keyed to an item of `../shared/data/detection/natural.jsonl.gz`, and a person's name in the nominative is
a hash (the first 12 hex digits of the SHA-256 of the lower-case name). `roles` lists every role that fits, "" for none;
`towns` are the first letters of the names as the item's language writes them; `agencies` are the kinds of bodies whose
officers act, are accused or hold somebody; `stages` is how far the case is at most.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acca_crawler.detect import detect
from acca_crawler.detect.dataset import Labelled, read_labelled
from acca_crawler.detect.facts import TOWN_STEM
from acca_crawler.items import Fact

ROOT = Path(__file__).parents[1]
ITEMS = ROOT.parent / "shared" / "data" / "detection" / "natural.jsonl.gz"
LABELS = ROOT / "benchmarks" / "data" / "facts_labels.jsonl"
KINDS = {
    "police": ("police", "interior ministry", "law enforcement", "prison service", "riot police, special forces"),
    "security": ("security services",),
    "border": ("border guards",),
}
"""Meanings of the agencies that the labels put together."""


@dataclass(slots=True)
class Score:
    """Values found and expected, and how many of them agree."""

    right: int = 0
    found: int = 0
    expected: int = 0

    def add(self, found: Iterable[str], expected: Iterable[str]) -> None:
        """Count one item."""
        have, want = set(found), set(expected)
        self.right += len(have & want)
        self.found += len(have)
        self.expected += len(want)

    def __str__(self) -> str:
        return (
            f"precision {self.right / max(self.found, 1):.3f} recall {self.right / max(self.expected, 1):.3f}"
            f"  ({self.right} of {self.found} found, {self.expected} expected)"
        )


def main() -> int:
    """Print one line for each kind of fact; exits 0 whatever they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mistakes", action="store_true", help="list what was found and expected where they differ")
    options = parser.parse_args()
    labels: dict[str, dict[str, Any]] = {
        row["id"]: row for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())
    }
    items = [item for item in read_labelled([ITEMS]) if item.id in labels]
    scores = {name: Score() for name in ("country", "region", "town", "custody", "person", "role", "agency", "stage")}
    for item in items:
        facts, country = facts_in(item)
        for name, found, expected in compared(facts, country, labels[item.id]):
            scores[name].add(found, expected)
            if options.mistakes and found != expected:
                print(f"  {item.id} {name}: found {sorted(found)}, expected {sorted(expected)}")
    print(f"facts on {len(items)} natural alerts")
    for name, score in scores.items():
        print(f"  {name:8} {score}")
    return 0


def facts_in(item: Labelled) -> tuple[tuple[Fact, ...], str | None]:
    """The facts and the country as a crawl would find them, whatever level the item is given."""
    from acca_crawler.detect.annotate import annotate
    from acca_crawler.detect.facts import facts_of

    found = detect(item.text, title=item.title, language=item.language)
    return found.facts or facts_of(annotate(item.text, item.title, item.language), found.country), found.country


def compared(facts: Iterable[Fact], country: str | None, label: dict[str, Any]) -> list[tuple[str, set[str], set[str]]]:
    """Name, found and expected values of every kind of fact; a role counts where the person was found."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    places = by_kind.get("place", ())
    persons = {hashed(fact.value): fact.detail for fact in by_kind.get("person", ())}
    expected: dict[str, list[str]] = {person["name"]: person["roles"] for person in label["persons"]}
    met = persons.keys() & expected.keys()
    return [
        ("country", {country or "-"}, {label["country"]}),
        ("region", {fact.value for fact in by_kind.get("region", ())}, set(label["regions"])),
        (
            "town",
            {fact.value.casefold()[:TOWN_STEM] for fact in places if fact.detail != "place of custody"},
            set(label["towns"]),
        ),
        (
            "custody",
            {"named"} if any(fact.detail == "place of custody" for fact in places) else set(),
            {"named"} if label["custody"] else set(),
        ),
        ("person", set(persons), set(expected)),
        (
            "role",
            {f"{name} {persons[name]}" for name in met},
            {f"{name} {persons[name] if persons[name] in expected[name] else expected[name][0]}" for name in met},
        ),
        ("agency", {kind for fact in by_kind.get("agency", ()) if (kind := kind_of(fact))}, set(label["agencies"])),
        ("stage", {fact.value for fact in by_kind.get("stage", ())} & set(label["stages"]), set(label["stages"])),
    ]


def kind_of(fact: Fact) -> str:
    """The kind of agency, or "" for another."""
    return next((kind for kind, meanings in KINDS.items() if fact.detail in meanings), "")


def hashed(name: str) -> str:
    """A name as the labels have it."""
    return hashlib.sha256(name.lower().encode()).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
