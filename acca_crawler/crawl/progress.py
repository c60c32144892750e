"""Progress display of a crawl: a live table in a terminal, plain lines under cron."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.crawl.run import CrawlContext

SHOWN = ("discovered", "fetched", "new", "changed", "failed", "blocked")


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of a crawl: each outlet's status, its errors and warnings, and its counts.

    `postponed` are the outlets that the run's time budget left out.
    """

    run_id: int
    failed: bool
    statuses: dict[str, str]
    messages: dict[str, str]
    counts: dict[str, dict[str, int]]
    postponed: tuple[str, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether a signal ended the crawl early."""
        return "killed" in self.statuses.values()

    def total(self, name: str) -> int:
        """Return a count's sum over all outlets."""
        return sum(counts.get(name, 0) for counts in self.counts.values())

    @classmethod
    def of(cls, context: CrawlContext) -> Ended:
        """Build the result from the run's context."""
        counts = {name: context.counts.of(name) for name in context.statuses}
        return cls(
            context.run_id, context.failed, dict(context.statuses), dict(context.messages), counts, context.postponed
        )


class Progress(Protocol):
    """Shows a run's progress and its summary."""

    def follow(self, context: CrawlContext) -> AbstractContextManager[None]:
        """Show the progress until the block ends."""
        ...

    def summarise(self, ended: Ended) -> None:
        """Show what came of the run."""
        ...


class TerminalProgress:
    """Live table for terminals."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def follow(self, context: CrawlContext) -> Iterator[None]:
        """Keep the table up to date until the block ends."""
        with Live(get_renderable=lambda: _table(context), console=self._console, refresh_per_second=4, transient=True):
            yield

    def summarise(self, ended: Ended) -> None:
        """Print one line for each outlet."""
        for line in lines(ended):
            self._console.print(line, highlight=False, soft_wrap=True)


class PlainProgress:
    """Prints nothing during the run and one line per outlet at the end, as suits a cron mail."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    @contextmanager
    def follow(self, context: CrawlContext) -> Iterator[None]:
        """Show nothing."""
        yield

    def summarise(self, ended: Ended) -> None:
        """Print one line for each outlet."""
        for line in lines(ended):
            self._out.write(line + "\n")


class UnattendedProgress:
    """Live table in a terminal; prints no summary, since `acca run` has its own line."""

    def __init__(self, out: TextIO) -> None:
        self._shown = progress_for(out)

    def follow(self, context: CrawlContext) -> AbstractContextManager[None]:
        """Keep the table up to date until the block ends."""
        return self._shown.follow(context)

    def summarise(self, ended: Ended) -> None:
        """Print nothing."""


def progress_for(out: TextIO) -> Progress:
    """Return the progress display that suits the output stream."""
    return TerminalProgress(Console(file=out)) if out.isatty() else PlainProgress(out)


def lines(ended: Ended) -> list[str]:
    """Return the summary of a crawl, one line per outlet."""
    found = []
    for name, status in sorted(ended.statuses.items()):
        counts = ended.counts.get(name, {})
        shown = ", ".join(f"{label} {counts.get(label, 0)}" for label in SHOWN)
        gone = counts.get("missing", 0) + counts.get("removed", 0)
        found.append(f"run {ended.run_id} {name}: {status}: {shown}" + (f", gone {gone}" if gone else ""))
        if name in ended.messages:
            found.append(f"run {ended.run_id} {name}: {ended.messages[name]}")
    return found or [f"run {ended.run_id}: no outlet was crawled"]


def _table(context: CrawlContext) -> Table:
    table = Table("outlet", *SHOWN, box=None, padding=(0, 2, 0, 0))
    names = sorted({outlet for outlet, _ in list(context.counts.totals)})
    for name in names:
        counts = context.counts.of(name)
        table.add_row(name, *(str(counts.get(label, 0)) for label in SHOWN))
    table.caption = pace(context, monotonic() - context.opened)
    return table


def pace(context: CrawlContext, seconds: float) -> str:
    """Return how far the crawl is after `seconds`: outlets, pages per second, and the time for the pages found."""
    ended, fetched, found = len(context.statuses), 0, 0
    for (_, name), count in list(context.counts.totals.items()):
        fetched += count if name in ("fetched", "failed", "blocked", "missing", "removed") else 0
        found += count if name == "discovered" else 0
    rate = fetched / seconds if seconds else 0.0
    left = timedelta(seconds=round(max(found - fetched, 0) / rate)) if rate else "?"
    outlets = counted(len(context.outlet_runs), "outlet")
    return f"{ended} of {outlets} done, {rate:.1f} pages/s, {left} left for the pages found"
