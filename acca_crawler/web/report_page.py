"""The report page: everything the archive knows about one article, and the decision forms.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from acca_crawler.assist.reports import is_worth_an_opinion
from acca_crawler.cases.mention_index import town_key
from acca_crawler.cases.suggesting import Thread, threads_of
from acca_crawler.config.loading import Config
from acca_crawler.dedup.prisons import prison_key
from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.reports import worddiff
from acca_crawler.web import escaping
from acca_crawler.web.escaping import Mark
from acca_crawler.web.evidence_downloads import CaptureCheck, evidence_of
from acca_crawler.web.pages import language_of, not_found, render, see_other, signed_in
from acca_crawler.web.queue_page import done, filter_of, page_of, query_of
from acca_crawler.web.site import site_of
from storage.articles import read, stories
from storage.articles.read import ArticleRecord, FactRecord, SpanRecord
from storage.articles.stories import ArticleMention, Member
from storage.exceptions import NoSuchArticle
from storage.review import assistance, cases, corrections, queue, queue_refresh, reviews, users
from storage.review.assistance import Opinion, Translation
from storage.review.cases import Case
from storage.review.corrections import Correction
from storage.review.drafts import draft_of
from storage.review.queue import QueueFilter, QueueItem
from storage.review.reviews import Review
from storage.review.users import User
from storage.schema.kinds import ReviewDb
from storage.schema.numbers import typed_number

VERSIONS_COMPARED = 20
MAX_TITLE = 2_000
MAX_LISTED = 200
"""Maximum facts, key words and removed pieces that the page lists; a hostile text has thousands."""


@dataclass(frozen=True, slots=True)
class Version:
    """One revision compared with the previous one: the word diff of its title, and the changed paragraphs."""

    number: int
    revision_id: int
    stored_at: str
    change: str
    level: str | None
    title: worddiff.Changed
    paragraphs: tuple[worddiff.Changed, ...]
    since_review: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The data shown on the report page. `item` is the article's story in the queue, None if it never raised an alert;
    `revision_id` is that story's newest revision, `queue_page` the number of the queue's page that the story is on."""

    record: ArticleRecord
    item: QueueItem | None
    revision_id: int
    marks: tuple[Mark, ...]
    parts: list[escaping.TextPart]
    versions: list[Version]
    entries: list[Review]
    undoable: Review | None
    alerts: list[Any]
    members: tuple[Member, ...]
    mentions: tuple[ArticleMention, ...]
    reviewers: list[str]
    evidence: list[CaptureCheck]
    confirmed_by: tuple[str, ...]
    following: int | None
    preceding: int | None
    queue_page: int
    corrections: list[Correction]
    undoable_correction: Correction | None
    cases: list[Case]
    threads: list[Thread]
    translation: Translation | None
    opinions: list[Opinion]
    may_ask_opinion: bool


