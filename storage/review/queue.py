"""The reviewers' queue: one row per story with alerts, filtered and sorted.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from acca_crawler.items import Certainty, ReviewStatus, certainty_of
from storage.articles.varieties import IN_VARIETIES, varieties
from storage.review.reviews import story_id_of
from storage.schema.kinds import ReviewDb

View = Literal["new", "second", "mine", "followed", "watch", "all"]
"""new: open, except those the user has already confirmed; second: needs another person's confirmation, possibly the
user's; mine: assigned to the user, open or on watch; followed: open, with a report that matches something the user
follows; watch: on watch."""

Sort = Literal["confidence", "newest", "oldest"]
LISTED = ("category", "language", "outlet")
"""Properties of which a story can have several."""
FACETS = ("country", "category", "language", "outlet", "level", "status")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which stories of the queue, in which order. Empty means any; days are `2026-11-22`, `until` inclusive.

    Category, language (in any script) and outlet match any of a story's reports; `rule` is a lexicon term that supports
    the flag of the story's main report; `after` is a time (UTC) after which the newest alert was raised.
    """

    view: View = "new"
    user: str = ""
    country: str = ""
    category: str = ""
    language: str = ""
    outlet: str = ""
    level: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    rule: str = ""
    after: str = ""
    sort: Sort = "confidence"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One story in the queue.

    `article_id` is the report that raised its first alert, `news_article_id` the one that raised its newest, to which
    `kind` and `raised_at` belong; `first_article_id` is the first reporter, whether or not that raised an alert.
    `members`, `outlets` and `languages` count all reports of the story, including copies. `level` and `score` are the
    highest of those that raised alerts, `day` is their newest day (published, or else first seen).
    """

    story_id: int
    article_id: int
    news_article_id: int
    alert_id: int
    alerts: int
    kind: str
    revision_id: int
    members: int
    outlets: int
    languages: int
    country: str
    level: str
    score: float
    day: str
    raised_at: str
    status: ReviewStatus
    assignee: str | None
    review_id: int
    asked_by: str
    outlet: str
    language: str
    title: str
    flag_id: int | None
    categories: str
    first_article_id: int
    first_outlet: str
    first_day: str
    news_title: str
    news_outlet: str
    news_language: str

    @property
    def certainty(self) -> Certainty:
        """The certainty of its most certain alert."""
        return certainty_of(self.score)


_ITEM = """
    SELECT queue.story_id, queue.article_id, news_article_id, queue.alert_id, alerts, kind, queue.revision_id, members,
           outlets, languages, queue.country, queue.level, queue.score, day, raised_at, status, assignee, review_id,
           asked_by, lead.outlet, coalesce(led.language, '') AS language, led.title, flags.id AS flag_id,
           coalesce(flags.categories, '[]') AS categories, first.id AS first_article_id, first.outlet AS first_outlet,
           substr(coalesce(began.published_at, first.first_seen_at), 1, 10) AS first_day,
           now.title AS news_title, newest.outlet AS news_outlet, coalesce(now.language, '') AS news_language
    FROM queue
    JOIN archive.articles AS lead ON lead.id = queue.article_id
    JOIN archive.revisions AS led ON led.id = lead.revision_id
    JOIN archive.articles AS newest ON newest.id = news_article_id
    JOIN archive.revisions AS now ON now.id = newest.revision_id
    LEFT JOIN archive.stories ON stories.id = queue.story_id
    JOIN archive.articles AS first ON first.id = coalesce(first_article_id, queue.article_id)
    JOIN archive.revisions AS began ON began.id = first.revision_id
    LEFT JOIN archive.flags ON flags.revision_id = lead.revision_id AND flags.current = 1
