"""`acca outlet probe` on a real WordPress; what it proposes is crawled as it stands."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.wordpress.site import Draft, Feature, Post, WordPress

pytestmark = pytest.mark.wordpress

TEXT = (
    "<p>The council of an invented village met on Monday, said {name}.</p>\n<p>It spoke for an hour about {what}.</p>"
)


@pytest.fixture(scope="module")
def posts(wp: WordPress) -> list[Post]:
    """Five posts of the last days."""
    return wp.create_posts(
        Draft(
            f"The road and the school of village {number}",
            TEXT.format(name=f"Asan Testov the {number}th", what=f"road {number}, its bridge and its lamps"),
            (datetime.now(UTC) - timedelta(days=number)).strftime("%Y-%m-%d %H:%M:%S"),
            ("News",),
        )
        for number in range(1, 6)
    )


@pytest.mark.parametrize("off", [(), ("rest",), ("rest", "feed")])
def test_what_a_probe_proposes_is_crawled_as_it_stands(
    tmp_path: Path, wp: WordPress, posts: list[Post], off: tuple[Feature, ...]
) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    with wp.without(*off):
        output = desk.acca("outlet", "probe", wp.url)
        assert "family: wordpress;" in output
        ways = {
            name: bool(re.search(rf"^  {name} \(.*\): lists [1-9]", output, re.M))
            for name in ("rest", "feed", "sitemap")
        }
        assert ways == {"rest": "rest" not in off, "feed": "feed" not in off, "sitemap": True}
        assert len(re.findall(r", \d+ words by selectors, .*, in en;", output)) == 3
        proposed = output[output.index("[[outlet]]") :]
        table = tomllib.loads(proposed)["outlet"][0]
        assert (table["base"], table["languages"]) == ("wordpress", ["en"])
        desk.configure(proposed)
        desk.acca("crawl", table["name"])
    assert desk.value("SELECT count(*) FROM articles") == len(posts)
    texts = {str(row[0]) for row in desk.tuples("SELECT text FROM revisions")}
    assert all(any(f"Asan Testov the {number}th.\n\nIt spoke" in text for text in texts) for number in range(1, 6))
    if "feed" in off:  # nothing else on these pages tells when they were published, and nothing is made up
        assert "to correct: no date of publication" in desk.acca("outlet", "verify", table["name"], code=1)
    else:
        assert "to correct" not in desk.acca("outlet", "verify", table["name"])
