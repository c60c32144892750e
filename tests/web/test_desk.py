"""A monitor's morning: tabs, a second confirmation, an expired session, wrong filters, pages of a search."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from storage.schema.database import open_archive, transaction
from tests.support.archive import RUSSIAN, add
from tests.web.conftest import Browser, Server
from tests.web.test_stories import plain


def counts(browser: Browser, address: str = "/queue") -> dict[str, str]:
    """The tabs of the queue with their numbers."""
    page = browser.get(address).text
    found = re.findall(r'<li><a href="/queue[^>]*>([^<]+)<span class="count">(\d+)', page)
    return {name.strip(): number for name, number in found}


def test_mine_keeps_what_is_assigned_and_on_watch(monitor: Browser) -> None:
    monitor.decide(1, "assign", assignee="monitor")
    monitor.decide(1, "watch")
    assert counts(monitor) == {"New": "2", "Mine": "1", "Followed": "0", "On watch": "1", "All": "3"}
    assert "Detainee" in monitor.get("/queue?view=mine").text
    assert "Detainee" in monitor.get("/queue?view=watch").text


@pytest.mark.parametrize(
    ("language", "headings"), [("en", ("No access", "Page not found")), ("ru", ("Нет доступа", "Страница не найдена"))]
)
def test_a_refusal_is_a_page_with_navigation(server: Server, language: str, headings: tuple[str, str]) -> None:
    reader = server.browser("reader")
    reader.http.headers["accept-language"] = language
    for address, status, heading in zip(("/queue", "/no/such/place"), (403, 404), headings, strict=True):
        answer = reader.get(address)
        assert f"<h1>{heading}</h1>" in answer.text
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert 'href="/overview"' in answer.text
        assert f'<html lang="{language}">' in answer.text
    assert reader.get("/nothing.json").headers["content-type"].startswith("text/plain")


def test_a_refused_decision_can_be_read_in_the_other_language(monitor: Browser) -> None:
    shown = monitor.decide(1, "false_alarm")
    assert shown.status_code == 400 and "Not saved: choose a reason for the false alarm." in plain(shown.text)
    back = re.findall(r'name="next" value="([^"]+)"', shown.text)[0]
    assert monitor.get(back).headers["location"] == "/reports/1"
    assert monitor.get("/queue/decide").headers["location"] == "/queue"


def test_an_expired_session_keeps_the_note(server: Server) -> None:
    monitor = server.browser("monitor")
    page = monitor.get("/reports/1").text
    token = re.findall(r'name="csrftoken" value="([^"]+)"', page)[0]
    server.clock.move(hours=13)
    sent = {"csrftoken": token, "verdict": "confirm", "note": "His brother <called> us", "seen_review": "0",
            "seen_revision": "1", "back": "country=KG"}  # fmt: skip
    answer = monitor.request("POST", "/reports/1/decide", data=sent)
    assert answer.status_code == 401
    assert "Your note is kept" in answer.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert hidden["next"] == "/reports/1?country=KG"
    signed = monitor.request(
        "POST", "/sign-in",
        data={**{k: v.replace("&lt;", "<").replace("&gt;", ">") for k, v in hidden.items()}, "name": "monitor",
              "password": "correct horse battery"},
    )  # fmt: skip
    assert signed.headers["location"] == "/reports/1?country=KG"
    page = monitor.get("/reports/1").text
    assert "His brother &lt;called&gt; us</textarea>" in page
    assert "before your session ended" in page
    monitor.decide(1, "confirm", note="His brother called us")
    assert "before your session ended" not in monitor.get("/reports/1").text


def test_wrong_filters_are_named_and_names_are_understood(monitor: Browser) -> None:
    page = monitor.get("/queue?country=Narnia").text
    assert "“Narnia” is not a known value for “Country”" in page
    assert "3 stories" in page
    assert "2 stories" in monitor.get("/queue?country=Kyrgyzstan").text
    assert "“2026-W48-1” is not a known value for “From”" in monitor.get("/queue?since=2026-W48-1").text
    assert "Narnia" in monitor.get("/search?q=detainee&country=Narnia").text


@pytest.mark.parametrize(
    ("typed", "shown"), [("O'Neil", "O&#39;Neil"), ("<b>", "&lt;b&gt;"), ("&amp;", "&amp;amp;"), ("{0}", "{0}")]
)
def test_what_was_typed_is_shown_as_it_was_typed(monitor: Browser, typed: str, shown: str) -> None:
    page = monitor.get(f"/queue?country={quote(typed)}").text
    assert f"“{shown}” is not a known value for “Country”" in page


def test_a_filter_alone_lists_and_pages_follow(monitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acca_crawler.web.search_page.PAGE", 1)
    first = monitor.get("/search?level=alert").text
    assert first.count('<p class="snippet"') == 1
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = monitor.get(following[1].replace("&amp;", "&")).text
    titles = [re.findall(r'<a href="(/reports/\d+)" lang', page) for page in (first, second)]
    assert len(titles[0]) == len(titles[1]) == 1
    assert titles[0] != titles[1]
    assert "Reports 2 to 2" in second


def test_my_confirmation_leaves_my_queue_and_waits_for_another(serve: Callable[..., Server]) -> None:
    server = serve(second_reviewer=True)
    monitor, lead = server.browser("monitor"), server.browser("lead")
    monitor.decide(1, "confirm")
    assert counts(monitor) == {
        "New": "2",
        "Second confirmation": "0",
        "Mine": "0",
        "Followed": "0",
        "On watch": "0",
        "All": "3",
    }
    assert counts(lead)["Second confirmation"] == "1"
    assert counts(lead)["New"] == "3"
    assert "asked by monitor" in lead.get("/queue?view=second").text
    assert "1 of 2 confirmations" in monitor.get("/reports/1").text
    lead.decide(1, "confirm")
    assert counts(lead)["Second confirmation"] == "0"


def bulk(browser: Browser, page: str = "/queue", **fields: object) -> str:
    """Send the queue's form as the page shows it, and follow it to the page that it leads to."""
    shown = browser.get(page).text
    form = shown[shown.index('id="bulk"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    answer = browser.request("POST", "/queue/decide", data={**hidden, **fields})
    return browser.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text


def test_all_that_match_are_decided_at_once_and_undone_at_once(monitor: Browser) -> None:
    page = bulk(monitor, "/queue?country=KG", all="1", verdict="false_alarm", reason="policy_only")
    assert "2 stories: marked as false alarm." in page
    assert counts(monitor)["New"] == "1"
    undo = re.search(r'name="undo_batch" value="(\d+)"', page)
    assert undo
    token = re.findall(r'name="csrftoken" value="([^"]+)"', page)[0]
    answer = monitor.request("POST", "/queue/decide", data={"csrftoken": token, "undo_batch": undo[1]})
    assert "2 stories: undid a decision." in monitor.get(answer.headers["location"]).text
    assert counts(monitor)["New"] == "3"
    assert "undone" in monitor.get("/reports/1").text


def test_selected_rows_and_single_rows_are_decided_where_they_stand(monitor: Browser) -> None:
    assert "1 story: put on watch." in bulk(monitor, row="watch:1")
    assert "2 stories: marked as false alarm." in bulk(
        monitor, story=["2", "3"], verdict="false_alarm", reason="abroad"
    )
    assert counts(monitor) == {"New": "0", "Mine": "0", "Followed": "0", "On watch": "1", "All": "3"}


def test_the_last_reason_is_offered_again(monitor: Browser) -> None:
    monitor.decide(2, "false_alarm", reason="history")
    assert "Same reason as before: history or commemoration" in monitor.get("/reports/1").text
    assert "1 story: marked as false alarm." in bulk(monitor, story=["1"], repeat="history")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"verdict": "confirm"}, "select a story first"),
        ({"story": "1", "verdict": "false_alarm"}, "choose a reason for the false alarm"),
        ({"story": "1", "verdict": "note"}, "choose a decision"),
        ({"story": "1", "verdict": "false_alarm", "reason": "because"}, "choose a reason for the false alarm"),
    ],
)
def test_what_can_not_be_decided_is_said_on_the_queue(monitor: Browser, sent: dict[str, str], said: str) -> None:
    page = bulk(monitor, **sent)
    assert said in page
    assert counts(monitor)["New"] == "3"


