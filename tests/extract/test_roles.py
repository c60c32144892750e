"""The role of every paragraph, the doubts about a text, and the day of a date where the outlet is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.extract import extract
from acca_crawler.items import Dated
from tests.support.neeon import ACCA, BODY, TITLE
from tests.support.neeon import page as neeon_page

URL = "https://outlet.example/news/1"
TWEET = (
    '<blockquote class="twitter-tweet"><p>Three guards were charged today, the lawyer of the family says here.</p>'
    "&mdash; An Invented Lawyer (@invented) <a href='https://twitter.com/x'>November 28, 2026</a></blockquote>"
)
PARTS = (
    f"<p>{BODY[0]}</p><h2>What the doctors found in the colony</h2><p>{BODY[1]}</p>"
    "<blockquote><p>They beat us every night, and nobody wrote anything down, he told the court.</p></blockquote>"
    "<ul><li>Twelve prisoners were taken to a hospital of the town that night.</li>"
    "<li>Two of them have not come back to the colony since, their mothers say.</li></ul>"
    "<table><tr><th>What the court counts</th><th>How many</th></tr>"
    "<tr><td>Officers charged</td><td>three</td></tr><tr><td>Prisoners heard</td><td>twelve</td></tr></table>"
    f"{TWEET}<p>{BODY[2]}</p><figure><img src=a.jpg><figcaption>The colony, seen from the road</figcaption></figure>"
    f"<p>{BODY[3]}</p>"
)
ROLES = ("paragraph", "heading", "paragraph", "quote", "list", "list", *["table"] * 3, "embed", "embed", "paragraph")


def page(inside: str) -> str:
    """A page without a known layout around an article's markup."""
    return (
        f"<html><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><article>{inside}</article></main>"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    )


@pytest.mark.parametrize("by_selectors", [True, False])
def test_paragraphs_keep_their_order_and_role(by_selectors: bool) -> None:
    html = neeon_page(body_html=PARTS) if by_selectors else page(PARTS)
    got = extract(html, URL, outlet=ACCA if by_selectors else None)
    assert got.method == ("selectors" if by_selectors else "generic")
    assert got.roles == (*ROLES, "paragraph")
    assert got.captions[-1] == "The colony, seen from the road"
    report = dict(zip(got.roles, got.paragraphs, strict=True))
    assert report["embed"].startswith("— An Invented Lawyer (@invented)")
    assert report["table"] == "Prisoners heard twelve"
    assert "What the court counts How many" in got.paragraphs


def test_command_shows_roles_captions_and_dates_with_their_zone(tmp_path: Path) -> None:
    date = '<meta property="article:published_time" content="2026-11-28T02:30:00+06:00">'
    saved = tmp_path / "page.html"
    saved.write_text(page(PARTS).replace("<head>", f"<head>{date}"), encoding="utf-8")
    shown = CliRunner().invoke(main, ["extract", str(saved)]).output
    assert "Published: 2026-11-27T20:30:00Z (meta, high, given in UTC+06:00)" in shown
    assert "[heading] What the doctors found" in shown
    assert "[quote] They beat us" in shown
    assert "[caption] The colony, seen from the road" in shown


@pytest.mark.parametrize(
    ("date", "day"),
    [
        (Dated("2026-11-27T20:30:00Z", "meta", "high", "+06:00"), "2026-11-28"),
        (Dated("2026-11-28T01:00:00Z", "meta", "high", "-05:00"), "2026-11-27"),
        (Dated("2026-11-27T20:30:00Z", "meta", "high"), "2026-11-27"),
        (Dated("2026-11-27", "url", "low"), "2026-11-27"),
    ],
)
def test_day_is_that_of_the_outlets_zone(date: Dated, day: str) -> None:
    assert date.day == day


def test_little_text_on_a_page_with_much_is_doubtful() -> None:
    """A layout that changed: the selector still finds a box, the article is elsewhere."""
    moved = "".join(f"<p>{text}</p>" for text in BODY * 4)
    html = neeon_page(["Read this week's number."]).replace("</body>", f"<div class='new-body'>{moved}</div></body>")
    doubts = extract(html, URL, outlet=ACCA).doubts
    assert [doubt.kind for doubt in doubts] == ["little_text"]
    assert extract(neeon_page(), URL, outlet=ACCA).doubts == ()


def test_short_article_is_not_doubtful() -> None:
    assert extract(page("<p>A man was held in an invented town.</p>"), URL).doubts == ()
