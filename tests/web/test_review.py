"""A morning's work: the queue, a report, decisions, undoing, a second person, two at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from storage.review import database as review_database
from storage.review import users
from storage.schema.database import open_archive, transaction
from tests.support.archive import BEATEN, RUSSIAN, Sample, add, revise
from tests.web.conftest import Browser, Server


def titles(browser: Browser, query: str = "") -> list[str]:
    """The titles the queue lists, in order."""
    return re.findall(r"data-open>([^<]+)</a>", browser.get(f"/queue?{query}").text)


def status(browser: Browser, article_id: int) -> str:
    """The status shown on a report's page."""
    found = re.search(r'class="status status-(\w+)"', browser.get(f"/reports/{article_id}").text)
    assert found is not None
    return found[1]


def entries(server: Server) -> int:
    """How many entries were ever written."""
    with sqlite3.connect(server.config.people_file) as db:
        count: int = db.execute("SELECT count(*) FROM reviews").fetchone()[0]
    return count


def test_the_queue_lists_alerts_and_nothing_else(monitor: Browser) -> None:
    assert titles(monitor) == [
        "Detainee beaten at the Zhana police station",
        "Задержан Марат Примеров",
        "Кармалган киши кыйноого кабылганын айтты",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=UZ", [2]),
        ("language=ky", [3]),
        ("outlet=other", [3]),
        ("category=arbitrary_detention", [2]),
        ("level=alert", [1, 2, 3]),
        ("level=digest", []),
        ("since=2026-11-20", []),
        ("until=2026-11-19", [1, 2, 3]),
        ("sort=oldest", [1, 2, 3]),
        ("sort=newest", [3, 2, 1]),
        ("country=UZ&language=en", []),
        ("view=mine", []),
        ("view=all", [1, 2, 3]),
    ],
)
def test_the_queue_can_be_filtered_and_sorted(monitor: Browser, query: str, found: list[int]) -> None:
    listed = re.findall(r'href="/reports/(\d+)[^"]*" lang', monitor.get(f"/queue?{query}").text)
    assert [int(number) for number in listed] == found


def test_the_queue_counts(monitor: Browser) -> None:
    page = monitor.get("/queue").text
    assert re.findall(r'class="count">(\d+)', page) == ["3", "0", "0", "0", "3"]
    assert "Kyrgyzstan (2)" in page
    assert "Uzbekistan (1)" in page
    monitor.decide(1, "confirm")
    assert re.findall(r'class="count">(\d+)', monitor.get("/queue").text) == ["2", "0", "0", "0", "3"]
    assert "Kyrgyzstan (1)" in monitor.get("/queue").text


def test_the_report_page_shows_what_the_archive_knows(monitor: Browser) -> None:
    page = monitor.get("/reports/1").text
    for part in (
        "Detainee",
        '<mark class="for" id="w0" title="beating: beaten up (en.beating: beaten)">beaten</mark>',
        '<mark class="against" id="w1"',
        "+2.0 violence and a state agent in one sentence",
        "Asel Example",
        "https://acca.example/1",
        "Share this",
        "share-bar",
        "alert 1, new",
    ):
        assert part in page, part


def test_names_and_titles_are_romanised(monitor: Browser) -> None:
    assert "Zaderzhan Marat Primerov" in monitor.get("/reports/2").text


def test_deciding_words_are_glossed_in_the_readers_language(server: Server) -> None:
    monitor = server.browser("monitor")
    assert "beaten up" in monitor.get("/reports/3").text
    monitor.submit("/queue", "/language", language="ru", next="/queue")
    page = monitor.get("/reports/3").text
    assert 'title="избиение (ky.beating: кыйноого)"' in page  # "beaten up" is not a gloss of the lexicon
    assert "насилие и представитель государства в одном предложении" in page
    assert "(родственник)" in page


def test_foreign_text_names_its_language(monitor: Browser) -> None:
    page = monitor.get("/reports/3").text
    assert '<h1 lang="ky"' in page
    assert '<div class="text" lang="ky"' in page


def test_deciding_leads_to_the_next_report_and_can_be_undone(server: Server) -> None:
    monitor = server.browser("monitor")
    answer = monitor.decide(1, "confirm", note="two sources", back="country=KG")
    assert answer.headers["location"] == "/reports/3?country=KG&done=1"
    shown = monitor.get(answer.headers["location"]).text
    assert "Report #1: you confirmed." in shown
    assert status(monitor, 1) == "confirmed"
    assert titles(monitor)[0] == "Задержан Марат Примеров"
    undo = re.search(r'name="undoes" value="(\d+)"', shown)
    assert undo is not None
    assert monitor.decide(1, "undo", undoes=undo[1]).status_code == 303
    assert status(monitor, 1) == "new"
    history = monitor.get("/reports/1").text
    assert "two sources" in history
    assert "undid a decision" in history
    assert entries(server) == 2


