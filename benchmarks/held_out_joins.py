"""How right joins are of outlets and months that nothing was fitted to.

    python -m benchmarks.held_out_joins STREAMS JUDGED_PAIRS [--as-crawled] [--times COUNT]

The judged joins are left out a part at a time: an outlet, or a month of an outlet with two editions, in both of them
and in the judged pairs. Weights are fitted and thresholds chosen (`_thresholds`) without the part, and say which of its
joins are made: of two reports alone, without what else the archive held. Those across languages are decided by the
bundled weights. Earlier weights made the joins, which hold their mistakes: of joins as they come, more are right.
With `--as-crawled` reports of streams without dates are as far apart as their outlets publish, instead of ten minutes:
of those that lie weeks apart none is made. With `--times` each further time leaves another tenth of the events out of
what is fitted and chosen: how far the figure depends on what happened to be read.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, pstdev
from typing import NamedTuple

from acca_crawler.dedup.document import Document
from benchmarks._fitting import Sample, invented_within
from benchmarks._thresholds import Case, cases_of, fitted_to, made_of, thresholds_for
from benchmarks.dedup import judged_pairs
from benchmarks.joins import joins_read

_BY_MONTH = "gazeta"
"""What the outlet is called whose joins are left out by month."""
_SHARE_LEFT_OUT = 10
"""One in so many events is left out each further time."""


class Kept(NamedTuple):
    """Of judged joins, how many right and wrong ones are made, and how many are right."""

    right: int
    wrong: int
    to_be_found: int

    @property
    def precision(self) -> float:
        """The share of those made that are right."""
        return self.right / (self.right + self.wrong)

    def __str__(self) -> str:
        made = self.right + self.wrong
        return f"{self.right} of {made} right, {self.right} of {self.to_be_found} right ones made"


def held_out(cases: Sequence[Case], known: Sequence[Case], invented: Sequence[Sample]) -> Iterator[tuple[str, Kept]]:
    """Each part with what weights and thresholds make of its joins that are fitted to those known of other parts."""
    for part in sorted({part_of(case.pair.a) for case in cases if case.join}):
        others = [case for case in known if part_of(case.pair.a) != part]
        left_out = [case for case in cases if case.join and part_of(case.pair.a) == part]
        within, again = thresholds_for(others, invented)
        joined = made_of(left_out, fitted_to(others, invented))
        made = [case.pair.one for case, probability, sure in joined if probability >= within and sure >= again]
        yield part, Kept(sum(made), len(made) - sum(made), sum(case.pair.one for case in left_out))


def part_of(report: Document) -> str:
    """What a report is left out with."""
    if report.outlet.removeprefix("ru_").removeprefix("uz_").startswith(_BY_MONTH):
        return f"{_BY_MONTH} {str(report.published)[:7]}"
    return report.outlet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--as-crawled", action="store_true", help="streams without dates as far apart as published")
    parser.add_argument("--times", type=int, default=1, help="each but the first without a tenth of the events")
    options = parser.parse_args()
    cases = cases_of(list(judged_pairs(options.pairs)), joins_read(options.streams), options.as_crawled)
    invented, events = list(invented_within()), sorted({case.event for case in cases})
    all_times = []
    for time in range(options.times):
        unknown = set(random.Random(time).sample(events, len(events) // _SHARE_LEFT_OUT)) if time else set()
        parts = []
        for part, kept in held_out(cases, [case for case in cases if case.event not in unknown], invented):
            if not time:
                print(f"{part}: {kept}", flush=True)
            parts.append(kept)
        whole = Kept(*map(sum, zip(*parts, strict=True)))
        print(f"all: {whole}, precision {whole.precision:.3f}", flush=True)
        all_times.append(whole)
    right, precision = [one.right for one in all_times], [one.precision for one in all_times]
    if options.times > 1:
        print(f"{options.times} times: {fmean(right):.0f} right ones made (standard deviation {pstdev(right):.1f}),",
              f"precision {fmean(precision):.3f} ({pstdev(precision):.4f})")  # fmt: skip


if __name__ == "__main__":
    main()
