"""The invented articles: read from `articles/*.toml`, in their state on a given day.

A body is paragraphs separated by blank lines. A block that starts with `## ` is a subheading, `> ` a quotation, `!! ` a
picture with its caption, `>> ` a "read also" line. `[text](address)` is a link.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from acca_crawler.items import Level

BlockKind = Literal["paragraph", "heading", "quote", "caption", "read_also"]
_MARKS: tuple[tuple[str, BlockKind], ...] = (
    ("## ", "heading"),
    (">> ", "read_also"),
    ("> ", "quote"),
    ("!! ", "caption"),
)
_BEFORE_ANY_DAY = datetime(1, 1, 1, tzinfo=UTC)
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """One block of a body, its links still in the markup above."""

    kind: BlockKind
    source: str

    @property
    def text(self) -> str:
        """The block's text as readers see it."""
        return LINK.sub(r"\1", self.source)


@dataclass(frozen=True, slots=True)
class SampleEdit:
    """A later change: passages of title or body replaced on a day, some hours before that day's clock."""

    day: int
    hours_before: float
    replace: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """What Telegram shows with a post: its first author, the number of the post it answers, a signature, photos, views.

    `preview` is the title of the page it links to.
    """

    forwarded_from: str = ""
    forwarded_url: str = ""
    reply_to: int = 0
    signature: str = ""
    photos: int = 0
    views: str = ""
    preview: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One article of one site on a given day. `level` and `labels` are what detection should find in it.

    `hours_before` counts back from the clock of the article's first day. `republishes` is the ID of an article of the
    same site with the same text; `copy_of` names the original on another site (`acca:14101`). `intro` is a summary that
    some sites print above the body and that is not part of it.
    """

    site: str
    id: int
    slug: str
    language: str
    title: str
    body: str
    hours_before: float
    level: Level
    labels: tuple[str, ...]
    country: str | None = None
    intro: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    translation: int | None = None
    first_day: int = 1
    last_day: int | None = None
    old_address: bool = False
    undated: bool = False
    infinite_scroll: bool = False
    republishes: int | None = None
    copy_of: str | None = None
    edits: tuple[SampleEdit, ...] = ()
    message: SampleMessage | None = None
    published: datetime = _BEFORE_ANY_DAY
    modified: datetime = _BEFORE_ANY_DAY

    @property
    def blocks(self) -> tuple[SampleBlock, ...]:
        """The body's blocks in order."""
        return tuple(_block(part) for part in re.split(r"\n\s*\n", self.body.strip()))

    @property
    def text(self) -> str:
        """The expected extraction: the blocks that belong to the article, joined by one blank line."""
        own = ("paragraph", "heading", "quote")
        return "\n\n".join(block.text for block in self.blocks if block.kind in own)

    @property
    def lead(self) -> str:
        """The first paragraph."""
        return next(block.text for block in self.blocks if block.kind == "paragraph")

    def on(self, day: int, clocks: Clocks) -> Post | None:
        """Return the article on `day`, or None if it is not online that day."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return None
        published = clocks.at(self.first_day) - timedelta(hours=self.hours_before)
        post = replace(self, published=published, modified=published)
        for edit in self.edits:
            if edit.day <= day:
                post = _edited(post, edit, clocks)
        return post


@dataclass(frozen=True, slots=True)
class Clocks:
    """The newsroom's time on each day. Without a fixed date, it is last midnight on the first, now on the second."""

    first: datetime
    second: datetime

    @classmethod
    def starting(cls, today: date | None) -> Clocks:
        """Create clocks for a first day on `today` (UTC) and a second a day later; without a date, for now."""
        if today is not None:
            midnight = datetime.combine(today, time(), UTC)
            return cls(midnight, midnight + timedelta(days=1))
        now = datetime.now(UTC).replace(microsecond=0)
        return cls(datetime.combine(now.date(), time(), UTC), now)

    def at(self, day: int) -> datetime:
        """Return the time relative to which the day's articles are dated."""
        return self.first if day == 1 else self.second


def _edited(post: Post, edit: SampleEdit, clocks: Clocks) -> Post:
    title, body = post.title, post.body
    for old, new in edit.replace:
        if old not in title and old not in body:
            raise ValueError(f"article {post.site}:{post.id}: an edit replaces {old!r}, which is not there")
        title, body = title.replace(old, new), body.replace(old, new)
    modified = clocks.at(edit.day) - timedelta(hours=edit.hours_before)
    return replace(post, title=title, body=body, modified=modified)


def _block(part: str) -> SampleBlock:
    part = " ".join(part.split())
    for mark, kind in _MARKS:
        if part.startswith(mark):
            return SampleBlock(kind, part.removeprefix(mark))
    return SampleBlock("paragraph", part)


def _post(site: str, row: dict[str, Any]) -> Post:
    edits = tuple(
        SampleEdit(edit["day"], edit["hours_before"], tuple((old, new) for old, new in edit["replace"]))
        for edit in row.pop("edit", ())
    )
    message = row.pop("message", None)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Post(site=site, edits=edits, message=SampleMessage(**message) if message else None, **values)


@cache
def load(site: str) -> tuple[Post, ...]:
    """Load all articles of a site for both days, in the order of its files `articles/<site>*.toml`.

    Raises ValueError for a duplicate ID or slug, TypeError for an unknown field.
    """
    folder = files(__package__) / "articles"
    names = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(rf"{site}(-[\w-]+)?\.toml", entry.name))
    posts = tuple(
        _post(site, row) for name in names for row in tomllib.loads((folder / name).read_text("utf-8"))["article"]
    )
    posts = tuple(_with_republished_text(post, posts) for post in posts)
    for field in ("id", "slug"):
        _refuse_doubles(site, field, (getattr(post, field) for post in posts))
    return posts


def _with_republished_text(post: Post, posts: tuple[Post, ...]) -> Post:
    if post.republishes is None:
        return post
    original = next(other for other in posts if other.id == post.republishes)
    return replace(post, title=original.title, body=original.body)


def _refuse_doubles(site: str, field: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{site}: {field} {value!r} occurs twice")
        seen.add(value)


def shown(site: str, day: int, clocks: Clocks) -> tuple[Post, ...]:
    """Return the site's articles on a day, newest first."""
    posts = (post.on(day, clocks) for post in load(site))
    return tuple(sorted((post for post in posts if post), key=lambda post: (post.published, post.id), reverse=True))
