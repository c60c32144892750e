"""`acca doctor` finds what is wrong with a machine, says what to do, and ends with a code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.config.loading import Config
from acca_crawler.crawl.start import load_outlets
from tests.support.desk import Desk
from tests.support.local import Answer, Asked, LocalSite, served
from tests.support.newsdesk import Newsdesk

OFF = "".join(
    f"[outlets.{name}]\nenabled = false\n"
    for name, spider in load_outlets(Config()).items()
    if spider.outlet.enabled and name != "acca"
)


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """A site that answers with 404 to everything, and with the right time."""
    with served(lambda asked: Answer(status=404)) as started:
        yield started


def findings(desk: Desk, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    """What the doctor finds."""
    return [json.loads(line) for line in desk.acca("doctor", "--json", *arguments, code=code).splitlines()]


def problems(desk: Desk, *arguments: str, code: int = 0) -> dict[str, str]:
    """What is wrong, by area; each with advice."""
    found = [one for one in findings(desk, *arguments, code=code) if one["severity"] != "ok"]
    assert all(one["advice"] for one in found)
    return {one["area"]: one["found"] for one in found}


def operated(directory: Path, home: str, more: str = "", contact: str = "ops@example.org") -> Desk:
    """A desk with one outlet, whose home is on this machine."""
    (directory / "acca.toml").write_text(
        f'[crawl]\ncontact = "{contact}"\n[operations]\nchannels = ["ops"]\nping_url = "http://127.0.0.1:9/"\n'
        f'min_free_gb = 0\n{more}\n[outlets.acca]\nhome = "{home}"\n{OFF}'
    )
    return Desk(directory)


HOOK = '[[channel]]\nname = "ops"\nkind = "webhook"\nurl = "{url}"\nsecret_env = "ACCA_TEST_SECRET"\n'


def test_a_healthy_operation_has_no_findings(tmp_path: Path, site: LocalSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCA_TEST_SECRET", "s")
    desk = operated(tmp_path, site.home, HOOK.format(url=site.home))
    assert problems(desk) == {}
    assert [asked.path for asked in site.asked] == ["/robots.txt"], "one request, and no message"
    areas = {one["area"] for one in findings(desk, "--offline")}
    assert areas == {"configuration", "version", "permissions", "disk", "channel ops"}
    shown = desk.acca("doctor", "--offline")
    assert shown.endswith("Errors: 0; warnings: 0\n")


def test_a_fresh_directory_is_told_what_is_missing(tmp_path: Path) -> None:
    found = problems(Desk(tmp_path), "--offline")
    assert "no acca.toml" in found["configuration"]
    assert set(found) == {"configuration", "alarms"}


def test_what_stops_the_operation_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCA_TEST_SECRET", raising=False)
    desk = operated(tmp_path, "http://127.0.0.1:9/", HOOK.format(url="http://127.0.0.1:9/secret-path"), contact="")
    found = problems(desk, code=1)
    assert "crawl.contact is empty" in found["configuration"]
    assert "refused" in found["network"]
    assert found["channel ops"].startswith("the environment variable ACCA_TEST_SECRET is empty")
    monkeypatch.setenv("ACCA_TEST_SECRET", "s")
    found = problems(desk, code=1)
    assert "no connection" in found["channel ops"]
    assert "secret-path" not in str(found)
    shown = desk.acca("doctor", code=1)
    assert re.search(r"^ERROR +configuration: .*crawl.contact is empty", shown, re.MULTILINE)
    assert re.search(r"^Errors: \d+; warnings: \d+$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=403), "blocks us (HTTP 403)"),
        (Answer(status=502), "HTTP 502"),
        (Answer(status=301, headers={"Location": "https://moved.example/robots.txt"}), "another host, moved.example"),
    ],
)
def test_an_outlet_that_does_not_answer_as_it_should_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str
) -> None:
    monkeypatch.setenv("ACCA_TEST_SECRET", "s")

    def reply(asked: Asked) -> Answer:
        return answer

    with served(reply) as site:
        assert said in problems(operated(tmp_path, site.home, HOOK.format(url=site.home)))["network"]


def test_outlets_with_the_same_finding_share_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: LocalSite
) -> None:
    monkeypatch.setenv("ACCA_TEST_SECRET", "s")
    unreachable = "http://127.0.0.1:9/"
    on = {name: f'[outlets.{name}]\nhome = "{unreachable}"\n' for name in ("kloop", "kun_uz")}
    desk = operated(tmp_path, unreachable, HOOK.format(url=site.home))
    settings = (tmp_path / "acca.toml").read_text()
    for name, section in on.items():
        settings = settings.replace(f"[outlets.{name}]\nenabled = false\n", section)
    (tmp_path / "acca.toml").write_text(settings)
    (found,) = (one for one in findings(desk, code=1) if one["area"] == "network")
    assert re.fullmatch(r"3 outlets: .*refused.*: acca, kloop, kun_uz", found["found"])
    assert "No host can be reached" in found["advice"]
    (tmp_path / "acca.toml").write_text(
        settings.replace(f'[outlets.acca]\nhome = "{unreachable}', f'[outlets.acca]\nhome = "{site.home}')
    )
    answered, failed = (one for one in findings(desk, code=1) if one["area"] == "network")
    assert (answered["severity"], answered["found"]) == ("ok", "answered: acca")
    assert re.fullmatch(r"2 outlets: .*: kloop, kun_uz", failed["found"])
    assert "No host can be reached" not in failed["advice"]


def test_a_clock_that_differs_from_the_hosts_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from acca_crawler.operations.network_checks import _clock, _skew

    skew = _skew("Sun, 06 Nov 1994 08:49:37 GMT")
    assert skew is not None
    (found,) = _clock([skew, skew, 0.0])
    assert (found.severity, found.area) == ("error", "clock")
    assert "ahead of the clocks of 3 hosts" in found.found
    assert _skew(None) is None
    assert [one.severity for one in _clock([1.0, -2.0, 500.0])] == ["ok"], "one host with a wrong clock proves nothing"


def test_an_archive_that_others_may_read_and_a_clock_that_went_back_are_found(tmp_path: Path) -> None:
    made = Newsdesk(tmp_path)
    made.db.execute("UPDATE runs SET started_at = '2999-01-01T00:00:00Z'")
    made.db.conn.commit()
    made.db.close()
    (tmp_path / "archive" / "acca.db").chmod(0o644)
    for name in ("smtp.secret", "words.key"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o644)
    mail = (
        '[[channel]]\nname = "ops"\nkind = "email"\nhost = "127.0.0.1"\nuser = "u"\nsecurity = "none"\n'
        'password_file = "smtp.secret"\nsender = "a@example.org"\nto = ["b@example.org"]\n'
    )
    words = '[translation]\nurl = "https://words.example"\nkey_file = "words.key"\n'
    desk = operated(tmp_path, "http://127.0.0.1:9/", words + mail)
    found = [one["found"] for one in findings(desk, "--offline", code=1) if one["severity"] != "ok"]
    assert any("words.key: a secret that other users may read" in one for one in found)
    assert any("acca.db" in one and "open to other users" in one for one in found)
    assert any("smtp.secret: a secret that other users may read" in one for one in found)
    assert any("the clock has gone back" in one for one in found)
    (tmp_path / "archive" / "acca.db").write_bytes(b"not a database" * 100)
    assert "archive" in problems(desk, "--offline", code=1)


def test_a_package_that_is_too_old_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from acca_crawler.operations import machine_checks

    monkeypatch.setattr(machine_checks, "version", lambda name: "0.0.1" if name == "lxml" else version(name))
    wrong = [one.found for one in machine_checks.versions() if one.severity == "error"]
    assert len(wrong) == 1
    assert wrong[0].startswith("lxml 0.0.1, but >=")
