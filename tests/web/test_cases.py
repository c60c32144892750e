"""A person's case: suggested from the reports, confirmed, split, merged and undone on its page, and by `acca case`."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.items import Article, Detection, Fact, Span
from acca_crawler.search.indexing import index_recent
from storage.articles import write
from storage.schema.database import open_archive, transaction
from storage.schema.kinds import ArchiveDb
from tests.support import articles
from tests.support.archive import AT
from tests.web.conftest import TOKEN, Browser, Server
from tests.web.test_stories import plain

REPORTS = (
    ("Болот Темирбаев", "Болота Темирбаева избили в Нарыне.", "naryn", "ru", "2025-03-18"),
    ("Bolot Temirbaev", "Bolot Temirbaev was sentenced to six years in prison in Naryn.", "naryn", "en", "2025-09-01"),
    ("Болот Темирбаев", "Болот Темирбаев объявил голодовку.", "naryn", "ru", "2026-01-15"),
    ("Болот Темирбаев", "В Оше избили водителя Болота Темирбаева.", "osh", "ru", "2026-02-01"),
)


def report(number: int, name: str, text: str, region: str, language: str, day: str) -> Article:
    """A flagged report about a person in a region."""
    span = Span("text", 0, 5, text[:5], "x")
    facts = (Fact("person", name, span, text, "victim"), Fact("region", region, span, text, "KG"))
    detection = Detection("alert", ("torture",), (span,), (), facts, "KG", 2.0)
    return articles.article(
        "acca", f"case{number}", f"Report {number}", text, detection, sha256=f"{number + 500:064x}", language=language,
        published=f"{day}T08:00:00Z", path=f"case/{number}",
    )  # fmt: skip


@pytest.fixture
def numbers(server: Server) -> list[int]:
    """Four reports, the last about a namesake elsewhere; returns their numbers."""
    db = open_archive(server.config.archive_file)
    numbers = []
    with transaction(db):
        for number, one in enumerate(REPORTS, start=1):
            made = report(number, *one)
            stored = write.insert_article(db, made, 1, None, AT)
            numbers.append(stored.article_id)
        index_recent(db)
    db.close()
    return numbers


def send(browser: Browser, address: str, **fields: object) -> tuple[int, str]:
    """Send a form of a page; returns the status and where it leads."""
    shown = browser.get(address if address != "/cases" else "/keys").text
    answer = browser.request("POST", address, data={"csrftoken": TOKEN.findall(shown)[0], **fields})
    return answer.status_code, answer.headers.get("location", "")


def listed(browser: Browser, case: int, kind: str) -> list[int]:
    """The reports with a checkbox on a case's page: confirmed, suggested or rejected."""
    return [int(found) for found in re.findall(rf'id="{kind}-(\d+)"', browser.get(f"/cases/{case}").text)]


def test_a_report_says_how_many_came_before(numbers: list[int], monitor: Browser) -> None:
    page = plain(monitor.get(f"/reports/{numbers[2]}").text)
    assert "Болот Темирбаев : 2 earlier reports (suggested)" in page
    assert "The same person in other reports" not in monitor.get(f"/reports/{numbers[3]}").text


def test_a_case_is_opened_confirmed_and_shown_as_a_timeline(numbers: list[int], monitor: Browser) -> None:
    assert send(monitor, "/cases", name="Болот Темирбаев", article=numbers[2]) == (303, "/cases/1")
    assert listed(monitor, 1, "confirmed") == [numbers[2]]
    assert listed(monitor, 1, "suggested") == numbers[:2]
    assert send(monitor, "/cases/1", action="confirm", article=numbers[:2])[0] == 303
    page = plain(monitor.get("/cases/1").text)
    assert listed(monitor, 1, "confirmed") == numbers[:3]
    assert "Spellings: Болот Темирбаев ; Bolot Temirbaev" in page
    assert [word for word in ("torture alleged", "sentenced", "hunger strike") if word in page] == [
        "torture alleged", "sentenced", "hunger strike",
    ]  # fmt: skip
    assert "Case 1: Болот Темирбаев , 3 reports" in plain(monitor.get(f"/reports/{numbers[0]}").text)
    assert "3 reports 18 Mar 2025 – 15 Jan 2026" in plain(monitor.get("/cases").text)


