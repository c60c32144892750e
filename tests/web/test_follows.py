"""What a user follows: a star and a tab in the queue, a feed, a line in the digest, and `acca follow`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.alerts.followed import followed_in
from acca_crawler.cli import main
from acca_crawler.search.indexing import bring_up_to_date
from storage.articles import write
from storage.review.database import connect
from storage.schema.database import open_archive, transaction
from tests.support.archive import AT, QUIET, add
from tests.web.conftest import TOKEN, Browser, Server
from tests.web.test_cases import report
from tests.web.test_stories import plain


def publish(server: Server, number: int, name: str, text: str, language: str = "ru") -> int:
    """Store a flagged report about a person in Naryn; returns its number."""
    db = open_archive(server.config.archive_file)
    with transaction(db):
        stored = write.insert_article(db, report(number, name, text, "naryn", language, "2026-11-20"), 1, None, AT)
    db.close()
    return stored.article_id


def follow(browser: Browser, **fields: object) -> int:
    """Follow or stop following something; returns the status."""
    shown = browser.get("/follows").text
    return browser.request("POST", "/follows", data={"csrftoken": TOKEN.findall(shown)[0], **fields}).status_code


def followed(browser: Browser) -> list[int]:
    """The main reports of the tab "Followed"."""
    return [int(found) for found in re.findall(r'id="select-(\d+)"', browser.get("/queue?view=followed").text)]


def test_a_person_is_found_in_every_script_and_starred(server: Server, monitor: Browser) -> None:
    first = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    assert follow(monitor, kind="person", key="Bolot Temirbaev") == 303
    assert followed(monitor) == [first]
    second = publish(server, 2, "Bolot Temirbayev", "Bolot Temirbayev was beaten.", "en")
    publish(server, 3, "Нурлан Ермеков", "Нурлана Ермекова избили.")
    assert sorted(followed(monitor)) == [first, second]
    assert plain(monitor.get("/queue").text).count("★ You follow: Bolot Temirbaev") == 2
    assert "2 reports , 1 new" in plain(monitor.get("/follows").text).replace("reports,", "reports ,")
    assert followed(server.browser("second")) == []


@pytest.mark.parametrize(
    ("kind", "key"), [("region", "naryn"), ("search", "q=%D0%B8%D0%B7%D0%B1%D0%B8%D0%BB%D0%B8&country=UZ")]
)
def test_places_and_searches_are_followed(server: Server, monitor: Browser, kind: str, key: str) -> None:
    here = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    assert follow(monitor, kind=kind, key=key) == 303
    assert followed(monitor) == ([here] if kind == "region" else [2])
    assert follow(monitor, stop=1) == 303
    assert followed(monitor) == []


def test_what_is_not_flagged_takes_no_place_among_the_newest_hits(
    server: Server, monitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acca_crawler.cases.following.MAX_HITS", 1)
    db = open_archive(server.config.archive_file)
    with transaction(db):
        add(db, replace(QUIET, text="The tulips were beaten by hail.", published="2026-11-21T08:00:00Z"), 9)
    db.close()
    assert follow(monitor, kind="search", key="q=beaten") == 303
    assert followed(monitor) == [1]


def test_a_search_finds_a_report_that_waited_for_the_index_when_it_was_tried(server: Server, monitor: Browser) -> None:
    assert follow(monitor, kind="search", key="q=Темирбаева") == 303
    found = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    assert followed(monitor) == []
    db = open_archive(server.config.archive_file)
    assert sum(bring_up_to_date(db)) >= 1
    db.close()
    assert followed(monitor) == [found]


@pytest.mark.parametrize("fields", [{"kind": "person", "key": "Темирбаев"}, {"kind": "moon", "key": "x"}, {"stop": 9}])
def test_what_makes_no_sense_is_refused(monitor: Browser, fields: dict[str, object]) -> None:
    assert follow(monitor, **fields) == 400


def test_there_is_a_feed_of_what_is_followed(server: Server, monitor: Browser) -> None:
    publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    follow(monitor, kind="person", key="Болот Темирбаев")
    shown = monitor.submit("/account", "/account/feeds", wish="make").text
    address = re.findall(r'href="http://localhost(/feeds/[\w-]+/followed\.xml)"', shown)[0]
    feed = server.browser().get(address).text
    assert feed.count("<entry>") == 1


def test_a_digest_says_what_is_followed_and_withholds_names(server: Server, monitor: Browser) -> None:
    number = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    follow(monitor, kind="person", key="Болот Темирбаев")
    follow(monitor, kind="region", key="naryn", label="naryn")
    db = connect(server.config.people_file, server.config.archive_file)
    assert followed_in(db, [number], names=True) == (("Naryn", 1), ("Болот Темирбаев", 1))
    assert followed_in(db, [number], names=False) == (("Naryn", 1), ("Person", 1))
    assert followed_in(None, [number], names=True) == ()
    db.close()


def test_the_command_does_the_same(server: Server, tmp_path: Path) -> None:
    number = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    (tmp_path / "acca.toml").write_text(f'[archive]\ndirectory = "{server.config.archive.directory}"\n')

    def acca(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["--config", str(tmp_path / "acca.toml"), *arguments])
        assert done.exit_code == code, done.output
        return done.output

    assert acca("follow", "list", "--as", "monitor") == "monitor follows nothing.\n"
    assert "nobody may not review (no such user)" in acca("follow", "list", "--as", "nobody", code=2)
    assert "nobody may not review (no such user)" in acca("alerts", "--view", "followed", "--user", "nobody", code=2)
    assert (
        acca("follow", "person", "Bolot Temirbaev", "--as", "monitor")
        == "1: person Bolot Temirbaev, 1 report so far.\n"
    )
    assert "region naryn, 1 report" in acca("follow", "place", "naryn", "--as", "monitor")
    assert "search избили · UZ, " in acca("follow", "search", "избили", "--country", "UZ", "--as", "monitor")
    assert f"{number}  KG  2026-11-20" in acca("alerts", "--view", "followed", "--user", "monitor")
    assert acca("follow", "list", "--as", "monitor").count("\n") == 3
    acca("follow", "stop", "1", "--as", "monitor")
    assert "follow nothing" in acca("follow", "stop", "1", "--as", "monitor", code=2)
    assert "given name" in acca("follow", "person", "X", "--as", "monitor", code=2)
