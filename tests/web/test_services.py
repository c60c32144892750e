"""Machine translations and second opinions, from services on loopback that answer well, badly, slowly or untruly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.clock import utc_stamp
from acca_crawler.config.assist import OpinionSection, TranslationSection
from storage.review import assistance
from storage.review.database import connect
from tests.support.local import Answer, Asked, LocalSite, served
from tests.web.conftest import Browser, Server
from tests.web.test_stories import plain

RUSSIAN, QUIET = 2, 4
"""Reports of the small archive: an alert in Russian that names Марат Примеров, and one that is not flagged."""

Reply = Callable[[Asked], Answer]


@pytest.fixture
def service() -> Iterator[LocalSite]:
    """A service; the test sets its answer."""
    with served(lambda asked: Answer(status=500)) as site:
        yield site


def as_json(document: object, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(json.dumps(document, ensure_ascii=False), "application/json", status)


def said(content: object, model: str = "tiny-model-2") -> Answer:
    """The answer of an OpenAI-compatible address."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return as_json({"model": model, "choices": [{"message": {"role": "assistant", "content": text}}]})


def shouting(asked: Asked) -> Answer:
    """LibreTranslate, which here "translates" into capitals."""
    return as_json({"translatedText": [text.upper() for text in asked.document["q"]]})


def starting(
    serve: Callable[..., Server], site: LocalSite, opinion: dict[str, Any] | None = None, **translation: Any
) -> Server:
    """A server that knows the service, as a translator unless it is asked for opinions."""
    if opinion is not None:
        return serve({"opinion": OpinionSection(url=f"{site.home}v1", model="tiny", **opinion)})
    return serve({"translation": TranslationSection(url=site.home, **translation)})


def press(browser: Browser, article_id: int, button: str) -> Any:
    """Press a button of a report; returns the answer."""
    return browser.submit(f"/reports/{article_id}", f"/reports/{article_id}/{button}")


def outcomes(server: Server) -> list[tuple[str, str, int]]:
    """How the requests ended, as `acca status` counts them."""
    db = connect(server.config.people_file, server.config.archive_file)
    found: list[tuple[str, str, int]] = [
        (one.kind, one.outcome, one.requests) for one in assistance.counts(db, "2026-01-01")
    ]
    db.close()
    return found


def test_nothing_is_offered_or_sent_by_default(server: Server, monitor: Browser) -> None:
    shown = monitor.get(f"/reports/{RUSSIAN}").text
    assert "/translate" not in shown and "/opinion" not in shown
    for button in ("translate", "opinion"):
        assert press(monitor, RUSSIAN, button).status_code == 404
    assert outcomes(server) == []


def test_a_report_is_translated_on_a_click_and_once(serve: Callable[..., Server], service: LocalSite) -> None:
    service.answer = shouting
    server = starting(serve, service)
    monitor = server.browser("monitor")
    monitor.get(f"/reports/{RUSSIAN}")
    assert service.asked == []
    assert press(monitor, RUSSIAN, "translate").headers["location"].endswith("#translation")
    asked = service.asked[0]
    assert (asked.path, asked.document["source"], asked.document["target"]) == ("/translate", "ru", "en")
    assert "Марат" not in str(asked.document["q"]) and "Пример" not in str(asked.document["q"])
    shown = plain(monitor.get(f"/reports/{RUSSIAN}").text)
    assert "Machine translation, not evidence" in shown
    assert "ЗАДЕРЖАЛИ Marata Primerova У ДОМА" in shown
    assert 'action="/reports/2/translate"' not in monitor.get(f"/reports/{RUSSIAN}").text
    press(server.browser("second"), RUSSIAN, "translate")
    assert len(service.asked) == 1
    assert outcomes(server) == [("translation", "answered", 1)]
    assert "ЗАДЕРЖАН Marat Primerov (machine translation)" in plain(monitor.get("/queue").text)
    reader = server.browser("reader")
    assert "ЗАДЕРЖАЛИ" not in reader.get(f"/reports/{RUSSIAN}").text
    assert reader.request("POST", f"/reports/{RUSSIAN}/translate").status_code == 403


