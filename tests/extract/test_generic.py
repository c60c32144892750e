"""Pages of outlets without selectors, and pages that mean harm."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import XPath

from acca_crawler.extract import agreement, dates, document, extract, fragment_text, metadata, neighbours
from acca_crawler.extract.cards import card_blocks
from acca_crawler.extract.document import parse
from acca_crawler.extract.generic import MAX_ELEMENTS
from acca_crawler.extract.segments import read_layout
from acca_crawler.items import Extraction
from tests.support.neeon import ACCA, BODY, TITLE, json_ld, page

URL = "https://outlet.example/news/1"
XPATHS = [
    one for module in (dates, document, metadata, neighbours) for one in vars(module).values() if isinstance(one, XPath)
]
CARDS = "".join(
    f'<div class="c{n}"><h3><a href="/{n}">Another story number {n} about something else entirely</a></h3>'
    "<p>Its teaser is one sentence and ends here.</p><span>2 hours ago</span></div>"
    for n in range(8)
)


def plain(body: str, head: str = "") -> str:
    """A page in nobody's layout around a body."""
    links = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(20))
    return (
        f"<html lang=ru-RU><head><title>{TITLE} | Outlet</title>{head}</head><body><header><ul>{links}</ul></header>"
        f'<div class="q1"><h1>{TITLE}</h1><div>By Aibek Sample</div><div>28.04.2024, 07:00</div>{body}</div>'
        f"<div class=q2>{CARDS}</div><footer><p>All rights reserved. Any copying needs a link.</p></footer>"
        "</body></html>"
    )


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in BODY)


def test_a_picture_keeps_its_caption_in_a_box_named_for_sharing() -> None:
    picture = "<div class='media share-media'><figure><img src=a.jpg><figcaption>A court</figcaption></figure></div>"
    got = extract(plain(PARAGRAPHS.replace("</p>", f"</p>{picture}", 1)), URL)
    assert (got.paragraphs, got.captions) == (BODY, ("A court",))


def test_body_among_menus_and_cards() -> None:
    got = extract(plain(PARAGRAPHS), URL)
    assert got.paragraphs == BODY
    assert (got.title, got.language, got.method) == (TITLE, "ru", "generic")


def test_body_without_paragraph_tags() -> None:
    assert extract(plain(f"<div>{'<br><br>'.join(BODY)}</div>"), URL).paragraphs == BODY


def test_caption_is_kept_apart() -> None:
    figure = "<figure><img src=a.jpg><figcaption>Photo: an invented agency</figcaption></figure>"
    got = extract(plain(PARAGRAPHS.replace("</p>", f"</p>{figure}", 1)), URL)
    assert (got.paragraphs, got.captions) == (BODY, ("Photo: an invented agency",))


def test_standfirst_above_the_body_opens_the_text() -> None:
    lead = "Guards of an invented detention centre will stand trial, the prosecutor says."
    html = plain(f'<div class="l">{lead}</div><div class="article-body">{PARAGRAPHS}</div>')
    html = html.replace("<head>", f'<head><meta property="og:description" content="{lead}">')
    assert extract(html, URL).paragraphs == (lead, *BODY)


