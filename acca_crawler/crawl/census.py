"""Census: list everything an outlet offers, following every way to its end, without fetching articles."""

from __future__ import annotations

from acca_crawler.crawl.discovery import DiscoveryRun, WalkState
from acca_crawler.crawl.fetching.conditional import EarlierAnswer
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Batch, Way, WordPressApi
from acca_crawler.items import CaptureKind
from storage.ledger import runs


class CensusRun(DiscoveryRun):
    """Follows all of an outlet's ways, even after one has answered."""

    async def run(self) -> tuple[str | None, str | None]:
        """Return the name of the best way that answered, and which ways did not; each is None if there are none.

        The best way runs last: an address belongs to the way that listed it last, and the daily crawl asks that way
        which of its addresses it no longer lists.
        """
        answered: str | None = None
        complaints: list[str] = []
        for way in reversed(self._run.archive_ways or self._run.ways):
            attempt = await self._ask(way)
            self._record(attempt)
            if attempt.outcome == "answered":
                answered = way.name
            if attempt.reason:
                complaints.append(f"{way.name} {attempt.outcome}: {attempt.reason}")
        return answered, "; ".join(complaints) or None

    async def _ask(self, way: Way) -> runs.WayAttempt:
        walk = WalkState(stops_early=False, most=None)
        if failed := await self._followed(way, walk, self._to_its_end(way, walk)):
            return failed
        walk.listed = len(walk.urls)
        return self._attempt(way, walk, "answered", walk.in_part)

    async def _to_its_end(self, way: Way, walk: WalkState) -> None:
        if isinstance(way, WordPressApi):
            await self._count_posts(way, walk)
        else:
            await self._go(way, walk, None)
            self._suspect_unlisted(way, walk)

    async def _count_posts(self, way: WordPressApi, walk: WalkState) -> None:
        """List every post by ID and address, without its text."""
        walk.total = (await way.census(self.fetch, self._outlet.home)).total
        still_there: set[str] = set()
        async for batch in way.identities(self.fetch, self._outlet.home):
            self._list(way, Batch(batch.listed), walk)
            still_there |= {canonical_address(one.url, keep_query=self._outlet.keep_query) for one in batch.listed}
        self._ask_again(url for url in self._unlisted(way, None) if url not in still_there)

    def _known(self, url: str, kind: CaptureKind) -> EarlierAnswer:
        """Read every page in full: an unchanged page would list nothing."""
        return EarlierAnswer()
