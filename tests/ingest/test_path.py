"""Storing an article is a straight line: its steps in order, each in a module of its own, and no way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.ingest.store import store_article
from acca_crawler.items import Page
from storage.schema.database import transaction
from tests.support.calls import Calls, counted
from tests.support.newsstand import NOW, Newsstand, Sample
from tests.support.story_reports import COPY, REPORT

FIRST = [
    "stamp", "with_believed_identity", "find_current", "next_visit_of", "preparation_of", "assign_story",
    "insert_article", "join_story", "index_when_due", "record_stored",
]  # fmt: skip
AGAIN = [
    "stamp", "with_believed_identity", "find_current", "require_believable", "compare", "next_visit_of",
    "record_visit", "record_stored",
]  # fmt: skip
PURE = ("acca_crawler/dedup/", "acca_crawler/detect/", "acca_crawler/text/")
"""What a step asks about the text; how many functions that takes is not a matter of the way."""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Calls]:
    """Store a report, its copy in another paper and the report again; the first time only loads the tables."""
    for directory in (tmp_path_factory.mktemp("loaded"), tmp_path_factory.mktemp("counted")):
        found = stored(directory)
    return found


def stored(directory: Path) -> dict[str, Calls]:
    """Count what storing calls in a new archive."""
    stand = Newsstand(directory / "acca.db")
    found = {name: store(stand, report) for name, report in (("first", REPORT), ("copy", COPY), ("again", REPORT))}
    stand.db.close()
    return found


def store(stand: Newsstand, report: Sample) -> Calls:
    """Count what storing one report calls."""
    article, detector = stand.read(report)
    with transaction(stand.db) as db, counted() as calls:
        store_article(db, article, Page(report.url, b""), stand.run_id, "test", NOW, detector)
    return calls


def test_the_steps_are_named_in_order(paths: dict[str, Calls]) -> None:
    assert paths["first"].steps_of("store_article") == FIRST
    assert paths["copy"].steps_of("store_article") == FIRST
    assert paths["again"].steps_of("store_article") == AGAIN


def test_each_step_is_in_a_module_of_its_own(paths: dict[str, Calls]) -> None:
    steps = [called for (_, name), called in paths["first"].edges if name == "store_article"]
    alone = [module for module, name in steps if name not in ("assign_story", "join_story")]  # two ends of one idea
    assert len(alone) == len(set(alone))


@pytest.mark.parametrize(("path", "functions", "modules"), [("first", 58, 21), ("copy", 86, 24), ("again", 28, 12)])
def test_the_way_is_short_and_never_turns_back(
    paths: dict[str, Calls], path: str, functions: int, modules: int
) -> None:
    calls = paths[path]
    print(f"{path}: {calls}")  # the figures in docs/architecture.md
    assert not calls.back
    own = {(module, name) for module, name in calls.functions if not module.startswith(PURE)}
    assert len(own) <= functions and len({module for module, _ in own}) <= modules
