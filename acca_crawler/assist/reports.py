"""Asks the services about a report: what is sent of it, and what comes back, with its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from acca_crawler.assist import opinion, translation
from acca_crawler.assist.placeholders import masked
from acca_crawler.config.assist import OpinionSection, TranslationSection
from acca_crawler.exceptions import VoidOpinion
from acca_crawler.text.transliterate import romanise
from storage.alerts.entries import Person
from storage.exceptions import NoSuchArticle
from storage.schema.kinds import ArchiveDb

MAX_TEXT = 20_000
"""Maximum characters of a text that are sent; the rest is cut at the end of a paragraph."""

NEAR_MISS = 0.2
"""Probability of an alert from which a report that is not flagged counts as a near miss."""

OTHERS, OTHERS_AMONG, OTHER_LENGTH = 100, 5_000, 4_000
"""So many of the newest revisions show which words the language writes in lower case; the beginning of each."""


@dataclass(frozen=True, slots=True)
class Source:
    """The current version of a report, as far as services may be asked about it. `score` is its flag's probability."""

    article_id: int
    revision_id: int
    title: str
    paragraphs: tuple[str, ...]
    is_cut: bool
    language: str | None
    level: str | None
    score: float
    persons: tuple[Person, ...]
    known: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def is_worth_an_opinion(self) -> bool:
        """Return whether the report is an alert or nearly one."""
        return is_worth_an_opinion(self.level, self.score)


@dataclass(frozen=True, slots=True)
class TranslationAnswer:
    """A translated report; `lost` are names that the service left out."""

    title: str
    paragraphs: tuple[str, ...]
    lost: tuple[str, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class OpinionOnReport:
    """A model's opinion with its quotes as the report has them."""

    level: str
    who: str
    where: str
    by_whom: str
    sentence: str
    quotes: tuple[str, ...]


def is_worth_an_opinion(level: str | None, score: float | None) -> bool:
    """Return whether a report with this level and probability is an alert or a near miss."""
    return level in ("alert", "digest") or (score or 0) >= NEAR_MISS


def source_of(db: ArchiveDb, article_id: int) -> Source:
    """Read a report. Raises `storage.exceptions.NoSuchArticle`."""
    row = db.execute(
        "SELECT articles.revision_id, revisions.title, text, language, outlets.title AS outlet, flags.id AS flag_id, "
        "level, coalesce(score, 0) AS score FROM articles JOIN outlets ON outlets.name = articles.outlet "
        "JOIN revisions ON revisions.id = articles.revision_id "
        "LEFT JOIN flags ON flags.revision_id = revisions.id AND current = 1 WHERE articles.id = ?",
        [article_id],
    ).fetchone()
    if row is None:
        raise NoSuchArticle(f"no article {article_id}")
    facts = db.execute(
        "SELECT kind, value, detail, sentence, quote FROM flag_facts WHERE flag_id = ? ORDER BY position",
        [row["flag_id"]],
    ).fetchall()
    spans = db.execute("SELECT quote FROM flag_spans WHERE flag_id = ?", [row["flag_id"]]).fetchall()
    text = _cut(row["text"])
    return Source(
        article_id,
        row["revision_id"],
        row["title"],
        tuple(part for part in text.split("\n\n") if part.strip()),
        len(text) < len(row["text"]),
        row["language"],
        row["level"],
        row["score"],
        tuple(Person(one["value"], one["detail"], one["sentence"]) for one in facts if one["kind"] == "person"),
        (
            row["outlet"],
            *(span["quote"] for span in spans),
            *(one["quote"] for one in facts if one["kind"] != "person"),
        ),
        _others(db, row["language"]),
    )


def translate_report(
    section: TranslationSection, key: str, source: Source, target: str
) -> tuple[TranslationAnswer, str]:
    """Translate a report; returns the translation and the model that made it. Raises `ServiceError`."""
    sent = masked(
        (source.title, *source.paragraphs), source.persons, source.known, section.withhold, source.others
    )  # fmt: skip
    found = translation.translate(section, key, sent.texts, source.language, target)
    write = _written(source, target)
    title, *paragraphs = (sent.restore(one, write) for one in found.paragraphs)
    lost = tuple(write(name) for name in sent.lost(found.paragraphs))
    return TranslationAnswer(title, tuple(paragraphs), lost, source.is_cut), found.model


def opinion_on(section: OpinionSection, key: str, source: Source) -> tuple[OpinionOnReport, str]:
    """Ask for an opinion on a report; returns it and the model that gave it. Raises `ServiceError`, `VoidOpinion`."""
    text = "\n\n".join(source.paragraphs)
    sent = masked((source.title, text), source.persons, source.known, section.withhold, source.others, as_written=True)
    asked = opinion.ask(section, key, *sent.texts)
    answer, write = asked.answer, _written(source, "en")
    quotes = tuple(" ".join(sent.restore(quote).split()) for quote in answer.quotes)
    whole = " ".join(f"{source.title} {text}".split())
    if not all(quote in whole for quote in quotes):
        raise VoidOpinion("a quote has a placeholder in the place of a name that is not there")
    who, where, by_whom, sentence = (
        sent.restore(one, write) for one in (answer.who, answer.where, answer.by_whom, answer.sentence)
    )
    return OpinionOnReport(answer.level, who, where, by_whom, sentence, quotes), asked.model


def _written(source: Source, target: str) -> Callable[[str], str]:
    """Return how names are written in the target language: in Latin letters for English."""
    return (lambda name: romanise(name, source.language)) if target == "en" else str


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    end = text.rfind("\n\n", 0, MAX_TEXT)
    return text[: end if end > 0 else MAX_TEXT]


def _others(db: ArchiveDb, language: str | None) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT substr(text, 1, ?) FROM revisions WHERE id > (SELECT max(id) FROM revisions) - ? AND language = ? "
        "ORDER BY id DESC LIMIT ?",
        [OTHER_LENGTH, OTHERS_AMONG, language, OTHERS],
    )
    return tuple(row[0] for row in rows.fetchall())
