"""What a large archive costs: storing, copies, an unchanged crawl, searching, room on the disk, memory.

    python benchmarks/archive.py [--articles 20000] [--keep DIR]

Synthetic articles in seven languages (`_synthetic.py`) fill an archive of 1,000, one of 10,000 and one of the size
asked for: 1,000,000 in the project's goals, for which `_multiplying.py` makes most of the articles out of the first;
`--keep` leaves that one in a directory and uses it again the next time. What is measured is the code that a crawl runs,
with everything that it does when it stores an article: address, revision, flags, story, search index, a transaction for
each. The sizes take turns, so that a busy machine slows down both. Goals: storing an article and looking up its copies
cost at most 1.3 times of the same at 10,000, an unchanged crawl at most 1.2 times of that at 1,000, a search takes at
most a 200th of a LIKE scan, memory is the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from acca_crawler.clock import stamp, utc_stamp
from acca_crawler.crawl.run import open_run
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Listed, Page
from acca_crawler.search import search
from acca_crawler.search.indexing import bring_up_to_date, is_up_to_date
from acca_crawler.search.merging import merge_when_many
from benchmarks import _synthetic as synthetic
from benchmarks._filling import WAY, Filled, config_of, filled, list_one
from benchmarks._synthetic import SHARES, Generator
from storage.articles import story_index, visits
from storage.articles.search import SearchFilter, pieces
from storage.ledger import addresses, runs
from storage.reports.diff import diff
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb

ROUNDS, STORED_IN_A_ROUND = 8, 50
LISTED = 200
KINDS = ("a name", "a name and a word", "two words", "a phrase", "a beginning and a word", "one word")
QUERIES_OF_A_KIND = 35
SCANS = 3
SNIPPETS = 20


def store(of: Filled, generator: Generator) -> float:
    """Milliseconds to store one article, the mean over a round; every twelfth is a copy of a stored one."""
    first = of.next_number
    made = list(islice(generator.articles(first), STORED_IN_A_ROUND))
    at = synthetic.published_at(first)
    run_id = runs.start_run(of.db, "crawl", {}, "0", stamp(at))
    start = time.perf_counter()
    for one in made:
        with transaction(of.db) as db:
            list_one(db, one, at)
        with transaction(of.db) as db:
            store_article(db, one.article, Page(one.article.url, b""), run_id, WAY, at)
    deque(bring_up_to_date(of.db), maxlen=0)
    taken = time.perf_counter() - start
    runs.finish_run(of.db, run_id, "ok", runs.Counts(), utc_stamp())
    return taken / len(made) * 1e3


def look_up(of: Filled, generator: Generator) -> float:
    """Milliseconds to name the candidates for one article, the mean over a round of articles to come."""
    asked = [one.fingerprint for one in islice(generator.articles(of.next_number), STORED_IN_A_ROUND)]
    return statistics.mean(timed(story_index.candidates, of.db, one) for one in asked)


def unchanged_crawl(of: Filled, _: Generator) -> float:
    """Milliseconds of everything but the net in a crawl that finds nothing new.

    It takes the lock, opens the archive and a run, asks for the last answer of the way, whether each of the listed
    addresses is known, what was delisted, what waits and which visits are due, closes the run with its
    manifest, and tells what is new.
    """
    outlet, last = "outlet0", of.next_number
    newest = [number for number in range(last - 1, last - 2 * LISTED, -1) if number % 2][:LISTED]
    listed = [
        Listed(synthetic.address(number), published=stamp(synthetic.published_at(number)), way=WAY) for number in newest
    ]
    start = time.perf_counter()
    with open_run(of.config, "crawl", {}) as context:
        db, at = context.db, utc_stamp()
        with transaction(db):
            runs.start_outlet(db, context.run_id, outlet)
            runs.last_answer(db, outlet, WAY)
            for number, one in zip(newest, listed, strict=True):
                addresses.list_address(db, outlet, WAY, one.url, one, f"/{number}", at)
            list(addresses.suspect_unlisted(db, outlet, WAY, at, str(listed[-1].published)))
            attempt = runs.WayAttempt(WAY, "https://outlet0.example/", "answered", LISTED)
            runs.record_way(db, context.run_id, outlet, attempt, at)
            runs.finish_outlet(db, context.run_id, outlet, "ok", WAY, None)
        addresses.pending(db, outlet, 100)
        visits.due(db, outlet, stamp(synthetic.START), 100)
        diff(db, context.run_id - 1)
    return (time.perf_counter() - start) * 1e3


def queries(generator: Generator) -> list[tuple[str, str, SearchFilter]]:
    """What people ask, by kind: a word as often as texts have it, every fourth query with filters."""
    chance = random.Random(2)
    asked = []
    for number in range(QUERIES_OF_A_KIND * len(KINDS)):
        words = generator.words[list(SHARES)[number % len(SHARES)]]
        first, second, *_ = chance.choices(words.forms, cum_weights=words.weights, k=2)
        name, kind = chance.choice(generator.surnames), KINDS[number // QUERIES_OF_A_KIND]
        sentence = generator.article(chance.randrange(1_000)).article.extraction.text.split()
        query = {
            "a name": name,
            "a name and a word": f"{name} {first}",
            "two words": f"{first} {second}",
            "a phrase": f'"{sentence[1]} {sentence[2]}"',
            "a beginning and a word": f"{first[:5]}* {second}",
            "one word": first,
        }[kind]
        asked.append(
            (kind, query, SearchFilter(since="2016-01-05", outlet="outlet0") if number % 4 == 3 else SearchFilter())
        )
    return asked


def searching(db: ArchiveDb, generator: Generator) -> list[tuple[str, str, float]]:
    """Kind and text of each query, and the milliseconds that it takes with its snippets."""
    asked = queries(generator)
    return [(kind, query, timed(search, db, query, narrowed, limit=SNIPPETS)) for kind, query, narrowed in asked]


def scanning(db: ArchiveDb, generator: Generator) -> float:
    """Milliseconds of a LIKE scan over the current titles and texts, the median of a few."""
    sql = (
        "SELECT articles.id FROM articles JOIN revisions ON revisions.id = articles.revision_id "
        "WHERE title LIKE :like OR text LIKE :like"
    )
    return statistics.median(
        timed(lambda name: db.execute(sql, {"like": f"%{name}%"}).fetchall(), name)
        for name in generator.surnames[:SCANS]
    )


def memory(directory: Path) -> float:
    """The most memory, in MB, that a process takes which stores, looks up, crawls and searches in an archive."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_memory, (directory,))


