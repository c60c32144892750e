"""`acca reprocess` in several processes: each page has the limits of a crawl's."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.config.loading import load
from acca_crawler.engines import Engine
from acca_crawler.ingest.reprocess import reprocess
from acca_crawler.ingest.rereading import Material, Read, Reader
from storage.articles.reprocessing import Selection
from tests.support.desk import Desk

DUMP = "20.08.2022\nNews\nReport {0}\nMen of village number {0} were beaten by police officers, relatives told us.\n"


def read_or_hang(_: Reader, material: Material) -> Read:
    """Read the first article for ever, and the others not at all."""
    while material.subject.article_id == 1:
        pass
    return Read(material.subject, error="not read: a test")


def test_a_page_that_takes_too_long_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    desk.configure("[crawl]\npage_seconds = 1\n")
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(DUMP.format(number))
    desk.acca("import", *(f"{number}.txt" for number in range(3)))
    monkeypatch.setattr(Reader, "read", read_or_hang)
    config, wanted = load(tmp_path / "acca.toml"), Selection(None, None, False)
    report = reprocess(
        config, {}, wanted=wanted, engine=Engine(jobs=2), dry_run=True, progress=lambda done, total: None
    )
    assert report.errors == {"too heavy": 1, "not read": 2}
    assert report.failed[0] == (1, "too heavy: more than 1 seconds")