"""
_ORDER: dict[Sort, tuple[str, str, str]] = {
    "confidence": ("score", "DESC", "<"),
    "newest": ("raised_at", "DESC", "<"),
    "oldest": ("raised_at", "ASC", ">"),
}


def page(db: ReviewDb, wanted: QueueFilter, limit: int, offset: int = 0) -> list[QueueItem]:
    """Return one page of the queue."""
    column, direction, _ = _ORDER[wanted.sort]
    where, values = _where(wanted)
    inner = (
        f"SELECT story_id FROM queue WHERE {where} ORDER BY {column} {direction}, story_id {direction} LIMIT ? OFFSET ?"
    )
    rows = db.execute(
        f"{_ITEM} WHERE queue.story_id IN ({inner}) ORDER BY queue.{column} {direction}, queue.story_id {direction}",
        [*values, limit, offset],
    ).fetchall()
    return [QueueItem(**dict(row)) for row in rows]


def article_ids(db: ReviewDb, wanted: QueueFilter, limit: int) -> list[int]:
    """Return the main reports of the matching stories, at most `limit`."""
    where, values = _where(wanted)
    rows = db.execute(f"SELECT article_id FROM queue WHERE {where} ORDER BY story_id LIMIT ?", [*values, limit])
    return [row[0] for row in rows.fetchall()]


def item(db: ReviewDb, article_id: int) -> QueueItem | None:
    """Return the story of this article, or None if none of its members ever raised an alert."""
    row = db.execute(f"{_ITEM} WHERE queue.story_id = ?", [story_id_of(db, article_id)]).fetchone()
    return QueueItem(**dict(row)) if row else None


def count(db: ReviewDb, wanted: QueueFilter) -> int:
    """Count the matching stories."""
    where, values = _where(wanted)
    found: int = db.execute(f"SELECT count(*) FROM queue WHERE {where}", values).fetchone()[0]
    return found


_IN_ANY_SCRIPT = """
    SELECT story_id, value FROM queue_values WHERE name = 'language'
    UNION SELECT story_id, substr(value, 1, instr(value, '-') - 1) FROM queue_values
    WHERE name = 'language' AND instr(value, '-')
