"""What analysts do: twelve questions, searches and exports, on the archive of the sample newsroom's two days."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.support.desk import ROOT, Desk

PAGE = (ROOT / "docs/analyst.md").read_text()
pytestmark = pytest.mark.xdist_group("demo")

QUESTIONS = re.findall(r"^## (\d+\. .+?)\n+```sql\n(.+?)```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def analyst(demo: Path) -> Desk:
    """The demo's archive; nobody changes it."""
    return Desk(demo)


def test_there_are_twelve_questions() -> None:
    assert len(QUESTIONS) == 12 == PAGE.count("```sql")


@pytest.mark.parametrize(("question", "sql"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_a_question_has_an_answer(analyst: Desk, question: str, sql: str) -> None:
    assert "v_" in sql and not re.search(r"\b(articles|revisions|flags|captures|alerts) ", sql.split("FROM", 1)[1])
    answer = analyst.rows(sql)
    assert answer
    assert any(value is not None for value in tuple(answer[0]))


def test_the_answers_agree_with_the_diff(analyst: Desk) -> None:
    alerts = [entry for entry in analyst.diff("--since", "0") if entry["level"] == "alert" and entry["kind"] == "new"]
    reports = json.loads(f"[{','.join(analyst.acca('export', '--format', 'jsonl', '--level', 'alert').splitlines())}]")
    exported = {row["article_id"] for row in reports}
    members = analyst.rows("SELECT article_id, story_id FROM story_members")
    expected = {row["article_id"] for row in members if row["story_id"] in {entry["story_id"] for entry in alerts}}
    assert {entry["article_id"] for entry in alerts} <= exported <= expected
    by_month = analyst.rows(QUESTIONS[0][1])
    assert sum(row["reports"] for row in by_month) == len(exported)


def test_search_prints_and_writes_what_it_finds(analyst: Desk) -> None:
    assert "Тараза" in analyst.acca("search", "Taraz", "пытки", "--country", "kz", "--limit", "3")
    lines = [json.loads(line) for line in analyst.acca("search", "torture*", "--level", "alert", "--json").splitlines()]
    assert lines and all(line["level"] == "alert" and "[" in line["snippet"] for line in lines)
    table = list(
        csv.DictReader(
            io.StringIO(analyst.acca("search", "torture*", "--level", "alert", "--csv").removeprefix("\ufeff"))
        )
    )
    assert [int(row["article_id"]) for row in table] == [line["article_id"] for line in lines]
    assert analyst.acca("search", "nosuchwordanywhere") == "Nothing was found.\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (['"пытки'], "a quotation mark is opened and not closed"),
        (["пытки", "NOT"], "nothing after NOT"),
        (["пытки", "--since", "yesterday"], "is not a date"),
        (["пытки", "--level", "high"], "is unknown; choose from alert"),
    ],
)
def test_a_bad_search_is_a_clear_error(analyst: Desk, arguments: list[str], expected: str) -> None:
    out = analyst.acca("search", *arguments, code=2)
    assert expected in out and "Traceback" not in out


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_an_export_holds_every_row(analyst: Desk, form: str, tmp_path: Path) -> None:
    file = tmp_path / f"articles.{form}"
    analyst.acca("export", "articles", "--output", str(file))
    ids = [row["id"] for row in analyst.rows("SELECT id FROM articles ORDER BY id")]
    if form == "csv":
        found = [int(row["article_id"]) for row in csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline=""))]
    elif form == "jsonl":
        found = [json.loads(line)["article_id"] for line in file.read_text().splitlines()]
    else:
        found = pytest.importorskip("pyarrow.parquet").read_table(file)["article_id"].to_pylist()
    assert found == ids
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_that_fails_leaves_what_was_there(analyst: Desk, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("old")
    out = analyst.acca("export", "addresses", "--country", "KG", "--output", str(file), code=2)
    assert "can't be narrowed by country" in out and file.read_text() == "old"
    assert "which format" in analyst.acca("export", "--output", str(tmp_path / "a.xlsx"), code=2)


def test_a_new_index_finds_the_same(analyst: Desk) -> None:
    before = analyst.acca("search", "torture", "--json")
    assert "articles indexed" in analyst.acca("reindex")
    assert analyst.acca("search", "torture", "--json") == before
