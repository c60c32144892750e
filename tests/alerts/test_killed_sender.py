"""The sender is killed at random moments, and crawls of the sample newsroom fill its outbox."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter, defaultdict
from pathlib import Path

from acca_crawler.newsroom import Newsroom
from tests.support import warm
from tests.support.desk import TIMEOUT, RecordProperty
from tests.support.newsdesk import Newsdesk
from tests.support.servers import Hook, Post

KILLS = max(12, int(os.environ.get("ACCA_KILLS", "6")) // 3)
REPORTS = 2 * KILLS + 1


def acca(directory: Path, *arguments: str) -> warm.Started:
    """Start `acca` there."""
    return warm.Started(arguments, directory, {"ACCA_TEST_SECRET": "a-secret"})


def finish(directory: Path, *arguments: str, code: int = 0) -> str:
    """Run `acca` to its end and insist on its exit code."""
    process = acca(directory, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, f"{out}\n{err}"
    return out + err


def tells(directory: Path) -> int:
    """How many alerts the second crawl raised."""
    with sqlite3.connect(directory / "archive" / "acca.db") as connection:
        return int(connection.execute("SELECT count(*) FROM alerts WHERE run_id = 2").fetchone()[0])


def tables(receiver: Hook, post: Post) -> str:
    return (
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        f'ceiling = 1000\n[[channel]]\nname = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\n'
        'security = "none"\nsender = "acca@example.org"\nto = ["asel@example.net"]\nceiling = 1000\n'
        '[[rule]]\nname = "all"\nchannels = ["hook", "mail"]\n'
    )


def test_a_sender_killed_at_random_tells_everything_and_repeats_only_under_the_same_key(
    desk: Newsdesk, receiver: Hook, post: Post, record_property: RecordProperty
) -> None:
    desk.configure(tables(receiver, post))
    desk.now = desk.now.now(desk.now.tzinfo)
    for number in range(REPORTS):
        desk.tell(title=f"Report {number}", published=None)

    def slow(number: int) -> tuple[int, str | None]:
        time.sleep(0.01)
        return 200, None

    receiver.answer = slow
    chance = random.Random(20261122)
    interrupted = 0
    for _ in range(KILLS):
        before = len(receiver.posted) + len(post.arrived)
        process = acca(desk.directory, "alerts", "send")
        deadline = time.monotonic() + TIMEOUT
        while process.poll() is None and len(receiver.posted) + len(post.arrived) == before:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            interrupted += 1
        process.communicate(timeout=TIMEOUT)
    finish(desk.directory, "alerts", "send")
    assert interrupted >= 3

    keys: dict[str, set[str]] = defaultdict(set)
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for posted in receiver.posted:
        (report,) = posted.document["reports"]
        keys[report["title"]].add(posted.headers["Idempotency-Key"])
        bodies[posted.headers["Idempotency-Key"]].add(posted.body)
    assert keys.keys() == {f"Report {number}" for number in range(REPORTS)}
    assert all(len(found) == 1 for found in keys.values())
    assert all(len(found) == 1 for found in bodies.values())

    identities = {(mail["Subject"], mail["Message-ID"]) for mail in post.mails}
    assert {subject for subject, _ in identities} == {f"KG torture: Report {number}" for number in range(REPORTS)}
    assert len(identities) == len({identity for _, identity in identities}) == REPORTS
    repeated = [count for count in Counter(mail["Message-ID"] for mail in post.mails).values() if count > 1]
    assert sum(count - 1 for count in repeated) <= interrupted
    record_property("kills", KILLS)
    record_property("working", interrupted)


def test_two_senders_at_once_do_not_double(desk: Newsdesk, receiver: Hook, post: Post) -> None:
    desk.configure(tables(receiver, post))
    desk.now = desk.now.now(desk.now.tzinfo)
    for number in range(8):
        desk.tell(title=f"Report {number}", published=None)

    def slow(number: int) -> tuple[int, str | None]:
        time.sleep(0.3)
        return 200, None

    receiver.answer = slow
    senders = [acca(desk.directory, "alerts", "send") for _ in range(2)]
    outputs = [sender.communicate(timeout=TIMEOUT) for sender in senders]
    assert sorted(sender.wait() for sender in senders) == [0, 3], outputs
    assert len(receiver.posted) == len(post.arrived) == 8
    assert "another process is sending" in "".join(err for _, err in outputs)


def test_from_the_newsroom_to_the_phone(tmp_path: Path, receiver: Hook, post: Post) -> None:
    """The first crawl floods nobody; what is new on the second day is sent once, and `acca status` shows the rest."""
    with Newsroom(day=1, sites=["acca"]) as newsroom:
        (tmp_path / "acca.toml").write_text(
            f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n'
            f"[alerts]\nmax_age_days = 100000\ntries = 1\n{tables(receiver, post)}"
        )
        finish(tmp_path, "crawl", "acca")
        assert "sent" in finish(tmp_path, "alerts", "test", "mail")
        assert post.mails[0]["Subject"] == "acca: channel test"
        finish(tmp_path, "alerts", "send")
        assert (len(receiver.posted), len(post.arrived)) == (0, 1)
        newsroom.set_day(2)
        finish(tmp_path, "crawl", "acca")
        receiver.answer = lambda number: (500, None)
        said = finish(tmp_path, "alerts", "send", code=1)
        sent = len(post.arrived) - 1
        assert sent == tells(tmp_path) >= 1
        assert f"hook: {sent} not sent ({sent} given up): HTTP 500" in said
        finish(tmp_path, "alerts", "send")
        assert len(post.arrived) == sent + 1
        shown = finish(tmp_path, "status")
        assert f"hook: 0 sent, {sent} PARKED" in shown
        assert "first crawl" in shown
        receiver.answer = lambda number: (200, None)
        finish(tmp_path, "alerts", "send", "--retry-parked")
        assert f"hook: {sent} sent" in finish(tmp_path, "status")
        assert finish(tmp_path, "alerts", "test", "nobody", code=2).startswith("acca: ")
