"""The invented articles: enough of them, of every sort that the work meets, on both days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.samples import Clocks, Post, load
from acca_crawler.newsroom.sites import SITES
from acca_crawler.newsroom.sites.acca_pages import blog

CLOCKS = Clocks.starting(date(2026, 9, 1))


def everything() -> list[Post]:
    return [post for site in SITES for post in load(site.name)]


def test_acca_has_forty_articles_in_two_languages_most_of_them_not_about_torture() -> None:
    posts = Newsroom(today=date(2026, 9, 1)).posts("acca", 1)
    languages = Counter(post.language for post in posts)
    levels = Counter(post.level for post in posts)
    assert len(posts) >= 40
    assert min(languages["en"], languages["ru"]) >= 15
    assert levels["alert"] >= 8
    assert levels["ignore"] > levels["alert"] + levels["digest"]


def test_the_first_day_has_every_kind_of_alert_and_of_trap() -> None:
    labels = {label for post in Newsroom(today=date(2026, 9, 1)).posts("acca", 1) for label in post.labels}
    assert labels >= {"torture_act", "death_custody", "arb_detention", "disappearance", "custody_conditions"}
    assert labels >= {"accountability", "denial", "punitive_conviction", "attack_media_law"}
    assert labels >= {"ordinary_crime_arrest", "homonym_delay", "metaphor", "asset_or_cargo", "homonym"}
    assert labels >= {"plain_police", "foreign_event", "stats_policy", "commemoration", "private_violence"}


def test_the_second_day_brings_takes_and_changes() -> None:
    changes = Newsroom(today=date(2026, 9, 1)).changes("acca")
    assert len(changes.new) >= 5
    assert sum(post.level == "alert" for post in changes.new) == 3
    assert [post.level for post in changes.edited] == ["alert", "ignore"]
    assert sorted(post.level for post in changes.removed) == ["alert", "ignore"]
    assert len(changes.republished) == 1


def test_the_softened_report_lost_its_act() -> None:
    newsroom = Newsroom(today=date(2026, 9, 1))
    before = next(post for post in newsroom.posts("acca", 1) if post.id == 14205)
    after = next(post for post in newsroom.posts("acca", 2) if post.id == 14205)
    assert "beat him" in before.title and "beat him" in before.text
    assert "beat" not in after.title + after.text
    assert after.modified > before.modified == before.published == after.published


def test_copies_repeat_most_of_the_original() -> None:
    originals = {f"{post.site}:{post.id}": post for post in everything()}
    copies = [post for post in everything() if post.copy_of]
    assert len(copies) >= 3
    for copy in copies:
        assert copy.copy_of is not None
        original = set(originals[copy.copy_of].text.split("\n\n"))
        kept = [paragraph for paragraph in copy.text.split("\n\n") if paragraph in original]
        assert len(kept) / len(copy.text.split("\n\n")) > 0.9


def test_a_flash_of_two_sentences_and_long_reports() -> None:
    lengths = [len(post.text.split()) for post in load("acca")]
    assert min(len(post.text.split()) for post in load("acca") if post.level == "alert") < 30
    assert sum(length >= 180 for length in lengths) >= 3
    assert max(lengths) <= 450


def test_every_category_belongs_to_the_vocabulary() -> None:
    for post in load("acca"):
        assert len(blog().categories_of(post)) == len(post.categories) > 0


def test_translations_point_at_each_other() -> None:
    by_id = {post.id: post for post in load("acca")}
    pairs = [(post, by_id[post.translation]) for post in by_id.values() if post.translation]
    assert pairs
    for post, other in pairs:
        assert other.translation == post.id
        assert other.language != post.language


def test_the_text_leaves_captions_and_read_also_lines_out() -> None:
    post = next(post for post in load("acca") if post.id == 14212)
    assert "Illustrative photo" in post.body and "Illustrative photo" not in post.text
    assert "Read also" in post.body and "Read also" not in post.text
    assert "“No violations were found”" in post.text.split("\n\n")


def test_all_is_older_than_its_day_and_fixed_by_the_calendar() -> None:
    for day in (1, 2):
        clock = CLOCKS.at(day)
        for post in everything():
            shown = post.on(day, CLOCKS)
            if shown:
                assert shown.published <= shown.modified < clock
    assert Newsroom(today=date(2026, 9, 1)).posts("acca") == Newsroom(today=date(2026, 9, 1)).posts("acca")


@pytest.mark.parametrize("site", [site.name for site in SITES])
def test_without_a_calendar_the_papers_are_fresh_and_never_from_the_future(site: str) -> None:
    newsroom = Newsroom()
    now = datetime.now(UTC)
    assert now - timedelta(days=2) < newsroom.posts(site)[0].published < now
    before = datetime.now(UTC).replace(microsecond=0)
    newsroom.set_day(2)
    newest = newsroom.posts(site)[0]
    assert newest.first_day == 2
    assert before - timedelta(hours=1) < newest.published <= datetime.now(UTC)


def test_an_edit_that_replaces_nothing_is_refused() -> None:
    post = next(post for post in load("acca") if post.edits)
    edit = post.edits[0]
    broken = type(edit)(edit.day, edit.hours_before, (("words that are nowhere", ""),))
    with pytest.raises(ValueError, match="words that are nowhere"):
        replace(post, edits=(broken,)).on(2, CLOCKS)


def test_unknown_days_and_sites_are_refused() -> None:
    with pytest.raises(ValueError, match="days 1 and 2"):
        Newsroom(day=3)
    with pytest.raises(ValueError, match="nowhere"):
        Newsroom(sites=["nowhere"])
