"""What belongs to other articles on a page is not taken for the article's own."""

from __future__ import annotations

import json

import pytest

from acca_crawler.extract import extract
from acca_crawler.extract.document import parse
from acca_crawler.extract.metadata import read_head
from acca_crawler.extract.neighbours import foreign_articles
from acca_crawler.items import Extraction

URL = "https://vestnik.example/news/one-long-trial"
TITLE = "One long trial"
TEXT = (
    "The witness said in court that two guards of an invented colony had beaten him every morning for a month.",
    "His lawyer Aibek Sample asked the judge to call the doctor who had described the bruises in her journal.",
    "The prosecutor of the invented district answered that no complaint had ever reached his office in time.",
    "Relatives waited outside in the cold until evening, when the hearing was adjourned until another spring.",
)
OTHER = (
    "Craftsmen of three regions brought carpets, bowls and saddles to an exhibition that children may enter free. " * 8
)


def read(head: str = "", top: str = "", bottom: str = "") -> Extraction:
    """What is read from the article's page with these pieces of others on it."""
    body = "".join(f"<p>{one}</p>" for one in TEXT)
    return extract(
        f"<html><head><title>{TITLE}</title>{head}</head><body>{top}<article><h1>{TITLE}</h1>{body}</article>{bottom}"
        "</body></html>",
        URL,
        fetched_at="2026-11-28T12:00:00Z",
    )


def node(**properties: object) -> str:
    article = {"@type": "NewsArticle", "datePublished": "2020-01-01", "author": {"name": "Another Author"}}
    return f"<script type='application/ld+json'>{json.dumps(article | properties)}</script>"


MICRODATA = (
    '<div itemscope itemtype="https://schema.org/NewsArticle"><h3 itemprop=headline>An exhibition of crafts</h3>'
    f'<meta itemprop=datePublished content="2020-01-01"><div itemprop=articleBody>{OTHER}</div>'
    "<span itemprop=author>Another Author</span></div>"
)
TIME = '<time datetime="2020-01-01T10:00">yesterday</time>'


@pytest.mark.parametrize(
    "others",
    [
        {"head": node(articleBody=OTHER)},  # neither address nor headline
        {"head": node(articleBody=OTHER, mainEntityOfPage="https://vestnik.example/")},
        {"head": node(articleBody=OTHER, url="/news/exhibition")},
        {"bottom": MICRODATA},
        {"top": f"<aside><a href=/news/1>Exhibition</a> {TIME}</aside>"},
        {"bottom": f"<ul class=latest><li><a href=/news/1>Exhibition</a> {TIME}</li></ul>"},
        {"bottom": f"<div class=related-news><span class=author>Another Author</span> {TIME}</div>"},
        {"top": f"<article><h3><a href=/news/1>Exhibition</a></h3>{TIME}<i class=author>Another Author</i></article>"},
        {"bottom": f"<article><h1>An exhibition of crafts</h1>{TIME}<p>{OTHER}</p></article>"},
        {"bottom": f"<div class=comment-list><b class=author>Some Reader</b> {TIME}</div>"},
    ],
)
def test_text_day_and_authors_are_the_articles_own(others: dict[str, str]) -> None:
    found = read(**others)
    assert found.paragraphs == TEXT
    assert found.authors == ()
    assert found.published is None or found.published.certainty == "low"


def test_a_node_without_a_name_counts_if_its_text_is_the_pages() -> None:
    found = read(head=node(articleBody=" ".join(TEXT)))
    assert found.published is not None and found.published.value == "2020-01-01"
    assert found.authors == ("Another Author",)


def test_the_articles_own_microdata_is_read() -> None:
    top = f'<div itemscope itemtype="https://schema.org/Article"><h2 itemprop=headline>{TITLE}</h2>'
    found = read(top=f"{top}<meta itemprop=datePublished content=2026-11-20><b itemprop=author>Asel Sample</b></div>")
    assert found.published is not None and found.published.value == "2026-11-20"
    assert found.authors == ("Asel Sample",)


CLOCK = "28 November 2026, 14:00"


@pytest.mark.parametrize(
    ("top", "below", "day"),
    [
        ("", f"<div><span>{CLOCK}</span> <span>By Asel Sample</span></div>", "2026-11-28"),
        ("", "<p>On 20 November 2026 the court opened.</p>", None),
        (f"<div class=header-date>{CLOCK}</div>", "", None),
        (f"<header><div class=date>{CLOCK}</div></header>", "", None),
        ("", f"<header class=entry-header><h1>{TITLE}</h1><div class=date>{CLOCK}</div></header>", "2026-11-28"),
    ],
)
def test_a_day_beside_the_headline_is_the_articles_and_a_clock_above_it_is_not(
    top: str, below: str, day: str | None
) -> None:
    body = "".join(f"<p>{one}</p>" for one in TEXT)
    headline = "" if "<h1>" in below else f"<h1>{TITLE}</h1>"
    page = f"<html><title>{TITLE}</title><body>{top}<article>{headline}{below}{body}</article></body></html>"
    found = extract(page, URL, fetched_at="2026-11-28T16:00:00Z").published
    assert (found and found.day) == day


CARD = '<article><h2><a href="/news/1">One long trial, the story so far</a></h2><p>A teaser of one line.</p></article>'


def test_the_article_itself_is_no_neighbour_although_its_first_heading_is_a_link() -> None:
    first, *rest = TEXT
    body = f"<p>{first}</p><h2><a href=/law>The law</a></h2>" + "".join(f"<p>{one}</p>" for one in rest)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><article>{body}</article>{CARD}</body></html>"
    )
    assert set(TEXT) <= set(extract(html, URL).paragraphs)


def test_entries_of_a_list_that_is_the_article_are_read() -> None:
    entries = "".join(
        f"<article><h3><a href=/court/{number}>Court number {number}</a></h3><p>{text}</p></article>"
        for number, text in enumerate(TEXT * 3)
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>Twelve courts.</p></article>"
        f"{entries}</body></html>"
    )
    root = parse(html)
    assert root is not None
    assert not foreign_articles(root, read_head(root, URL).own)
