"""The operator's own terms count where two versions or two reports are compared, as they do where one is judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.newsstand import Newsstand, Sample
from tests.support.own_words import OWN

TEXT = (
    "Officers detained Azamat Tokoshev in the town of Naryn on Monday and took him to the police station. He was kept "
    "in the swallow pose there until he signed a confession, his mother Ainura says. A lawyer saw him two days later "
    "and asked for a medical examination. The prosecutor's office of Naryn has opened no case so far."
)
REPORT = Sample("first", "A man detained in Naryn signed a confession", TEXT, language="en", identity="1")


@pytest.fixture
def words(tmp_path: Path) -> tuple[Path, ...]:
    """A directory with one term of an operator's own."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.toml").write_text(OWN, encoding="utf-8")
    return (tmp_path / "words",)


def changes(newsstand: Newsstand) -> list[str]:
    """What each revision is to the one before it."""
    return [row[0] for row in newsstand.db.execute("SELECT change FROM revisions ORDER BY id").fetchall()]


def test_an_edit_that_takes_an_own_word_away_is_a_softening(newsstand: Newsstand, words: tuple[Path, ...]) -> None:
    softened = replace(REPORT, text=TEXT.replace("in the swallow pose", "in a certain way"))
    newsstand.store(REPORT, lexicons=words)
    newsstand.store(softened, lexicons=words)
    assert changes(newsstand) == ["first", "softening"]
    assert newsstand.alerts() == ["new", "softened"]


def test_without_the_own_word_the_same_edit_is_none(newsstand: Newsstand) -> None:
    newsstand.store(REPORT)
    newsstand.store(replace(REPORT, text=TEXT.replace("in the swallow pose", "in a certain way")))
    assert changes(newsstand) == ["first", "correction"]


def test_what_a_story_told_in_own_words_is_no_news(newsstand: Newsstand, words: tuple[Path, ...]) -> None:
    newsstand.store(REPORT, lexicons=words)
    copy = newsstand.store(replace(REPORT, outlet="second", title="Detained in Naryn"), lexicons=words)
    assert copy.alert_id is None
    assert newsstand.alerts() == ["new"]
