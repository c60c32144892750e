"""Response times of the review pages on a large archive against a bare Datasette table page.

The archive is synthetic: the requested number of articles and alerts, cycling through a few hundred invented texts.
Both servers run in this process and alternate, so that a busy machine slows both; the goal is three times the floor.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

import httpx
from datasette.app import Datasette

from acca_crawler.config.loading import ArchiveSection, Config
from acca_crawler.items import LANGUAGES
from acca_crawler.outlets import REGION
from acca_crawler.text.searchable import ANALYSER, searchable
from acca_crawler.web import app
from acca_crawler.web.auth.gate import cookie_name
from acca_crawler.web.site import token
from storage.articles.search import INSERT_WORDS, indexed_words
from storage.review import cases, follows, users
from storage.review import database as review_database
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb, ReviewDb

GOAL = 3.0
TEXTS = 400
CATEGORIES = ("torture", "arbitrary_detention", "death_in_custody", "attack_on_defender")
OUTLETS = 50
SYLLABLES = ("ба", "ве", "го", "ди", "жу", "за", "ки", "ло", "му", "не", "по", "ра", "си", "ту", "фе", "хо")
KNOWN = {"полиция": 100, "адвокат": 200}
"""Words that are asked for, with their place in the order of frequency: in some 10 and 5 of 100 articles."""
SEARCH = "редкослово"
PAGES = {
    "queue": "/queue",
    "queue, filtered": "/queue?view=all&country=KG&category=torture&sort=newest",
    "report": "/reports/{alerted}",
    "search, rare word": f"/search?q={SEARCH}",
    "search, two words": "/search?q=полиция+адвокат",
    "search, common word": "/search?q=полиция",
    "chart and map, filter": "/search/figures?country=KG&level=alert",
    "chart and map, common word": "/search/figures?q=полиция",
    "queue, followed": "/queue?view=followed",
    "what you follow": "/follows",
    "cases": "/cases",
    "person's page": "/cases/1",
    "region's page": "/about/region?key=naryn",
    "team": "/team",
    "the archive's page": "/acca",
}
FLOOR = "/acca/articles"
PERSONS = 5_000
"""Different persons in the alerts: with 50,000 alerts, each has ten reports over seven years."""
GIVEN = ("Азамат", "Болот", "Гульнара", "Данияр", "Елена", "Жанна", "Марат", "Нурлан", "Айгуль", "Тимур")
REGIONS = ("naryn", "osh", "karaganda", "sughd", "fergana", "mary", "almaty", "khatlon", "bukhara", "talas")
FOLLOWED = (("person", "Азамат Бабабаев"), ("region", "naryn"), ("search", "q=редкослово"))
CASES = 50


def vocabulary() -> list[str]:
    """Two thousand words, the most frequent first."""
    made = ["".join(three) for three in product(SYLLABLES, repeat=3)][:2000]
    for word, place in KNOWN.items():
        made[place] = word
    return made


def texts() -> list[tuple[str, str]]:
    """Invented titles and texts of some 600 letters, their words as frequent as words are."""
    random.seed(7)
    known = vocabulary()
    weights = [1 / (place + 1) for place in range(len(known))]
    made = []
    for number in range(TEXTS):
        words = random.choices(known, weights, k=80)
        if number == 0:
            words[9] = SEARCH
        if number % 100 == 1:
            words[30:32] = KNOWN  # both words of the search for two
        body = "\n\n".join(" ".join(words[at : at + 20]) for at in range(0, 80, 20))
        made.append((f"Материал {number}: {' '.join(words[:6])}", body))
    return made


@cache
def surnames() -> tuple[str, ...]:
    """The surnames of `PERSONS` invented persons."""
    stems = product(SYLLABLES, repeat=3)
    return tuple(f"{''.join(three)}ев".capitalize() for three in islice(stems, PERSONS // len(GIVEN)))


def person(number: int) -> str:
    """The name of one of `PERSONS` invented persons."""
    return f"{GIVEN[number % len(GIVEN)]} {surnames()[number // len(GIVEN)]}"


def rows(articles: int, alerts: int) -> Iterator[dict[str, Any]]:
    """What is stored of each article; the alerts are spread over all of them."""
    every = max(articles // alerts, 1)
    names = [person(number) for number in range(PERSONS)]
    for number in range(1, articles + 1):
        yield {
            "id": number,
            "outlet": f"outlet{number % OUTLETS}",
            "language": LANGUAGES[number % len(LANGUAGES)],
            "country": REGION[number // every % len(REGION)],
            "category": CATEGORIES[number // every % len(CATEGORIES)],
            "score": (number * 7919 % 1000) / 100,
            "at": f"20{20 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}T08:00:00Z",
            "alert": number % every == 0 and number // every <= alerts,
            "text": number % TEXTS,
            "person": names[number // every % PERSONS],
            "region": REGIONS[number // every % PERSONS % len(REGIONS)],
        }


def build(path: Path, articles: int, alerts: int) -> None:
    """Make the archive."""
    db = open_archive(path)
    made = texts()
    words = [searchable(title, text, "ru") for title, text in made]
    with transaction(db):
        db.execute(
            "INSERT INTO runs VALUES (1, 'crawl', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'ok', '[]', '0')"
        )
        db.conn.executemany(
            "INSERT INTO outlets VALUES (?, ?, 'https://x.example', 'media', '[\"KG\", \"KZ\"]', '[]')",
            [(f"outlet{number}", f"Outlet {number}") for number in range(OUTLETS)],
        )
        batch: list[dict[str, Any]] = []
        for row in rows(articles, alerts):
            batch.append(row)
            if len(batch) == 10_000:
                insert(db, batch, made, words, max(articles // alerts, 1))
                batch = []
        insert(db, batch, made, words, max(articles // alerts, 1))
    db.execute("ANALYZE")
    db.conn.commit()
    db.close()


def story_of(article_id: int, every: int) -> int:
    """The story of an article: each alert has two copies in other outlets, everything else is a story of its own."""
    after = article_id % every
    return article_id - after if article_id > every and after in (1, 2) else article_id


def insert(
    db: ArchiveDb, batch: list[dict[str, Any]], made: list[tuple[str, str]], words: list[Any], every: int
) -> None:
    """Store a batch with its flags, alerts, stories and index."""
    many = db.conn.executemany
    many(
        "INSERT INTO articles (id, outlet, identity, url, first_run_id, first_seen_at, last_seen_at) "
        "VALUES (:id, :outlet, :id || '', 'https://x.example/' || :id, 1, :at, :at)",
        batch,
    )
    many(
        "INSERT INTO revisions (id, article_id, number, run_id, stored_at, title, lead, text, authors, categories, "
        "tags, captions, alternates, language, published_at, extraction_method, change, content_sha256, row_sha256) "
        "VALUES (:id, :id, 1, 1, :at, :title, '', :body, '[]', '[]', '[]', '[]', '[]', :language, :at, 'x', 'first', "
        "hex(randomblob(32)), '')",
        [row | {"title": made[row["text"]][0], "body": made[row["text"]][1]} for row in batch],
    )
    many("UPDATE articles SET revision_id = :id WHERE id = :id", batch)
    many(
        "INSERT INTO flags (id, revision_id, run_id, level, country, score, categories, reasons, detector) VALUES "
        "(:id, :id, 1, iif(:alert, 'alert', 'ignore'), :country, :score, json_array(:category), '[\"+1 why\"]', '1')",
        batch,
    )
    alerted = [row for row in batch if row["alert"]]
    for position in range(5):
        many(
            "INSERT INTO flag_spans "
            "VALUES (:id, :position, 'for', 'text', :start, :start + 6, 'слово', 'ru.agent: x', '')",
            [row | {"position": position, "start": 10 + 20 * position} for row in alerted],
        )
    for position, (kind, detail) in enumerate((("person", "victim"), ("region", ""), ("agency", "police"))):
        many(
            "INSERT INTO flag_facts (flag_id, position, kind, value, detail, field, start, \"end\", quote, sentence) "
            "VALUES (:id, :position, :kind, :value, :detail, 'text', 0, 5, 'слово', 'слово')",
            [row | {"position": position, "kind": kind, "detail": detail, "value": row.get(kind, "милиция")}
             for row in alerted],
        )  # fmt: skip
    many(
        "INSERT INTO alerts (kind, article_id, revision_id, flag_id, run_id, created_at) "
        "VALUES ('new', :id, :id, :id, 1, :at)",
        alerted,
    )
    stories = [row | {"story": story_of(row["id"], every)} for row in batch]
    many("INSERT INTO stories SELECT :id, :id WHERE :story = :id", stories)
    many(
        "INSERT INTO story_members VALUES (:id, :story, iif(:story = :id, 'first', 'copy'), 1, :story, 1, 4, '[]')",
        stories,
    )
    many(INSERT_WORDS, [(row["id"], *indexed_words(row["at"][:7], words[row["text"]])) for row in batch])
    many("UPDATE search_documents SET analyser = ? WHERE revision_id = ?", [(ANALYSER, row["id"]) for row in batch])


def client(datasette: Datasette, **more: Any) -> httpx.AsyncClient:
    """A client of a server in this process."""
    transport = httpx.ASGITransport(datasette.app())
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=600, **more)


async def fetch(client: httpx.AsyncClient, address: str) -> float:
    """Seconds for one page, its status checked."""
    start = time.perf_counter()
    answer = await client.get(address)
    taken = time.perf_counter() - start
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    assert "/search?" not in address or "/reports/" in answer.text, f"{address} finds nothing"
    return taken


def prepare(db: ReviewDb, every: int, at: str) -> None:
    """Follow a person, a region and a search, and open cases with all reports of a person each."""
    for kind, key in FOLLOWED:
        follows.add(db, "bench", kind, key, key, at)
    for number in range(CASES):
        reports = [every * (number + PERSONS * turn) for turn in range(10) if number + PERSONS * turn]
        known = db.execute(f"SELECT id FROM archive.articles WHERE id IN ({', '.join(map(str, reports))})").fetchall()
        cases.open_case(db, person(number), [row[0] for row in known], "bench", "", at)


async def measure(directory: Path, every: int, rounds: int) -> dict[str, list[float]]:
    """The seconds of every page and of the floor, taken in turns."""
    config = Config(archive=ArchiveSection(directory=directory))
    start = time.perf_counter()
    ours, site = app.build(config)
    print(f"start of the server, which takes in every alert that is new: {time.perf_counter() - start:.1f} s")
    db = review_database.connect(config.people_file, config.archive_file)
    if users.find_user(db, "bench") is None:
        users.add_user(db, "bench", "lead", None, site.stamp())
        prepare(db, every, site.stamp())
    session = token()
    users.begin_session(db, "bench", session, site.stamp(), site.stamp(hours=1))
    db.close()
    bare = Datasette([str(config.archive_file)])
    kept = {cookie_name(False): session}
    seconds: dict[str, list[float]] = {name: [] for name in ("floor", *PAGES)}
    async with client(ours, cookies=kept) as our, client(bare) as their:
        for turn in range(rounds + 1):
            for name, address in PAGES.items():
                taken = await fetch(our, address.format(alerted=every * (turn + 1)))
                floor = await fetch(their, FLOOR)
                if turn:  # the first turn warms both up
                    seconds[name].append(taken)
                    seconds["floor"].append(floor)
    site.store.close()
    return seconds


def main() -> None:
    """Build the archive, measure, and print each page's ratio to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--alerts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", type=Path, help="build the archive here, or use the one that is here")
    given = parser.parse_args()
    directory = given.keep or Path(tempfile.mkdtemp(prefix="acca-web-"))
    path = directory / "acca.db"
    try:
        if not path.exists():
            start = time.perf_counter()
            build(path, given.articles, given.alerts)
            size = path.stat().st_size / 2**20
            took, size = time.perf_counter() - start, path.stat().st_size / 2**20
            print(f"{given.articles:,} articles, {given.alerts:,} alerts, {size:,.0f} MiB: built in {took:.0f} s")
        seconds = asyncio.run(measure(directory, max(given.articles // given.alerts, 1), given.rounds))
    finally:
        if not given.keep:
            shutil.rmtree(directory)
    floor = statistics.median(seconds["floor"])
    print(f"{'bare Datasette table page':28}{floor * 1000:8.0f} ms")
    for name in PAGES:
        taken = statistics.median(seconds[name])
        print(f"{name:28}{taken * 1000:8.0f} ms   ratio {taken / floor:5.2f}   (goal: under {GOAL:g})")


if __name__ == "__main__":
    main()