def test_body_that_only_json_ld_holds() -> None:
    head = json_ld({"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(BODY)})
    got = extract(plain("<p>Subscribe to read.</p>", head), URL)
    assert (got.paragraphs, got.method) == (BODY, "json-ld")


def test_unclosed_button_does_not_swallow_the_article() -> None:
    html = plain(PARAGRAPHS).replace("<header>", "<header><button>menu", 1)
    assert BODY[0] in extract(html, URL).text


@pytest.mark.parametrize("end", ["</body></html>", "</body>", "</html>", "</body></html>\n<!-- --></body></html>"])
def test_an_article_below_the_end_of_the_page_is_read(end: str) -> None:
    html = plain(PARAGRAPHS).replace("</header>", f"</header>{end}", 1)
    assert extract(html, URL).paragraphs == BODY


def test_the_rest_that_a_button_shows_is_read() -> None:
    rest = "<button>Read more</button><div hidden>"
    html = plain(f'<div class="article-body">{PARAGRAPHS.replace("</p><p>", f"</p>{rest}<p>", 1)}</div></div>')
    assert extract(html, URL).paragraphs == BODY


@pytest.mark.shared
def test_pangea_page_without_selectors(shared: Path) -> None:
    got = extract((shared / "data/pages/pangea-voa.html").read_bytes(), "https://www.voanews.com/a/x/7585813.html")
    assert got.published_at == "2024-04-28T07:00:00Z"
    assert got.authors == ("Associated Press",)
    assert got.amp_url is not None
    assert got.paragraphs[1].startswith("After a series of lower-paying jobs")
    assert got.text.endswith('provide for our kids to be able to do that."')
    assert "FILE - Mike and Jane Roberts" not in got.text
    assert any("Mike and Jane Roberts" in caption for caption in got.captions)


HOSTILE = {
    "empty": "",
    "blanks": " \n\t ",
    "null bytes": "\x00" * 100,
    "no body": "<html><head><title>T</title></head></html>",
    "frameset": "<html><frameset><frame src=a></frameset></html>",
    "text only": "just text",
    "comment only": "<!-- a -->",
    "deep": "<div>" * 50_000 + "x" + "</div>" * 50_000,
    "deep inline": "<b>" * 50_000 + "x",
    "xml": '<?xml version="1.0" encoding="koi8-r"?><html><body><p>x</p></body></html>',
    "entity bomb": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>',
    "lone surrogate": "<p>\ud800 text</p>",
    "bad entities": "<p>&#0; &#xFFFFFFFF; &nosuch; &#128; &#55296;</p>",
    "deep json": '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x</p>",
    "json of wrong shapes": json_ld(
        [
            1,
            None,
            "x",
            {"@type": 5},
            {"@type": "Article", "author": 7, "headline": {}, "image": [[]], "datePublished": {}},
        ]
    ),
    "bad addresses": '<link rel=canonical href="http://[::1"><base href="//["><link rel=alternate hreflang=ru href="http://[">',
    "bad dates": '<meta property="article:published_time" content="9999-99-99"><time datetime="0000-00-00T99:99">',
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("outlet", [None, ACCA], ids=["generic", "acca"])
def test_hostile_page_gives_an_extraction(html: str, outlet: None) -> None:
    assert isinstance(extract(html, URL, outlet=outlet), Extraction)
    assert isinstance(extract(html.encode("utf-8", "replace"), URL, outlet=outlet), Extraction)


def test_null_bytes_inside_an_article_lose_nothing() -> None:
    assert extract(page().replace("guards", "gu\x00ards"), URL, outlet=ACCA).paragraphs == BODY


def test_tags_never_closed_lose_nothing() -> None:
    html = page(body_html="".join(f"<font><b><p>Paragraph {n} of the report.</p>" for n in range(300)))
    assert extract(html, URL, outlet=ACCA).paragraphs[-1] == "Paragraph 299 of the report."


def test_paragraphs_inside_a_hundred_boxes_stay_apart() -> None:
    """Only the last extractor reads a menu that is all of a page; boxes this deep are unwrapped for it."""
    lines = [f"Invented line {n} of a list without verbs" for n in range(12)]
    menu = "".join(f"<p>{line}</p>" for line in lines)
    got = extract(f"<title>T</title><body>{'<div>' * 100}<nav>{menu}</nav>", URL)
    assert got.method == "trafilatura"
    assert got.paragraphs == tuple(lines)


def test_huge_text_comes_whole() -> None:
    text = "He was held for two nights without a lawyer. " * 110_000
    got = extract(page(body_html=f"<p>{text}</p>"), URL, outlet=ACCA)
    assert got.text == text.strip()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/=\"' &;#pdivabrscript\x00\n{}[]!-жЖ"), max_size=300))
def test_no_markup_raises(html: str) -> None:
    assert isinstance(extract(html, URL), Extraction)
    assert isinstance(extract(page(body_html=html), URL, outlet=ACCA), Extraction)


def test_agreement_of_two_readings() -> None:
    rendered = fragment_text("".join(f"<p>{text}</p>\n" for text in BODY))
    seen = extract(page(), URL, outlet=ACCA).text
    assert rendered == seen
    assert agreement(seen, rendered) == 1.0
    assert agreement(seen, "") == 0.0
    assert agreement("", "") == 1.0
    assert 0.5 < agreement(seen, "\n\n".join(BODY[:3])) < 1.0
    assert agreement(seen, "Something else was reported on this day in another town.") < 0.1
    assert fragment_text("") == ""


TEASERS = (
    "A court in Aktobe has stripped the lawyer of his licence. He had told journalists that four of his cli…",
    "The mayor promised in March that the bridge would open before the winter, but the workers say that the mon...",
)


def short_page(*below: str) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in below)
    return (
        "<html><head><title>A station opens</title></head><body><main><h1>A station opens</h1>"
        "<p>The new station of the metro was opened on Monday morning. The first passengers rode for free.</p>"
        f"<p>The next station is to be ready in two years.</p>{paragraphs}</main></body></html>"
    )


def test_openings_of_other_articles_below_a_short_one_are_left_out() -> None:
    extraction = extract(short_page(*TEASERS), "https://example.org/a-station-opens")
    assert extraction.text.endswith("The next station is to be ready in two years.")
    assert {piece.text for piece in extraction.stripped if piece.rule == "teaser"} == set(TEASERS)


