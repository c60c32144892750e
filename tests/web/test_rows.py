"""A row of the queue answers what a monitor asks: what, to whom, where, by whom, who says so, and how often before."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from acca_crawler.items import Detection, Fact, Span
from acca_crawler.search.indexing import index_recent
from acca_crawler.web.row_source import sources
from storage.articles import write
from storage.review.row_facts import KeyFact, KeyWord
from storage.schema.database import open_archive, transaction
from tests.support import articles
from tests.support.archive import AT
from tests.web.conftest import Server
from tests.web.test_stories import plain

TEXT = (
    "Bolot Temirbaev, 45, was given electric shocks in the Naryn remand prison, his lawyer told reporters. "
    "The police denied it."
)


def span(quote: str) -> Span:
    """The place of these words in the text."""
    at = TEXT.index(quote)
    return Span("text", at, at + len(quote), quote, "x")


def fact(kind: str, value: str, quote: str, detail: str = "") -> Fact:
    """A fact with its sentence."""
    sentence = next(one for one in re.split(r"(?<=\.) ", TEXT) if quote in one)
    return Fact(kind, value, span(quote), sentence, detail)


def term(quote: str, rule: str, gloss: str) -> Span:
    """A lexicon's term in the text."""
    at = TEXT.index(quote)
    return Span("text", at, at + len(quote), quote, rule, gloss)


def aged(fact: Fact, year: int) -> Fact:
    """The fact with the man's age in that year."""
    return replace(fact, sentence=fact.sentence.replace("45", str(year - 1981)))


def store(path: Path, key: str, day: str) -> int:
    """Store a report about one man; returns its number."""
    facts: tuple[Fact, ...] = (
        fact("person", "Bolot Temirbaev", "Bolot Temirbaev", "victim"), fact("place", "Naryn remand prison",
        "Naryn remand prison", "place of custody"), fact("region", "naryn", "Naryn", "KG"),
        fact("agency", "police", "police", "police"), fact("stage", "denial", "denied"),
        fact("stage", "allegation", "told reporters"),
    )  # fmt: skip
    terms = (
        term("electric shocks", "en.method: current", "electric shock"),
        term("told reporters", "en.allegation: says", "alleges, complains"),
        term("lawyer", "en.victim_role: lawyer", "lawyer"),
    )
    facts = tuple(aged(one, int(day[:4])) for one in facts)
    detection = Detection("alert", ("attack_on_defender", "torture"), terms, (), facts, "KG", 0.91)
    made = articles.article(
        "acca", key, f"Report {key}", f"{TEXT}\n\nHe was held on {day}.", detection, sha256=f"{int(day[:4]):064x}",
        language="en",
        published=f"{day}T08:00:00Z", path=key,
    )  # fmt: skip
    db = open_archive(path)
    with transaction(db):
        stored = write.insert_article(db, made, 1, None, AT)
        index_recent(db)
    db.close()
    return stored.article_id


@pytest.fixture
def numbers(server: Server) -> list[int]:
    """Three reports over the years about one man, the oldest first."""
    return [store(server.config.archive_file, f"row{day}", day) for day in ("2023-03-18", "2024-05-01", "2026-11-19")]


def line_of(server: Server, number: int, language: str = "en") -> str:
    """The composed line of a story in the queue, as it is read."""
    browser = server.browser("monitor")
    browser.http.headers["accept-language"] = language
    row = browser.get("/queue?country=KG").text.partition(f"/reports/{number}?")[2]
    return plain(re.findall(r'<p class="summary">(.*?)</p>', row, re.DOTALL)[0])


def test_a_row_says_what_to_whom_where_by_whom_and_who_says_so(server: Server, numbers: list[int]) -> None:
    assert line_of(server, numbers[2]) == (
        "Torture: electric shock · Bolot Temirbaev , 45 · Naryn remand prison (Naryn, Kyrgyzstan) · police · "
        "source: lawyer · denial · 2 earlier reports, the first on 18 Mar 2023"
    )
    assert "earlier" not in line_of(server, numbers[0])
    assert line_of(server, numbers[1]).endswith("1 earlier report, the first on 18 Mar 2023")


