"""What a mirror says is held against what its origin says, where both answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served

SLUGS = [f"report-number-{number}" for number in range(5)]
OTHER = "Nothing of the kind ever happened here, an official of the invented district told whoever asked him."


def site_of(text: str = "", links_to: Callable[[], str] | None = None) -> Callable[[Asked], Answer]:
    """Five articles behind a feed; `links_to` gives the site that the feed's links lead to."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            home = links_to() if links_to else f"http://{asked.headers['Host']}/"
            return rss(f"{home}news/{slug}" for slug in SLUGS)
        slug = asked.path.rpartition("/")[2]
        return Answer(article(slug, text)) if slug in SLUGS else NOTHING

    return answer


def blocks(asked: Asked) -> Answer:
    """Nobody gets in."""
    return NOTHING if asked.path == "/robots.txt" else Answer("<title>Access denied</title>", status=403)


def configured(desk: Desk, origin: LocalSite, mirror: LocalSite) -> None:
    """The outlet at its origin, with that mirror."""
    desk.configure(outlet(origin, 'feeds = ["/feed/"]', f'mirrors = ["{mirror.host}"]'))


COMPARISONS = "SELECT url, mirror, agreement FROM mirror_comparisons ORDER BY id"


def test_a_few_articles_of_each_run_are_read_on_both_sides(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(site_of()) as origin, served(site_of()) as mirror:
        configured(desk, origin, mirror)
        desk.acca("crawl", "paper")
        asked = [path for path in mirror.paths() if path.startswith("/news/")]
        compared = desk.tuples(COMPARISONS)
        assert len(asked) == len(compared) == 3
        assert {row[1:] for row in compared} == {(mirror.host, 1.0)}
        assert desk.value("SELECT count(*) FROM articles") == len(SLUGS)
        assert "the mirror" not in desk.acca("status")
        evidence = (
            "SELECT origin.route, twin.route FROM mirror_comparisons "
            "JOIN captures AS origin ON origin.id = capture_id JOIN captures AS twin ON twin.id = twin_capture_id"
        )
        assert set(desk.tuples(evidence)) == {("origin", f"mirror:{mirror.host}")}


def test_a_mirror_that_tells_something_else_is_named_and_changes_no_article(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(site_of()) as origin, served(site_of()) as mirror:
        configured(desk, origin, mirror)
        desk.acca("crawl", "paper")
        mirror.answer = site_of(OTHER)
        SLUGS.append("report-number-5")
        try:
            desk.acca("crawl", "paper")
        finally:
            SLUGS.pop()
        output = desk.acca("status")
        assert f"the text of the mirror {mirror.host} differs from the origin's" in output
        assert "(100% before)" in output
        assert desk.tuples("SELECT count(*) FROM revisions WHERE text LIKE '%Nothing of the kind%'") == [(0,)]


@pytest.mark.parametrize("mirror_text", ["", OTHER])
def test_what_was_stored_from_a_mirror_is_compared_once_the_origin_answers(tmp_path: Path, mirror_text: str) -> None:
    desk = Desk(tmp_path)
    with served(blocks) as origin, served(site_of(mirror_text, lambda: origin.home)) as mirror:
        configured(desk, origin, mirror)
        desk.acca("crawl", "paper")
        assert desk.tuples("SELECT DISTINCT route FROM captures WHERE kind = 'article' AND status = 200") == [
            (f"mirror:{mirror.host}",)
        ]
        assert desk.tuples(COMPARISONS) == []
        origin.answer = site_of()
        desk.execute("UPDATE addresses SET status = 'pending'")
        desk.acca("crawl", "paper")
        compared = desk.tuples(COMPARISONS)
        assert len(compared) == len(SLUGS)
        if mirror_text:
            assert all(isinstance(row[2], float) and row[2] < 0.5 for row in compared)
            assert desk.value("SELECT count(*) FROM revisions WHERE number = 2") == len(SLUGS)
        else:
            assert {row[2] for row in compared} == {1.0}
        assert ("differs from the origin's" in desk.acca("status")) == bool(mirror_text)


def test_articles_listed_on_the_mirror_are_compared_with_an_origin_that_answers(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(site_of()) as origin, served(site_of()) as mirror:
        desk.configure(outlet(origin, f'feeds = ["{mirror.home}feed/"]', f'mirrors = ["{mirror.host}"]'))
        desk.acca("crawl", "paper")
        assert [row[2] for row in desk.tuples(COMPARISONS)] == [1.0] * 3


@pytest.mark.parametrize("silent", [blocks, lambda asked: NOTHING])
def test_a_mirror_that_does_not_answer_is_asked_once_in_a_run(
    tmp_path: Path, silent: Callable[[Asked], Answer]
) -> None:
    desk = Desk(tmp_path)
    with served(site_of()) as origin, served(silent) as mirror:
        configured(desk, origin, mirror)
        desk.acca("crawl", "paper")
        assert len([path for path in mirror.paths() if path.startswith("/news/")]) == 1
        assert desk.tuples(COMPARISONS) == []
        assert "mirror_unanswered: 1" in desk.acca("status", "--counts")
