"""Requests to the services: recorded before they are sent, within the day's budget, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from acca_crawler.alerts.secrets import read_secret
from acca_crawler.assist import opinion, translation
from acca_crawler.assist.reports import Source, source_of
from acca_crawler.config.assist import OpinionSection, TranslationSection
from acca_crawler.exceptions import ServiceError, VoidOpinion
from storage.exceptions import ReviewError
from storage.review import assistance
from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that is recorded and not yet sent."""

    number: int
    source: Source
    key: str


def begin_translation(
    db: ReviewDb, section: TranslationSection, base: Path, article_id: int, language: str, user: str, at: str
) -> Begun | None:
    """Record a request for a translation; None if there is one. Raises `NoSuchArticle`, `SecretMissing`.

    `base` is the directory from which the section's key file is read, `at` the time (UTC).
    """
    source = source_of(db, article_id)
    if assistance.translation_of(db, source.revision_id, language):
        return None
    key = read_secret("translation", section.key_env, section.key_file, base)
    number = assistance.begin(
        db, "translation", source.revision_id, language, section.service, section.model,
        translation.prompt_hash(section), user, at,
    )  # fmt: skip
    return Begun(number, source, key)


def begin_opinion(db: ReviewDb, section: OpinionSection, base: Path, article_id: int, user: str, at: str) -> Begun:
    """Record a request for an opinion on an alert or a near miss.

    Raises `NoSuchArticle`, `ReviewError`, `SecretMissing`.

    `base` is the directory from which the section's key file is read, `at` the time (UTC).
    """
    source = source_of(db, article_id)
    if not source.is_worth_an_opinion:
        raise ReviewError("a second opinion is only asked about alerts and near misses")
    key = read_secret("opinion", section.key_env, section.key_file, base)
    number = assistance.begin(
        db, "opinion", source.revision_id, "", "openai", section.model, opinion.PROMPT_HASH, user, at, section.per_day,
    )  # fmt: skip
    return Begun(number, source, key)


def failure(error: ServiceError) -> assistance.Outcome:
    """Return how a request ended that raised this error."""
    return "void" if isinstance(error, VoidOpinion) else "failed"