def test_a_language_model_translates_too(
    serve: Callable[..., Server], service: LocalSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCA_TEST_KEY", "a-secret-key")

    def answer(asked: Asked) -> Answer:
        paragraphs = json.loads(asked.document["messages"][1]["content"])["paragraphs"]
        return said({"paragraphs": [f"<b>{text}" for text in paragraphs]})

    service.answer = answer
    server = starting(serve, service, service="openai", model="tiny", key_env="ACCA_TEST_KEY", withhold="none")
    monitor = server.browser("monitor")
    press(monitor, RUSSIAN, "translate")
    asked = service.asked[0]
    assert (asked.path, asked.headers["Authorization"]) == ("/chat/completions", "Bearer a-secret-key")
    assert asked.document["response_format"]["json_schema"]["strict"] is True
    shown = monitor.get(f"/reports/{RUSSIAN}").text
    assert "&lt;b&gt;Сотрудники задержали" in shown and "tiny-model-2" in shown


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (as_json({"error": "tg is not supported"}, 400), "HTTP 400: tg is not supported"),
        (as_json({"translatedText": ["one"]}), "1 translated paragraphs instead of 3"),
        (as_json({"translatedText": "one text"}), "no translated paragraphs"),
        (as_json({"translatedText": ["", " ", ""]}), "the translation is empty"),
        (as_json(["a list"]), "not a JSON object"),
        (Answer("<html>", "text/html"), "not a JSON object"),
        (Answer(status=302, headers={"Location": "/elsewhere"}), "HTTP 302"),
    ],
)
def test_a_bad_answer_is_explained_and_counted(
    serve: Callable[..., Server], service: LocalSite, answer: Answer, why: str
) -> None:
    service.answer = lambda asked: answer
    server = starting(serve, service)
    refused = press(server.browser("monitor"), RUSSIAN, "translate")
    assert refused.status_code == 502
    assert why in plain(refused.text)
    assert outcomes(server) == [("translation", "failed", 1)]
    assert 'action="/reports/2/translate"' in refused.text


def test_the_status_counts_requests(serve: Callable[..., Server], service: LocalSite, tmp_path: Path) -> None:
    server = starting(serve, service)
    press(server.browser("monitor"), RUSSIAN, "translate")
    db = connect(server.config.people_file, server.config.archive_file)
    db.execute("UPDATE assistance SET asked_at = ?", [utc_stamp()])
    db.close()
    (tmp_path / "acca.toml").write_text(f'[archive]\ndirectory = "{server.config.archive.directory}"\n')
    done = CliRunner().invoke(main, ["--config", str(tmp_path / "acca.toml"), "status"])
    assert "services in 7 days: translation: 1 failed\n" in done.output


def test_a_slow_service_is_left_and_holds_up_nobody(serve: Callable[..., Server], service: LocalSite) -> None:
    released = threading.Event()

    def hang(asked: Asked) -> Answer:
        released.wait(60)
        return Answer()

    service.answer = hang
    server = starting(serve, service, timeout=0.3)
    refused = press(server.browser("monitor"), RUSSIAN, "translate")
    released.set()
    assert "no answer within 0.3 seconds" in plain(refused.text)


SEEN = {
    "level": "ignore", "who": "[N3]", "where": "at home", "by_whom": "officers", "sentence": "Officers beat [N3].",
    "quotes": ["избили, сообщает адвокат"],
}  # fmt: skip


def test_an_opinion_is_shown_beside_ours_and_changes_nothing(serve: Callable[..., Server], service: LocalSite) -> None:
    service.answer = lambda asked: said(SEEN)
    server = starting(serve, service, opinion={})
    monitor = server.browser("monitor")
    before = plain(monitor.get("/queue").text)
    assert press(monitor, RUSSIAN, "opinion").headers["location"].endswith("#opinion")
    sent = service.asked[0]
    assert sent.path == "/v1/chat/completions"
    assert "Марат" not in sent.body.decode() and "Пример" not in json.dumps(sent.document, ensure_ascii=False)
    shown = plain(monitor.get(f"/reports/{RUSSIAN}").text)
    assert "Officers beat Marata Primerova." in shown and "tiny-model-2" in shown and "not evidence" in shown
    assert "избили, сообщает адвокат" in shown
    after = plain(monitor.get("/queue").text)
    assert after.split("stories", 1)[1] == before.split("stories", 1)[1]
    assert outcomes(server) == [("opinion", "answered", 1)]


