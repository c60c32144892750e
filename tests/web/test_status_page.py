"""The status page for readers, and the metrics for anyone with the token."""

from __future__ import annotations

from contextlib import closing

import pytest

from acca_crawler.config.operations import OperationsSection
from acca_crawler.web.site import attach
from storage.alerts.entries import open_channel
from storage.articles.elsewhere import save_search_error
from storage.evidence.timestamps import enqueue, save_error, unfinished
from storage.schema.database import open_archive, transaction
from tests.operations.test_metrics import parsed
from tests.web.conftest import Server


def with_token(server: Server) -> None:
    """Give the server a token for its metrics."""
    operations = OperationsSection(metrics_token_env="ACCA_TEST_METRICS")
    config = server.config.model_copy(update={"operations": operations})
    server.site = type(server.site)(config, server.site.store, server.clock)
    attach(server.datasette, server.site)


def test_the_page_shows_outlets_and_the_disk_in_both_languages(server: Server) -> None:
    browser = server.browser("reader")
    page = browser.get("/status").text
    for expected in ("Outlet status", "Usual week", "free on the disk", "Growth per day"):
        assert expected in page
    assert 'href="/status"' in browser.get("/overview").text
    browser.submit("/status", "/language", language="ru", next="/status")
    assert "Обычно за неделю" in browser.get("/status").text


def test_the_page_says_in_russian_why_a_channel_a_time_stamp_and_a_copy_are_missing(server: Server) -> None:
    with closing(open_archive(server.config.archive_file)) as db, transaction(db):
        open_channel(db, "team", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z")
        db.execute(
            "UPDATE channels SET problem = 'channel team: the environment variable ACCA_HOOK is empty', "
            "problem_since = '2026-11-02T04:00:00Z'"
        )
        (article,) = db.execute("SELECT min(id) FROM articles").fetchone()
        save_search_error(db, article, "https://a.example/cdx: HTTP 503 in 6 tries", "2026-11-02T04:00:00Z")
        db.execute("INSERT OR IGNORE INTO manifests VALUES (1, '2026-11-02T04:00:00Z', NULL, '{}', 'x')")
        enqueue(db, "rfc3161", "https://stamps.example/tsr")
        (one,) = unfinished(db, "https://stamps.example/tsr")[:1]
        save_error(db, one, "no answer: ConnectTimeout", "2026-11-02T04:00:00Z")
    browser = server.browser("reader")
    browser.submit("/status", "/language", language="ru", next="/status")
    page = browser.get("/status").text
    for expected in ("непригоден с 2", "канал team: переменная окружения ACCA_HOOK пуста",
                     "поиск: https://a.example/cdx: HTTP 503; попыток: 6",
                     "https://stamps.example/tsr: нет ответа: ConnectTimeout"):  # fmt: skip
        assert expected in page


def test_metrics_need_the_token(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = server.browser()
    assert stranger.get("/metrics").status_code == 404
    with_token(server)
    assert stranger.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 503
    monkeypatch.setenv("ACCA_TEST_METRICS", "a-long-random-token")
    for given in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic a-long-random-token"},
                  {"authorization": "Bearer тайна".encode()}):  # fmt: skip
        answer = stranger.get("/metrics", headers=given)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "acca_info" not in answer.text
    answer = stranger.get("/metrics", headers={"authorization": "Bearer a-long-random-token"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert parsed(answer.text)["acca_archive_articles"][()] == 4
    assert server.browser("lead").get("/metrics").status_code == 401, "a session is not the token"