@pytest.mark.parametrize(
    ("verdict", "fields", "after"),
    [
        ("confirm", {}, "confirmed"),
        ("watch", {}, "watch"),
        ("second_pair", {}, "second"),
        ("false_alarm", {"reason": "abroad"}, "false_alarm"),
        ("duplicate_of", {"duplicate_of": "#2"}, "duplicate"),
        ("note", {"note": "a thought"}, "new"),
    ],
)
def test_every_verdict(server: Server, verdict: str, fields: dict[str, str], after: str) -> None:
    monitor = server.browser("monitor")
    assert monitor.decide(1, verdict, **fields).status_code == 303
    assert status(monitor, 1) == after
    if after not in ("new", "second"):
        assert monitor.decide(1, "reopen").status_code == 303
        assert status(monitor, 1) == "reopened"


def test_the_last_decision_leads_back_to_the_queue(monitor: Browser) -> None:
    answer = monitor.decide(2, "watch", back="country=UZ")
    assert answer.headers["location"] == "/queue?country=UZ&done=1"
    assert "No story matches the filters" in monitor.get(answer.headers["location"]).text
    assert "you put on watch" in monitor.get(answer.headers["location"]).text


def test_entries_can_not_be_changed_or_removed(server: Server) -> None:
    server.browser("monitor").decide(1, "confirm")
    with sqlite3.connect(server.config.people_file) as db:
        for sql in ("UPDATE reviews SET verdict = 'watch'", "DELETE FROM reviews"):
            with pytest.raises(sqlite3.IntegrityError, match="only added"):
                db.execute(sql)


def test_two_reviewers_at_once_see_that_it_changed(server: Server) -> None:
    first, second = server.browser("monitor"), server.browser("second")
    opened = second.get("/reports/1").text
    token = re.findall(r'name="csrftoken" value="([^"]+)', opened)[0]
    revision = re.findall(r'name="seen_revision" value="(\d+)', opened)[0]
    first.decide(1, "confirm")
    fields = {
        "csrftoken": token,
        "verdict": "false_alarm",
        "reason": "history",
        "note": "my long note",
        "seen_review": "0",
        "seen_revision": revision,
    }
    answer = second.request("POST", "/reports/1/decide", data=fields)
    assert answer.status_code == 409
    assert "This story changed while you were reading" in answer.text
    assert "monitor changed this while you were reading" in answer.text
    assert "my long note</textarea>" in answer.text
    assert entries(server) == 1
    again = re.findall(r'name="seen_review" value="(\d+)', answer.text)[0]
    assert second.request("POST", "/reports/1/decide", data=fields | {"seen_review": again}).status_code == 303


def test_a_revision_in_between_is_shown(server: Server) -> None:
    monitor = server.browser("monitor")
    opened = monitor.get("/reports/1").text
    token = re.findall(r'name="csrftoken" value="([^"]+)', opened)[0]
    revise(server.config.archive_file, BEATEN, 1, "The report was withdrawn. Nobody was beaten.")
    answer = monitor.request(
        "POST",
        "/reports/1/decide",
        data={"csrftoken": token, "verdict": "confirm", "seen_review": "0", "seen_revision": "1"},
    )
    assert answer.status_code == 409
    assert "this story has changed since you opened it" in answer.text


def test_a_note_never_collides(server: Server) -> None:
    first, second = server.browser("monitor"), server.browser("second")
    first.decide(1, "note", note="one")
    assert second.decide(1, "note", note="two", seen_review="0").status_code == 303


def test_a_revision_reopens_and_shows_the_change(server: Server) -> None:
    monitor = server.browser("monitor")
    monitor.decide(1, "confirm")
    revise(server.config.archive_file, BEATEN, 1, BEATEN.text.replace("beaten by officers", "in a quarrel"))
    assert "Detainee beaten at the Zhana police station" in titles(monitor)
    assert status(monitor, 1) == "reopened"
    page = monitor.get("/reports/1").text
    assert "Changed since the decision" in page
    changed = re.sub(r"<[^>]+>", "", "".join(re.findall(r"<del>.*?</del>", page)))
    assert "beaten" in changed
    assert re.search(r"<ins>.*quarrel.*</ins>", page)


def test_an_alert_raised_by_a_later_crawl_is_in_the_queue(server: Server) -> None:
    monitor = server.browser("monitor")
    assert len(titles(monitor)) == 3
    db = open_archive(server.config.archive_file)
    with transaction(db):
        add(db, Sample("A new one", "Someone was beaten."), 77)
    db.close()
    assert "A new one" in titles(monitor)


