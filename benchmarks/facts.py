"""Facts on 120 alerts beside what a person read in them: `python benchmarks/facts.py [--mistakes]`.

The labels were written before the detector's facts on these items were seen. They hold no text: each is keyed to an
item of `../shared/data/detection`, and a person's name in the nominative is a hash (the first 12 hex digits of the
SHA-256 of the lower-case name). `roles` lists every role that fits, "" for none; `agencies` are the kinds of bodies
whose officers act, are accused or hold somebody; `stages` is how far the case is at most.

The first set (`data/facts_labels.jsonl`) is of short posts, nearly all Russian, and was read when the words were
written; its `towns` are the first letters of names, without districts. The second set (`data/facts_labels_2.jsonl`) is
of 35 posts and articles and 25 full-length ones in six languages; its `towns` are the names of towns, villages and
districts in their base form ("|" between several that fit), `also` the first letters of what may be found or not
(districts of a city, names of cases). The mistakes of its 20 `kept` items are not listed, so that nothing can be
written for them. The last lines are of the invented articles in `data/taught_2`, whose writers named the persons with
their roles.
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
from acca_crawler.text.transliterate import name_key

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "detection"
ITEMS = (SHARED / "natural.jsonl.gz", SHARED / "long.jsonl")
DATA = ROOT / "benchmarks" / "data"
KINDS = {
    "police": ("police", "interior ministry", "law enforcement", "prison service", "riot police, special forces"),
    "security": ("security services",),
    "border": ("border guards",),
}
"""Meanings of the agencies that the labels put together."""

HOME = {"gazeta.uz (Telegram @gazetauz)": "UZ", "24.kg": "KG", "tengrinews.kz": "KZ", "Telegram @antifake_uz": "UZ"}
"""Where the outlets of the items are at home, as a crawl knows it."""

NAMES = (
    "country", "country*", "region", "town", "town form", "custody", "person", "role", "agency", "stage", "furthest",
)  # fmt: skip


INVENTED_ROLES = {
    "victim": {"victim", "detainee", "suspect", "defender"}, "relative": {"relative"}, "lawyer": {"lawyer"},
    "suspect_officer": {"official", "suspect"}, "official": {"official"}, "judge": {"official"},
    "activist": {"defender", "victim", "detainee", "lawyer"}, "other": {"", "official", "defender"},
}  # fmt: skip
"""The roles that fit each one that the writers of the invented articles gave."""

COURSE = ("allegation", "complaint", "investigation", "charge", "trial", "verdict")
"""Stages in order; a denial and official statistics are none of them."""


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
    """Print one line for each kind of fact and set; exits 0 whatever they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mistakes", action="store_true", help="list what was found and expected where they differ")
    options = parser.parse_args()
    items = {item.id: item for item in read_labelled(ITEMS)}
    first, second = (_labels(DATA / name) for name in ("facts_labels.jsonl", "facts_labels_2.jsonl"))
    report("first set, read", items, first, options.mistakes)
    report("second set, read", items, [row for row in second if not row["kept"]], options.mistakes)
    report("second set, kept", items, [row for row in second if row["kept"]], False)
    report_invented(options.mistakes)
    print("stage: whether the labelled one is among those found; furthest: whether it is the last of them")
    print("country*: with the outlet's home, as in a crawl; town form: places found that are in their base form")
    return 0


