"""Each line of docs/evidence.md about the Berkeley Protocol rests on a test, or says that it is not met."""

from __future__ import annotations

import ast
import re
import sqlite3
from pathlib import Path

import pytest

from storage.review.database import open_people
from storage.schema.database import open_archive
from tests.support.evidence import Evidence

ROOT = Path(__file__).parents[3]

SHOWN_BY: dict[str, str | None] = {
    "target address": "storage/evidence/test_captures.py::test_the_index_says_what_was_fetched_and_where_it_lies",
    "source code": "storage/evidence/test_captures.py::test_any_payload_and_header_comes_back",
    "full-page capture": "browser/test_screenshots.py::test_pictures_of_flagged_reports_are_evidence",
    "embedded media files": None,
    "embedded metadata": "extract/test_selectors.py::test_metadata_of_the_page",
    "contextual data": None,
    "collection data": "e2e/test_evidence_commands.py::test_a_crawl_says_when_from_where_and_by_which_release",
    "hash value": "storage/evidence/test_captures.py::test_fastwarc_agrees_with_the_block_digests",
    "time and date": "storage/evidence/test_forgery.py::test_the_clock_set_back",
    "unique identifier": "storage/evidence/test_captures.py::test_record_identities_are_unique",
    "chain of custody": "e2e/test_evidence_commands.py::test_what_leaves_or_enters_the_archive_is_in_the_journal",
    "authenticity": "storage/evidence/test_forgery.py::test_the_chain_rebuilt_from_scratch",
    "evidentiary copy": "storage/evidence/test_backup.py::test_a_restored_backup_verifies_and_holds_everything",
    "preservation": "storage/evidence/test_captures.py::test_warcio_check_passes",
    "retention": "storage/evidence/test_retention.py::test_an_old_file_goes_and_verify_says_so",
    "secure storage": "storage/schema/test_files.py::test_a_new_archive_and_its_lock_are_for_the_owner_alone",
    "verification and analysis": "storage/evidence/test_berkeley.py::test_judgements_can_not_change_what_was_collected",
    "decisions documented": "storage/evidence/test_journal.py::test_the_database_refuses_to_change_entries",
    "data minimisation": "alerts/test_safety.py::test_a_victims_name_goes_out_in_no_case_form_and_no_address",
    "objectivity": "e2e/test_evidence_commands.py::test_whole_outlets_are_kept_and_not_only_what_is_flagged",
}
"""The test behind each line, by how the line begins; None for what is not met."""


def lines() -> list[tuple[str, str]]:
    """The requirements and the answers of the table."""
    page = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    table = page.partition("## The Berkeley Protocol")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    return [(requirement, answer) for requirement, answer in rows]


def test_each_line_rests_on_a_test_or_says_that_it_is_not_met() -> None:
    found = lines()
    assert len(found) == len(SHOWN_BY)
    for (requirement, answer), (beginning, test) in zip(found, SHOWN_BY.items(), strict=True):
        assert requirement.startswith(beginning)
        assert answer.startswith("not met") == (test is None), requirement
        if test is not None:
            file, _, name = test.partition("::")
            tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test


def test_the_tables_that_it_names_are_there(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive.db")
    people = open_people(tmp_path / "people.db", tmp_path / "archive.db")
    there = {*archive.table_names(), *people.table_names(), "screenshots"}
    named = {word for _, answer in lines() for word in re.findall(r"`(\w+)`", answer)}
    assert named and named <= there


def test_judgements_can_not_change_what_was_collected(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path)
    evidence.close(evidence.stored_run(1))
    people = open_people(tmp_path / "people.db", evidence.path)
    for table in ("captures", "revisions", "flags", "manifests"):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            people.execute(f"DELETE FROM archive.{table}")
