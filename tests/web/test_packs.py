"""The button that makes a report's evidence pack: for reviewers only, and with a reason where it can't be made."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from storage.evidence.manifest import close_run
from storage.schema.database import open_archive
from tests.support.archive import keep_capture
from tests.web.conftest import Browser, Server

PAGE = b"<h1>Detainee beaten</h1>"


def close(path: Path) -> None:
    """Write the manifest of the only run."""
    db = open_archive(path)
    close_run(db, 1, "2026-11-20T07:00:00Z")
    db.close()


def test_a_reviewer_gets_the_pack_of_a_report(server: Server, monitor: Browser) -> None:
    keep_capture(server.config.archive_file, PAGE)
    close(server.config.archive_file)
    monitor.decide(1, "confirm", note="seen by two")
    answer = monitor.submit("/reports/1", "/reports/1/pack")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="acca-pack-1-2026-11-22.zip"'
    with zipfile.ZipFile(BytesIO(answer.content)) as pack:
        assert {"verify.py", "captures.wacz", "cover.pdf", "texts/1.html"} <= set(pack.namelist())
        assert "monitor confirmed “seen by two”" in pack.read("cover.html").decode()


def test_why_there_is_no_pack_is_said_in_the_language_of_the_page(server: Server, monitor: Browser) -> None:
    keep_capture(server.config.archive_file, PAGE)
    answer = monitor.submit("/reports/1", "/reports/1/pack")
    assert answer.status_code == 409
    assert "the run that stored it has not ended" in answer.text
    monitor.http.headers["accept-language"] = "ru"
    assert "запуск, сохранивший это сообщение, ещё не завершён" in monitor.submit("/reports/1", "/reports/1/pack").text
    close(server.config.archive_file)
    (capture_file,) = server.config.warc_directory.glob("**/*.warc*")
    capture_file.write_bytes(b"overwritten")
    answer = monitor.submit("/reports/1", "/reports/1/pack")
    assert answer.status_code == 409
    assert "доказательства уже не такие, какими были сохранены; попросите оператора" in answer.text


def test_only_reviewers_may_pack(server: Server, monitor: Browser) -> None:
    keep_capture(server.config.archive_file, PAGE)
    assert "/reports/1/pack" in monitor.get("/reports/1").text
    reader = server.browser("reader")
    assert "/reports/1/pack" not in reader.get("/reports/1").text
    assert reader.request("POST", "/reports/1/pack").status_code == 403
    assert monitor.get("/reports/1/pack").headers["location"] == "/reports/1"
    assert monitor.submit("/reports/1", "/reports/99/pack").status_code == 404
