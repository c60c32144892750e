"""One-line summary of a story from the facts of its main report: who, where, by whom, according to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storage.schema.kinds import ReviewDb

VICTIMS = ("victim", "detainee", "defender", "suspect")
"""Roles of a report's subject, most certain first; relatives, lawyers and officials are never the subject."""

MAX_NAMES = 2


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A flag's fact as the summary needs it: `detail` is a role, a country or a gloss, depending on `kind`."""

    kind: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the summary: its kind (`person`, `place`, `agency`, `source`, `date`), its text, and the language of
    text quoted from the report, else None."""

    name: str
    text: str
    language: str | None = None


def key_facts(db: ReviewDb, flag_ids: Sequence[int]) -> dict[int, list[KeyFact]]:
    """Return the facts of these flags, by flag, in text order."""
    marks = ", ".join("?" * len(flag_ids))
    found: dict[int, list[KeyFact]] = {flag_id: [] for flag_id in flag_ids}
    for row in db.execute(
        f"SELECT flag_id, kind, value, detail FROM archive.flag_facts WHERE flag_id IN ({marks}) "
        "ORDER BY flag_id, position",
        list(flag_ids),
    ):
        found[row["flag_id"]].append(KeyFact(row["kind"], row["value"], row["detail"]))
    return found


def summary(
    facts: Iterable[KeyFact], language: str, say: Callable[[str], str], region: Callable[[str], str]
) -> list[Part]:
    """Return the parts of the summary; facts missing from the report are omitted.

    `language` is the report's, `say` translates our labels and glosses, `region` names a gazetteer region.
    """
    by_kind: dict[str, list[KeyFact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    stages = {fact.value for fact in by_kind.get("stage", ())}
    parts = [Part("person", _who(fact, say), language) for fact in _victims(by_kind.get("person", ()))]
    custody = [fact for fact in by_kind.get("place", ()) if fact.detail == "place of custody"]
    parts += [Part("place", fact.value, language) for fact in (custody or by_kind.get("place", []))[:1]]
    parts += [Part("place", region(fact.value)) for fact in by_kind.get("region", ())[:1]]
    parts += [Part("agency", say(fact.detail) or fact.value) for fact in by_kind.get("agency", ())[:1]]
    parts += [Part("source", say(stage)) for stage in ("complaint", "denial") if stage in stages]
    parts += [Part("date", fact.value) for fact in by_kind.get("event_date", ())[:1]]
    return parts


def _victims(persons: Iterable[KeyFact]) -> list[KeyFact]:
    known = {person.value: person for person in persons if person.detail in VICTIMS}
    return sorted(known.values(), key=lambda person: VICTIMS.index(person.detail))[:MAX_NAMES]


def _who(person: KeyFact, say: Callable[[str], str]) -> str:
    role = "" if person.detail == "victim" else say(person.detail)
    return f"{person.value}, {role}" if role else person.value
