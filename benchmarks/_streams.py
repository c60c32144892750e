"""Streams of posts stored as a crawl stores them: in order of time, through processing, stories and the index."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from acca_crawler.clock import stamp
from acca_crawler.ingest import preparation, stories
from acca_crawler.ingest import store as storing
from acca_crawler.ingest.page import process_extraction
from acca_crawler.items import Dated, Extraction, Page
from acca_crawler.outlets import Outlet
from storage.ledger import runs
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb

WAY = "feed"
_DELAY = timedelta(minutes=5)
"""From publication to the crawl that finds a post."""
_LINKS = re.compile(r"(?m)^.*(?:https?://|@gazetauz).*$")


@dataclass(frozen=True, slots=True)
class Post:
    """One line of a stream; `at` is its time (UTC), or that of its neighbours if it has none."""

    id: str
    outlet: str
    language: str
    title: str
    text: str
    at: datetime


@dataclass
class Stored:
    """What storing a stream cost, per article in milliseconds, and the article of each post.

    A crawl prepares articles where they are read, an import of one process where they are stored.
    """

    article_of: dict[str, int] = field(default_factory=dict)
    whole: list[float] = field(default_factory=list)
    preparing: list[float] = field(default_factory=list)
    linking: list[float] = field(default_factory=list)
    levels: dict[str, str] = field(default_factory=dict)


def posts_of(path: Path, start: datetime) -> list[Post]:
    """The posts of a stream; those without a date follow each other every ten minutes from `start`."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            text = _LINKS.sub("", row["text"]).strip()
            if text:
                title, outlet = row.get("title") or "", path.name.split(".")[0]
                at = _time(row.get("date")) or start + timedelta(minutes=10 * number)
                found.append(Post(f"{outlet}:{number}", outlet, row["lang"], title, text, at))
    return found


def _time(written: Any) -> datetime | None:
    """The time of a post (UTC), None for a date that is not a day ("2018-09/10")."""
    try:
        return datetime.fromisoformat(written.replace(" ", "T")).replace(tzinfo=UTC) if written else None
    except ValueError:
        return None


@contextmanager
def archive() -> Iterator[ArchiveDb]:
    """An archive in a temporary directory."""
    with tempfile.TemporaryDirectory() as directory:
        db = open_archive(Path(directory) / "acca.db")
        try:
            yield db
        finally:
            db.close()


def store_all(db: ArchiveDb, posts: Iterable[Post]) -> Stored:
    """Store posts in order of time, each as an article of an outlet named after its stream."""
    result = Stored()
    outlets: dict[str, Outlet] = {}
    run_id = runs.start_run(db, "crawl", {}, "0", "2020-01-01T00:00:00Z")
    with _linking_timed(result):
        for post in sorted(posts, key=lambda post: post.at):
            outlet = outlets.get(post.outlet)
            if outlet is None:
                outlet = outlets[post.outlet] = _outlet(post)
                runs.save_outlet(db, post.outlet, "", outlet.home, "media", ("UZ",), outlet.languages)
            url = outlet.home + post.id.rpartition(":")[2]
            extraction = Extraction(
                post.text, post.title, url, language=post.language, published=Dated(stamp(post.at), "test", "high")
            )
            article = process_extraction(extraction, post.outlet, outlet)
            start = time.thread_time()
            with transaction(db):
                stored = storing.store_article(db, article, Page(url, b""), run_id, WAY, post.at + _DELAY)
            result.whole.append((time.thread_time() - start) * 1e3)
            result.article_of[post.id] = stored.article_id
            result.levels[post.id] = article.detection.level
    runs.finish_run(db, run_id, "ok", runs.Counts(), "2020-01-01T00:00:00Z")
    return result


def _outlet(post: Post) -> Outlet:
    host = f"{post.outlet.replace('_', '-').lower()}.example"
    return Outlet(
        title=post.outlet, home=f"https://{host}/", hosts=(host,), countries=("UZ",),
        languages=(post.language.split("-")[0],), article_path=r"^/(?P<n>\d+)$", identity=("{n}",),
    )  # fmt: skip


@contextmanager
def _linking_timed(result: Stored) -> Iterator[None]:
    """Add the milliseconds that each article's preparation takes, and finding and joining its story."""
    prepare, assign, join = preparation.preparation_of, stories.assign_story, stories.join_story

    def prepare_timed(*arguments: Any) -> Any:
        start = time.thread_time()
        found = prepare(*arguments)
        result.preparing.append((time.thread_time() - start) * 1e3)
        return found

    def assign_timed(*arguments: Any) -> Any:
        start = time.thread_time()
        found = assign(*arguments)
        result.linking.append((time.thread_time() - start) * 1e3)
        return found

    def join_timed(*arguments: Any) -> None:
        start = time.thread_time()
        join(*arguments)
        result.linking[-1] += (time.thread_time() - start) * 1e3

    with patch.multiple(storing, preparation_of=prepare_timed, assign_story=assign_timed, join_story=join_timed):
        yield
