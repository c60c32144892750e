"""An archive filled with synthetic articles: as a crawl would leave it, but fast, with the durability turned off."""

from __future__ import annotations

import multiprocessing
import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from acca_crawler.clock import stamp
from acca_crawler.config.loading import ArchiveSection, Config
from acca_crawler.items import AlertKind, Listed
from acca_crawler.text.searchable import ANALYSER
from benchmarks import _synthetic as synthetic
from benchmarks._multiplying import BLOCK, keep_words, multiply
from benchmarks._synthetic import Generator, Synthetic
from storage.articles import search as search_index
from storage.articles import stories, write
from storage.articles.stories import Link
from storage.evidence.manifest import close_run
from storage.ledger import addresses, runs
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb

WAY = "rest"
RUN, CHUNK, AHEAD = 5_000, 500, 8
FAR = "2099-01-01T00:00:00Z"
_MAKER: list[Generator] = []


@dataclass(frozen=True, slots=True)
class Filled:
    """An archive with synthetic articles in it."""

    config: Config
    db: ArchiveDb

    @property
    def next_number(self) -> int:
        """The number of the first article that it does not know."""
        return int(self.db.execute("SELECT coalesce(max(id), 0) FROM addresses").fetchone()[0])

    def held(self) -> int:
        """Number of articles in it."""
        return int(self.db.execute("SELECT count(*) FROM articles").fetchone()[0])


def config_of(directory: Path) -> Config:
    """The configuration of an archive in this directory."""
    return Config(archive=ArchiveSection(directory=directory))


def filled(directory: Path, size: int) -> Filled:
    """The archive in a directory with at least `size` articles: filled now, or as an earlier run left it."""
    config = config_of(directory)
    complete = directory / "complete"
    if not complete.exists():
        shutil.rmtree(directory, ignore_errors=True)
        _fill(open_archive(config.archive_file), size)
        complete.touch()
    return Filled(config, open_archive(config.archive_file))


def list_one(db: ArchiveDb, made: Synthetic, at: datetime) -> None:
    """Write an article's address into the ledger, as discovery does before the article is fetched."""
    article = made.article
    listed = Listed(article.url, published=article.extraction.published_at, way=WAY)
    addresses.list_address(db, article.outlet, WAY, article.url, listed, article.identity, stamp(at))


def _fill(db: ArchiveDb, size: int) -> None:
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -6000000")
    db.execute("PRAGMA journal_mode = OFF").fetchall()
    for number in range(synthetic.OUTLETS):
        runs.save_outlet(
            db, f"outlet{number}", "", "https://outlet.example/", "media", ("KG",), tuple(synthetic.SHARES)
        )
    db.commit()
    generated = min(size, BLOCK)
    made = _made(generated)
    for first in range(0, generated, RUN):
        at = stamp(synthetic.published_at(first))
        run_id = runs.start_run(db, "crawl", {}, "0", at)
        with transaction(db):
            stored = list(islice(made, min(RUN, generated - first)))
            for number, one in enumerate(stored, first):
                _store(db, one, number, run_id)
            if size > BLOCK:
                keep_words(db, ((number + 1, one.words) for number, one in enumerate(stored, first)))
        runs.finish_run(db, run_id, "ok", runs.Counts(), at)
        close_run(db, run_id, at)
    if size > BLOCK:
        multiply(db, size)
    db.execute("PRAGMA optimize").fetchall()
    db.close()


def _store(db: ArchiveDb, made: Synthetic, number: int, run_id: int) -> None:
    """What `store_article` writes of a new article, with the index words and keys as they are given."""
    article, at = made.article, synthetic.published_at(number)
    list_one(db, made, at)
    alert: AlertKind | None = None if made.copy_of is not None else "new"
    stored = write.insert_article(db, article, run_id, FAR, stamp(at), alert)
    assert stored.article_id == number + 1
    search_index.index_revisions(db, {stored.revision_id: made.words}, ANALYSER)
    addresses.record_address(db, article, stored.article_id, "stored", None, WAY, stamp(at))
    addresses.record_fetch(db, article.outlet, article.url, None, None, None)
    original = None if made.copy_of is None else made.copy_of + 1
    link = Link(original, "copy", 0.95) if original else None
    story = stories.story_number(db, original) if original else None
    stories.join(db, stored.article_id, made.fingerprint, [story] if story else [], link, run_id)


def _made(last: int) -> Iterator[Synthetic]:
    """The articles, made by a process of their own, a few chunks ahead of the process that stores them."""
    chunks = iter([(start, min(start + CHUNK, last)) for start in range(0, last, CHUNK)])
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin) as pool:
        waiting = deque(pool.submit(_make, chunk) for chunk in islice(chunks, AHEAD))
        while waiting:
            made = waiting.popleft().result()
            waiting.extend(pool.submit(_make, chunk) for chunk in islice(chunks, 1))
            yield from made


def _begin() -> None:
    _MAKER.append(Generator())


def _make(chunk: tuple[int, int]) -> list[Synthetic]:
    return [_MAKER[0].article(number) for number in range(*chunk)]
