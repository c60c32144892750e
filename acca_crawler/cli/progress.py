"""Progress of a long command on a terminal: how much is done, at which rate, and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int, int | None], None]
"""Called with the amount done so far and the total, None if unknown."""


@contextmanager
def meter(label: str, unit: str) -> Iterator[Advance]:
    """Show a progress bar on standard error while the block runs, on a terminal only.

    `unit` names what is counted; `MB` divides by a million. The last state stays on the screen.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as TimeLeftColumn
    from rich.text import Text

    scale = 1_000_000 if unit == "MB" else 1

    class Figures(ProgressColumn):
        def render(self, task: Task) -> Text:
            total = f" of {task.total / scale:,.0f}" if task.total is not None else ""
            speed = task.finished_speed or task.speed
            rate = f", {speed / scale:,.1f}/s" if speed else ""
            return Text(f"{task.completed / scale:,.0f}{total} {unit}{rate}")

    columns = (TextColumn("{task.description}"), BarColumn(20), Figures(), TimeElapsedColumn(), TimeLeftColumn())
    shown = Progress(*columns, console=Console(stderr=True))
    task = shown.add_task(label, total=None)

    def advance(done: int, total: int | None) -> None:
        shown.start()  # only now: its thread must not be there yet when a command forks
        shown.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        shown.stop()