def test_what_changed_meanwhile_is_left_out(server: Server) -> None:
    monitor, other = server.browser("monitor"), server.browser("second")
    shown = monitor.get("/queue").text
    form = shown[shown.index('id="bulk"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    other.decide(1, "watch")
    answer = monitor.request("POST", "/queue/decide", data={**hidden, "story": ["1", "2"], "verdict": "confirm"})
    page = monitor.get(answer.headers["location"]).text
    assert "1 story: confirmed." in page
    assert "1 story was left out" in page
    assert "On watch" in monitor.get("/reports/1").text or "Watching" in monitor.get("/reports/1").text
    answer = monitor.request("POST", "/queue/decide", data={**hidden, "row": "confirm:1"})
    assert "Not saved: second changed this while you were reading." in plain(answer.text)


def test_a_page_of_the_queue_is_kept(monitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acca_crawler.web.queue_page.PAGE", 1)
    assert "Page 2 of 2" in bulk(monitor, "/queue?page=2", row="watch:2")
    assert "Page 2 of 2" in monitor.get("/queue?page=400").text
    back = re.search(r'href="(/queue\?[^"]*)">Queue</a>\n', monitor.get("/reports/3").text)
    assert back
    assert back[1] == "/queue?page=2#select-3"


def test_numbers_say_what_a_click_shows(monitor: Browser) -> None:
    """Those of the tabs with the filter, which the tab keeps; a filter that leaves nothing stays chosen."""
    assert [*counts(monitor, "/queue?country=UZ").values()] == ["1", "0", "0", "0", "1"]
    assert re.search(r'value="UZ" selected>Uzbekistan \(0\)', monitor.get("/queue?country=UZ&language=ky").text)
    assert re.search(r'value="watch" selected>Watching \(0\)', monitor.get("/queue?status=watch").text)


def test_a_language_is_filtered_in_all_its_scripts(server: Server) -> None:
    db = open_archive(server.config.archive_file)
    with transaction(db):
        for number, language in ((5, "uz-Cyrl"), (6, "kk-Latn")):
            add(db, replace(RUSSIAN, language=language), number)
    db.close()
    monitor = server.browser("monitor")
    for code, name, number in (("uz", "Uzbek", 5), ("uz-Cyrl", "Uzbek, Cyrillic", 5), ("kk-Latn", "Kazakh, Latin", 6)):
        page = monitor.get(f"/queue?language={code}").text
        assert re.findall(r'<h3><a href="/reports/(\d+)', page) == [str(number)]
        assert f'value="{code}" selected>{name} (1)' in page


def test_more_like_this_finds_stories_decided_by_the_same_words(monitor: Browser) -> None:
    link = re.search(r'href="(/queue\?rule=[^"]+)"', monitor.get("/reports/1").text)
    assert link
    page = monitor.get(link[1].replace("&amp;", "&")).text
    assert 'href="/reports/1?' in page


def test_a_title_in_another_language_is_helped_with(server: Server) -> None:
    """The Kyrgyz title has no member in English, so the terms that support its flag are glossed, and only these."""
    db = sqlite3.connect(server.config.archive_file)
    db.execute(
        "INSERT INTO flag_spans SELECT flags.id, 9, 'for', 'title', 14, 22, 'кыйноого', "
        "'ky.torture: кыйноо', 'torture (of a person)' "
        "FROM flags JOIN articles USING (revision_id) WHERE articles.id = 3"
    )
    db.commit()
    db.close()
    rows = re.split(r"<li class=\"report", server.browser("monitor").get("/queue").text)[1:]
    help_of = {row[row.index("/reports/") :][:10]: re.findall(r'reading-help">([^<]+)<', row) for row in rows}
    assert help_of == {"/reports/1": [], "/reports/2": [], "/reports/3": ["[torture]"]}
