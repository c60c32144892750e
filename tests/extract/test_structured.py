"""JSON-LD of other articles, videos and lists on a page, and of the page's own article."""

from __future__ import annotations

import json

import pytest

from acca_crawler.extract import extract
from acca_crawler.items import Dated

HERE = "https://paper.example/news/the-road"
TITLE = "The road to the village is closed"
TEXT = [
    "The road to the village has been closed since Monday, the people who live there told our reporter.",
    "The council says that the bridge will be repaired before the winter and that nobody will be cut off.",
]
OTHER = {
    "@type": "NewsArticle",
    "headline": "An exhibition opens",
    "url": "https://paper.example/news/exhibition",
    "datePublished": "2019-01-01T00:00:00Z",
    "author": {"@type": "Person", "name": "Bota Sample"},
    "articleBody": "An exhibition of carpets opens in the town on Saturday, and everybody is welcome to see it. " * 20,
}


def page(*nodes: object) -> str:
    head = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    return f"<head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1>{text}</article></body>"


@pytest.mark.parametrize(
    "foreign",
    [
        OTHER,
        {key: value for key, value in OTHER.items() if key != "url"},
        {key: value for key, value in OTHER.items() if key != "headline"},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]},
        {"@type": "WebPage", "url": HERE, "hasPart": [{key: OTHER[key] for key in ("@type", "articleBody")}]},
        OTHER | {"@type": "VideoObject", "url": HERE, "transcript": OTHER["articleBody"]},
    ],
)
def test_what_describes_something_else_is_not_the_articles(foreign: dict[str, object]) -> None:
    got = extract(page(foreign), HERE)
    assert list(got.paragraphs) == TEXT
    assert got.authors == ()
    assert got.published is None


@pytest.mark.parametrize(
    "own",
    [
        {"url": "http://www.paper.example/news/the-road/?utm_source=feed"},
        {"@id": HERE + "#article"},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": HERE}},
        {"headline": "Road to the village is closed"},
        {},
    ],
)
def test_the_pages_own_node_counts_behind_another(own: dict[str, object]) -> None:
    node = {"@type": "NewsArticle", "datePublished": "2024-04-28T07:00:00Z", **own}
    got = extract(page(OTHER, node), HERE)
    assert got.published == Dated("2024-04-28T07:00:00Z", "json-ld", "high")
    assert got.authors == ()


def test_a_quotation_mark_that_is_not_escaped_does_not_cost_the_date() -> None:
    broken = '{"@type":"NewsArticle","description":"the "closed" road","datePublished":"2024-04-28T07:00:00Z"}'
    html = page().replace("</head>", f'<script type="application/ld+json">{broken}</script></head>')
    assert extract(html, HERE).published == Dated("2024-04-28T07:00:00Z", "json-ld", "high")


def test_the_entries_of_a_live_blog_belong_to_its_text() -> None:
    updates = [{"@type": "BlogPosting", "articleBody": text * 3} for text in TEXT]
    live = {"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates}
    html = page(live).replace(f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p>", "<p>10:00 The road is closed.</p>")
    text = extract(html, HERE).text
    assert all(update["articleBody"] in text for update in updates)


def test_half_an_emoji_control_characters_and_double_escapes_are_put_right() -> None:
    cut = f'{{"@type":"NewsArticle","headline":"{TITLE}","description":"A road \\ud83d"}}'
    html = page().replace("</head>", f'<script type="application/ld+json">{cut}</script></head>')
    odd = html.replace("<h1>", "<h1>\x0b").replace("<p>", "<div class=share>Share</div>\x0c\x00<p>", 1)
    odd = odd.replace(TITLE, "The &amp;laquo;road&amp;raquo; to the village is closed")
    got = extract(odd, HERE)
    assert got.title == "The «road» to the village is closed"
    assert list(got.paragraphs) == TEXT
    assert got.lead.encode()


@pytest.mark.parametrize(
    "spelled", [{"@type": "newsArticle"}, {"datePublished": 1764216000}, {"datePublished": ["2025-11-27T04:00:00Z"]}]
)
def test_odd_spellings_of_a_node_are_understood(spelled: dict[str, object]) -> None:
    own = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2025-11-27T10:00:00+06:00"}
    found = extract(page(own | spelled), HERE)
    assert found.published is not None and found.published.value == "2025-11-27T04:00:00Z"
