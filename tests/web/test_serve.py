"""`acca serve` and `acca user`: who may listen where, and what is printed."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from acca_crawler.cli import main
from acca_crawler.cli.common import account_name
from acca_crawler.cli.serve_command import is_loopback
from storage.review import database as review_database
from storage.review import journal, users
from storage.schema.database import transaction
from tests.support.archive import BEATEN, build
from tests.support.serving import serving


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An acca.toml beside a small archive without users."""
    build(tmp_path / "archive" / "acca.db", BEATEN)
    path = tmp_path / "acca.toml"
    path.write_text("", encoding="utf-8")
    return path


def acca(config: Path, *arguments: str, typed: str | None = None) -> Result:
    """Run a subcommand."""
    return CliRunner().invoke(main, ["--config", str(config), *arguments], input=typed)


def add_user(config: Path, name: str = "asel") -> None:
    """A user with a password."""
    done = acca(config, "user", "add", name, "--role", "lead", "--password-stdin", typed="a password to try\n")
    assert (done.exit_code, done.output) == (0, f"User {name} added. Role: lead.\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "review.example"])
def test_strangers_can_not_reach_a_server_without_users(config: Path, host: str) -> None:
    done = acca(config, "serve", "--host", host)
    assert done.exit_code == 2
    assert "first make a user" in done.output


def test_passwords_do_not_cross_a_network_in_the_clear(config: Path) -> None:
    add_user(config)
    assert "[web] url" in acca(config, "serve", "--host", "0.0.0.0").output
    config.write_text('[web]\nurl = "http://review.example"\n', encoding="utf-8")
    assert "[web] url" in acca(config, "serve", "--host", "0.0.0.0").output
    config.write_text('[web]\nurl = "https://review.example"\n', encoding="utf-8")
    done = acca(config, "serve", "--host", "0.0.0.0")
    assert done.exit_code == 2
    assert "--tls-certificate" in done.output


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.1", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_server_without_an_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text("", encoding="utf-8")
    done = acca(tmp_path / "acca.toml", "serve")
    assert done.exit_code == 1
    assert "there is no archive yet" in done.output
    assert not (tmp_path / "archive" / "people.db").exists()


def test_an_unknown_user_gets_no_link(config: Path) -> None:
    done = acca(config, "serve", "--link", "nobody")
    assert done.exit_code == 2
    assert "no user is called nobody" in done.output


def started(config: Path) -> tuple[list[str], int, int]:
    """The lines a server prints until it answers, its port, and its exit code when it is interrupted."""
    with serving(config.parent) as server:
        server.process.send_signal(signal.SIGINT)
        output, _ = server.process.communicate(timeout=60)
    return output.splitlines(), server.port, server.process.wait()


def test_a_link_is_printed_once_and_only_without_users(config: Path) -> None:
    lines, port, code = started(config)
    assert code in (0, -signal.SIGINT)
    assert lines[0].endswith(f"at http://127.0.0.1:{port}")
    assert re.fullmatch(rf"Sign in once .*: http://127\.0\.0\.1:{port}/sign-in/link\?token=[\w-]{{43}}", lines[1])
    add_user(config)
    lines, _, _ = started(config)
    assert len(lines) == 1


def test_users_are_managed(config: Path) -> None:
    add_user(config)
    assert acca(config, "user", "add", "ASEL", "--password-stdin", typed="another password\n").exit_code == 1
    assert acca(config, "user", "add", "short", "--password-stdin", typed="short\n").exit_code == 1
    assert acca(config, "user", "role", "asel", "reader").exit_code == 0
    assert acca(config, "user", "disable", "asel").exit_code == 0
    assert acca(config, "user", "list").output == "asel: reader (disabled)\n"
    assert acca(config, "user", "enable", "asel").exit_code == 0
    assert acca(config, "user", "password", "asel", "--password-stdin", typed="yet another one\n").exit_code == 0
    assert acca(config, "user", "list").output == "asel: reader\n"
    assert acca(config, "user", "time-zone", "asel", "asia/bishkek").output == "asel reads times in Asia/Bishkek.\n"
    assert acca(config, "user", "list").output == "asel: reader (Asia/Bishkek)\n"
    unknown = acca(config, "user", "time-zone", "asel", "Asia/Bishkeck")
    assert (unknown.exit_code, "did you mean Asia/Bishkek?" in unknown.output) == (2, True)
    for wrong in (("role", "nobody", "lead"), ("disable", "nobody"), ("enable", "nobody")):
        assert acca(config, "user", *wrong).exit_code == 1
    typed = ("user", "add", "bek", "--time-zone", "Asia/Almaty", "--password-stdin")
    assert acca(config, *typed, typed="another password\n").exit_code == 0
    assert "bek: monitor (Asia/Almaty)" in acca(config, "user", "list").output
    assert acca(config, "user", "add", "a\x1b[31m", "--password-stdin", typed="another password\n").exit_code == 1


@pytest.mark.parametrize(
    "changes",
    [[("password", "ASEL", "--password-stdin")], [("disable", "ASEL"), ("enable", "asel")]],
    ids=["password", "disable"],
)
def test_who_is_shut_out_has_no_link_left(config: Path, changes: list[tuple[str, ...]]) -> None:
    for name in ("asel", "bek"):
        add_user(config, name)
    archive = config.parent / "archive"
    with review_database.open_people(archive / "people.db", archive / "acca.db") as db:
        with transaction(db):
            for name in ("asel", "bek"):
                users.add_link(db, name, f"the link of {name}", "2026-11-25T06:00:00Z")
        for change in changes:
            assert acca(config, "user", *change, typed="another password\n").exit_code == 0
        used = [users.use_link(db, f"the link of {name}", "2026-11-22T06:00:00Z") for name in ("asel", "bek")]
    assert used == [None, "bek"]


def noted(config: Path) -> list[dict[str, object]]:
    """What the journal says of users, all of it by the caller's account."""
    archive = config.parent / "archive"
    with review_database.open_people(archive / "people.db", archive / "acca.db") as db:
        entries = list(journal.entries(db))
    assert {(entry.action, entry.who) for entry in entries} <= {("user", account_name())}
    return [json.loads(entry.subject) for entry in entries]


def test_each_change_of_a_user_is_in_the_journal(config: Path) -> None:
    add_user(config)
    password = ("user", "password", "asel", "--password-stdin")
    assert acca(config, *password, typed="another password\n").exit_code == 0
    zone = ("time-zone", "asel", "Asia/Bishkek")
    for change in (("role", "asel", "reader"), zone, ("disable", "asel"), ("enable", "asel")):
        assert acca(config, "user", *change).exit_code == 0
    assert acca(config, "serve", "--link", "asel").exit_code == 0
    assert noted(config) == [
        {"user": "asel", "action": "add", "role": "lead"},
        {"user": "asel", "action": "password"},
        {"user": "asel", "action": "role", "role": "reader"},
        {"user": "asel", "action": "time-zone", "time_zone": "Asia/Bishkek"},
        {"user": "asel", "action": "disable"},
        {"user": "asel", "action": "enable"},
        {"user": "asel", "action": "link"},
    ]


def test_the_first_link_of_a_machine_without_users_is_in_the_journal(config: Path) -> None:
    started(config)
    name = noted(config)[0]["user"]
    assert noted(config) == [{"user": name, "action": "add", "role": "lead"}, {"user": name, "action": "link"}]


def test_what_changes_no_user_is_not_in_the_journal(config: Path) -> None:
    add_user(config)
    before = noted(config)
    for wrong in (
        ("add", "ASEL", "--password-stdin"), ("add", "a\x1b[31m", "--password-stdin"),
        ("add", "bek", "--password-stdin", "--time-zone", "Asia/Nowhere"),
        ("password", "nobody", "--password-stdin"), ("role", "nobody", "lead"), ("disable", "nobody"),
        ("enable", "nobody"), ("time-zone", "nobody", "Asia/Bishkek"), ("time-zone", "asel", "Asia/Nowhere"),
    ):  # fmt: skip
        assert acca(config, "user", *wrong, typed="another password\n").exit_code != 0
    assert noted(config) == before
    assert acca(config, "user", "list").output == "asel: lead\n"