def test_a_region_named_elsewhere_is_not_that_of_the_place(server: Server, numbers: list[int]) -> None:
    db = sqlite3.connect(server.config.archive_file)
    db.execute("UPDATE flag_facts SET start = 120, \"end\" = 125 WHERE kind = 'region'")
    db.commit()
    db.close()
    assert " · Naryn remand prison (Kyrgyzstan) · Naryn · police · " in line_of(server, numbers[2])


def test_a_row_speaks_russian(server: Server, numbers: list[int]) -> None:
    line = line_of(server, numbers[2], "ru")
    assert line.startswith("Пытки: ") and "Кыргызстан" in line and "источник: адвокат" in line
    assert line.endswith("2 более ранних материала, первый — 18 мар. 2023")


def test_a_row_without_facts_names_act_and_country(server: Server) -> None:
    assert line_of(server, 1) == "Torture · Kyrgyzstan"


def test_a_day_without_a_year_is_a_day(server: Server) -> None:
    """Also one that no calendar has, which earlier releases stored: neither may take the whole queue away."""
    db = sqlite3.connect(server.config.archive_file)
    db.execute(
        "INSERT INTO flag_facts SELECT flags.id, 9, 'event_date', iif(article_id = 1, '--10-03', '2026-11-31'), '', "
        "'text', 0, 4, '', '' FROM flags JOIN articles USING (revision_id) JOIN alerts USING (revision_id)"
    )
    db.commit()
    db.close()
    assert line_of(server, 1).endswith(" · 3 Oct")
    assert "<strong>3 Oct</strong>" in server.browser("monitor").get("/reports/1").text
    assert "2026-11-31" in server.browser("monitor").get("/queue?country=UZ").text


def test_the_score_is_told_on_hover(server: Server, numbers: list[int]) -> None:
    row = server.browser("monitor").get("/queue").text.partition(f"/reports/{numbers[2]}?")[2]
    assert 'title="Probability that the detection is right: 0.91"' in row.partition("</div>")[0]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("His mother told reporters.", (("mother", "relative", "relatives"), ("told reporters", "allegation", "says")),
         ["relative"]),
        ("According to Sartova, the brothers were beaten.", (("According to", "allegation", "says"),
         ("brothers", "relative", "relatives")), []),
        ("По словам Сартовой, братьев избили.", (("По словам", "allegation", "says"),
         ("братьев", "relative", "relatives")), []),
        ("No lawyer was let in. According to police he fell.", (("lawyer", "victim_role", "lawyer"),
         ("According to", "allegation", "says")), []),
        ("According to his lawyer, he fell.", (("According to his lawyer", "allegation", "says"),
         ("lawyer", "victim_role", "lawyer (usually present as counsel, not victim)")), ["lawyer"]),
        ("A lawyer was jailed.", (("lawyer", "victim_role", "lawyer"),), []),
    ],
)  # fmt: skip
def test_a_source_stands_beside_what_it_says(
    text: str, terms: tuple[tuple[str, str, str], ...], expected: list[str]
) -> None:
    words = [
        KeyWord("text", text.index(quote), text.index(quote) + len(quote), f"en.{group}: x", gloss)
        for quote, group, gloss in terms
    ]
    assert sources(words, (), {"text": text}) == expected


def test_a_source_may_stand_before_the_name_of_its_client() -> None:
    text = "Адвокат Нурбека Асанбаева подал жалобу."
    words = [KeyWord("text", 0, 7, "ru.victim_role: адвокат", "lawyer"),
             KeyWord("text", 32, 38, "ru.allegation: жалоба", "complaint, appeal")]  # fmt: skip
    client = KeyFact("person", "Нурбек Асанбаев", "victim", "text", 8, 25)
    assert sources(words, (client,), {"text": text}) == ["lawyer"]
