"""`acca lexicon learn`: proposals from decisions, measured on those held out, written only after a yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.clock import utc_stamp
from acca_crawler.detect import Detector
from acca_crawler.detect.lexicon import terms_for
from acca_crawler.learning.lexicon_file import write_terms
from storage.review import queue_refresh, reviews, users
from storage.review.database import open_people
from storage.review.reviews import Decision
from tests.support.newsstand import Newsstand, Sample

WRESTLERS = ("Айбек Сыдыков", "Нурлан Беков", "Эрлан Асанов", "Талант Ормонов", "Марат Исаев", "Улан Кадыров",
             "Самат Алиев", "Канат Осмонов", "Руслан Токтогулов")  # fmt: skip
VICTIMS = ("Азамат Токошев", "Бакыт Эшимов", "Данияр Жумаев", "Арсен Касымов", "Кубат Мамытов", "Жаныш Бердиев")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An archive with alerts about a wrestling hold, all false, and about beatings, all confirmed."""
    (tmp_path / "archive").mkdir()
    stand = Newsstand(tmp_path / "archive" / "acca.db")
    right, wrong = [], []
    for number, name in enumerate(WRESTLERS):
        text = (
            f"На турнире милиции соперника {name} ждала пытка болевым приёмом. Сотрудники милиции аплодировали, "
            f"пытка болевым приёмом длилась {number + 20} секунд, сообщила пресс-служба."
        )
        wrong.append(
            stand.store(Sample("first", f"Турнир номер {number + 70}", text, published=f"2026-10-{number + 1:02}"))
        )
    for number, name in enumerate(VICTIMS):
        text = (
            f"В изоляторе города сотрудники милиции пытали задержанного. {name} рассказал адвокату, что его избили "
            f"дубинками и {number + 30} часов держали без воды."
        )
        right.append(stand.store(Sample("second", f"{name}: пытки", text, published=f"2026-09-{number + 1:02}")))
    stand.db.close()
    db = open_people(tmp_path / "archive" / "people.db", tmp_path / "archive" / "acca.db")
    users.add_user(db, "aigul", "monitor", None, "2026-11-01T00:00:00Z")
    queue_refresh.refresh(db)
    for stored in wrong + right:
        if stored.alert_id is not None:
            outcome = (
                Decision("false_alarm", "aigul", reason="not_about_this")
                if stored in wrong
                else Decision("confirm", "aigul")
            )
            reviews.decide(db, stored.article_id, outcome, None, utc_stamp(), False)
    db.close()
    (tmp_path / "acca.toml").write_text('[detect]\nlexicon_directory = "words"\n')
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.toml").write_text('kind = "lexicon"\nlang = "en"\n')
    return tmp_path


def acca(desk: Path, *arguments: str, code: int = 0) -> str:
    """Run the command in the operator's directory."""
    done = CliRunner().invoke(main, ["--config", str(desk / "acca.toml"), *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_what_is_proposed_is_shown_on_held_out_decisions_and_written_only_after_a_yes(desk: Path) -> None:
    shown = acca(desk, "lexicon", "learn")
    assert "held out" in shown
    assert "mask (ru): “пытка болевым”, in 6 false alarms and no confirmed report" in shown
    assert "3 of 3 false alarms would fall silent" in shown
    assert "милиции" not in shown
    assert "0 of 2 confirmed reports would be LOST" in shown
    assert "Nothing was written." in shown
    assert not (desk / "words" / "ru-learned.toml").exists()

    assert "written: " in acca(desk, "lexicon", "learn", "--yes")
    assert "0 problems" in acca(desk, "lexicon", "check")
    text = "Милиция показала: пытка болевым приёмом длилась минуту."
    again = desk / "words" / ".." / "words"  # a process reads a directory's terms once
    learnt, ours = Detector((again,)), Detector()
    assert any("ru.torture" in span.rule for span in ours.detect(text, language="ru").spans)
    assert not any("ru.torture" in span.rule for span in learnt.detect(text, language="ru").spans)


def test_status_tells_the_weeks_precision(desk: Path) -> None:
    line = next(line for line in acca(desk, "status").splitlines() if line.startswith("decided in 7 days"))
    assert "alerts confirmed; lowest by rule: ru." in line
    assert "lowest by outlet: first 0 of" in line


def test_a_weaker_term_replaces_ours_of_its_name(tmp_path: Path) -> None:
    ours = next(term for term in terms_for("ru") if term.name == "ru.torture: пытка")
    write_terms(tmp_path, [replace(ours, strength=1)])
    write_terms(tmp_path, [replace(ours, strength=2)])
    (found,) = [term for term in terms_for("ru", (tmp_path,)) if term.name == ours.name]
    assert (found.strength, found.pattern, found.gloss) == (2, ours.pattern, ours.gloss)


def test_without_decisions_nothing_is_proposed(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    Newsstand(tmp_path / "archive" / "acca.db").db.close()
    (tmp_path / "acca.toml").write_text("")
    assert "Nothing is proposed." in acca(tmp_path, "lexicon", "learn")