def read_report(
    db: ReviewDb, article_id: int, user: User, wanted: QueueFilter, config: Config, language: str
) -> ReportPage:
    """Read one report, with its translation into `language` if there is one. Raises `NoSuchArticle`."""
    queue_refresh.refresh(db, config.web.second_reviewer)
    record = read.load(db, article_id)
    may_review = user.may("monitor")
    entries = reviews.history(db, article_id) if may_review else []
    item = queue.item(db, article_id)
    story = stories.story_of(db, article_id)
    corrected = corrections.about(db, article_id) if may_review else []
    current = db.execute(
        "SELECT articles.revision_id, score FROM archive.articles LEFT JOIN archive.flags "
        "ON flags.revision_id = articles.revision_id AND current = 1 WHERE articles.id = ?",
        [article_id],
    ).fetchone()
    return ReportPage(
        record=record,
        item=item,
        revision_id=item.revision_id if item else 0,
        marks=tuple(Mark(position, span) for position, span in enumerate(record.spans)),
        parts=escaping.parts(record.text),
        versions=_versions(db, article_id, entries),
        entries=entries,
        undoable=reviews.undoable(entries, user.name, user.may("lead")),
        alerts=db.execute(
            "SELECT id, kind, created_at, article_id FROM archive.alerts "
            "WHERE article_id IN (SELECT article_id FROM queue_articles WHERE story_id = ?) ORDER BY id",
            [item.story_id if item else None],
        ).fetchall(),
        members=story.members if story and len(story.members) > 1 else (),
        mentions=stories.mentions_of(db, article_id),
        reviewers=users.reviewers(db) if may_review else [],
        evidence=evidence_of(db, config.warc_directory, article_id, VERSIONS_COMPARED) if may_review else [],
        confirmed_by=reviews.confirmers(entries),
        following=queue.neighbour(db, wanted, article_id) if item and may_review else None,
        preceding=queue.neighbour(db, wanted, article_id, backwards=True) if item and may_review else None,
        queue_page=page_of(db, wanted, article_id) if item and may_review else 1,
        corrections=corrected,
        undoable_correction=corrections.undoable(corrected, user.name, user.may("lead")),
        cases=cases.cases_of(cases.cases(db), article_id) if may_review else [],
        threads=threads_of(db, article_id) if may_review else [],
        translation=assistance.translation_of(db, current["revision_id"], language) if may_review else None,
        opinions=assistance.opinions_of(db, current["revision_id"]) if may_review else [],
        may_ask_opinion=may_review
        and config.opinion.url is not None
        and is_worth_an_opinion(record.level, current["score"]),
    )


