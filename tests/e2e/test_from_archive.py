"""Gaps of an outlet filled from web archives: removed, never reached, older than the site's lists."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served
from tests.support.webarchives import Archive, Kept, common_crawl, warc_of, wayback

BEATEN = "Officers of the Zhana police station beat the detained farmer Azamat Example, his lawyer says."
SOFT = "The police station of Zhana answered questions about the detained farmer Azamat Example, his lawyer says."


@dataclass
class Paper:
    """A newspaper: `gone` are the numbers that answer 404, `listed` those in its feed."""

    gone: set[int] = field(default_factory=set)
    listed: tuple[int, ...] = (1, 2, 3)
    site: LocalSite = field(init=False)
    newest: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=1))

    def url(self, number: int) -> str:
        return f"{self.site.home}news/report-number-{number}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/rss":
            return rss((self.url(number) for number in self.listed), self.newest)
        number = int(asked.path.rpartition("-")[2]) if asked.path.startswith("/news/") else 0
        if number not in self.listed or number in self.gone:
            return NOTHING
        return Answer(page(number, SOFT))


def page(number: int, text: str) -> str:
    return article(f"Report number {number}", f"Report {number}: {text}")


@pytest.fixture
def paper() -> Iterator[Paper]:
    """The newspaper."""
    state = Paper()
    with served(state.answer) as state.site:
        yield state


def kept(paper: Paper) -> list[Kept]:
    """What an archive holds: an older article, an earlier version of one we hold, one that we never reached."""
    return [
        Kept(paper.url(90), "20220820100000", page(90, BEATEN)),
        Kept(paper.url(90), "20230820100000", page(90, SOFT)),
        Kept(paper.url(90), "20230821100000", page(90, SOFT), lost=True),
        Kept(paper.url(2), "20220820110000", page(2, BEATEN)),
        Kept(paper.url(1), "20220820120000", page(1, SOFT)),
        Kept(paper.url(3), "20220820130000", page(3, BEATEN)),
        Kept(f"{paper.site.home}category/all", "20220820130000", "a list"),
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def configure(desk: Desk, paper: Paper, archive: Archive) -> None:
    desk.configure(
        '[crawl]\ndelay = 0\nretries = 0\ncontact = "me@example.org"\n'
        f'[archives]\nwayback = "{archive.home}"\ncommoncrawl_index = "{archive.home}"\n'
        f'commoncrawl_data = "{archive.home}"\ndelay = 0\nretries = 2\n'
        + outlet(paper.site, 'article_path = "^/news/(?P<slug>[^/?]+)$"', 'feeds = ["/rss"]')
    )


def revisions(desk: Desk, number: int) -> list[tuple[object, ...]]:
    return desk.tuples(
        "SELECT number, change, substr(captures.fetched_at, 1, 4), articles.revision_id = revisions.id, route "
        "FROM revisions JOIN articles ON articles.id = article_id JOIN captures ON captures.id = capture_id "
        f"WHERE articles.url LIKE '%-{number}' ORDER BY number"
    )


@pytest.mark.parametrize("name", ["wayback", "commoncrawl"])
def test_gaps_are_filled_and_what_the_site_still_has_is_left_alone(desk: Desk, paper: Paper, name: str) -> None:
    paper.gone = {3}
    with (wayback if name == "wayback" else common_crawl)(kept(paper)) as archive:
        configure(desk, paper, archive)
        desk.acca("crawl", "paper")
        paper.gone = {2, 3}
        desk.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z'")
        desk.acca("crawl", "paper")
        output = desk.acca("crawl", "paper", "--from-archive", name)
        assert "3 articles to fill" in output
        again = desk.acca("crawl", "paper", "--from-archive", name)
        assert "0 captures listed, 0 articles to fill: nothing new" in again
    # Older than the lists: both versions, in the order of their captures; the lost third one is recorded.
    first, second = revisions(desk, 90)
    assert (first[:4], second[:3]) == ((1, "first", "2022", 0), (2, second[1], "2023"))
    assert second[1] == "softening" and second[3] == 1
    # Taken down at the site: the version before ours comes before ours, and it stays missing.
    ours, earlier = revisions(desk, 2)
    assert ours[1:4:2] == ("first", 1) and earlier[:4] == (2, "earlier", "2022", 0)
    assert str(earlier[4]).startswith(name)
    assert desk.value("SELECT missing_since IS NOT NULL FROM articles WHERE url LIKE '%-2'") == 1
    history = desk.acca("history", str(desk.value("SELECT id FROM articles WHERE url LIKE '%-2'")))
    assert history.index("captured 2022-08-20T11:00:00") < history.index("revision 1:")
    # Never reached: the archive's only version.
    assert [row[1] for row in revisions(desk, 3)] == ["first"]
    # Still there: nothing was fetched.
    assert [row[1] for row in revisions(desk, 1)] == ["first"]
    assert not any("-1" in asked.target.rpartition("/")[2] for asked in archive.site.asked if "id_" in asked.target)
    desk.acca("verify")
    assert "softening" not in desk.acca("reprocess", "--dry-run")


@pytest.mark.parametrize("packed", [False, True])
def test_an_index_on_disk_is_read_with_the_files_beside_it(desk: Desk, paper: Paper, packed: bool) -> None:
    captures = kept(paper)
    data, places = warc_of(captures)
    (desk.directory / "old").mkdir()
    (desk.directory / "old" / "old.warc.gz").write_bytes(data)
    lines = [
        json.dumps({
            "url": one.url, "timestamp": one.timestamp, "mime": one.mime, "status": str(one.status),
            "digest": one.digest, "filename": "../away.warc.gz" if one.lost else "old.warc.gz",
            "offset": str(places[one][0]), "length": str(places[one][1]),
        })
        for one in captures
    ]  # fmt: skip
    text = "".join(f"x)/ {one.timestamp} {line}\n" for one, line in zip(captures, lines, strict=True)).encode()
    (desk.directory / "old" / "index.cdxj").write_bytes(gzip.compress(text) if packed else text)
    desk.configure(outlet(paper.site, 'article_path = "^/news/(?P<slug>[^/?]+)$"', 'feeds = ["/rss"]'))
    output = desk.acca("crawl", "paper", "--from-archive", "old/index.cdxj")
    assert "6 captures listed, 4 articles to fill" in output and "new 4" in output
    assert str(revisions(desk, 90)[0][4]).startswith("index index.cdxj old.warc.gz ")


def test_an_index_is_read_again_once_the_outlet_s_addresses_were_corrected(desk: Desk, paper: Paper) -> None:
    with common_crawl(kept(paper)) as archive:
        configure(desk, paper, archive)
        declared = desk.directory / "acca.toml"
        right = declared.read_text()
        declared.write_text(right.replace("^/news/", "^/notes/"))
        assert "0 captures listed" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")
        declared.write_text(right)
        assert " 6 captures listed" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")
        assert " 0 captures listed" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")


def test_a_capture_that_could_not_be_read_is_tried_again_once_the_outlet_s_rules_are_others(
    desk: Desk, paper: Paper
) -> None:
    with common_crawl([Kept(paper.url(4), "20220820130000", "<html><body></body></html>")]) as archive:
        configure(desk, paper, archive)
        assert "not read 1" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")
        assert " 0 articles to fill" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")
        desk.execute("UPDATE archive_captures SET rules = 'those of an earlier release'")
        assert " 1 article to fill" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")
        assert " 0 articles to fill" in desk.acca("crawl", "paper", "--from-archive", "commoncrawl")


def test_the_run_waits_for_a_busy_archive_and_continues_where_it_broke(desk: Desk, paper: Paper) -> None:
    with wayback(kept(paper), page=1) as archive:
        configure(desk, paper, archive)
        archive.busy = 1
        first = archive.site.answer

        def breaks(asked: Asked) -> Answer:
            if "resumeKey=3" in asked.target or "id_" in asked.target:
                return Answer("down", status=503)
            return first(asked)

        archive.site.answer = breaks
        assert "HTTP 503 in 3 tries" in desk.acca("crawl", "paper", "--from-archive", "wayback", code=1)
        assert desk.value("SELECT count(*) FROM archive_captures") == 2
        archive.site.answer = first
        archive.site.asked.clear()
        assert "4 articles to fill" in desk.acca("crawl", "paper", "--from-archive", "wayback")
        keys = [query.get("resumeKey", [""])[0] for query in archive.queries()]
        assert keys == ["3", "4", "5"]
    assert desk.value("SELECT count(*) FROM articles") == 4
    assert "paper: ok" in desk.acca("status")


def test_a_limit_leaves_the_rest_for_the_next_run(desk: Desk, paper: Paper) -> None:
    with wayback(kept(paper)) as archive:
        configure(desk, paper, archive)
        assert "1 article to fill" in desk.acca("crawl", "paper", "--from-archive", "wayback", "--limit", "1")
        assert "3 articles to fill" in desk.acca("crawl", "paper", "--from-archive", "wayback")


def test_a_capture_that_cannot_be_stored_ends_neither_this_run_nor_the_next(desk: Desk, paper: Paper) -> None:
    with wayback(kept(paper)) as archive:
        configure(desk, paper, archive)
        desk.acca("crawl", "paper")
        desk.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON revisions WHEN new.title = 'Report number 90' "
            "BEGIN SELECT RAISE(ABORT, 'no room for this one'); END"
        )
        desk.acca("crawl", "paper", "--from-archive", "wayback")
    assert desk.value("SELECT count(*) FROM articles") == 3
    assert desk.tuples("SELECT DISTINCT outcome FROM archive_captures WHERE url LIKE '%-90'") == [("not stored",)]


def test_completeness_counts_what_the_archives_have_and_we_lack(desk: Desk, paper: Paper) -> None:
    with wayback(kept(paper)) as archive:
        configure(desk, paper, archive)
        desk.acca("crawl", "paper")
        output = desk.acca("completeness", "paper", "--archive", "wayback")
        assert "wayback lists 4 articles; 1 of them are not in this archive" in output
        assert not any("id_" in asked.target for asked in archive.site.asked)
        desk.acca("crawl", "paper", "--from-archive", "wayback")
    found = json.loads(desk.acca("completeness", "paper", "--offline", "--json"))
    (total,) = found["archives"]
    assert (total["archive"], total["articles"], total["lacking"], total["complete"]) == ("wayback", 4, 0, True)


def test_wrong_usage_is_said_so(desk: Desk, paper: Paper) -> None:
    with wayback([]) as archive:
        configure(desk, paper, archive)
        assert "no web archive 'tape'" in desk.acca("crawl", "paper", "--from-archive", "tape", code=2)
        assert "names of outlets" in desk.acca("crawl", "--from-archive", "wayback", code=2)
        assert "no outlet named x" in desk.acca("crawl", "x", "--from-archive", "wayback", code=2)