def test_the_command_asks_too(serve: Callable[..., Server], service: LocalSite) -> None:
    service.answer = lambda asked: said(SEEN)
    server = starting(serve, service, opinion={})
    config = server.config.archive_file.parent / "acca.toml"
    config.write_text(
        f'[archive]\ndirectory = "."\n[opinion]\nurl = "{service.home}v1"\nmodel = "tiny"\nper_day = 2\n',
        encoding="utf-8",
    )

    def acca(report: int, user: str = "monitor") -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--config", str(config), "opinion", str(report), "--as", user])
        return done.exit_code, done.output

    code, shown = acca(RUSSIAN)
    assert (code, shown.splitlines()[0]) == (0, "Report 2: not flagged, says tiny-model-2 (an opinion, not evidence)")
    assert "Officers beat Marata Primerova." in shown and "избили, сообщает адвокат" in shown
    assert "Officers beat Marata Primerova." in plain(server.browser("monitor").get(f"/reports/{RUSSIAN}").text)
    assert acca(QUIET)[0] == 2 and "alerts and near misses" in acca(QUIET)[1]
    assert acca(RUSSIAN, "reader")[0] == 2
    service.answer = lambda asked: said(SEEN | {"quotes": ["его избили три офицера милиции"]})
    code, shown = acca(RUSSIAN)
    assert code == 1 and "the report does not say" in shown
    assert "budget of 2 second opinions is used up" in acca(RUSSIAN)[1]
    assert outcomes(server) == [("opinion", "answered", 1), ("opinion", "void", 1)]
    config.write_text('[archive]\ndirectory = "."\n', encoding="utf-8")
    assert "no model is set" in acca(RUSSIAN)[1]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            said(SEEN | {"quotes": ["его избили три офицера милиции"]}),
            "the report does not say “его избили три офицера",
        ),
        (said(SEEN | {"quotes": ["избили"]}), "too short"),
        (said(SEEN | {"quotes": []}), "quotes"),
        (said(SEEN | {"level": "harmless"}), "level"),
        (said(SEEN | {"score": 1}), "score"),
        (said("I can not help with that."), "not JSON"),
        (as_json({"choices": []}), "no message"),
    ],
)
def test_an_opinion_that_can_not_be_relied_on_is_void(
    serve: Callable[..., Server], service: LocalSite, answer: Answer, why: str
) -> None:
    service.answer = lambda asked: answer
    server = starting(serve, service, opinion={})
    refused = press(server.browser("monitor"), RUSSIAN, "opinion")
    assert refused.status_code == 502
    assert why in plain(refused.text)
    assert "Officers beat" not in refused.text
    [(kind, outcome, count)] = outcomes(server)
    assert (kind, outcome in ("void", "failed"), count) == ("opinion", True, 1)


def test_opinions_have_a_budget_and_are_for_alerts_alone(serve: Callable[..., Server], service: LocalSite) -> None:
    service.answer = lambda asked: said(SEEN)
    server = starting(serve, service, opinion={"per_day": 1})
    monitor = server.browser("monitor")
    assert 'action="/reports/4/opinion"' not in monitor.get(f"/reports/{QUIET}").text
    assert press(monitor, QUIET, "opinion").status_code == 400
    assert press(monitor, RUSSIAN, "opinion").status_code == 303
    refused = press(monitor, RUSSIAN, "opinion")
    assert refused.status_code == 400
    assert "budget of 1 second opinions is used up" in plain(refused.text)
    server.clock.move(days=1)
    monitor = server.browser("monitor")
    assert press(monitor, RUSSIAN, "opinion").status_code == 303
    assert len(service.asked) == 2
