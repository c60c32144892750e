"""Alarms: each kind from an archive that shows it, sent once when raised and once when resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from acca_crawler.alerts.sending import send_all
from acca_crawler.clock import stamp
from acca_crawler.config.loading import Config, load
from acca_crawler.exceptions import ConfigError
from acca_crawler.i18n.alarm_texts import what
from acca_crawler.i18n.catalogue import language
from acca_crawler.operations.watching import watch
from acca_crawler.outlets import Concern, Outlet
from storage.alerts.alarms import Alarm, latest_alarms, open_alarms
from storage.articles import elsewhere
from storage.evidence.timestamps import Stamp, enqueue, save, save_error, unfinished
from tests.support.desk import Desk
from tests.support.newsdesk import NOW, Newsdesk
from tests.support.servers import Hook, Post, hook, post_office

OUTLETS = {
    name: Outlet(name, f"https://{name}.example/", (f"{name}.example",), ("KG",), ("en",), r"^/\d+")
    for name in ("acca", "other")
}


@pytest.fixture
def desk(tmp_path: Path) -> Newsdesk:
    """A desk after two crawls that ended well."""
    made = Newsdesk(tmp_path)
    made.db.execute("UPDATE outlets SET home = 'https://acca.example/' WHERE name = 'acca'")
    made.db.conn.commit()
    return made


def found(desk: Newsdesk, config: Config | None = None, outlets: Mapping[str, Outlet] = OUTLETS) -> dict[str, Alarm]:
    """The alarms that are open after a look, by kind; those about the machine that runs the test left out."""
    watch(desk.db, config or desk.configure(""), outlets, desk.now)
    return {alarm.kind: alarm for alarm in open_alarms(desk.db) if alarm.kind != "disk"}


def crawl(desk: Newsdesk, status: str, message: str = "", **counts: int) -> None:
    """Another crawl of acca with this outcome."""
    run = desk.run()
    desk.db.execute(
        "UPDATE run_outlets SET status = ?, message = ? WHERE run_id = ? AND outlet = 'acca'", [status, message, run]
    )
    for name, value in counts.items():
        desk.db.execute("INSERT INTO run_counts VALUES (?, 'acca', ?, ?)", [run, name, value])
    desk.db.conn.commit()


def test_an_archive_in_order_has_no_alarm(desk: Newsdesk) -> None:
    desk.tell()
    assert found(desk) == {}


@pytest.mark.parametrize(("status", "kind"), [("blocked", "blocked"), ("failed", "failing")])
def test_a_streak_of_bad_runs_is_an_alarm_once_it_is_long(desk: Newsdesk, status: str, kind: str) -> None:
    for _ in range(2):
        crawl(desk, status, "HTTP 403")
        desk.wait(hours=4)
    assert found(desk) == {}, "two runs are not a streak"
    crawl(desk, status, "HTTP 403")
    alarm = found(desk)[kind]
    assert (alarm.subject, alarm.since, alarm.details["runs"]) == ("acca", stamp(NOW), 3)
    crawl(desk, "ok")
    assert found(desk) == {}


def test_an_outlet_that_is_often_down_for_a_day_may_be_down_for_a_day_again(desk: Newsdesk) -> None:
    for status in ("failed", "failed", "failed", "ok", "failed", "failed", "failed", "failed"):
        desk.wait(hours=8)
        crawl(desk, status)
    assert found(desk) == {}
    for _ in range(4):
        desk.wait(hours=8)
        crawl(desk, "failed")
    assert set(found(desk, outlets={"acca": OUTLETS["acca"]})) == {"failing"}


def test_a_silence_beyond_habit_is_an_alarm(desk: Newsdesk) -> None:
    for back in (15, 12, 9, 6, 3):
        desk.tell(published=stamp(NOW - timedelta(days=back)))
    assert found(desk) == {}
    desk.wait(days=4)
    crawl(desk, "ok")
    alarm = found(desk)["silent"]
    assert (alarm.subject, alarm.details, alarm.since) == ("acca", {"days": 7, "usual": 3}, "2026-11-17")


def test_undated_articles_end_no_silence_by_growing_old(desk: Newsdesk) -> None:
    desk.tell(published=None)
    desk.wait(days=70)
    crawl(desk, "ok")
    assert found(desk)["silent"].details == {"days": 70, "usual": 30}


@pytest.mark.parametrize(("concerns", "days"), [("all", 3), ("region", 30)])
def test_an_outlet_that_never_gave_an_article_is_an_alarm_though_its_crawls_end_well(
    desk: Newsdesk, concerns: Concern, days: int
) -> None:
    outlets = {"acca": replace(OUTLETS["acca"], concerns=concerns)}
    desk.wait(days=days - 1)
    crawl(desk, "ok")
    assert found(desk, outlets=outlets) == {}
    desk.wait(days=1)
    alarm = found(desk, outlets=outlets)["empty"]
    assert (alarm.subject, alarm.details, alarm.since) == ("acca", {"days": days}, stamp(NOW))
    desk.tell(published=stamp(desk.now))
    assert found(desk, outlets=outlets) == {}


def test_a_site_that_leads_elsewhere_has_moved(desk: Newsdesk) -> None:
    crawl(desk, "failed", refused=0)
    desk.db.execute(
        "INSERT INTO way_attempts (run_id, outlet, way, url, outcome, reason, found, attempted_at) "
        "VALUES (?, 'acca', 'feed', 'u', 'failed', ?, 0, ?)",
        [desk.run_id, "/feed/: leads off the outlet's hosts, to acca-new.example", stamp(desk.now)],
    )
    assert found(desk)["moved"].details == {"host": "acca-new.example"}


@pytest.mark.parametrize("status", ["ok", "running", "killed"])
def test_one_way_that_leads_elsewhere_is_no_move_where_another_had_nothing_new(desk: Newsdesk, status: str) -> None:
    desk.tell()
    crawl(desk, status)
    for way, outcome, reason in (
        ("feed", "failed", "leads off the outlet's hosts, to ru.example"),
        ("rss", "answered", None),
    ):
        desk.db.execute(
            "INSERT INTO way_attempts (run_id, outlet, way, url, outcome, reason, found, attempted_at) "
            "VALUES (?, 'acca', ?, 'u', ?, ?, 0, ?)",
            [desk.run_id, way, outcome, reason, stamp(desk.now)],
        )
    assert found(desk) == {}


@pytest.mark.parametrize(("articles", "alarmed"), [(1, False), (3, True)])
def test_articles_that_lead_elsewhere_are_a_move_from_three_on(desk: Newsdesk, articles: int, alarmed: bool) -> None:
    desk.tell()
    crawl(desk, "ok", refused=articles)
    for number in range(articles):
        desk.db.execute(
            "INSERT INTO addresses (outlet, url, listed_url, status, reason, way, first_seen_at, last_listed_at, "
            "status_at) VALUES ('acca', ?, '', 'refused', ?, 'feed', ?, ?, ?)",
            [f"https://acca.example/{number}", "leads off the outlet's hosts, to new.example", *[stamp(desk.now)] * 3],
        )
    assert ("moved" in found(desk)) == alarmed


def test_refusals_of_everything_are_an_alarm(desk: Newsdesk) -> None:
    crawl(desk, "failed", refused=3)
    for number in range(3):
        desk.db.execute(
            "INSERT INTO addresses (outlet, url, listed_url, status, reason, way, first_seen_at, last_listed_at, "
            "status_at) VALUES ('acca', ?, '', 'refused', 'Forbidden by robots.txt', 'feed', ?, ?, ?)",
            [f"https://acca.example/{number}", *[stamp(desk.now)] * 3],
        )
    assert found(desk)["refused"].details == {"count": 3, "reason": "Forbidden by robots.txt"}


def test_a_changed_layout_stays_an_alarm_until_articles_are_read_well_again(desk: Newsdesk) -> None:
    crawl(desk, "ok", read=10, no_date=0)
    crawl(desk, "ok", read=10, no_date=9)
    assert "have no date" in str(found(desk)["layout"].details["complaint"])
    crawl(desk, "ok")
    assert "layout" in found(desk), "a run without articles proves nothing"
    crawl(desk, "ok", read=10, no_date=0)
    assert found(desk) == {}


@pytest.mark.parametrize(("yesterday", "alarmed"), [(0, True), (1, True), (2, False), (5, False), (30, True)])
def test_a_weekday_out_of_its_range_is_an_alarm(desk: Newsdesk, yesterday: int, alarmed: bool) -> None:
    desk.db.execute("UPDATE runs SET started_at = '2026-09-01T00:00:00Z'")
    desk.db.conn.commit()
    desk.run()
    for back in range(1, 50):
        for _ in range({1: yesterday, 8: 6}.get(back, 5)):
            desk.tell(published=stamp(NOW - timedelta(days=back)))
    alarm = found(desk).get("volume")
    assert (alarm is not None) == alarmed
    if alarm:
        assert alarm.details == {"count": yesterday, "day": "2026-11-19", "least": 5, "most": 6}


def test_outlets_that_are_overdue_share_an_alarm(desk: Newsdesk) -> None:
    for name, due in (("acca", "2026-11-19T20:00:00Z"), ("other", "2026-11-19T12:00:00Z")):
        desk.db.execute("INSERT INTO polls VALUES (?, ?, 60, ?)", [name, due, due])
    alarm = found(desk)["overdue"]
    assert (alarm.details, alarm.since) == ({"count": 2, "outlet": "other"}, "2026-11-19T12:00:00Z")


def test_a_full_disk_is_an_alarm(desk: Newsdesk) -> None:
    config = desk.configure("[operations]\nmin_free_gb = 1000000\n")
    watch(desk.db, config, OUTLETS, desk.now)
    (alarm,) = open_alarms(desk.db)
    assert (alarm.kind, alarm.details["days"]) == ("disk", "?")
    with patch("shutil.disk_usage") as usage:
        usage.return_value.free = 10**16
        watch(desk.db, config, OUTLETS, desk.now)
    assert open_alarms(desk.db) == []


def test_a_broken_chain_is_an_alarm(desk: Newsdesk) -> None:
    desk.db.execute("INSERT INTO manifests VALUES (1, '2026-11-20T06:00:00Z', NULL, '{}', 'x')")
    assert found(desk)["chain"].details == {"run": 1}


def test_an_authority_that_dates_nothing_for_days_is_an_alarm_until_it_does(desk: Newsdesk) -> None:
    url = "https://stamps.example/digest"
    config = desk.configure(f'[evidence]\ncalendars = ["{url}"]\n')
    began = stamp(desk.now)
    for _ in range(2):
        run = desk.run()
        desk.db.execute("INSERT INTO manifests VALUES (?, ?, NULL, '{}', ?)", [run, stamp(desk.now), f"x{run}"])
        enqueue(desk.db, "opentimestamps", url)
        save_error(desk.db, unfinished(desk.db, url)[0], "no promise: timed out", stamp(desk.now))
        assert "undated" not in found(desk, config)
        desk.wait(days=2)
    alarm = found(desk, config)["undated"]
    assert (alarm.subject, alarm.since, alarm.details["error"]) == (url, began, "no promise: timed out")
    save(desk.db, unfinished(desk.db, url)[0], Stamp(b"promise"), stamp(desk.now))
    assert "undated" not in found(desk, config)


def test_an_archive_that_makes_no_copy_for_days_is_an_alarm_until_it_does(desk: Newsdesk) -> None:
    config = desk.configure("[evidence]\nwayback = true\n")
    began = stamp(desk.now)
    for number in range(2):
        desk.tell(published=stamp(desk.now))
        desk.db.execute(
            "INSERT INTO elsewhere (article_id, service, url) VALUES (?, 'wayback', ?)", [number + 1, f"u{number}"]
        )
        one = elsewhere.waiting(desk.db, "wayback", 1, None)[0]
        elsewhere.save_error(desk.db, one, f"HTTP 50{number}", stamp(desk.now))
        assert "uncopied" not in found(desk, config)
        desk.wait(days=2)
    alarm = found(desk, config)["uncopied"]
    assert (alarm.subject, alarm.since, alarm.details["error"]) == ("wayback", began, "HTTP 501")
    assert "uncopied" not in found(desk, desk.configure("")), "it is not asked any more"
    elsewhere.save(desk.db, one, "https://web.archive.org/web/1/u", None, stamp(desk.now))
    assert "uncopied" not in found(desk, config)


def test_outlets_that_are_switched_off_are_left_alone(desk: Newsdesk) -> None:
    for _ in range(3):
        crawl(desk, "failed")
        desk.wait(hours=9)
    watch(desk.db, desk.configure(""), {"other": OUTLETS["other"]}, desk.now)
    assert {alarm.kind for alarm in open_alarms(desk.db)} <= {"disk"}


def operated(desk: Newsdesk, receiver: Hook, monkeypatch: pytest.MonkeyPatch, more: str = "") -> Config:
    """A desk whose operator has a webhook that gets no reports."""
    monkeypatch.setenv("ACCA_TEST_SECRET", "hook-secret")
    return desk.configure(
        f'[operations]\nchannels = ["ops"]\nmin_free_gb = 0\n[[channel]]\nname = "ops"\nkind = "webhook"\n'
        f'url = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n{more}'
    )


def test_an_alarm_is_told_once_and_so_is_its_end(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as receiver:
        config = operated(desk, receiver, monkeypatch)
        desk.tell(title="A report")
        for _ in range(3):
            crawl(desk, "blocked")
            desk.wait(hours=9)
        for _ in range(3):
            watch(desk.db, config, OUTLETS, desk.now)
            send_all(desk.db, config, desk.clock)
        crawl(desk, "ok")
        for _ in range(3):
            watch(desk.db, config, OUTLETS, desk.now)
            send_all(desk.db, config, desk.clock)
        raised, resolved = (posted.document for posted in receiver.posted)
    assert (raised["kind"], raised["reports"]) == ("alarm", [])
    (notice,) = raised["alarms"]
    assert (notice["event"], notice["kind"], notice["subject"]) == ("raised", "blocked", "acca")
    assert notice["what"] == "acca has blocked us in 3 runs in a row"
    assert "outlets.acca.mirrors" in notice["advice"]
    assert notice["since"] == stamp(NOW)
    assert resolved["alarms"][0]["event"] == "resolved"
    (alarm,) = latest_alarms(desk.db, 5)
    assert alarm.resolved_at == stamp(desk.now)


def test_an_alarm_that_could_not_be_sent_is_tried_again(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as receiver:
        config = operated(desk, receiver, monkeypatch)
        receiver.answer = lambda number: (500 if number == 1 else 200, None)
        desk.db.execute("INSERT INTO manifests VALUES (1, '2026-11-20T06:00:00Z', NULL, '{}', 'x')")
        desk.db.conn.commit()
        watch(desk.db, config, OUTLETS, desk.now)
        send_all(desk.db, config, desk.clock)
        desk.wait(minutes=5)
        send_all(desk.db, config, desk.clock)
        assert len({posted.body for posted in receiver.posted}) == 1
        assert len(receiver.posted) == 2


def test_a_mail_tells_in_the_operators_language_what_to_try(desk: Newsdesk) -> None:
    with post_office() as post:
        config = desk.configure(
            '[operations]\nchannels = ["ops"]\nmin_free_gb = 0\n[[channel]]\nname = "ops"\nkind = "email"\n'
            f'host = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\nsender = "acca@example.org"\n'
            'to = ["ops@example.org"]\nlanguage = "ru"\n'
        )
        _break(desk, config)
        (mail,) = Post.mails.fget(post)  # type: ignore[attr-defined]
    assert mail["Subject"] == "acca: манифест запуска 1 не продолжает цепочку"
    body = mail.get_body(("plain",)).get_content()
    assert "Что сделать: Выполните `acca verify`" in body
    assert "с 2026-11-20T06:00:00Z" in body
    assert "Что сделать" in mail.get_body(("html",)).get_content()


def _break(desk: Newsdesk, config: Config) -> None:
    desk.db.execute("INSERT INTO manifests VALUES (1, '2026-11-20T06:00:00Z', NULL, '{}', 'x')")
    desk.db.conn.commit()
    watch(desk.db, config, OUTLETS, desk.now)
    send_all(desk.db, config, desk.clock)


def test_a_channel_without_its_secret_is_an_alarm_until_it_has_one(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as receiver:
        config = operated(
            desk, receiver, monkeypatch,
            f'[[channel]]\nname = "team"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_NOT_IN_CRON"\n'
            '[[rule]]\nname = "all"\nchannels = ["team"]\n',
        )  # fmt: skip
        desk.tell()
        began = stamp(desk.now)
        for _ in range(2):
            _, team = send_all(desk.db, config, desk.clock)
            desk.wait(minutes=10)
        assert team.complaint == "channel team: the environment variable ACCA_NOT_IN_CRON is empty"
        alarm = found(desk, config)["unusable"]
        assert (alarm.subject, alarm.since) == ("team", began)
        assert what(alarm, language("ru")).endswith(": канал team: переменная окружения ACCA_NOT_IN_CRON пуста")
        send_all(desk.db, config, desk.clock)
        (notice,) = receiver.posted[0].document["alarms"]
        assert notice["kind"] == "unusable"
        monkeypatch.setenv("ACCA_NOT_IN_CRON", "a-secret")
        send_all(desk.db, config, desk.clock)
        assert found(desk, config) == {}
        assert len(receiver.posted) == 2, "the report that had waited"


def test_a_receiver_that_is_long_down_is_an_alarm_before_its_messages_are_given_up(desk: Newsdesk) -> None:
    config = desk.configure(
        '[[channel]]\nname = "team"\nkind = "email"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n'
        'sender = "acca@example.org"\nto = ["desk@example.org"]\n[[rule]]\nname = "all"\nchannels = ["team"]\n'
    )
    desk.tell()
    for minutes in (1, 5, 15, 60, 180):
        send_all(desk.db, config, desk.clock)
        alarms = found(desk, config)
        desk.wait(minutes=minutes)
        assert not alarms or minutes == 180
    assert (alarms["undelivered"].subject, alarms["undelivered"].since) == ("team", stamp(NOW))
    assert found(desk, desk.configure("")) == {}, "acca.toml names the channel no more"


def test_parked_deliveries_are_an_alarm_on_the_operators_channel(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as receiver:
        config = operated(
            desk, receiver, monkeypatch,
            '[alerts]\ntries = 1\n[[channel]]\nname = "team"\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n'
            'secret_env = "ACCA_TEST_SECRET"\n[[rule]]\nname = "all"\nchannels = ["team"]\n',
        )  # fmt: skip
        desk.tell()
        send_all(desk.db, config, desk.clock)
        watch(desk.db, config, OUTLETS, desk.now)
        send_all(desk.db, config, desk.clock)
        (notice,) = receiver.posted[0].document["alarms"]
    assert (notice["kind"], notice["subject"]) == ("parked", "team")
    assert "1 messages of channel team could not be delivered: ConnectionError" in notice["what"]


@pytest.mark.parametrize(
    ("tables", "mistake"),
    [
        ('[operations]\nchannels = ["none"]\n', "operations.channels: there is no channel named none"),
        (
            '[operations]\nchannels = ["f"]\n[[channel]]\nname = "f"\nkind = "atom"\ndirectory = "d"\n'
            'url = "https://x.example"\n',
            "operations.channels: f is a feed",
        ),
        (
            '[operations]\nmetrics_token_env = "A"\nmetrics_token_file = "b"\n',
            "operations.metrics_token_env: give either",
        ),
    ],
)
def test_a_mistaken_table_is_named(tmp_path: Path, tables: str, mistake: str) -> None:
    (tmp_path / "acca.toml").write_text(tables)
    with pytest.raises(ConfigError, match=mistake):
        load(tmp_path / "acca.toml")


def test_the_commands_and_the_metrics_list_open_alarms(desk: Newsdesk) -> None:
    config = desk.configure("[operations]\nmin_free_gb = 0\n[outlets.acca]\nenabled = false\n")
    _break(desk, config)
    desk.db.close()
    there = Desk(desk.directory)
    line = "ALARM: the manifest of run 1 does not fit the chain before it (since 2026-11-20T06:00:00Z)"
    assert there.acca("status").startswith(line)
    assert there.acca("alarms").splitlines()[0] == line
    assert 'acca_alarms_open{kind="chain"} 1' in there.acca("status", "--format", "prometheus")
    there.execute("DELETE FROM manifests")
    assert "No open alarms." in there.acca("alarms", "--check")
    assert "resolved 20" in there.acca("alarms", "--all")


def test_details_of_a_condition_never_change_an_open_alarm(desk: Newsdesk) -> None:
    for _ in range(3):
        crawl(desk, "blocked")
        desk.wait(hours=9)
    first = found(desk)["blocked"]
    crawl(desk, "blocked")
    assert replace(found(desk)["blocked"], id=first.id) == first