def test_what_is_rejected_is_not_suggested_again_until_undone(
    server: Server, numbers: list[int], monitor: Browser
) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers[0])
    send(monitor, "/cases/1", action="reject", article=numbers[1])
    assert numbers[1] not in listed(monitor, 1, "suggested")
    assert listed(monitor, 1, "rejected") == [numbers[1]]
    assert send(server.browser("second"), "/cases/1", action="undo")[0] == 400
    assert send(server.browser("lead"), "/cases/1", action="undo")[0] == 303
    assert numbers[1] in listed(monitor, 1, "suggested")


def test_a_case_is_split_and_merged_and_both_are_undone(numbers: list[int], monitor: Browser) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers)
    status, target = send(monitor, "/cases/1", action="split", article=numbers[3], name="Болот Темирбаев (Ош)")
    assert (status, target) == (303, "/cases/2")
    assert (listed(monitor, 1, "confirmed"), listed(monitor, 2, "confirmed")) == (numbers[:3], numbers[3:])
    assert send(monitor, "/cases/1", action="merge", other=2)[0] == 303
    assert listed(monitor, 2, "confirmed") == numbers
    send(monitor, "/cases/1", action="undo")
    assert listed(monitor, 1, "confirmed") == numbers[:3]
    send(monitor, "/cases/1", action="undo")
    assert listed(monitor, 1, "confirmed") == numbers
    send(monitor, "/cases/1", action="note", note="His brother called.")
    send(monitor, "/cases/1", action="rename", name="Bolot T.")
    page = plain(monitor.get("/cases/1").text)
    assert "His brother called." in page
    assert '<h1 dir="auto">Bolot T.</h1>' in monitor.get("/cases/1").text


def test_in_russian_it_is_told_what_was_done_before_who_did_it(numbers: list[int], monitor: Browser) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers[0])
    send(monitor, "/cases/1", action="rename", name="Болот Т.")
    send(monitor, "/cases/1", action="note", note="Звонил брат.")
    assert "monitor opened the case" in plain(monitor.get("/cases/1").text)
    monitor.submit("/queue", "/language", language="ru", next="/queue")
    page = plain(monitor.get("/cases/1").text)
    assert f"дело открыто (monitor) #{numbers[0]}" in page
    assert "дело переименовано (monitor): Болот Т." in page
    assert "добавлена заметка (monitor) Звонил брат." in page
    assert "Отменить: дело переименовано (monitor)" in page


@pytest.mark.parametrize("later", ["confirm", "merge"])
def test_a_split_is_not_undone_under_what_was_decided_about_the_new_case(
    numbers: list[int], monitor: Browser, later: str
) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers[:3])
    send(monitor, "/cases/1", action="split", article=numbers[2], name="Another")
    send(monitor, "/cases", name="A third", article=numbers[0])
    if later == "confirm":
        send(monitor, "/cases/2", action="confirm", article=numbers[3])
    else:
        send(monitor, "/cases/3", action="merge", other=2)
    token = TOKEN.findall(monitor.get("/cases/1").text)[0]
    answer = monitor.request("POST", "/cases/1", data={"csrftoken": token, "action": "undo"})
    assert (answer.status_code, "case 2 has decisions of its own: undo them first" in answer.text) == (400, True)
    assert monitor.get(f"/reports/{numbers[2]}").status_code == 200
    send(monitor, "/cases/2" if later == "confirm" else "/cases/3", action="undo")
    assert send(monitor, "/cases/1", action="undo")[0] == 303
    assert listed(monitor, 1, "confirmed") == numbers[:3]


