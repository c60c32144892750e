"""The index of who and what flagged reports mention: derived from the archive, in the review database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from acca_crawler.cases.matching import SUBJECTS, PersonMention, year_of_birth
from acca_crawler.cases.names import name_of
from acca_crawler.dedup.prisons import prison_key
from acca_crawler.text.transliterate import name_key, skeleton
from storage.review import mentions
from storage.review.mentions import FlagFact, Mentioned
from storage.schema.kinds import ReviewDb

KINDS = ("person", "prison", "place", "region", "agency")
"""What has a page of its own."""
_TOWN = 3


def refresh(db: ReviewDb) -> None:
    """Read the facts of reports flagged since the last refresh."""
    mentions.refresh(db, entries_of)


def entries_of(fact: FlagFact) -> Iterator[Mentioned]:
    """Yield the index entries of a fact of a flagged report; none if the fact is of no kind that has a page."""
    if fact.kind == "person":
        for key in name_of(fact.value).keys:
            yield Mentioned(fact.article_id, "person", key, fact.value, fact.detail)
    elif fact.kind == "place" and fact.detail == "place of custody":
        yield Mentioned(fact.article_id, "prison", prison_key(fact.value), fact.value, "")
    elif fact.kind == "place":
        yield Mentioned(fact.article_id, "place", town_key(fact.value), fact.value, "")
    elif fact.kind == "region":
        yield Mentioned(fact.article_id, "region", fact.value, fact.value, "")
    elif fact.kind == "agency" and fact.detail:
        yield Mentioned(fact.article_id, "agency", fact.detail.casefold(), fact.detail, "")


def town_key(name: str) -> str:
    """Return the key of a town in any inflection and script: its first consonants."""
    folded = name_key(name)
    bones = skeleton(folded)[:_TOWN]
    return bones if len(bones) == _TOWN else folded


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What a flagged report mentions, as needed to compare the persons in it with those of another report."""

    article_id: int
    country: str | None
    day: str
    facts: tuple[FlagFact, ...]

    def persons(self) -> Iterator[PersonMention]:
        """Yield the persons whom the report may be about."""
        names = {fact.value: name_of(fact.value) for fact in self.facts if fact.kind == "person"}
        for fact in self.facts:
            if fact.kind != "person" or fact.detail not in SUBJECTS or len(names[fact.value].parts) < 2:
                continue
            others = {key for name, parsed in names.items() if name != fact.value for key in parsed.keys}
            yield PersonMention(
                article_id=self.article_id,
                name=fact.value,
                role=fact.detail,
                parsed=names[fact.value],
                country=self.country,
                day=self.day,
                born=year_of_birth(fact.sentence, fact.quote, self.day),
                regions=frozenset(self._values("region")),
                places=frozenset(
                    prison_key(one.value) if one.detail == "place of custody" else town_key(one.value)
                    for one in self.facts
                    if one.kind == "place"
                ),
                laws=frozenset(self._values("legal_article")),
                others=frozenset(others),
            )

    def _values(self, kind: str) -> Iterable[str]:
        return (fact.value for fact in self.facts if fact.kind == kind)


def contexts_of(db: ReviewDb, article_ids: Iterable[int]) -> dict[int, ReportContext]:
    """Return what these reports mention, by article; what is not in the archive is left out."""
    found = mentions.report_facts(db, sorted(set(article_ids)))
    return {
        article_id: ReportContext(article_id, facts.country, facts.day, facts.facts)
        for article_id, facts in found.items()
    }
