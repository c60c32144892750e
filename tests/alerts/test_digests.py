"""Digests and quiet hours on the receiver's clock, over changes of clocks too."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.alerts.schedule import is_quiet, last_slot
from acca_crawler.alerts.sending import send_all
from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.config.alerts import WEEKDAYS, AlertRule, WebhookChannel
from acca_crawler.config.loading import Config
from acca_crawler.items import Verdict
from storage.review import database as review_database
from storage.review import queue_refresh, reviews
from tests.support.newsdesk import Newsdesk
from tests.support.servers import Hook, Post

BERLIN = ZoneInfo("Europe/Berlin")


def rule(at: str, when: str = "daily", day: str = "monday") -> AlertRule:
    return AlertRule.model_validate({"name": "r", "channels": ["c"], "when": when, "at": at, "day": day})


def channel(quiet: str, zone: str = "Europe/Berlin") -> WebhookChannel:
    return WebhookChannel.model_validate(
        {"name": "c", "kind": "webhook", "url": "http://localhost/", "quiet": quiet, "timezone": zone}
    )


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-28T07:00:00Z", "2026-03-28T07:00:00Z"),  # 08:00 in winter
        ("2026-03-29T06:00:00Z", "2026-03-29T06:00:00Z"),  # 08:00 on the day the clocks go forward
        ("2026-03-29T05:59:59Z", "2026-03-28T07:00:00Z"),
        ("2026-10-25T06:59:59Z", "2026-10-24T06:00:00Z"),
        ("2026-10-25T07:00:00Z", "2026-10-25T07:00:00Z"),  # 08:00 on the day they go back
    ],
)
def test_eight_is_eight_on_the_receivers_clock(now: str, slot: str) -> None:
    assert last_slot(rule("08:00"), BERLIN, parse_stamp(now)) == parse_stamp(slot)


def test_an_hour_that_is_left_out_still_has_its_digest() -> None:
    assert last_slot(rule("02:30"), BERLIN, parse_stamp("2026-03-29T12:00:00Z")) == parse_stamp("2026-03-29T01:30:00Z")


def test_an_hour_that_comes_twice_has_one_digest() -> None:
    early, late = parse_stamp("2026-10-25T00:45:00Z"), parse_stamp("2026-10-25T01:45:00Z")
    assert last_slot(rule("02:30"), BERLIN, early) == last_slot(rule("02:30"), BERLIN, late)


@given(
    moments=st.lists(st.integers(1767225600, 1798761600), min_size=2).map(sorted),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    when=st.sampled_from(["daily", "weekly"]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Bishkek", "Australia/Lord_Howe"]),
    day=st.sampled_from(WEEKDAYS),
)
def test_slots_are_past_near_and_never_go_back(
    moments: list[int], hour: int, minute: int, when: str, zone: str, day: str
) -> None:
    asked = rule(f"{hour:02}:{minute:02}", when, day)
    slots = [last_slot(asked, ZoneInfo(zone), datetime.fromtimestamp(moment, UTC)) for moment in moments]
    for moment, slot in zip(moments, slots, strict=True):
        age = datetime.fromtimestamp(moment, UTC) - slot
        assert 0 <= age.total_seconds() <= (1 if when == "daily" else 7) * 86400 + 2 * 3600
    assert all(first <= second for first, second in pairwise(slots))


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        ("2026-03-28T20:59:59Z", False),  # 21:59:59 in winter
        ("2026-03-28T21:00:00Z", True),
        ("2026-03-29T04:59:59Z", True),  # 06:59:59 in summer, the same night
        ("2026-03-29T05:00:00Z", False),
        ("2026-10-25T05:59:59Z", True),
        ("2026-10-25T06:00:00Z", False),
    ],
)
def test_quiet_hours_end_by_the_receivers_clock(now: str, quiet: bool) -> None:
    assert is_quiet(channel("22:00-07:00"), parse_stamp(now)) is quiet


def test_quiet_hours_within_a_day() -> None:
    midday = channel("12:00-13:00", "UTC")
    assert [is_quiet(midday, parse_stamp(f"2026-01-01T{at}:00Z")) for at in ("11:59", "12:00", "12:59", "13:00")] == [
        False, True, True, False,
    ]  # fmt: skip


def hooked(desk: Newsdesk, receiver: Hook, tables: str) -> Config:
    os.environ["ACCA_TEST_SECRET"] = "a-secret"
    return desk.configure(
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        + tables
    )


def test_nothing_is_sent_in_quiet_hours_and_everything_after(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(
        desk,
        receiver,
        'timezone = "Asia/Bishkek"\nquiet = "22:00-07:00"\n[[rule]]\nname = "now"\nchannels = ["hook"]\n',
    )
    desk.now = parse_stamp("2026-11-20T16:30:00Z")  # 22:30 in Bishkek
    desk.tell()
    for _ in range(17):
        send_all(desk.db, config, desk.clock)
        desk.wait(minutes=30)
    assert receiver.posted == []
    desk.now = parse_stamp("2026-11-21T01:00:00Z")  # 07:00
    send_all(desk.db, config, desk.clock)
    assert len(receiver.posted) == 1


def test_a_failed_delivery_waits_for_the_end_of_quiet_hours(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, 'quiet = "22:00-07:00"\n[[rule]]\nname = "now"\nchannels = ["hook"]\n')
    receiver.answer = lambda number: (503 if number == 1 else 200, None)
    desk.now = parse_stamp("2026-11-20T21:59:30Z")
    desk.tell()
    for _ in range(25):
        send_all(desk.db, config, desk.clock)
        desk.wait(minutes=27)
    sent = desk.db.execute("SELECT sent_at FROM deliveries").fetchone()[0]
    assert len(receiver.posted) == 2
    assert "2026-11-21T07:00:00Z" <= sent <= "2026-11-21T07:27:00Z"


DIGEST = (
    '[[rule]]\nname = "morning"\nchannels = ["{name}"]\nwhen = "daily"\nat = "08:00"\nlevels = ["alert", "digest"]\n'
)


def test_a_digest_holds_what_was_found_until_its_hour_however_late_it_is_made(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, DIGEST.format(name="hook"))
    desk.now = parse_stamp("2026-11-20T07:59:00Z")
    desk.tell(title="Before")
    send_all(desk.db, config, desk.clock)
    assert receiver.posted == []
    desk.now = parse_stamp("2026-11-20T08:01:00Z")
    desk.tell(title="After")
    desk.wait(hours=3)
    for _ in range(3):
        send_all(desk.db, config, desk.clock)
    assert [report["title"] for report in receiver.posted[0].document["reports"]] == ["Before"]
    assert len(receiver.posted) == 1
    desk.now = parse_stamp("2026-11-21T08:00:00Z")
    send_all(desk.db, config, desk.clock)
    assert [report["title"] for report in receiver.posted[1].document["reports"]] == ["After"]


def test_days_without_a_sender_come_in_one_digest(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, DIGEST.format(name="hook"))
    send_all(desk.db, config, desk.clock)
    for _ in range(5):
        desk.tell()
        desk.wait(days=1)
    desk.wait(hours=3)
    send_all(desk.db, config, desk.clock)
    assert [len(posted.document["reports"]) for posted in receiver.posted] == [5]


def test_a_digest_has_one_entry_a_story_and_the_gravest_first(desk: Newsdesk, post: Post) -> None:
    config = desk.configure(
        f'[[channel]]\nname = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
        f'sender = "acca@example.org"\nto = ["asel@example.net"]\ntimezone = "Asia/Bishkek"\n'
        + DIGEST.format(name="mail")
    )
    desk.tell(title="A strike in Tashkent", level="digest", country="UZ", outlet="other")
    desk.tell(title="A seller detained", categories=("arbitrary_detention",))
    desk.tell(title="Beaten in Zhana", text="Officers have beaten him with batons, says a lawyer.")
    desk.tell(title="A man died in a colony", country="TJ", categories=("torture", "death_in_custody"))
    desk.wait(days=1)
    send_all(desk.db, config, desk.clock)
    first = plain(post)
    assert post.mails[-1]["Subject"] == (
        "1 death in custody, 1 torture, 1 detention (KG 2, TJ 1) · digest morning, 2026-11-21"
    )
    in_order = (
        "4 reports: 4 new.", "This is the first digest in this channel.", "== Death in custody ==",
        "A man died in a colony", "Tajikistan: torture, death in custody", "== Torture ==", "Beaten in Zhana",
        "== Arbitrary detention ==", "A seller detained", "== For information: not alerts ==", "A strike in Tashkent",
    )  # fmt: skip
    assert [first.index(part) for part in in_order] == sorted(first.index(part) for part in in_order)
    desk.tell(title="Beaten in Zhana, a second outlet says", outlet="other", same_as=3)
    desk.tell(title="Another man beaten")
    text = "Officers have hurt him, says a lawyer."
    desk.revise(3, "softening", title="Hurt in Zhana", text=text, level="ignore", same_as=77)
    desk.revise(2, "correction", title="A seller held")
    desk.wait(days=1)
    send_all(desk.db, config, desk.clock)
    second = plain(post)
    assert post.mails[-1]["Subject"].startswith("2 torture (KG 2) · ")
    assert "3 reports: 2 new, 1 softened since it was published." in second
    assert "Since the digest of 2026-11-21 12:00 (Asia/Bishkek): 1 on new stories, 2 on known stories" in second
    known = second.index("(also in an earlier digest)")
    assert second.index("Another man beaten") < known < second.index("Hurt in Zhana")
    assert "also: Other News, new: Beaten in Zhana, a second outlet says" in second
    assert (
        "What changed: [-Beaten-]{+Hurt+} in Zhana / Officers have [-beaten him with batons-]{+hurt him+}, says"
        in second
    )
    assert second.count("Hurt in Zhana") == 1
    changed = second.index("== Changes to reports of the last digest ==")
    assert "A seller held: corrected" in second[changed:]
    page = post.mails[-1].get_body(("html",))
    assert page is not None
    assert "with batons</del>" in page.get_content() and "hurt him</ins>" in page.get_content()
    assert len(post.arrived) == 2


def plain(post: Post) -> str:
    """The newest mail's plain text."""
    body = post.mails[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_what_a_vanished_rule_promised_is_sent_at_once(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, DIGEST.format(name="hook"))
    desk.now = parse_stamp("2026-11-20T09:00:00Z")
    desk.tell()
    send_all(desk.db, config, desk.clock)
    assert receiver.posted == []
    send_all(desk.db, hooked(desk, receiver, ""), desk.clock)
    assert [posted.document["kind"] for posted in receiver.posted] == ["report"]


MORNING = DIGEST.format(name="mail")


def mailed(desk: Newsdesk, post: Post, more: str = "") -> Config:
    """A desk with a mail channel that gets a digest every morning."""
    return desk.configure(
        f'[[channel]]\nname = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
        f'sender = "acca@example.org"\nto = ["asel@example.net"]\n{more}\n{MORNING}'
    )


def decide(desk: Newsdesk, config: Config, article_id: int, verdict: Verdict, **more: Any) -> None:
    """Decide as a reviewer does, now."""
    db = review_database.open_people(config.people_file, config.archive_file)
    queue_refresh.refresh(db)
    note = "the sister told me" if verdict == "note" else "between us"
    decision = reviews.Decision(verdict, "aigul", note, **more)
    reviews.decide(db, article_id, decision, None, stamp(desk.now))
    db.close()


def test_a_digest_says_what_reviewers_decided(desk: Newsdesk, post: Post) -> None:
    config = mailed(desk, post)
    desk.tell(title="Beaten in Zhana")
    desk.tell(title="A seller detained")
    desk.tell(title="A man died")
    desk.wait(hours=1)
    decide(desk, config, 1, "confirm")
    decide(desk, config, 2, "watch")
    desk.wait(hours=23)
    send_all(desk.db, config, desk.clock)
    first = plain(post)
    assert "(reviewed: Confirmed)\r\nBeaten in Zhana" in first
    assert "(reviewed: Watching)\r\nA seller detained" in first
    assert first.count("reviewed:") == 2
    desk.wait(hours=1)
    decide(desk, config, 2, "false_alarm", reason="no_state_agent")
    decide(desk, config, 3, "note")
    desk.tell(title="News of the next day")
    desk.wait(days=1)
    decide(desk, config, 3, "confirm")  # after the digest's hour, so a matter of the next one
    desk.now -= timedelta(minutes=1)
    send_all(desk.db, config, desk.clock)
    second = plain(post)
    decided = second[second.index("== What you decided since the last digest: False alarm 1 ==") :]
    assert "A seller detained: False alarm" in decided
    assert "https://review.example.org/reports/2" in decided
    assert "decided: 1." in second
    assert "Beaten in Zhana" not in decided
    assert "A man died" not in decided
    for secret in ("aigul", "between us", "the sister told me"):
        assert secret not in first + second


def test_a_digest_in_russian(desk: Newsdesk, post: Post) -> None:
    config = mailed(desk, post, 'language = "ru"\ntext = "title"')
    desk.tell(title="Beaten in Zhana")
    desk.tell(title="A seller detained", level="digest", categories=("arbitrary_detention",), country=None)
    decide(desk, config, 1, "confirm")
    desk.wait(days=1)
    send_all(desk.db, config, desk.clock)
    mail, said = post.mails[-1], plain(post)
    assert mail["Subject"] == "1 случай пыток (KG 1) · сводка morning, 2026-11-21"
    for part in (
        "2 материала: новое — 2.", "Это первая сводка в этом канале.", "== Пытки ==", "== Для сведения: не сигналы ==",
        "(проверка: Подтверждён)",
        "пытки; Acca News, опубликовано 2026-11-19; новое", "Проверить: https://review.example.org/reports/1",
        "произвольное задержание", "не сигнал", "Номер ",
    ):  # fmt: skip
        assert part in said, part
    english = re.sub(r"https?://\S+|Acca News|Beaten in Zhana|A seller detained|acca|morning", "", said)
    assert re.findall(r"[A-Za-z]{4,}", re.sub(r"[0-9a-f-]{36}", "", english)) == []
    page = mail.get_body(("html",))
    assert page is not None
    assert '<html lang="ru">' in page.get_content()
    assert '<strong dir="auto" lang="en">' in page.get_content()
