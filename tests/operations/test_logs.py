"""Logs: text and JSON, one file for all runs, rotated, and no secret in any of them."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.config.loading import Config, load
from acca_crawler.operations import logs
from tests.support.desk import Desk

TABLES = """
[crawl]
log_level = "INFO"
[operations]
ping_url = "https://hc-ping.example/0a1b2c3d-ping"
metrics_token_env = "ACCA_TEST_METRICS"
[[channel]]
name = "phones"
kind = "apprise"
urls_env = "ACCA_TEST_URLS"
[[channel]]
name = "hook"
kind = "webhook"
url = "https://hooks.example/services/T0000-hook"
secret_env = "ACCA_TEST_SECRET"
[translation]
url = "https://words.example"
key_env = "ACCA_TEST_TRANSLATION"
[opinion]
url = "https://model.example/v1"
model = "m"
key_env = "ACCA_TEST_OPINION"
[evidence]
wayback_key_env = "ACCA_TEST_WAYBACK"
[outlets.acca]
proxy = "http://user:proxy-password@proxy.example:8080"
"""
SECRETS = ("0a1b2c3d-ping", "metrics-token", "telegram-bot-token", "T0000-hook", "hook-secret", "proxy-password",
           "translation-key", "opinion-key", "wayback-secret")  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A configuration that names a secret in every way there is; the root logger is put back."""
    monkeypatch.setenv("ACCA_TEST_METRICS", "metrics-token")
    monkeypatch.setenv("ACCA_TEST_URLS", "tgram://telegram-bot-token/12345678")
    monkeypatch.setenv("ACCA_TEST_SECRET", "hook-secret")
    monkeypatch.setenv("ACCA_TEST_TRANSLATION", "translation-key")
    monkeypatch.setenv("ACCA_TEST_OPINION", "opinion-key")
    monkeypatch.setenv("ACCA_TEST_WAYBACK", "wayback-access:wayback-secret")
    (tmp_path / "acca.toml").write_text(TABLES)
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield load(tmp_path / "acca.toml")
    root.setLevel(level)
    root.handlers[:] = handlers


def speak(number: int = 0) -> None:
    """Log every secret, in messages and in a traceback."""
    log = logging.getLogger("acca_crawler.test")
    log.info("record %d: %s", number, " ".join(SECRETS))
    try:
        raise ValueError(f"https://hc-ping.example/{SECRETS[0]}")
    except ValueError:
        log.exception("failed")


@pytest.mark.parametrize("form", ["text", "json"])
def test_standard_error_has_no_secret(config: Config, monkeypatch: pytest.MonkeyPatch, form: logs.LogFormat) -> None:
    logs.set_up(config, form)
    logs.set_up(config, form)
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    speak()
    shown = said.getvalue()
    assert shown.count("record 0") == 1, "set up twice, said once"
    assert "hc-ping.example" in shown
    assert "Traceback" in shown
    assert [secret for secret in SECRETS if secret in shown] == []
    if form == "json":
        first, second = (json.loads(line) for line in shown.splitlines())
        assert (first["level"], first["logger"]) == ("INFO", "acca_crawler.test")
        assert first["time"].endswith("Z")
        assert "ValueError" in second["exception"]


def test_the_file_has_the_records_of_each_run_and_no_secret(config: Config) -> None:
    for run in (1, 2):
        with logs.run_log(config, run):
            speak(run)
    speak(3)
    path = logs.log_directory(config) / logs.FILE_NAME
    assert [secret for secret in SECRETS if secret in path.read_text()] == []
    assert [record["message"][:8] for record in logs.records_of(config, 2)] == ["record 2", "failed"]
    assert list(logs.records_of(config, 3)) == []


def test_the_file_is_rotated_and_a_run_is_found_across_files(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 5000)
    with logs.run_log(config, 1):
        for number in range(100):
            logging.getLogger("acca_crawler.test").info("record %d of a run that says a lot", number)
    files = sorted(logs.log_directory(config).iterdir())
    assert 1 < len(files) <= logs.FILES_KEPT + 1
    assert all(file.stat().st_size <= 5000 for file in files)
    kept = [record["message"] for record in logs.records_of(config, 1)]
    assert kept[-1].startswith("record 99 ")
    assert kept == sorted(kept, key=lambda message: int(message.split()[1]))
    with files[0].open("a") as file:
        file.write('{"run": 1, "mess')  # cut off by a kill
    assert [record["message"] for record in logs.records_of(config, 1)] == kept


def test_a_host_name_is_no_secret() -> None:
    assert logs.secret_parts("https://hooks.example/") == []
    assert "hooks.example" not in logs.secret_parts("https://hooks.example/services/T0000-hook?key=abc123")


def test_the_command_shows_a_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert "there is no archive yet" in desk.acca("log", code=1)
    (tmp_path / "dump.txt").write_text("no dump at all\n")
    desk.configure("")
    desk.acca("import", "dump.txt", code=1)
    shown = desk.acca("log")
    assert shown.startswith("run 1: import, 20")
    assert "run 1 begins: import" in shown
    assert json.loads(desk.acca("log", "1", "--json").splitlines()[0])["run"] == 1
    assert "there is no run 7" in desk.acca("log", "7", code=1)
