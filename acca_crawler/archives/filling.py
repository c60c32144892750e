"""`acca crawl OUTLET --from-archive`: fill an outlet's gaps from a web archive.

First the archive's index is read, page by page, into our archive; then the articles that we lack, or that the site has
taken down, are fetched. Either step continues where it was interrupted.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from acca_crawler.archives.listed_captures import ArchivedCapture, WebArchive
from acca_crawler.clock import earlier, now, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.declared_rules import address_rules, page_rules
from acca_crawler.dedup.address import canonical_address, host_key
from acca_crawler.exceptions import AccaError, CaptureMissing, WebArchiveError
from acca_crawler.ingest.archived import store_archived
from acca_crawler.ingest.capture import article_in
from acca_crawler.items import Capture
from acca_crawler.outlets import Outlet
from storage.ledger import runs, web_archives
from storage.ledger.web_archives import ListedCapture
from storage.schema.database import transaction

VERSIONS = 2
"""Captures fetched of one article: the oldest and the newest with another payload."""

FRESH_DAYS = 7
"""Days for which an index that was read to its end is not read again."""

MAX_REASON = 300

Progress = Callable[[str], None]


@dataclass(slots=True)
class Filled:
    """What a run found and fetched. `message` is why it ended early, None if it did not."""

    listed: int = 0
    gaps: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    message: str | None = None


def fill_gaps(
    config: Config,
    name: str,
    outlet: Outlet,
    archive: WebArchive,
    *,
    limit: int | None,
    index_only: bool = False,
    progress: Progress = lambda line: None,
) -> Filled:
    """Read an archive's index of an outlet and, unless `index_only`, fetch at most `limit` articles that fill gaps.

    Raises `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`.
    """
    filled = Filled()
    arguments = {"outlet": name, "from_archive": archive.name, "limit": limit, "index_only": index_only}
    with open_run(config, "import", arguments) as context:
        with transaction(context.db) as db:
            runs.save_outlet(db, name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages)
            runs.start_outlet(db, context.run_id, name)
        work = _Filling(context, name, outlet, archive, filled, progress)
        try:
            for host in _hosts(outlet):
                work.read_index(host)
            if not index_only:
                work.fetch_gaps(limit)
        except WebArchiveError as error:
            filled.message = str(error)
        context.statuses[name] = "failed" if filled.message else "ok"
        with transaction(context.db) as db:
            runs.finish_outlet(db, context.run_id, name, context.statuses[name], archive.name, filled.message)
            runs.save_counts(db, context.run_id, context.counts)
    return filled


class _Filling:
    """One run's work on an outlet with an archive."""

    def __init__(
        self, context: CrawlContext, name: str, outlet: Outlet, archive: WebArchive, filled: Filled, progress: Progress
    ) -> None:
        self._context, self._name, self._outlet, self._archive = context, name, outlet, archive
        self._filled, self._progress = filled, progress
        self._rules = page_rules(outlet)

    def read_index(self, host: str) -> None:
        """Read the archive's index of a host from where the last run left it, unless it was read to its end lately."""
        context, name, archive, rules = self._context, self._name, self._archive, address_rules(self._outlet)
        state = web_archives.index_state(context.db, name, archive.name, host, rules)
        start_key = ""
        if state is not None:
            start_key, complete, read_at = state
            if complete and read_at > earlier(utc_stamp(), days=FRESH_DAYS):
                return
        for page in archive.index(host, start_key):
            listed = list(_of_articles(page.captures, self._outlet))
            with transaction(context.db) as db:
                new = web_archives.save_index_page(
                    db, name, archive.name, host, rules, page.next_key, listed, utc_stamp()
                )
                self._count({
                    "archive:listed": new,
                    "archive:not_articles": len(page.captures) - len(listed),
                    "archive:broken_lines": page.broken,
                })  # fmt: skip
            self._filled.listed += new
            self._progress(f"{archive.name}: {host}: {self._filled.listed} captures listed")

    def fetch_gaps(self, limit: int | None) -> None:
        """Fetch at most `limit` articles that we lack, or that the site has taken down."""
        archive, filled = self._archive, self._filled
        for identity in web_archives.gaps(self._context.db, self._name, archive.name, self._rules, limit):
            filled.gaps += 1
            fetched = self._fetch(self._untried(identity))
            for one, capture in sorted(fetched, key=lambda pair: pair[1].fetched_at):
                self._store(one, capture)
            self._pass_over(identity, tried={one.id for one, _ in fetched})
            outcomes = ", ".join(f"{outcome} {count}" for outcome, count in filled.outcomes.items())
            self._progress(f"{archive.name}: {filled.gaps} gaps, {outcomes}")

    def _untried(self, identity: str) -> Sequence[ListedCapture]:
        return web_archives.untried(self._context.db, self._name, self._archive.name, identity, self._rules)

    def _fetch(self, listed: Sequence[ListedCapture]) -> list[tuple[ListedCapture, Capture]]:
        """Fetch an article's captures until there are `VERSIONS` with different payloads."""
        fetched: list[tuple[ListedCapture, Capture]] = []
        for one in _in_order_of_worth(listed):
            if len(fetched) >= VERSIONS or any(one.digest == other.digest for other, _ in fetched):
                continue
            try:
                fetched.append((one, self._archive.fetch(_as_archived(one))))
            except CaptureMissing as error:
                self._note(one, "missing", str(error))
        return fetched

    def _pass_over(self, identity: str, tried: set[int]) -> None:
        with transaction(self._context.db) as db:
            for one in self._untried(identity):
                if one.id not in tried:
                    web_archives.set_outcome(db, one.id, "passed over", None, self._rules, utc_stamp())

    def _store(self, one: ListedCapture, capture: Capture) -> None:
        """Keep a capture as evidence and store its article; what can't be read is recorded with the reason."""
        context, name, way = self._context, self._name, self._archive.name
        capture_id = context.captures.keep(capture, run_id=context.run_id, outlet=name).id
        try:
            article, page = article_in(capture, name, self._outlet, capture_id=capture_id, detector=context.detector)
            with transaction(context.db) as db:
                outcome = store_archived(db, article, page, context.run_id, way, now(), context.detector)
                web_archives.set_outcome(db, one.id, outcome, None, self._rules, utc_stamp())
                self._count({outcome: 1})
        except AccaError as error:
            self._note(one, "not read", str(error))
        except sqlite3.OperationalError:  # the archive is not writable: the outcome can't be recorded either
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours on one capture must not end every further run
            self._note(one, "not stored", f"{type(error).__name__}: {error}")
        else:
            self._filled.outcomes[outcome] += 1

    def _note(self, one: ListedCapture, outcome: str, reason: str) -> None:
        self._filled.outcomes[outcome] += 1
        with transaction(self._context.db) as db:
            web_archives.set_outcome(db, one.id, outcome, reason[:MAX_REASON], self._rules, utc_stamp())
            self._count({f"archive:{outcome.replace(' ', '_')}": 1})

    def _count(self, found: Mapping[str, int]) -> None:
        """Count what is not zero, inside the caller's transaction."""
        for name, value in found.items():
            if value:
                self._context.count(self._name, name, value)
        runs.save_counts(self._context.db, self._context.run_id, self._context.counts)


def _hosts(outlet: Outlet) -> Sequence[str]:
    named = (host_key(name.partition(":")[0]) for name in (*outlet.hosts, *outlet.mirrors))
    return tuple(dict.fromkeys(named))


def _of_articles(captures: Sequence[ArchivedCapture], outlet: Outlet) -> Iterator[ListedCapture]:
    """Yield the captures whose address is an article's."""
    for one in captures:
        try:
            identity = outlet.identify(canonical_address(one.url, keep_query=outlet.keep_query))
        except ValueError:
            continue
        if identity is not None:
            place = (one.file, one.offset, one.length)
            yield ListedCapture(0, one.url, identity, one.captured_at, one.status, one.mime, one.digest, *place)


def _in_order_of_worth(listed: Sequence[ListedCapture]) -> Sequence[ListedCapture]:
    """Order an article's captures: the oldest, the newest, then the others in time, in case those are lost."""
    return (*listed[:1], *listed[-1:], *listed[1:-1]) if len(listed) > 1 else listed


def _as_archived(one: ListedCapture) -> ArchivedCapture:
    return ArchivedCapture(one.url, one.captured_at, one.status, one.mime, one.digest, one.file, one.offset, one.length)