def _memory(directory: Path) -> float:
    config, generator = config_of(directory), Generator()
    of = Filled(config, open_archive(config.archive_file))
    for what in (store, look_up, unchanged_crawl):
        what(of, generator)
    searching(of.db, generator)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def sizes(db: ArchiveDb) -> dict[str, int]:
    """Bytes of the database by what they hold."""
    found = {"all": 0, "search index": 0, "index of copies": 0}
    for name, size in db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
        found["all"] += size
        found["search index"] += size * name.startswith("search")
        found["index of copies"] += size * name.startswith("story_")
    return found


def timed(what: Callable[..., object], *arguments: object, **named: object) -> float:
    """Milliseconds that a call takes."""
    start = time.perf_counter()
    what(*arguments, **named)
    return (time.perf_counter() - start) * 1e3


def p95(times: Sequence[float]) -> float:
    """The time that 95 of a hundred do not exceed."""
    return sorted(times)[int(len(times) * 0.95)]


def compare(
    what: str, measured: Callable[[Filled, Generator], float], small: Filled, large: Filled, generator: Generator
) -> None:
    """Print a figure at the full size and what it is of the same at a smaller one, measured by turns."""
    measured(small, generator), measured(large, generator)
    times = [(measured(small, generator), measured(large, generator)) for _ in range(ROUNDS)]
    little, much = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"  {what:30}{much:9.2f}, at {small.held():,} {little:.2f}: x{much / little:.2f}", flush=True)


def print_search(db: ArchiveDb, generator: Generator) -> None:
    """Print the times of a search by kind of query, and of a LIKE scan."""
    searching(db, generator)
    found = searching(db, generator)
    for kind in KINDS:
        times = [taken for asked, _, taken in found if asked == kind]
        print(f"  {kind:30}{p95(times):9.2f} (p95), median {statistics.median(times):.2f}, most {max(times):.2f}")
    slow, scan = p95([taken for *_, taken in found]), scanning(db, generator)
    print(f"  all of these, ms              {slow:9.2f} (p95)")
    print(f"  a LIKE scan, ms               {scan:9.0f}: x{scan / slow:.0f} (goal: 200 at a million)")
    worst = sorted(found, key=lambda one: one[2])[-3:]
    print(f"  slowest: {'; '.join(f'{query} {taken:.0f} ms' for _, query, taken in worst)}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="Where the large archive stays, to be taken up again.")
    options = parser.parse_args()
    generator = Generator()
    synthetic.check(generator, range(3_900, 4_100))
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary), options.keep or Path(temporary), options.articles, generator)


def measure(temporary: Path, kept: Path, size: int, generator: Generator) -> None:
    """Fill the archives, and print every figure with its ratio."""
    tiny, small = filled(temporary / "tiny", 1_000), filled(temporary / "small", 10_000)
    large = filled(kept / str(size), size)
    print(f"{large.held():,} articles")
    compare("storing one article, ms", store, small, large, generator)
    compare("candidates for one, ms", look_up, small, large, generator)
    compare("an unchanged crawl, ms", unchanged_crawl, tiny, large, generator)
    for of in (small, large):
        assert is_up_to_date(of.db)
        print(f"  searching {of.held():,} articles, the index in {pieces(of.db)} pieces, ms")
        print_search(of.db, generator)
    start = time.process_time()
    if merge_when_many(large.db, lambda: True) == "merged":
        print(f"  put together as `acca run` does, in {time.process_time() - start:.0f} s of a processor")
        print(f"  searching {large.held():,} articles, the index in {pieces(large.db)} pieces, ms")
        print_search(large.db, generator)
    little, much = memory(temporary / "small"), memory(kept / str(size))
    print(f"  {'peak memory, MB':30}{much:9.0f}, at 10,000 {little:.0f}: x{much / little:.2f}")
    held = large.held()
    for what, size_of in sizes(large.db).items():
        print(f"  {f'bytes of {what}':30}{size_of / held:9,.0f} each")


if __name__ == "__main__":
    main()
