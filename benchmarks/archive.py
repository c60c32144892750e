"""What a large archive costs: storing, an unchanged crawl, searching, room on the disk, memory.

    python benchmarks/archive.py [--articles 20000] [--directory DIR]

Synthetic articles in seven languages are generated and stored with everything that a crawl stores of them: first 1,000,
then 10,000, then as many as asked for (1,000,000 in the project's goals; the default fits into a coffee break). Each
figure at the full size is printed against the same at the smaller one, a search against a LIKE scan of the archive.
What reading two texts costs is no matter of size (`benchmarks/dedup.py` has it): near-duplicates get invented keys.
Goals: storing at most 1.5 times, an unchanged crawl at most 1.2 times, a search at least 200 times faster than LIKE at
a million, peak memory flat.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from sqlite_utils import Database

from acca_crawler.items import Article, Dated, Detection, Extraction, Fact, Listed, Span
from acca_crawler.search import search
from acca_crawler.search.indexing import index_article, is_up_to_date
from storage import addresses, archive, runs, story_index, visits
from storage.database import open_archive, transaction
from storage.queries import diff
from storage.search import Filter
from storage.story_index import Fingerprint

ROOT = Path(__file__).parent
LANGUAGES = ("ru", "en", "kk", "ky", "uz", "tg", "tk")
SHARES = (40, 15, 12, 10, 12, 7, 4)
VOCABULARY, SENTENCES, SURNAMES = 30_000, 6_000, 20_000
SAMPLE, LISTED, BATCH = 300, 200, 500
OUTLETS = 50
KEYS, NAMES = 24, 10
WAY = "rest"
START = datetime(2016, 1, 1, tzinfo=UTC)


class Generator:
    """Articles that look like news to an index: Zipf's law, inflected words, names that come seldom.

    Words are taken from reports written for this project and inflected at random, so that there are as many different
    ones as in years of news; lengths are log-normal around 300 words, as news articles' are.
    """

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._sentences = {language: self._pool(language) for language in LANGUAGES}
        letters = ("ruz bek sad tur nur mam kar dav rah yul shar ibr tosh qod jum azi", "a u i o ya")
        syllables = [first + second for first in letters[0].split() for second in letters[1].split()]
        ends = ("khunov", "bekov", "liev", "tova", "dinov", "rova", "shev", "galiev")
        self.surnames = sorted(
            {
                (self._random.choice(syllables) + self._random.choice(syllables) + self._random.choice(ends)).title()
                for _ in range(SURNAMES)
            }
        )

    def _pool(self, language: str) -> list[str]:
        lines = (ROOT / "data" / "language" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        known = sorted({word.strip('.,:;«»“”"()–-!?') for line in lines for word in json.loads(line)["text"].split()})
        roots = [word.lower() for word in known if len(word) > 2]
        letters = sorted(set("".join(roots)) - set("-’ʻ'"))
        words = list(dict.fromkeys(roots))
        while len(words) < VOCABULARY:
            words.append(
                self._random.choice(roots)[:6] + "".join(self._random.choices(letters, k=self._random.randint(1, 5)))
            )
        self._random.shuffle(words)
        weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
        return [
            " ".join(self._random.choices(words, cum_weights=weights, k=self._random.randint(7, 20))).capitalize() + "."
            for _ in range(SENTENCES)
        ]

    def articles(self, first: int) -> Iterator[Article]:
        """Endlessly many, numbered from `first`."""
        number = first
        while True:
            yield self._article(number)
            number += 1

    def _article(self, number: int) -> Article:
        chance = self._random
        language = chance.choices(LANGUAGES, SHARES)[0]
        count = max(3, round(chance.lognormvariate(3.0, 0.5)))
        name = f"{chance.choice(self.surnames)}a {chance.choice(self.surnames)}"
        sentences = chance.choices(self._sentences[language], k=count)
        sentences.insert(1, f"{name} {number}.")
        text = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
        title = " ".join(chance.choice(self._sentences[language]).split()[:9])
        outlet = outlet_name(number)
        url = address(number)
        published = Dated(published_at(number), "rest", "high")
        extraction = Extraction(text, title, url, published=published, method="selectors")
        return Article(
            outlet, f"/{number}", url, (url,), extraction, _detection(title, text, number, name),
            hashlib.sha256(text.encode()).hexdigest(), language,
        )  # fmt: skip


def outlet_name(number: int) -> str:
    """The first outlet has half of all articles, as the largest agencies have."""
    return "outlet0" if number % 2 else f"outlet{number // 2 % OUTLETS}"


def published_at(number: int) -> str:
    """When an article was published: one every five minutes."""
    return (START + timedelta(minutes=5 * number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def address(number: int) -> str:
    """Where an article stands."""
    return f"https://{outlet_name(number)}.example/news/{number}"


def fingerprint(number: int) -> Fingerprint:
    """The keys of an article: some of its own, some of phrases that many share, names that few share."""
    chance = random.Random(number)
    keys = [chance.getrandbits(62) for _ in range(KEYS)] + [int(chance.paretovariate(1)) for _ in range(4)]
    names = tuple({chance.randrange(100_000) for _ in range(NAMES)})
    day = published_at(number)[:10]
    return Fingerprint(
        tuple(dict.fromkeys(keys)),
        KEYS // 3,
        names,
        day,
        chance.choice(LANGUAGES),
        outlet_name(number),
        address(number),
        (),
    )


def _detection(title: str, text: str, number: int, name: str) -> Detection:
    if number % 20:
        return Detection("ignore", reasons=("nothing was found",))
    spans = tuple(Span("text", at, at + 10, text[at : at + 10], "torture.verb") for at in (0, 30, 60))
    facts = tuple(Fact(kind, name, spans[0], text[:120]) for kind in ("person", "agency", "place", "event_date"))
    return Detection(
        "alert" if number % 100 == 0 else "digest", ("torture",), spans, (), facts, "KG", 3.0, ("torture",)
    )


@dataclass
class Filled:
    """An archive being filled, and how far it got."""

    db: Database
    file: Path
    generator: Generator
    run_id: int
    held: int = 0

    def fill(self, size: int) -> None:
        """Store articles until the archive holds `size`, many in a transaction: that is not what is measured."""
        made = self.generator.articles(self.held)
        while self.held < size:
            with transaction(self.db):
                for article in islice(made, min(BATCH, size - self.held)):
                    self._store(article)
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _store(self, article: Article) -> None:
        at = published_at(self.held)
        listed = Listed(article.url, published=at, way=WAY)
        addresses.list_address(self.db, article.outlet, WAY, article.url, listed, article.identity, at)
        stored = archive.insert_article(self.db, article, self.run_id, "2099-01-01T00:00:00Z", at)
        index_article(self.db, stored.revision_id, article.extraction.title, article.extraction.text, article.language)
        archive.record_address(self.db, article, stored.article_id, "stored", None, WAY, at)
        archive.record_fetch(self.db, article.outlet, article.url, at, None, None)
        story_index.save(self.db, stored.article_id, fingerprint(self.held))
        self.held += 1

    def near_duplicates(self) -> float:
        """Milliseconds to name the candidates of one article; every second one is a copy of a held one."""
        chance = random.Random(3)
        asked = [fingerprint(chance.randrange(self.held) if at % 2 else self.held + at) for at in range(SAMPLE)]
        return statistics.mean(_timed(story_index.candidates, self.db, one) for one in asked)

    def storing(self) -> float:
        """Milliseconds for one article in a transaction of its own, the WAL's checkpoints included."""
        made = list(islice(self.generator.articles(self.held), SAMPLE))
        start = time.perf_counter()
        for article in made:
            with transaction(self.db):
                self._store(article)
        self.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return (time.perf_counter() - start) / SAMPLE * 1e3

    def unchanged_crawl(self) -> float:
        """Milliseconds that the archive takes in a crawl that finds nothing new, best of five.

        What a crawl asks it: the last answer of the way, whether each of the listed addresses is known, what is no
        longer listed, what waits, which visits are due; and the run's own rows.
        """
        return min(self._unchanged_crawl() for _ in range(5))

    def _unchanged_crawl(self) -> float:
        outlet, at = "outlet0", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        newest = [number for number in range(self.held - 1, -1, -1) if number % 2][:LISTED]
        start = time.perf_counter()
        db = open_archive(self.file)
        run_id = runs.start_run(db, "crawl", {}, "0", at)
        with transaction(db):
            runs.start_outlet(db, run_id, outlet)
            runs.last_answer(db, outlet, WAY)
            for number in newest:
                listed = Listed(address(number), published=published_at(number), way=WAY)
                addresses.list_address(db, outlet, WAY, address(number), listed, f"/{number}", at)
            since = published_at(newest[-1])
            list(addresses.suspect_unlisted(db, outlet, WAY, at, since))
            runs.record_way(
                db, run_id, outlet, runs.WayAttempt(WAY, "https://outlet0.example/", "answered", LISTED), at
            )
            runs.finish_outlet(db, run_id, outlet, "ok", WAY, None)
        addresses.pending(db, outlet, 100)
        visits.due(db, outlet, "2000-01-01T00:00:00Z", 100)
        runs.finish_run(db, run_id, "ok", runs.Counts(), at)
        diff(db, run_id - 1)
        db.close()
        return (time.perf_counter() - start) * 1e3

    def queries(self) -> list[tuple[str, Filter]]:
        """What people ask: names, words of every frequency, both, phrases, beginnings, with and without filters."""
        chance = random.Random(2)
        asked = []
        for number in range(70):
            language = LANGUAGES[number % len(LANGUAGES)]
            words = chance.choice(self.generator._sentences[language]).rstrip(".").split()
            name, word = chance.choice(self.generator.surnames), chance.choice(words)
            kinds = (name, f"{name} {word}", " ".join(words[:2]), f'"{words[2]} {words[3]}"', f"{word[:5]}* {words[0]}")
            narrowed = Filter(since="2016-01-05", outlet="outlet0") if number % 4 == 3 else Filter()
            asked.append((kinds[number % len(kinds)], narrowed))
        return asked

    def searching(self) -> list[float]:
        """Milliseconds of each query with its twenty snippets, sorted."""
        return sorted(_timed(search, self.db, query, narrowed) for query, narrowed in self.queries())

    def scanning(self) -> float:
        """Milliseconds of a LIKE scan over the current titles and texts, median of three."""
        sql = (
            "SELECT articles.id FROM articles JOIN revisions ON revisions.id = articles.revision_id "
            "WHERE title LIKE ?1 OR text LIKE ?1"
        )
        return statistics.median(
            _timed(lambda name: self.db.execute(sql, [f"%{name}%"]).fetchall(), name)
            for name in self.generator.surnames[:3]
        )


