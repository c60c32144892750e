"""One story, one alert: who joins, what they are to the first reporter, and when a retelling is news."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from acca_crawler.detect.annotate import Annotated
from acca_crawler.detect.facts import facts_of
from acca_crawler.ingest import stories as deciding
from acca_crawler.ingest import story_news
from acca_crawler.items import Fact
from storage.articles.stories import story_of
from storage.schema.database import transaction
from tests.support.newsstand import Newsstand, Sample
from tests.support.story_reports import COPY, ENGLISH, EXCERPT, FLASHES, REPORT, RETELLING

KINDS = {"first", "copy", "excerpt", "rewrite", "translation"}


def test_a_copy_and_an_excerpt_join_the_story_and_raise_no_second_alert(newsstand: Newsstand) -> None:
    report, copy, excerpt = (newsstand.store(one) for one in (REPORT, COPY, EXCERPT))
    story = newsstand.story(report)
    assert story == newsstand.story(copy) == newsstand.story(excerpt)
    assert [(member.outlet, member.relation) for member in story.members] == [
        ("first", "first"), ("second", "copy"), ("third", "excerpt"),
    ]  # fmt: skip
    assert all(member.similarity > 0.9 for member in story.members)
    assert newsstand.alerts() == ["new"]
    assert (report.alert_id is not None, copy.alert_id, excerpt.alert_id) == (True, None, None)


def test_a_retelling_that_adds_something_is_an_update_that_says_what(newsstand: Newsstand) -> None:
    newsstand.store(REPORT)
    stored = newsstand.store(RETELLING)
    assert newsstand.alerts() == ["new", "update"]
    (_, member) = newsstand.story(stored).members
    news_found = {(news.kind, news.value) for news in member.news}
    assert ("stage", "denial") in news_found
    assert any(kind == "person" and "Беков" in value for kind, value in news_found)
    assert not any("Токошев" in value for _, value in news_found)
    assert newsstand.store(replace(RETELLING, outlet="second")).alert_id is None
    assert newsstand.alerts() == ["new", "update"]


def test_what_a_report_says_is_detected_once_and_saved_with_its_revision(
    newsstand: Newsstand, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [REPORT, *(replace(RETELLING, outlet=outlet, title=outlet) for outlet in ("first", "second", "third"))]
    read: list[Annotated] = []

    def counted(annotated: Annotated) -> tuple[Fact, ...]:
        read.append(annotated)
        return facts_of(annotated)

    monkeypatch.setattr(story_news, "facts_of", counted)
    for one in reports:
        newsstand.store(one)
    assert len(read) == len(reports) - 1, "the last one has no later report yet"
    rows = newsstand.db.execute("SELECT revision_id FROM revision_statements").fetchall()
    assert [row[0] for row in rows] == [1, 2, 3]


def test_the_fuller_report_first_makes_the_shorter_one_no_news(newsstand: Newsstand) -> None:
    newsstand.store(RETELLING)
    newsstand.store(REPORT)
    assert newsstand.alerts() == ["new"]


def test_an_earlier_report_found_later_never_leaves_a_member_related_to_itself(
    newsstand: Newsstand, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = newsstand.store(COPY)
    monkeypatch.setattr(deciding, "relations_to", lambda *_: iter(()))
    report = newsstand.store(REPORT)
    first, member = newsstand.story(report).members
    assert (first.article_id, member.article_id) == (report.article_id, copy.article_id)
    assert (member.relation, member.related_to) == ("copy", report.article_id)


def test_the_next_flash_after_the_same_pattern_is_another_story(newsstand: Newsstand) -> None:
    stored = [newsstand.store(flash) for flash in FLASHES]
    assert len({newsstand.story(one).id for one in stored}) == len(FLASHES)
    assert newsstand.alerts() == ["new"] * len(FLASHES)


def test_the_order_of_arrival_makes_no_difference(tmp_path: Path) -> None:
    reports = (REPORT, COPY, EXCERPT, RETELLING, ENGLISH, FLASHES[0])
    found = set()
    for number, order in enumerate(list(permutations(reports))[::47]):
        stand = Newsstand(tmp_path / f"{number}.db")
        numbers = {one: stand.store(one) for one in order}
        by_article = {stored.article_id: one.title + one.outlet for one, stored in numbers.items()}
        members = {
            (by_article[member.article_id], member.relation, member.similarity, by_article[member.related_to])
            for stored in numbers.values()
            for member in stand.story(stored).members
        }
        grouped = {frozenset(m.article_id for m in stand.story(stored).members) for stored in numbers.values()}
        assert len(grouped) == 2
        assert {stand.story(stored).id for stored in numbers.values()} == {min(group) for group in grouped}
        found.add(frozenset(members))
        stand.db.close()
    assert len(found) == 1


def test_a_report_that_names_hundreds_of_people_is_stored(newsstand: Newsstand) -> None:
    given = [
        f"{start}{end}"
        for start in ("Бек", "Нур", "Жан", "Аз", "Тал", "Эр")
        for end in ("мат", "лан", "жан", "тай", "дос")
    ]
    family = [
        f"{start}{end}"
        for start in ("Асан", "Тойч", "Сады", "Мом", "Кады")
        for end in ("ов", "беков", "алиев", "баев", "куловов")
    ]
    people = ", ".join(f"{first} {last}" for first in given for last in family)
    listed = replace(REPORT, title="Список освобождённых", text=f"На свободу вышли {people}.")
    assert newsstand.story(newsstand.store(listed)).members


@pytest.mark.parametrize("order", [(REPORT, COPY), (COPY, REPORT)])
def test_the_first_reporter_is_who_published_first(newsstand: Newsstand, order: tuple[Sample, ...]) -> None:
    stored = [newsstand.store(one) for one in order]
    assert newsstand.story(stored[0]).members[0].outlet == "first"


def test_a_date_that_lies_after_the_first_sight_is_not_credible_and_a_day_counts_from_its_end(
    newsstand: Newsstand,
) -> None:
    future = replace(REPORT, published="2027-01-01T00:00:00Z")
    day = replace(COPY, published="2026-11-19")
    hour = replace(COPY, outlet="third", published="2026-11-19T23:00:00Z")
    stored = [newsstand.store(one) for one in (future, day, hour)]
    assert [member.outlet for member in newsstand.story(stored[0]).members] == ["third", "second", "first"]


def test_a_translation_is_found_by_names_and_joins(newsstand: Newsstand) -> None:
    newsstand.store(REPORT)
    story = newsstand.story(newsstand.store(ENGLISH))
    assert [(member.language, member.relation) for member in story.members] == [("en", "first"), ("ru", "translation")]
    assert newsstand.alerts() == ["new"]


@pytest.mark.parametrize("first_links", [True, False])
def test_hreflang_links_translations_from_either_side(newsstand: Newsstand, first_links: bool) -> None:
    russian = Sample("first", "Коротко", "Задержан активист. Его избили.", identity="ru1")
    english = Sample("first", "In short", "Police beat a man they had detained.", "en", identity="en1")
    link = {"alternates": (("xx", (english if first_links else russian).url), ("x-default", "not an address"))}
    reports = (replace(russian, **link), english) if first_links else (russian, replace(english, **link))  # type: ignore[arg-type]
    stored = [newsstand.store(one) for one in reports]
    assert [member.relation for member in newsstand.story(stored[0]).members] == ["first", "translation"]


def test_a_copy_of_what_was_not_flagged_raises_its_own_alert(newsstand: Newsstand) -> None:
    quiet = Sample("first", "Выставка", "В Нарыне открыли выставку цветов, сообщила мэрия. Она продлится до пятницы.")
    grave = replace(quiet, outlet="second", text=f"{quiet.text} Художника на открытии избили сотрудники милиции.")
    newsstand.store(quiet)
    stored = newsstand.store(grave)
    assert len(newsstand.story(stored).members) == 2
    assert newsstand.alerts() == ["new"]


def test_a_report_that_links_two_stories_makes_them_one(newsstand: Newsstand) -> None:
    paragraphs = REPORT.text.split("\n\n")
    head = newsstand.store(replace(REPORT, text="\n\n".join(paragraphs[:2])))
    tail = newsstand.store(replace(REPORT, outlet="second", title="Ещё", text="\n\n".join(paragraphs[2:])))
    assert newsstand.story(head).id != newsstand.story(tail).id
    whole = newsstand.store(replace(REPORT, outlet="third", published="2026-11-19T20:00:00Z"))
    assert {member.article_id for member in newsstand.story(tail).members} == {
        head.article_id, tail.article_id, whole.article_id,
    }  # fmt: skip
    assert newsstand.story(tail).id == head.article_id
    assert newsstand.db["stories"].count == 1


def test_another_revision_stays_in_its_story(newsstand: Newsstand) -> None:
    first = newsstand.store(replace(REPORT, identity="a1"))
    newsstand.store(COPY)
    changed = newsstand.store(replace(REPORT, identity="a1", text="Сообщение удалено по просьбе читателей."))
    assert changed.outcome == "changed"
    assert newsstand.story(first).members[0].article_id == first.article_id
    assert len(newsstand.story(first).members) == 2
    assert newsstand.alerts() == ["new", "softened"]


def test_an_older_archive_is_placed_in_the_order_of_storing(newsstand: Newsstand) -> None:
    stored = [newsstand.store(one) for one in (COPY, REPORT, EXCERPT, ENGLISH, *FLASHES)]
    before = [newsstand.story(one) for one in stored]
    with transaction(newsstand.db) as db:
        for table in ("story_news", "story_members", "story_keys", "story_names", "stories"):
            db.execute(f"DELETE FROM {table}")
        db.execute("INSERT INTO story_backlog SELECT id FROM articles")
    assert story_of(newsstand.db, stored[0].article_id) is None
    assert list(deciding.bring_up_to_date(newsstand.db)) == [len(stored)]
    assert [newsstand.story(one) for one in stored] == before
    assert list(deciding.bring_up_to_date(newsstand.db)) == []
    assert newsstand.alerts().count("new") == 5


OTHER_WORDS = Sample(
    "second",
    "Нарын: подследственный скончался, родня ждёт экспертизы",
    "О кончине подследственного по имени Азамат Токошев стало известно вечером. Дело о потасовке, по которому его "
    "держали взаперти, тянется с лета.\n\nСестра Айнура говорит: на груди у брата были следы побоев. Случилось это в "
    "Нарыне.",
)


def test_what_is_told_in_other_words_joins_by_names_place_and_day(newsstand: Newsstand) -> None:
    newsstand.store(REPORT)
    stored = newsstand.store(OTHER_WORDS)
    assert [(member.outlet, member.relation) for member in newsstand.story(stored).members] == [
        ("first", "first"), ("second", "same event"),
    ]  # fmt: skip
    assert newsstand.alerts() in (["new"], ["new", "update"])


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER_WORDS, published="2026-11-22T10:00:00Z"),
        replace(OTHER_WORDS, published=None),
        replace(OTHER_WORDS, text=OTHER_WORDS.text.replace("Токошев", "Бердиев").replace("Айнура", "Гульзат")),
        replace(OTHER_WORDS, text=OTHER_WORDS.text.replace("Нарын", "Токмок"), title="Токмок: ждут экспертизы"),
    ],
    ids=["another day", "a day not known", "other people", "another place"],
)
def test_what_only_sounds_like_it_stays_its_own_story(newsstand: Newsstand, other: Sample) -> None:
    report = newsstand.store(REPORT)
    stored = newsstand.store(other)
    assert newsstand.story(stored).id != newsstand.story(report).id