def test_reviews_are_written_while_a_crawl_writes(server: Server) -> None:
    monitor = server.browser("monitor")
    monitor.get("/queue")
    db = open_archive(server.config.archive_file)
    with transaction(db):
        add(db, Sample("Half way", "Someone was beaten."), 78)
        assert monitor.decide(1, "confirm").status_code == 303
        assert status(monitor, 1) == "confirmed"
    db.close()


def test_a_second_person_must_confirm_where_that_is_required(serve: Callable[..., Server]) -> None:
    server = serve(second_reviewer=True)
    first, second = server.browser("monitor"), server.browser("second")
    first.decide(1, "confirm")
    assert status(first, 1) == "second"
    answer = first.decide(1, "confirm")
    assert answer.status_code == 400
    assert "you have already confirmed this report" in answer.text
    second.decide(1, "confirm")
    assert status(first, 1) == "confirmed"
    second.decide(1, "undo", undoes=2)
    assert status(first, 1) == "second"


def test_who_asked_for_a_second_pair_can_not_be_it(server: Server) -> None:
    first, second = server.browser("monitor"), server.browser("second")
    first.decide(1, "second_pair")
    assert first.decide(1, "confirm").status_code == 400
    second.decide(1, "confirm")
    assert status(second, 1) == "confirmed"


def test_only_a_lead_undoes_what_others_decided(server: Server) -> None:
    server.browser("monitor").decide(1, "confirm")
    answer = server.browser("second").decide(1, "undo", undoes=1)
    assert answer.status_code == 400
    assert "only a lead" in answer.text
    assert server.browser("lead").decide(1, "undo", undoes=1).status_code == 303
    assert server.browser("lead").decide(1, "undo", undoes=1).status_code == 400


def test_work_is_assigned_and_found_under_mine(server: Server) -> None:
    monitor, second = server.browser("monitor"), server.browser("second")
    monitor.decide(2, "assign", assignee="second")
    assert titles(second, "view=mine") == ["Задержан Марат Примеров"]
    assert titles(monitor, "view=mine") == []
    second.decide(2, "confirm")
    assert titles(second, "view=mine") == []
    monitor.decide(3, "assign", assignee="second")
    monitor.decide(3, "assign", assignee="")
    assert titles(second, "view=mine") == []


def test_an_alerts_address_leads_to_its_report(monitor: Browser) -> None:
    assert monitor.get("/alerts/2").headers["location"] == "/reports/2"
    assert monitor.get("/alerts/99").status_code == 404


def test_the_overview_draws_and_tells(server: Server) -> None:
    server.clock.move(hours=3)
    monitor = server.browser("monitor")
    monitor.decide(1, "confirm")
    page = monitor.get("/overview").text
    assert page.count("<svg") >= 3
    assert "16 Nov 2026, Kyrgyzstan: 2" in page
    assert "2 stories wait" in page
    assert "51" in re.sub(r"<[^>]+>", " ", page.partition("Median hours")[2])
    assert "Median hours" not in server.browser("reader").get("/overview").text


def test_every_page_is_there_in_russian(server: Server) -> None:
    monitor = server.browser("monitor")
    monitor.http.headers["accept-language"] = "ru-RU,ru;q=0.9,en;q=0.8"
    for address, words in (
        ("/queue", "Очередь"),
        ("/reports/1", "Подтвердить"),
        ("/overview", "Обзор"),
        ("/keys", "Горячие клавиши"),
        ("/account", "Сменить пароль"),
        ("/search", "Поиск"),
    ):
        page = monitor.get(address).text
        assert '<html lang="ru">' in page
        assert words in page
    assert "3 сюжета" in monitor.get("/queue").text


def test_a_users_language_wins_over_the_browsers(server: Server) -> None:
    monitor = server.browser("monitor")
    monitor.submit("/queue", "/language", language="ru", next="/queue")
    elsewhere = server.browser("monitor")
    elsewhere.http.headers["accept-language"] = "en"
    assert '<html lang="ru">' in elsewhere.get("/queue").text


def test_a_stranger_chooses_a_language_too(server: Server) -> None:
    browser = server.browser()
    browser.submit("/sign-in", "/language", language="ru", next="/sign-in")
    assert "Пароль" in browser.get("/sign-in").text
    browser.http.cookies.set("acca_language", "../../etc")
    assert browser.get("/sign-in").status_code == 200