def compare(what: str, large: float, small: float, against: str) -> None:
    """Print a figure at the full size and what it is of the same at a smaller one."""
    print(f"  {what:27}{large:9.2f}, before {small:.2f}: x{large / small:.2f} (against {against})")


def _timed(what: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    what(*arguments)
    return (time.perf_counter() - start) * 1e3


def peak_memory() -> float:
    """The most that this process ever took, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def sizes(db: Database) -> dict[str, int]:
    """Bytes of the database by what they hold."""
    found = {"all": 0, "search index": 0}
    for row in db.execute("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name"):
        found["all"] += row["bytes"]
        if row["name"].startswith("search"):
            found["search index"] += row["bytes"]
    return found


def begin(directory: Path) -> Filled:
    """An empty archive with its outlets."""
    file = directory / "acca.db"
    db = open_archive(file)
    for number in range(OUTLETS):
        runs.save_outlet(db, f"outlet{number}", "", "https://outlet.example/", "media", ("KG",), LANGUAGES)
    db.commit()
    run_id = runs.start_run(db, "crawl", {}, "0", "2026-11-22T10:00:00Z")
    return Filled(db, file, Generator(), run_id)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--directory", type=Path, help="Where the archive goes and stays; a temporary one by default.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(begin(options.directory or Path(temporary)), max(options.articles, 11_000))


def measure(filled: Filled, size: int) -> None:
    """Fill the archive, and print every figure with its ratio."""
    filled.fill(1_000)
    crawl_small = filled.unchanged_crawl()
    filled.fill(10_000)
    stored_small, copies_small, memory_small = filled.storing(), filled.near_duplicates(), peak_memory()
    start = time.perf_counter()
    filled.fill(size)
    seconds = time.perf_counter() - start
    stored, copies, memory = filled.storing(), filled.near_duplicates(), peak_memory()
    crawl = filled.unchanged_crawl()
    assert is_up_to_date(filled.db)
    print(f"{filled.held:,} articles; filled at {(size - 10_000 - SAMPLE) / seconds:,.0f}/s")
    compare("storing one article, ms", stored, stored_small, "10,000; goal 1.5")
    compare("near-duplicates of one, ms", copies, copies_small, "10,000; goal 1.5")
    compare("an unchanged crawl, ms", crawl, crawl_small, "1,000; goal 1.2")
    compare("peak memory, MB", memory, memory_small, "10,000; goal 1")
    times = filled.searching()
    p95, scan = times[int(len(times) * 0.95)], filled.scanning()
    print(f"  searching, ms              {p95:9.2f} (p95), median {statistics.median(times):.2f}, most {times[-1]:.2f}")
    print(f"  a LIKE scan, ms            {scan:9.0f}: x{scan / p95:.0f} (goal 200 at a million)")
    for what, size_of in sizes(filled.db).items():
        print(f"  bytes of {what:18}{size_of / filled.held:9,.0f} each")


if __name__ == "__main__":
    main()
