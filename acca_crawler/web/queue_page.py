"""The queue: stories to review, filtered and sorted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_args
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from acca_crawler.cases import following, mention_index
from acca_crawler.cases.suggesting import EarlierReports, earlier_reports
from acca_crawler.clock import earlier
from acca_crawler.items import FalseAlarmReason
from acca_crawler.web.filters import coded, unknown_values
from acca_crawler.web.forms import page_asked
from acca_crawler.web.pages import language_of, render, signed_in
from acca_crawler.web.site import Store, site_of
from acca_crawler.web.summary import gravest, summary
from storage.review import assistance, batches, follows, queue, queue_refresh, reading_help, reviews, users
from storage.review.batches import AsOf, ReviewBatch
from storage.review.desk_visits import BREAK_MINUTES, record_visit
from storage.review.queue import FACETS, Development, QueueFilter, QueueItem, Sort, View
from storage.review.reading_help import MemberTitle
from storage.review.reviews import Review
from storage.review.row_facts import RowFacts, row_facts
from storage.schema.kinds import ReviewDb
from storage.schema.numbers import typed_number

PAGE = 50
VIEWS: tuple[View, ...] = get_args(View)
SORTS: tuple[Sort, ...] = get_args(Sort)
MAX_LENGTH = 80


def filter_of(arguments: Mapping[str, Any], user: str) -> QueueFilter:
    """Parse the filter in a URL's query; values that can't be parsed are ignored."""
    given = {
        field.name: str(arguments.get(field.name) or "")[:MAX_LENGTH]
        for field in fields(QueueFilter)
        if field.name != "user"
    }
    given["view"] = given["view"] if given["view"] in VIEWS else "new"
    given["sort"] = given["sort"] if given["sort"] in SORTS else "confidence"
    given = {name: coded(name, value) for name, value in given.items()}
    return QueueFilter(**given, user=user)  # type: ignore[arg-type]


def query_of(wanted: QueueFilter, **others: object) -> str:
    """Return the URL query for this filter and further parameters."""
    plain = QueueFilter(user=wanted.user)
    named = {
        field.name: getattr(wanted, field.name)
        for field in fields(QueueFilter)
        if field.name != "user" and getattr(wanted, field.name) != getattr(plain, field.name)
    }
    return urlencode(named | {name: value for name, value in others.items() if value})


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The data shown on the queue page.

    `facets` are the filter's choices with the number of stories for each, `views` the number that the filter leaves of
    each view, `since_visit` counts open stories whatever the filter.
    """

    wanted: QueueFilter
    items: list[QueueItem]
    quotes: dict[int, tuple[str, ...]]
    facts: dict[int, RowFacts]
    earlier: dict[int, EarlierReports]
    titles: dict[int, MemberTitle]
    glosses: dict[int, tuple[str, ...]]
    translated: dict[int, str]
    news: dict[int, tuple[Development, ...]]
    total: int
    views: dict[View, int]
    facets: dict[str, list[tuple[str, int]]]
    number: int
    as_of: AsOf
    last_reason: FalseAlarmReason | None
    reviewers: list[str]
    followed: dict[int, tuple[str, ...]]
    last_visit: str | None
    since_visit: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return _pages(self.total)


