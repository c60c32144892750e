"""The status page for readers, and the metrics for anyone with the token."""

from __future__ import annotations

import pytest

from acca_crawler.config.operations import OperationsSection
from acca_crawler.web.site import attach
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