def _labels(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def report(name: str, items: dict[str, Labelled], labels: Iterable[dict[str, Any]], with_mistakes: bool) -> None:
    """Print the scores of a set."""
    scores = {kind: Score() for kind in NAMES}
    labels = list(labels)
    for label in labels:
        facts, country, at_home = facts_in(items[label["id"]])
        for kind, found, expected in compared(facts, country, at_home, label):
            scores[kind].add(found, expected)
            if with_mistakes and found != expected:
                print(f"  {label['id']} {kind}: found {sorted(found)}, expected {sorted(expected)}")
    print(f"{name}: {len(labels)} alerts")
    for kind, score in scores.items():
        if score.found or score.expected:
            print(f"  {kind:9} {score}")


def report_invented(with_mistakes: bool) -> None:
    """Print how many of the persons of the invented articles are found, and how many of these have a role that fits."""
    persons = met = fitting = 0
    for path in sorted((DATA / "taught_2").glob("*.jsonl")):
        for row in _labels(path):
            found = detect(row["text"], title=row["title"], language=row["lang"]).facts
            roles = {fact.value: fact.detail for fact in found if fact.kind == "person"}
            for person in (row.get("facts") or {}).get("persons", ()):
                persons += 1
                name = next((name for name in roles if _is_name_of(name, person["name"])), None)
                if name is not None:
                    met += 1
                    fitting += roles[name] in INVENTED_ROLES[person["role"]]
                role = roles.get(name or "")
                if with_mistakes and role not in INVENTED_ROLES[person["role"]]:
                    print(f"  {row['id']} {person['name']}: {person['role']}, found as {role!r}")
    print(f"invented articles: {met} of {persons} persons found, {fitting} of them with a role that fits")


def _is_name_of(found: str, expected: str) -> bool:
    """Whether two words of the names begin alike, so that a surname shared with a relative is not enough."""
    wanted = {name_key(word)[:4] for word in expected.split()}
    return len({name_key(word)[:4] for word in found.split()} & wanted) >= min(2, len(wanted))


def facts_in(item: Labelled) -> tuple[tuple[Fact, ...], str | None, str | None]:
    """The facts as a crawl would find them, whatever level the item is given; the country, by its text alone and with
    the outlet's home."""
    from acca_crawler.detect.annotate import annotate
    from acca_crawler.detect.facts import facts_of

    home = (HOME[item.outlet],) if item.outlet in HOME else ()
    alone = detect(item.text, title=item.title, language=item.language)
    found = detect(item.text, title=item.title, language=item.language, outlet_countries=home)
    facts = found.facts or facts_of(annotate(item.text, item.title, item.language), found.country)
    return facts, alone.country, found.country


def compared(
    facts: Iterable[Fact], country: str | None, at_home: str | None, label: dict[str, Any]
) -> list[tuple[str, set[str], set[str]]]:
    """Name, found and expected values of every kind of fact; a role counts where the person was found, the form of a
    town where the town was."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    places = by_kind.get("place", ())
    persons = {hashed(fact.value): fact.detail for fact in by_kind.get("person", ())}
    expected: dict[str, list[str]] = {person["name"]: person["roles"] for person in label["persons"]}
    met = persons.keys() & expected.keys()
    towns = {_stem(form): name for name in label["towns"] for form in name.split("|")}
    found = {fact.value for fact in places if fact.detail != "place of custody"}
    found -= {name for name in found if any(name.casefold().startswith(one) for one in label.get("also", ()))}
    forms = {name: towns[_stem(name)] for name in found if _stem(name) in towns} if "kept" in label else {}
    stages = {fact.value for fact in by_kind.get("stage", ())}
    return [
        ("country", {country or "-"}, {label["country"]}),
        ("country*", {at_home or "-"}, {label["country"]}),
        ("region", {fact.value for fact in by_kind.get("region", ())}, set(label["regions"])),
        ("town", {towns.get(_stem(name), _stem(name)) for name in found}, set(label["towns"])),
        ("town form", set(forms), {name if name in forms[name].split("|") else forms[name] for name in forms}),
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
        ("stage", stages & set(label["stages"]), set(label["stages"])),
        ("furthest", furthest(stages), furthest(label["stages"])),
    ]


def furthest(stages: Iterable[str]) -> set[str]:
    """The last of the stages in their course."""
    known = [stage for stage in stages if stage in COURSE]
    return {max(known, key=COURSE.index)} if known else set()


def _stem(name: str) -> str:
    return name.casefold()[:TOWN_STEM]


def kind_of(fact: Fact) -> str:
    """The kind of agency, or "" for another."""
    return next((kind for kind, meanings in KINDS.items() if fact.detail in meanings), "")


def hashed(name: str) -> str:
    """A name as the labels have it."""
    return hashlib.sha256(name.lower().encode()).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
