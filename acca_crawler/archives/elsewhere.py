"""`acca elsewhere`: other archives are asked to keep flagged reports too, and for earlier captures of removed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.alerts.secrets import read_secret
from acca_crawler.archives.listed_captures import timestamp_of
from acca_crawler.archives.polite import PoliteClient
from acca_crawler.archives.saving import ArchiveToday, CopyService, SavePageNow
from acca_crawler.archives.wayback import Wayback
from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import WebArchiveError
from storage.articles import elsewhere
from storage.schema.kinds import ArchiveDb

MAX_PER_PASS = 20
"""Maximum requests to one service, and searches, in a pass."""

SEARCH_AGAIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class CopyMade:
    """One outcome of a pass. `address` is that of the copy; `error` is the reason if the request failed."""

    article_id: int
    service: str
    address: str | None
    error: str | None = None


def services_of(config: Config, client: PoliteClient) -> Sequence[CopyService]:
    """Return the services that the operator turned on. Raises `SecretMissing`."""
    ours, found = config.evidence, list[CopyService]()
    if ours.wayback:
        key = ours.wayback_key_env and read_secret("evidence", ours.wayback_key_env, None, config.base_directory)
        found.append(SavePageNow(client, config.archives.wayback, key))
    if ours.archive_today:
        found.append(ArchiveToday(client, ours.archive_today_url))
    return found


def keep_elsewhere(
    db: ArchiveDb,
    config: Config,
    client: PoliteClient,
    *,
    may_go_on: Callable[[], bool] = lambda: True,
    at_once: bool = False,
) -> Iterator[CopyMade]:
    """Ask each service for what waits, then search for earlier captures, and yield each outcome.

    A service's first failure ends its part of the pass; nothing is begun once `may_go_on` is false. What failed before
    is tried again after a pause, unless `at_once` is true. Raises `SecretMissing`.
    """
    since = earlier(utc_stamp(), days=config.evidence.elsewhere_days)
    for service in services_of(config, client):
        elsewhere.enqueue(db, service.name, since)
        for one in elsewhere.waiting(db, service.name, MAX_PER_PASS, None if at_once else utc_stamp()):
            if not may_go_on():
                return
            try:
                copy = service.save(one.url)
            except WebArchiveError as error:
                elsewhere.save_error(db, one, str(error), utc_stamp())
                yield CopyMade(one.article_id, service.name, None, str(error))
                break
            elsewhere.save(db, one, copy.address, copy.captured_at, utc_stamp())
            yield CopyMade(one.article_id, service.name, copy.address)
    if config.evidence.wayback:
        yield from _search(db, Wayback(client, config.archives.wayback), may_go_on)


def _search(db: ArchiveDb, archive: Wayback, may_go_on: Callable[[], bool]) -> Iterator[CopyMade]:
    before = earlier(utc_stamp(), days=SEARCH_AGAIN_DAYS)
    for article_id, url in elsewhere.to_search(db, before, MAX_PER_PASS):
        if not may_go_on():
            return
        try:
            found = [
                (f"{archive.home}/web/{timestamp_of(one.captured_at)}/{one.url}", one.captured_at)
                for one in archive.captures_of(url)
            ]
        except WebArchiveError as error:
            elsewhere.save_search_error(db, article_id, str(error), utc_stamp())
            yield CopyMade(article_id, archive.name, None, str(error))
            return
        elsewhere.save_search(db, article_id, archive.name, url, found, utc_stamp())
        yield from (CopyMade(article_id, archive.name, address) for address, _ in found)
