"""What a row of the queue says of its story's main report: facts, supporting terms, title and text of its flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A flag's fact: `detail` is a role, a country or a gloss, depending on `kind`; where it is in the report, as
    written there, and its sentence."""

    kind: str
    value: str
    detail: str
    field: str = "text"
    start: int = 0
    end: int = 0
    quote: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A lexicon term that supports a flag: where it is in the report, its rule and its English gloss."""

    field: str
    start: int
    end: int
    rule: str
    gloss: str

    @property
    def group(self) -> str:
        """Return the lexicon group, e.g. `torture` for the rule `ru.torture: пытка`."""
        return self.rule.partition(":")[0].rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A flag's facts and supporting terms in text order, and the report's fields `title` and `text`."""

    facts: tuple[KeyFact, ...] = ()
    words: tuple[KeyWord, ...] = ()
    title: str = ""
    text: str = ""


def row_facts(db: ReviewDb, flag_ids: Sequence[int]) -> dict[int, RowFacts]:
    """Return what these flags say, by flag."""
    marks = ", ".join("?" * len(flag_ids))
    facts: dict[int, list[KeyFact]] = {flag_id: [] for flag_id in flag_ids}
    for row in db.execute(
        'SELECT flag_id, kind, value, detail, field, start, "end", quote, sentence FROM archive.flag_facts '
        f"WHERE flag_id IN ({marks}) ORDER BY flag_id, position",
        list(flag_ids),
    ):
        facts[row["flag_id"]].append(KeyFact(**{name: row[name] for name in row.keys() if name != "flag_id"}))  # noqa: SIM118
    words: dict[int, list[KeyWord]] = {flag_id: [] for flag_id in flag_ids}
    for row in db.execute(
        'SELECT flag_id, field, start, "end", rule, gloss FROM archive.flag_spans '
        f"WHERE side = 'for' AND flag_id IN ({marks}) ORDER BY flag_id, field, start",
        list(flag_ids),
    ):
        words[row["flag_id"]].append(KeyWord(row["field"], row["start"], row["end"], row["rule"], row["gloss"]))
    texts = db.execute(
        "SELECT flags.id, title, text FROM archive.flags JOIN archive.revisions ON revisions.id = revision_id "
        f"WHERE flags.id IN ({marks})",
        list(flag_ids),
    ).fetchall()
    return {
        row["id"]: RowFacts(tuple(facts[row["id"]]), tuple(words[row["id"]]), row["title"], row["text"])
        for row in texts
    }
