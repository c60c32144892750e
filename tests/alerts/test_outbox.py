"""Nothing is lost and nothing sent twice: what enters the outbox, retries, parking, the ceiling."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.alerts.sending import send_all
from acca_crawler.cli import main
from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.config.loading import Config
from storage.alerts import deliveries
from storage.alerts.status import channel_statuses
from storage.schema.database import transaction
from tests.support.newsdesk import Newsdesk, Sample
from tests.support.servers import Hook

SECRET = "a-secret-that-nobody-sees"


def hooked(desk: Newsdesk, receiver: Hook, channel: str = "", rule: str = "", alerts: str = "") -> Config:
    """A desk with one webhook and one rule."""
    os.environ["ACCA_TEST_SECRET"] = SECRET
    return desk.configure(
        f'[alerts]\n{alerts}\n[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\n'
        f'secret_env = "ACCA_TEST_SECRET"\n{channel}\n[[rule]]\nname = "all"\nchannels = ["hook"]\n{rule}\n'
    )


def titles(receiver: Hook) -> list[str]:
    """The titles in every request, in order."""
    return [report["title"] for posted in receiver.posted for report in posted.document["reports"]]


def test_a_report_is_told_once_and_a_signature_proves_it(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    desk.tell(title="First")
    desk.tell(title="Quiet day", level="ignore")
    send_all(desk.db, config, desk.clock)
    send_all(desk.db, config, desk.clock)
    assert titles(receiver) == ["First"]
    posted = receiver.posted[0]
    signed = posted.headers["Acca-Timestamp"].encode() + b"." + posted.body
    right = "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert posted.headers["Acca-Signature"] == right
    assert posted.headers["Idempotency-Key"] == posted.document["key"]
    assert posted.document["reports"][0]["review_url"] == "https://review.example.org/reports/1"


def test_every_commit_of_a_sender_outlasts_a_power_cut(desk: Newsdesk, receiver: Hook) -> None:
    desk.tell()
    send_all(desk.db, hooked(desk, receiver), desk.clock)
    assert (len(receiver.posted), desk.db.execute("PRAGMA synchronous").fetchone()[0]) == (1, 2)


def test_an_article_that_is_rolled_back_leaves_nothing_in_the_outbox(desk: Newsdesk) -> None:
    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), transaction(desk.db):
        desk.db.execute("INSERT INTO archive_identity VALUES ('x')")
        from storage.articles.write import insert_article
        from tests.support.newsdesk import article

        insert_article(desk.db, article(Sample(), 1), desk.run_id, None, "2026-11-20T06:00:00Z")
        assert desk.db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 1
        raise PowerCut
    assert desk.db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0


def test_a_failed_delivery_is_tried_again_with_growing_pauses_under_the_same_key(
    desk: Newsdesk, receiver: Hook
) -> None:
    config = hooked(desk, receiver)
    receiver.answer = lambda number: (200 if number == 4 else 503, None)
    desk.tell()
    for minutes in (0, 0.5, 0.5, 4, 1, 15, 60):
        desk.wait(minutes=minutes)
        send_all(desk.db, config, desk.clock)
    assert len(receiver.posted) == 4
    assert len({posted.headers["Idempotency-Key"] for posted in receiver.posted}) == 1
    assert len({posted.body for posted in receiver.posted}) == 1
    status = channel_statuses(desk.db)[0]
    assert (status.sent, status.waiting, status.parked) == (1, 0, 0)


def test_what_fails_too_often_is_parked_and_can_be_taken_up_again(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, alerts="tries = 3")
    receiver.answer = lambda number: (500, None)
    desk.tell()
    for _ in range(6):
        done = send_all(desk.db, config, desk.clock)
        desk.wait(hours=30)
    assert len(receiver.posted) == 3
    assert done[0].error is None
    status = channel_statuses(desk.db)[0]
    assert (status.parked, status.errors) == (1, ("HTTP 500",))
    receiver.answer = lambda number: (204, None)
    with transaction(desk.db):
        assert deliveries.unpark(desk.db, "hook", stamp(desk.now)) == 1
    send_all(desk.db, config, desk.clock)
    assert channel_statuses(desk.db)[0].sent == 1


def test_the_other_side_may_ask_for_a_longer_pause(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    receiver.answer = lambda number: (429, "3600") if number == 1 else (200, None)
    desk.tell()
    for minutes in (0, 5, 30, 26):
        desk.wait(minutes=minutes)
        send_all(desk.db, config, desk.clock)
    assert [posted.path for posted in receiver.posted] == ["/hook", "/hook"]
    assert desk.now == receiver_time(desk)


def receiver_time(desk: Newsdesk) -> object:
    """When the newest delivery arrived."""
    return parse_stamp(desk.db.execute("SELECT sent_at FROM deliveries").fetchone()[0])


def test_a_redirect_is_no_delivery_and_is_not_followed(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    receiver.answer = lambda number: (302, None)
    desk.tell()
    done = send_all(desk.db, config, desk.clock)
    assert (done[0].failed, done[0].error, len(receiver.posted)) == (1, "HTTP 302", 1)


def test_one_dead_channel_does_not_keep_another_waiting(desk: Newsdesk, receiver: Hook) -> None:
    config = desk.configure(
        '[[channel]]\nname = "dead"\nkind = "webhook"\nurl = "http://127.0.0.1:9/x"\nsecret_env = "ACCA_TEST_SECRET"\n'
        '[[channel]]\nname = "unset"\nkind = "webhook"\nurl = "http://127.0.0.1:9/x"\nsecret_env = "ACCA_NOT_SET"\n'
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        '[[rule]]\nname = "all"\nchannels = ["dead", "unset", "hook"]\n'
    )
    os.environ["ACCA_TEST_SECRET"] = SECRET
    desk.tell(title="Sample")
    done = {one.channel: one for one in send_all(desk.db, config, desk.clock)}
    assert titles(receiver) == ["Sample"]
    assert done["dead"].failed == 1
    assert "ACCA_NOT_SET" in (done["unset"].error or "")


def test_the_ceiling_bundles_what_is_beyond_it_and_says_how_many_are_left_out(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, channel="ceiling = 3\nlisted = 2")
    for number in range(18):
        desk.tell(title=f"Report {number}")
    send_all(desk.db, config, desk.clock)
    documents = [posted.document for posted in receiver.posted]
    assert [len(document["reports"]) for document in documents] == [1, 1, 16]
    assert sorted(titles(receiver)) == sorted(f"Report {number}" for number in range(18))
    desk.tell(title="Late")
    send_all(desk.db, config, desk.clock)
    assert len(receiver.posted) == 3
    desk.wait(minutes=61)
    send_all(desk.db, config, desk.clock)
    assert titles(receiver)[-1] == "Late"


def test_a_first_crawl_a_backfill_an_import_and_old_news_flood_nobody(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    desk.run_id = 1
    desk.tell(title="From the first crawl")
    desk.run("crawl", backfill=True)
    desk.tell(title="From a backfill")
    desk.run("import")
    desk.tell(title="From an import")
    desk.run("crawl", backfill=False)
    desk.tell(title="Old", published="2026-10-01T00:00:00Z")
    desk.tell(title="Old day", published="2026-11-05")
    desk.tell(title="Recent day", published="2026-11-06")
    desk.tell(title="Undated", published=None)
    send_all(desk.db, config, desk.clock)
    assert titles(receiver) == ["Recent day", "Undated"]
    held = channel_statuses(desk.db)[0].held
    assert held == {"first_crawl": 1, "backfill": 1, "import": 1, "old": 2}


def test_an_old_report_that_is_softened_is_news(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    desk.tell(title="Beaten", published="2024-01-01")
    desk.revise(1, "softening", title="Hurt", level="ignore")
    send_all(desk.db, config, desk.clock)
    assert [(report["title"], report["kind"]) for p in receiver.posted for report in p.document["reports"]] == [
        ("Hurt", "softened")
    ]


def test_a_new_channel_is_told_of_the_last_day_alone(desk: Newsdesk, receiver: Hook) -> None:
    desk.tell(title="Last week")
    desk.wait(days=7)
    desk.tell(title="This morning")
    desk.wait(hours=2)
    send_all(desk.db, hooked(desk, receiver), desk.clock)
    assert titles(receiver) == ["This morning"]


def test_a_sender_that_was_away_for_a_month_loses_nothing(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver)
    send_all(desk.db, config, desk.clock)
    desk.tell(title="While nobody sent")
    desk.wait(days=40)
    send_all(desk.db, config, desk.clock)
    assert titles(receiver) == ["While nobody sent"]


def test_the_archive_of_a_backup_sends_under_the_same_keys(desk: Newsdesk, receiver: Hook, tmp_path: Path) -> None:
    import sqlite3

    config = hooked(desk, receiver)
    desk.tell()
    copy = sqlite3.connect(tmp_path / "copy.db")
    desk.db.conn.backup(copy)
    send_all(desk.db, config, desk.clock)
    copy.backup(desk.db.conn)
    copy.close()
    desk.wait(hours=1)
    send_all(desk.db, config, desk.clock)
    first, second = (posted.headers["Idempotency-Key"] for posted in receiver.posted)
    assert first == second


def test_status_names_every_channel_with_what_is_parked(desk: Newsdesk, receiver: Hook) -> None:
    config = hooked(desk, receiver, alerts="tries = 1")
    receiver.answer = lambda number: (500, None)
    desk.tell()
    send_all(desk.db, config, desk.clock)
    done = CliRunner().invoke(main, ["--config", str(desk.directory / "acca.toml"), "status", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert {outlet["outlet"] for outlet in found["outlets"]} == {"acca", "other"}
    (channel,) = found["channels"]
    assert (channel["channel"], channel["parked"], channel["sent"]) == ("hook", 1, 0)
    assert channel["errors"] == ["HTTP 500"]