def test_an_article_may_end_with_an_ellipsis() -> None:
    extraction = extract(short_page(TEASERS[0]), "https://example.org/a-station-opens")
    assert extraction.text.endswith(TEASERS[0])


CARD = (
    '<div class="item"><h3><a href="/{0}">Another invented story, number {0}</a></h3><p>Its teaser ends here.</p></div>'
)


def test_cards_of_other_articles_below_a_short_one_are_left_out() -> None:
    cards = "".join(CARD.format(n) for n in range(12))
    extraction = extract(short_page().replace("</main>", f"</main>{cards}"), "https://example.org/a-station-opens")
    assert extraction.text.endswith("The next station is to be ready in two years.")
    assert "Its teaser ends here." not in extraction.text


def test_cards_that_wrap_their_headline_in_the_names_of_a_body_are_left_out() -> None:
    cards = "".join(
        f"<div class=slide><div class=box><img src=/{n}.jpg><div class=entry-content>{CARD.format(n)}</div></div></div>"
        for n in range(3)
    )
    html = short_page().replace("</main>", f"</main><div class=more>{cards}</div>")
    assert "number" not in extract(html, "https://example.org/a-station-opens").text


def test_sections_with_linked_headings_inside_a_body_are_no_cards() -> None:
    cards = "".join(CARD.format(n) for n in range(5))
    for html, count in ((f"<article class='article-body'>{cards}</article>", 0), (f"<div>{cards}</div>", 10)):
        root = parse(short_page(html))
        assert root is not None
        assert len(card_blocks(read_layout(root.find("body")))) == count


def test_comments_longer_than_the_article_are_left_out() -> None:
    comments = "".join(
        f"<div class=c><b>Reader {n}</b><p>An invented opinion of this report, the {n}th of many, a long one.</p></div>"
        for n in range(40)
    )
    html = short_page().replace("</main>", f'</main><div id="comments">{comments}</div>')
    text = extract(html, "https://example.org/a-station-opens").text
    assert text.endswith("The next station is to be ready in two years.")
    assert "opinion" not in text


def test_a_page_of_comments_only_keeps_them() -> None:
    comments = "".join(
        f"<p>An invented opinion about this report, the {n}th of many, and a long one.</p>" for n in range(9)
    )
    html = f'<html><head><title>Opinions</title></head><body><div id="comments">{comments}</div></body></html>'
    assert "the 3th of many" in extract(html, "https://example.org/opinions").text


def test_the_heading_above_cards_goes_with_them() -> None:
    cards = "".join(CARD.format(n) for n in range(4))
    root = parse(short_page(f"<h2>An own heading</h2><p>And its text.</p><h2>Тектеш макалалар</h2><div>{cards}</div>"))
    assert root is not None
    layout = read_layout(root.find("body"))
    headings = [
        layout.blocks[number].text for number in sorted(card_blocks(layout)) if layout.blocks[number].tag == "h2"
    ]
    assert headings == ["Тектеш макалалар"]


@pytest.mark.parametrize(
    "piece",
    [
        f"<div hidden><p>{'A sentence that a button shows. ' * 9}</p>",
        "<div><h3><a href=/1>A headline of some words</a></h3><p>Its teaser is one sentence.</p></div>",
        "<div id=comments><p>An opinion.</p>",
        "</body></html><p>A sentence below the end.</p>",
    ],
)
def test_what_repeats_thousands_of_times_takes_linear_time(piece: str) -> None:
    spent = []
    for count in (400, 1600):
        start = time.process_time()
        extract(piece * count, URL)
        spent.append(time.process_time() - start)
    assert spent[1] < 10 * spent[0] + 0.5


def test_the_last_extractor_is_spared_a_page_of_more_elements_than_any_article_has() -> None:
    """Its time grows with the square of the elements."""
    got = extract(f"<title>T</title><body>{'<p>ab</p>' * (MAX_ELEMENTS + 1)}", URL)
    assert (got.text, got.method) == ("", "")


def test_links_are_not_joined_to_an_endless_base() -> None:
    html = f'<base href="https://other.example/{"a/" * 2_000}"><link rel=canonical href="b"><p>Text'
    assert extract(html, URL).canonical_url == "https://outlet.example/news/b"


@pytest.mark.parametrize("path", XPATHS, ids=lambda path: path.path[:60])
def test_elements_are_not_looked_up_by_their_attributes(path: XPath) -> None:
    """libxml2 compares the parent of each attribute with all previous ones, in quadratic time."""
    assert not re.search(r"@[^/]+/(?:\.\.|parent::)", path.path)