def _versions(db: ReviewDb, article_id: int, entries: list[Review]) -> list[Version]:
    """Compare every revision with the previous one, newest first; texts only for the newest few."""
    rows = db.execute(
        "SELECT revisions.id, number, stored_at, title, text, change, flags.level FROM archive.revisions "
        "LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND flags.current = 1 "
        "LEFT JOIN archive.captures ON captures.id = revisions.capture_id "
        "WHERE article_id = ? ORDER BY CASE change WHEN 'earlier' THEN captures.fetched_at ELSE stored_at END DESC, "
        "number DESC LIMIT ?",
        [article_id, VERSIONS_COMPARED + 1],
    ).fetchall()
    decided = max((entry.revision_id for entry in entries if entry.verdict in reviews.DECISIONS), default=None)
    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        found.append(
            Version(
                number=row["number"],
                revision_id=row["id"],
                stored_at=row["stored_at"],
                change=row["change"],
                level=row["level"],
                title=worddiff.words(before["title"] if before else row["title"], row["title"]),
                paragraphs=tuple(worddiff.changed_paragraphs(before["text"], row["text"])) if before else (),
                since_review=decided is not None and row["id"] > decided,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Deciding:
    """The words matched by one lexicon term, each spelling once; `group` is the term's group."""

    side: str
    rule: str
    gloss: str
    marks: tuple[Mark, ...]

    @property
    def group(self) -> str:
        """Return the lexicon group."""
        return group_of(self.rule)


def group_of(rule: str) -> str:
    """Return the lexicon group in a rule's name, e.g. `torture` for `ru.torture: пытка`."""
    return rule.partition(":")[0].rpartition(".")[2]


def span_label(language: Language, span: SpanRecord) -> str:
    """Explain a marked word in the interface language: group, gloss, and rule name."""
    group = group_of(span.rule)
    known = labels.GROUPS.get(group)
    name = language.text(known) if known else group.replace("_", " ")
    gloss = language.gloss(span.gloss) if span.gloss else None
    return f"{name}: {gloss} ({span.rule})" if gloss else f"{name} ({span.rule})"


def deciding(marks: tuple[Mark, ...]) -> list[Deciding]:
    """Group the marks by lexicon term, in order of each term's first mark."""
    found: dict[tuple[str, str, str], dict[str, Mark]] = {}
    for mark in marks:
        key = mark.span.side, mark.span.rule, mark.span.gloss
        found.setdefault(key, {}).setdefault(mark.span.quote.casefold(), mark)
    return [Deciding(*key, tuple(words.values())) for key, words in found.items()]


def part_of(marks: tuple[Mark, ...], parts: list[escaping.TextPart]) -> dict[int, int]:
    """Return the part of the text in which each mark begins, by the mark's position."""
    return {
        mark.position: next((part.number for part in parts if mark.span.start < part.end), 1)
        for mark in marks
        if mark.span.field == "text"
    }


def text_part(
    record: ArticleRecord, marks: tuple[Mark, ...], part: escaping.TextPart, label: Callable[[SpanRecord], str]
) -> list[Markup]:
    """Return the marked paragraphs of one part of the text."""
    in_text = [mark for mark in marks if mark.span.field == "text"]
    paragraphs = []
    start = part.start
    while start < part.end:
        end = record.text.find("\n\n", start, part.end)
        end = part.end if end < 0 else end
        if end > start:
            near = [mark for mark in in_text if mark.span.start < end and mark.span.end > start]
            paragraphs.append(escaping.marked(record.text, near, start, end, label))
        start = end + 2
    return paragraphs


async def report_page(request: Request, datasette: Any, **shown: Any) -> Response:
    """Show one report; `shown` carries the problem and input of a decision that was not saved."""
    site, user = site_of(datasette), signed_in(request)
    article_id = int(request.url_vars["article_id"])
    arguments = shown.pop("arguments", None) or request.args
    status = shown.pop("status", 200)
    wanted, language = filter_of(arguments, user.name), language_of(request)
    try:
        found = await site.store.run(read_report, article_id, user, wanted, site.config, language.code)
    except (NoSuchArticle, OverflowError):
        return await not_found(datasette, request)
    part = found.parts[min(typed_number(arguments.get("part")) or 1, len(found.parts)) - 1]
    label = partial(span_label, language)
    title_marks = [mark for mark in found.marks if mark.span.field == "title"]
    if user.may("monitor") and "sent" not in shown:
        draft = await site.store.run(draft_of, user.name, article_id)
        shown |= {"sent": {"note": draft}, "kept_draft": True} if draft else {}
    corrected = _correction(found.corrections, arguments.get("corrected"))
    led_here = await done(site.store, user.name, arguments.get("done")) if user.may("monitor") else None
    return await render(
        datasette,
        request,
        "report",
        status=status,
        found=found,
        record=found.record,
        item=found.item,
        title=escaping.marked(found.record.title, title_marks, 0, min(len(found.record.title), MAX_TITLE), label),
        paragraphs=text_part(found.record, found.marks, part, label),
        part=part,
        part_of=part_of(found.marks, found.parts),
        wanted=wanted,
        query=query_of(wanted),
        query_with=lambda **others: query_of(wanted, **others),
        done=led_here,
        corrected=corrected,
        about=about_address,
        deciding=deciding(found.marks),
        max_listed=MAX_LISTED,
        second_reviewer=site.config.web.second_reviewer,
        may_translate=user.may("monitor")
        and site.config.translation.url is not None
        and (found.record.language or "").partition("-")[0] != language.code,
        reasons=reviews.REASONS,
        last_reason=await site.store.run(reviews.last_reason, user.name),
        **shown,
    )


def about_address(fact: FactRecord) -> str:
    """Return the address of the page about a fact's place or agency, empty if there is none."""
    if fact.kind == "place" and fact.detail == "place of custody":
        return f"/about/prison?{urlencode({'key': prison_key(fact.value)})}"
    if fact.kind == "place":
        return f"/about/place?{urlencode({'key': town_key(fact.value)})}"
    if fact.kind == "region":
        return f"/about/region?{urlencode({'key': fact.value})}"
    if fact.kind == "agency" and fact.detail:
        return f"/about/agency?{urlencode({'key': fact.detail.casefold()})}"
    return ""


def _correction(known: list[Correction], number: object) -> Correction | None:
    return next((one for one in known if str(one.id) == str(number)), None)


async def alert(request: Request, datasette: Any) -> Response:
    """Redirect an alert's URL, as used in messages, to its report."""
    number = request.url_vars["alert_id"]
    article_id = await site_of(datasette).store.run(queue.article_of_alert, int(number)) if len(number) < 16 else None
    return see_other(f"/reports/{article_id}") if article_id else await not_found(datasette, request)


def arguments_of(query: str) -> dict[str, str]:
    """Parse a URL query into a dict."""
    return dict(parse_qsl(query[:2000]))
