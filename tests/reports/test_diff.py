"""How the diff and `show` tell of stories."""

from __future__ import annotations

import io
import json

from rich.console import Console

from acca_crawler.reports.article import print_article
from acca_crawler.reports.diff import as_csv, as_json_lines, print_diff
from storage.articles.read import load
from storage.reports.diff import diff
from tests.support.newsstand import Newsstand
from tests.support.story_reports import COPY, EXCERPT, REPORT, RETELLING


def console() -> Console:
    """A console that keeps what is printed."""
    return Console(file=io.StringIO(), soft_wrap=True, highlight=False)


def printed(shown: Console) -> str:
    """What a console kept."""
    assert isinstance(shown.file, io.StringIO)
    return shown.file.getvalue()


def test_a_retelling_with_something_new_is_an_update_of_the_known_report(newsstand: Newsstand) -> None:
    report = newsstand.store(REPORT)
    newsstand.next_run()
    newsstand.store(COPY)
    retelling = newsstand.store(RETELLING)
    found = diff(newsstand.db, 1)
    (entry,) = found.entries
    assert (entry.kind, entry.article_id, entry.story_id) == ("update", report.article_id, report.article_id)
    shown = console()
    print_diff(found, shown)
    assert "Known reports, retold with something new (1)" in printed(shown)
    assert "also: second (copy), third (copy; new: " in printed(shown)
    assert "an official's denial" in printed(shown)
    record = json.loads(as_json_lines(found))
    assert [also["relation"] for also in record["also"]] == ["copy", "copy"]
    assert {news["kind"] for news in record["also"][1]["news"]} >= {"stage", "person"}
    assert "third (copy; new: " in as_csv(found)
    shown = console()
    print_article(load(newsstand.db, retelling.article_id), console=shown)
    assert f"article {report.article_id}, first, 2026-11-19: first reporter" in printed(shown)


def test_a_new_story_has_one_line_whatever_came_first(newsstand: Newsstand) -> None:
    for report in (EXCERPT, COPY, REPORT):
        newsstand.store(report)
    (entry,) = diff(newsstand.db, 0).entries
    assert (entry.kind, entry.outlet, entry.relation) == ("new", "first", "first")
    assert [(member.outlet, member.relation) for member in entry.also] == [("second", "copy"), ("third", "excerpt")]