def test_the_members_of_a_story_are_shown_with_their_relation(server: Server) -> None:
    db = open_archive(server.config.archive_file)
    with transaction(db):
        db.execute("INSERT INTO stories (id, first_article_id) VALUES (1, 1)")
        for member in ((1, "first", 1.0), (3, "rewrite", 0.62)):
            db.execute(
                "INSERT INTO story_members (article_id, story_id, relation, similarity, related_to, joined_run_id, "
                "sentences) VALUES (?, 1, ?, ?, 1, 1, 2)",
                member,
            )
        db.execute('UPDATE story_members SET reasons = \'[["places", "kz, zhambyl"]]\' WHERE article_id = 3')
    db.close()
    page = re.sub(r"<[^>]+>", "", server.browser("monitor").get("/reports/1").text)
    assert re.search(r"this report · acca · 19 Nov 2026 · first reporter", page)
    assert re.search(r"кабылганын айтты · other · 19 Nov 2026 · rewrite, 62%", page)
    assert "places: Kazakhstan, Zhambyl" in page


def test_names_are_found_across_scripts(monitor: Browser) -> None:
    page = monitor.get("/search?q=Primerov").text
    assert "1 report found" in page
    assert RUSSIAN.title in page
    assert "<mark>Примерова</mark>" in page
    assert "0 reports found" in monitor.get("/search?q=Primerov&country=KG").text
    assert "read the query" in monitor.get("/search?q=%28").text


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("", 1),
        ("country=UZ", 1),
        ("outlet=acca", 1),
        ("outlet=other", 0),
        ("language=ru", 1),
        ("language=en", 0),
        ("category=arbitrary_detention", 1),
        ("category=torture", 0),
        ("level=alert", 1),
        ("level=ignore", 0),
        ("since=2026-11-19&until=2026-11-19", 1),
        ("since=2026-11-20", 0),
        ("until=2026-11-18", 0),
        ("since=nonsense", 1),
    ],
)
def test_a_search_can_be_narrowed(monitor: Browser, narrowed: str, found: int) -> None:
    page = monitor.get(f"/search?q=задержали&{narrowed}").text
    assert f"{found} report{'' if found == 1 else 's'} found" in page


def test_the_command_line_reviews_too(server: Server, tmp_path: Path) -> None:
    config = tmp_path / "acca.toml"
    config.write_text('[archive]\ndirectory = "archive"\n', encoding="utf-8")

    def acca(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--config", str(config), *arguments])
        return done.exit_code, done.output

    code, output = acca("alerts")
    assert code == 0
    assert "Detainee beaten" in output
    assert "3 of 3 stories" in output
    assert acca("review", "1", "--verdict", "confirm", "--note", "by mail", "--as", "second") == (
        0,
        "Report 1: confirmed.\n",
    )
    assert "by mail" in server.browser("monitor").get("/reports/1").text
    assert (
        "2 of 2" in acca("alerts", "--json", "--country", "KG")[1] or '"article_id": 3' in acca("alerts", "--json")[1]
    )
    assert acca("review", "1", "--verdict", "undo", "--as", "second") == (0, "Report 1: new.\n")
    assert acca("review", "1", "--verdict", "undo", "--as", "second")[0] == 2
    assert acca("review", "1", "--verdict", "false_alarm", "--as", "second")[0] == 2
    assert acca("review", "99", "--verdict", "watch", "--as", "second")[0] == 1


def test_the_command_line_decides_for_reviewers_alone(server: Server, tmp_path: Path) -> None:
    config = tmp_path / "acca.toml"
    config.write_text('[archive]\ndirectory = "archive"\n', encoding="utf-8")

    def review(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--config", str(config), "review", "1", "--verdict", "watch", *arguments])
        return done.exit_code, done.output

    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.disable(db, "second", "2026-11-22T06:00:00Z")
    for name, why in (("reader", "a reader"), ("nobody", "no such user"), ("second", "disabled")):
        code, output = review("--as", name)
        assert code == 2
        assert f"{name} may not review" in output
        assert why in output
    assert review()[0] == 2  # who runs the tests is not a user of this archive
    assert entries(server) == 0
    assert review("--as", "MONITOR")[0] == 0
    assert db.execute("SELECT reviewer FROM reviews").fetchone()[0] == "monitor"
    db.close()


def test_the_queue_can_be_rebuilt(server: Server) -> None:
    """A people's file that was restored beside a newer archive catches up."""
    server.browser("monitor").decide(2, "confirm")
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    for table in ("queue", "queue_values", "queue_articles"):
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE queue_state SET alert_id = 0, flag_id = 0, move_id = 0")
    db.close()
    assert status(server.browser("monitor"), 2) == "confirmed"
    assert RUSSIAN.title not in titles(server.browser("monitor"))
