"""Decisions in a page and an export, for those who may see them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from click.testing import CliRunner

from acca_crawler.cli import main
from tests.web.conftest import Browser, Server
from tests.web.test_stories import plain


def test_decisions_are_listed_with_reviewer_reason_and_note(server: Server, monitor: Browser, tmp_path: Path) -> None:
    monitor.decide(1, "confirm", note="two sources")
    server.browser("second").decide(2, "false_alarm", reason="fiction")
    monitor.decide(3, "watch")
    page = plain(monitor.get("/decisions").text)
    assert "monitor confirmed" in page
    assert "two sources" in page
    assert "second marked as false alarm: fiction" in page.replace("fiction, film", "fiction")
    monitor.submit("/queue", "/language", language="ru", next="/queue")
    page = plain(monitor.get("/decisions").text)
    assert "подтверждено (monitor)" in page
    assert "ложная тревога (second): " in page
    assert "подтверждено (monitor)" in plain(monitor.get("/reports/1").text)
    assert "two sources" not in monitor.get("/decisions?reviewer=second").text
    assert "two sources" in monitor.get("/decisions?status=confirmed").text
    assert server.browser("reader").get("/decisions").status_code == 403

    (tmp_path / "acca.toml").write_text(f'[archive]\ndirectory = "{server.config.archive.directory}"\n')
    done = CliRunner().invoke(main, ["--config", str(tmp_path / "acca.toml"), "export", "decisions", "--format", "csv"])
    assert done.exit_code == 0, done.output
    rows = {row["article_id"]: row for row in csv.DictReader(io.StringIO(done.stdout.lstrip("\ufeff")))}
    assert (rows["1"]["status"], rows["1"]["reviewer"], rows["1"]["note"]) == ("confirmed", "monitor", "two sources")
    assert (rows["2"]["verdict"], rows["2"]["reason"]) == ("false_alarm", "fiction")
    assert rows["3"]["status"] == "watch"