def test_entries_about_a_case_that_is_no_more_are_passed_over(
    server: Server, numbers: list[int], monitor: Browser
) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers[:2])
    send(monitor, "/cases/1", action="split", article=numbers[1], name="Another")
    send(monitor, "/cases/2", action="confirm", article=numbers[3])
    with closing(sqlite3.connect(server.config.people_file)) as db, db:
        db.execute(
            "INSERT INTO case_entries (case_id, action, name, note, undoes, reviewer, created_at) "
            "SELECT case_id, 'undo', '', '', id, reviewer, created_at FROM case_entries WHERE action = 'split'"
        )
    assert monitor.get(f"/reports/{numbers[1]}").status_code == 200
    assert listed(monitor, 1, "confirmed") == numbers[:2]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"action": "confirm"}, "choose the reports first"),
        ({"action": "confirm", "article": 4711}, "enter the number of a report"),
        ({"action": "split", "article": 1}, "confirmed in this case"),
        ({"action": "merge", "other": 1}, "number of another case"),
        ({"action": "merge", "other": 9}, "no case has this number"),
        ({"action": "rename", "name": " "}, "enter the person"),
        ({"action": "note"}, "the note is empty"),
        ({"action": "dance"}, "choose a decision"),
    ],
)
def test_what_makes_no_sense_is_refused(
    numbers: list[int], monitor: Browser, fields: dict[str, object], problem: str
) -> None:
    send(monitor, "/cases", name="Болот Темирбаев", article=numbers[0])
    shown = monitor.get("/cases/1").text
    answer = monitor.request("POST", "/cases/1", data={"csrftoken": TOKEN.findall(shown)[0], **fields})
    assert (answer.status_code, problem in answer.text) == (400, True)
    assert monitor.get("/cases/99").status_code == 404


def test_places_have_pages_and_readers_see_no_cases(server: Server, numbers: list[int], monitor: Browser) -> None:
    assert f"/reports/{numbers[0]}" in monitor.get("/about/region?key=naryn").text
    assert 'href="/about/region?key=naryn"' in monitor.get(f"/reports/{numbers[0]}").text
    assert monitor.get("/about/prison?key=none").status_code == 404
    assert server.browser("reader").get("/cases").status_code == 403


def test_the_command_does_the_same(server: Server, numbers: list[int], tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text(f'[archive]\ndirectory = "{server.config.archive.directory}"\n')

    def acca(*arguments: object, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["--config", str(tmp_path / "acca.toml"), *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done.output

    assert acca("case", "list") == "No cases.\n"
    assert "2 reports" in acca("case", "suggest", numbers[2])
    assert (
        acca("case", "open", "Болот Темирбаев", numbers[2], "--as", "monitor") == "Case 1: Болот Темирбаев, 1 report.\n"
    )
    assert acca("case", "confirm", 1, *numbers[:2], numbers[3], "--as", "monitor").endswith("4 reports.\n")
    assert "Case 2: Ош, 1 report." in acca("case", "split", 1, numbers[3], "--name", "Ош", "--as", "monitor")
    assert "Case 1" in acca("case", "merge", 1, 2, "--as", "monitor")
    acca("case", "undo", 1, "--as", "monitor")
    acca("case", "note", 1, "called", "--as", "monitor")
    shown = acca("case", "show", 1)
    assert "spellings: Болот Темирбаев; Bolot Temirbaev" in shown
    assert "note : called" in shown
    assert acca("case", "list").splitlines() == ["    1  Болот Темирбаев  3 reports", "    2  Ош  1 report"]
    assert acca("case", "list", "nobody") == "No case with 'nobody' in its name.\n"
    assert "case 99 not found" in acca("case", "show", 99, code=1)
    assert "choose" in acca("case", "reject", 1, numbers[0], "--as", "reader", code=2)


def test_an_earlier_version_found_later_takes_nothing_out_of_the_index(server: Server, numbers: list[int]) -> None:
    """A web archive's version of an article is flagged after the current one, and is not what the article says."""
    monitor = server.browser("monitor")
    assert "Report 2" in monitor.get("/about/region?key=naryn").text
    db = open_archive(server.config.archive_file)
    with transaction(db):
        db.execute(
            "INSERT INTO revisions SELECT (SELECT max(id) + 1 FROM revisions), article_id, 2, "
            + ", ".join(f'"{name}"' for name in columns_after_number(db))
            + " FROM revisions WHERE article_id = ?",
            [numbers[1]],
        )
        db.execute(
            "INSERT INTO flags (revision_id, run_id, level, country, score, categories, reasons, detector) "
            "SELECT max(id), 1, 'ignore', NULL, 0, '[]', '[]', '' FROM revisions"
        )
    db.close()
    assert "Report 2" in monitor.get("/about/region?key=naryn").text


def columns_after_number(db: ArchiveDb) -> list[str]:
    """The columns of a revision that a copy of it keeps."""
    return [row[1] for row in db.execute("PRAGMA table_info(revisions)").fetchall()][3:]