"""
"""The languages of the stories: a variety (`uz-Cyrl`) is its language (`uz`), too."""


def facet(db: ReviewDb, wanted: QueueFilter, name: str) -> list[tuple[str, int]]:
    """Return the values of one of `FACETS` among the stories that match the rest of the filter, most frequent first.

    The filter's own value is among them, with 0 if no story has it: a form that did not show it would drop it.
    """
    where, values = _where(wanted, exclude=name)
    if name in LISTED:
        listed = _IN_ANY_SCRIPT if name == "language" else f"SELECT * FROM queue_values WHERE name = '{name}'"
        sql = (
            f"SELECT value, count(*) FROM ({listed}) WHERE story_id IN "
            f"(SELECT story_id FROM queue WHERE {where}) GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    else:
        sql = f"SELECT {name}, count(*) FROM queue WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
    found = [(row[0], row[1]) for row in db.execute(sql, values).fetchall()]
    chosen = getattr(wanted, name).replace("?", "")
    known = not getattr(wanted, name) or any(value == chosen for value, _ in found)
    return found if known else [*found, (chosen, 0)]


def count_before(db: ReviewDb, wanted: QueueFilter, article_id: int) -> int:
    """Count the matching stories that come before this article's story in the filter's order."""
    column, direction, _ = _ORDER[wanted.sort]
    before = ">" if direction == "DESC" else "<"
    where, values = _where(wanted)
    row = db.execute(
        f"SELECT count(*) FROM queue WHERE {where} AND "
        f"({column}, story_id) {before} (SELECT {column}, story_id FROM queue WHERE story_id = ?)",
        [*values, story_id_of(db, article_id)],
    ).fetchone()
    return int(row[0])


def neighbour(db: ReviewDb, wanted: QueueFilter, article_id: int, backwards: bool = False) -> int | None:
    """Return the main report of the story after (or before) this article's story in the filter's order.

    This story itself need not match the filter any more.
    """
    column, direction, beyond = _ORDER[wanted.sort]
    if backwards:
        direction, beyond = ("ASC", ">") if direction == "DESC" else ("DESC", "<")
    where, values = _where(wanted)
    story_id = story_id_of(db, article_id)
    row = db.execute(
        f"SELECT article_id FROM queue WHERE {where} AND story_id != ? AND "
        f"({column}, story_id) {beyond} (SELECT {column}, story_id FROM queue WHERE story_id = ?) "
        f"ORDER BY {column} {direction}, story_id {direction} LIMIT 1",
        [*values, story_id, story_id],
    ).fetchone()
    return row[0] if row else None


_DECIDED_BY = """EXISTS (
    SELECT 1 FROM archive.articles JOIN archive.flags ON flags.revision_id = articles.revision_id AND current = 1
    JOIN archive.flag_spans ON flag_id = flags.id
    WHERE articles.id = queue.article_id AND flag_spans.rule = ? AND side = 'for'
)"""
_NOT_ASKED_BY_USER = "NOT EXISTS (SELECT 1 FROM json_each(asked_by) WHERE value = ? COLLATE NOCASE)"
_FOLLOWED = """story_id IN (
    SELECT queue_articles.story_id FROM follows JOIN follow_matches ON follow_id = follows.id
    JOIN queue_articles USING (article_id) WHERE follows.user = ?
)"""
_VIEWS: dict[View, tuple[str, int]] = {
    "new": (f"open = 1 AND {_NOT_ASKED_BY_USER}", 1),
    "second": (f"status = 'second' AND {_NOT_ASKED_BY_USER}", 1),
    "mine": ("assignee = ? AND (open = 1 OR status = 'watch')", 1),
    "followed": (f"open = 1 AND {_FOLLOWED}", 1),
    "watch": ("status = 'watch'", 0),
    "all": ("", 0),
}
"""The condition of each view, and how often it refers to the user."""


def _where(wanted: QueueFilter, exclude: str = "") -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    view, by_user = _VIEWS[wanted.view]
    if view:
        parts.append(view)
        values += [wanted.user] * by_user
    for name in FACETS:
        value = getattr(wanted, name)
        if value and name != exclude:
            is_spoken = name == "language" and value != "?"
            same = IN_VARIETIES if is_spoken else "= ?"
            listed = f"story_id IN (SELECT story_id FROM queue_values WHERE name = '{name}' AND value {same})"
            parts.append(listed if name in LISTED else f"{name} = ?")
            values.append(varieties(value) if is_spoken else "" if value == "?" else value)
    if wanted.rule:
        parts.append(_DECIDED_BY)
        values.append(wanted.rule)
    if wanted.after:
        parts.append("raised_at > ?")
        values.append(wanted.after)
    for sign, day in ((">=", wanted.since), ("<=", wanted.until)):
        if day:
            parts.append(f"day {sign} ?")
            values.append(day)
    return " AND ".join(parts) or "1", values


def article_of_alert(db: ReviewDb, alert_id: int) -> int | None:
    """Return the article of an alert, or None."""
    row = db.execute("SELECT article_id FROM archive.alerts WHERE id = ?", [alert_id]).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Development:
    """Something that an article was the first in its story to report: what it is, and the sentence."""

    kind: str
    value: str
    sentence: str


def newest_news(db: ReviewDb, items: Sequence[QueueItem], most: int = 2) -> dict[int, tuple[Development, ...]]:
    """Return what the newest alert of each story reported first, if it was an update, by story number."""
    updates = {item.news_article_id: item.story_id for item in items if item.kind == "update"}
    found: dict[int, dict[str, Development]] = {}
    for row in db.execute(
        "SELECT article_id, kind, value, sentence FROM archive.story_news AS news "
        f"WHERE article_id IN ({', '.join('?' * len(updates))}) AND revision_id = "
        "(SELECT max(revision_id) FROM archive.story_news WHERE article_id = news.article_id) "
        "ORDER BY article_id, position",
        list(updates),
    ).fetchall():
        known = found.setdefault(updates[row["article_id"]], {})
        if len(known) < most:
            known.setdefault(row["sentence"], Development(row["kind"], row["value"], row["sentence"]))
    return {story_id: tuple(known.values()) for story_id, known in found.items()}


def deciding_quotes(db: ReviewDb, flag_ids: Sequence[int], most: int = 4) -> dict[int, tuple[str, ...]]:
    """Return each flag's deciding words, deduplicated, by weight."""
    marks = ", ".join("?" * len(flag_ids))
    found: dict[int, dict[str, None]] = {flag_id: {} for flag_id in flag_ids}
    for row in db.execute(
        f"SELECT flag_id, quote FROM archive.flag_spans WHERE side = 'for' AND flag_id IN ({marks}) "
        "ORDER BY flag_id, position",
        list(flag_ids),
    ):
        words = found[row["flag_id"]]
        if len(words) < most:
            words[" ".join(row["quote"].split())] = None
    return {flag_id: tuple(words) for flag_id, words in found.items()}
