"""A monitor's morning: tabs, a second confirmation, an expired session, wrong filters, pages of a search."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser, Server


def counts(browser: Browser) -> dict[str, str]:
    """The tabs of the queue with their numbers."""
    page = browser.get("/queue").text
    found = re.findall(r'<li><a href="/queue[^>]*>([^<]+)<span class="count">(\d+)', page)
    return {name.strip(): number for name, number in found}


def test_mine_keeps_what_is_assigned_and_on_watch(monitor: Browser) -> None:
    monitor.decide(1, "assign", assignee="monitor")
    monitor.decide(1, "watch")
    assert counts(monitor) == {"New": "2", "Mine": "1", "On watch": "1", "All": "3"}
    assert "Detainee" in monitor.get("/queue?view=mine").text
    assert "Detainee" in monitor.get("/queue?view=watch").text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_refusal_is_a_page_with_navigation(server: Server, language: str) -> None:
    reader = server.browser("reader")
    reader.http.headers["accept-language"] = language
    for address, status in (("/queue", 403), ("/no/such/place", 404)):
        answer = reader.get(address)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert 'href="/overview"' in answer.text
        assert f'<html lang="{language}">' in answer.text
    assert reader.get("/nothing.json").headers["content-type"].startswith("text/plain")


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
    assert "Narnia" in monitor.get("/search?q=detainee&country=Narnia").text


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
    assert counts(monitor) == {"New": "2", "Second confirmation": "0", "Mine": "0", "On watch": "0", "All": "3"}
    assert counts(lead)["Second confirmation"] == "1"
    assert counts(lead)["New"] == "3"
    assert "asked by monitor" in lead.get("/queue?view=second").text
    assert "1 of 2 confirmations" in monitor.get("/reports/1").text
    lead.decide(1, "confirm")
    assert counts(lead)["Second confirmation"] == "0"