def _pages(total: int) -> int:
    return max((total + PAGE - 1) // PAGE, 1)


def page_of(db: ReviewDb, wanted: QueueFilter, article_id: int) -> int:
    """Return the number of the queue's page on which this article's story is, or would be."""
    before, total = queue.count_before(db, wanted, article_id), queue.count(db, wanted)
    return min(before // PAGE + 1, _pages(total))


def read(db: ReviewDb, wanted: QueueFilter, number: int, language: str, second_reviewer: bool, at: str) -> QueuePage:
    """Refresh the queue from the archive, then read one page of it in this language; `at` is the time (UTC).

    A page after the last one is the last one.
    """
    queue_refresh.refresh(db, second_reviewer)
    following.refresh(db)
    mention_index.refresh(db)
    last_visit = record_visit(db, wanted.user, at, earlier(at, minutes=BREAK_MINUTES))
    total = queue.count(db, wanted)
    number = min(number, _pages(total))
    items = queue.page(db, wanted, PAGE, (number - 1) * PAGE)
    flag_ids = [item.flag_id for item in items if item.flag_id]
    has_status = wanted.view == "all" or bool(wanted.status)
    views = {view: queue.count(db, replace(wanted, view=view, status="")) for view in VIEWS}
    return QueuePage(
        wanted=wanted,
        items=items,
        quotes=queue.deciding_quotes(db, flag_ids),
        facts=row_facts(db, flag_ids),
        earlier=earlier_reports(db, [item.article_id for item in items]),
        titles=reading_help.titles_in(db, items, language),
        glosses=reading_help.title_glosses(db, flag_ids),
        translated=assistance.translated_titles(db, [item.article_id for item in items], language),
        news=queue.newest_news(db, items),
        total=total,
        views=views,
        facets={name: queue.facet(db, wanted, name) for name in FACETS if name != "status" or has_status},
        number=number,
        as_of=batches.as_of(db),
        last_reason=reviews.last_reason(db, wanted.user),
        reviewers=users.reviewers(db),
        last_visit=last_visit,
        since_visit=queue.count(db, QueueFilter(user=wanted.user, after=last_visit)) if last_visit else 0,
        followed=follows.labels_of(db, wanted.user, [item.story_id for item in items]),
    )


async def queue_page(
    request: Request, datasette: Any, problem: str = "", arguments: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Show the queue; `problem` is why a decision submitted from it was not saved."""
    site = site_of(datasette)
    arguments = arguments if arguments is not None else request.args
    wanted = filter_of(arguments, signed_in(request).name)
    number = page_asked(arguments)
    language = language_of(request)
    now = site.stamp()
    found = await site.store.run(read, wanted, number, language.code, site.config.web.second_reviewer, site.stamp())
    return await render(
        datasette,
        request,
        "queue",
        status=status,
        problem=problem,
        batch=await _batch(site.store, wanted.user, arguments),
        reasons=reviews.REASONS,
        found=found,
        wanted=wanted,
        query=query_of(wanted),
        query_of=lambda **changes: query_of(replace(wanted, **changes)),
        page_query=lambda page: query_of(wanted, page=page if page > 1 else ""),
        since_query=query_of(QueueFilter(user=wanted.user, after=found.last_visit or "")),
        views=[view for view in VIEWS if view != "second" or site.config.web.second_reviewer],
        unknown=unknown_values(arguments),
        chosen=sum(bool(getattr(wanted, name)) for name in (*FACETS, "since", "until", "rule", "after")),
        sorts=SORTS,
        other_categories_of=lambda item: [
            one for one in json.loads(item.categories) if one != gravest(json.loads(item.categories))
        ],
        parts_of=lambda item: summary(
            found.facts.get(item.flag_id, RowFacts()),
            json.loads(item.categories),
            item.country or "",
            item.language,
            language,
            found.earlier.get(item.article_id),
        ),
        day_of=lambda item: language.day_heading(item.raised_at, now) if wanted.sort != "confidence" else "",
        asked_by=lambda item: json.loads(item.asked_by),
        done=await done(site.store, wanted.user, arguments.get("done")),
    )


@dataclass(frozen=True, slots=True)
class SavedBatch:
    """The batch just saved, and the number of stories left out of it."""

    batch: ReviewBatch
    left_out: int


async def _batch(store: Store, user: str, arguments: Mapping[str, Any]) -> SavedBatch | None:
    number = typed_number(arguments.get("batch"))
    found = await store.run(batches.batch, number, user) if number else None
    return SavedBatch(found, typed_number(arguments.get("left")) or 0) if found else None


async def done(store: Store, user: str, number: str | None) -> Review | None:
    """Return the user's decision that led here, to confirm it and offer an undo."""
    written = typed_number(number)
    found = await store.run(reviews.entry, written) if written else None
    return found if found and found.reviewer == user else None
