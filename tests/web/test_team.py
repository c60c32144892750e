"""The lead's page and users in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from storage.review.database import connect
from tests.web.conftest import PASSWORD, Browser, Server
from tests.web.test_stories import plain

FRESH = "a fresh password of mine"


def test_a_lead_sees_who_has_what_and_where_people_disagree(serve: Callable[..., Server]) -> None:
    server = serve(second_reviewer=True)
    monitor, second, lead = (server.browser(name) for name in ("monitor", "second", "lead"))
    monitor.decide(3, "assign", assignee="second")
    monitor.decide(1, "confirm")
    server.clock.move(hours=1)
    second.decide(1, "false_alarm", reason="no_state_agent")
    monitor.decide(2, "confirm")
    shown = plain(lead.get("/team").text)
    workload = shown[shown.index("Workload") : shown.index("Waiting longest")]
    assert "second monitor 1 0 1" in workload and "monitor monitor 0 0 2" in workload
    oldest = shown[shown.index("Waiting longest") : shown.index("Second confirmation")]
    assert "Кармалган киши" in oldest and "→ second" in oldest and "Detainee beaten" not in oldest
    waiting = shown[shown.index("Second confirmation") : shown.index("Disagreements")]
    assert "Задержан Марат Примеров" in waiting and "asked by monitor" in waiting
    apart = shown[shown.index("Disagreements") : shown.index("False alarms by rule")]
    assert "monitor confirmed it, second called it a false alarm" in apart
    rules = shown[shown.index("False alarms by rule") :]
    assert "en.beating: beaten 1 0 no state agent involved: private or ordinary crime: 1" in rules
    undone = re.findall(r'name="undoes" value="(\d+)"', lead.get("/reports/1").text)[-1]
    lead.decide(1, "undo", undoes=undone)
    assert "lead undid a decision of second" in plain(lead.get("/team").text)


def test_two_people_who_disagree_again_are_listed_once_and_what_is_undone_gives_no_reason(
    serve: Callable[..., Server],
) -> None:
    server = serve(second_reviewer=False)
    monitor, second, lead = (server.browser(name) for name in ("monitor", "second", "lead"))
    for reason in ("no_state_agent", "abroad"):
        monitor.decide(1, "confirm")
        server.clock.move(minutes=1)
        second.decide(1, "false_alarm", reason=reason)
        server.clock.move(minutes=1)
    monitor.decide(1, "false_alarm", reason="history")
    undone = re.findall(r'name="undoes" value="(\d+)"', lead.get("/reports/1").text)[-1]
    lead.decide(1, "undo", undoes=undone)
    shown = plain(lead.get("/team").text)
    assert shown.count("monitor confirmed it, second called it a false alarm") == 1
    assert "en.beating: beaten 1 0 abroad, no link to Central Asia: 1" in shown


@pytest.mark.parametrize("address", ["/team", "/users"])
def test_only_leads_see_it(monitor: Browser, address: str) -> None:
    assert monitor.get(address).status_code == 403
    assert monitor.request("POST", "/users").status_code == 403


def change(lead: Browser, **fields: object) -> tuple[int, str]:
    """Send the form of the users page; returns the status and the link that it shows."""
    answer = lead.submit("/users", "/users", **fields)
    found = re.search(r"http://localhost(/sign-in/link\?token=[\w-]+)", answer.text)
    return answer.status_code, found[1] if found else ""


def sign_in(browser: Browser, link: str) -> int:
    """Follow a one-time link and press its button."""
    return browser.submit(link, "/sign-in/link", token=link.rpartition("=")[2]).status_code


def test_a_user_is_invited_chooses_a_password_and_is_reset(server: Server) -> None:
    lead, invited = server.browser("lead"), server.browser()
    status, link = change(lead, action="invite", name="aigul", role="monitor")
    assert (status, link != "") == (200, True)
    assert sign_in(invited, link) == 303
    assert sign_in(server.browser(), link) == 401
    done = invited.submit("/account", "/account", new_password=FRESH, again=FRESH)
    assert done.headers["location"] == "/account?changed=1"
    assert server.browser().sign_in("aigul", FRESH).status_code == 303
    assert invited.submit("/account", "/account", new_password=PASSWORD, again=PASSWORD).status_code == 400
    status, link = change(lead, action="reset", name="aigul")
    assert invited.get("/queue").status_code == 303
    assert server.browser().sign_in("aigul", FRESH).status_code == 401
    assert sign_in(invited, link) == 303
    assert change(lead, action="role", name="aigul", role="reader") == (303, "")
    assert invited.get("/queue").status_code == 403
    assert change(lead, action="disable", name="aigul") == (303, "")
    assert invited.get("/overview").status_code == 303
    assert "disabled since 22 Nov 2026" in plain(lead.get("/users").text)
    assert change(lead, action="enable", name="aigul") == (303, "")
    db = connect(server.config.people_file, server.config.archive_file)
    noted = [row[0] for row in db.execute("SELECT subject ->> 'action' FROM journal WHERE action = 'user' ORDER BY id")]
    db.close()
    assert noted == ["invite", "reset", "role", "disable", "enable"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"action": "invite", "name": "MONITOR"}, "this user name is taken"),
        ({"action": "invite", "name": " "}, "1 to 64 printable characters"),
        ({"action": "invite", "name": "x" * 65}, "1 to 64 printable characters"),
        ({"action": "disable", "name": "lead"}, "ask another lead to change your own account"),
        (
            {"action": "role", "name": "Lead", "role": "reader"},
            "ask another lead to change your own account",
        ),
        ({"action": "reset", "name": "nobody"}, "no user has this name"),
        ({"action": "promote", "name": "monitor"}, "choose a decision"),
    ],
)
def test_what_makes_no_sense_is_refused(server: Server, fields: dict[str, str], why: str) -> None:
    answer = server.browser("lead").submit("/users", "/users", **fields)
    assert answer.status_code == 400
    assert why in plain(answer.text)
