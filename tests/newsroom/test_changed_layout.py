"""A newspaper without selectors that changes its layout in mid-stream: its learned template never costs text."""

from __future__ import annotations

import re
from urllib.request import urlopen

from acca_crawler.extract import extract
from acca_crawler.extract.template import MIN_PAGES, learn, see
from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import acca_pages
from acca_crawler.outlets import Outlet

CHECKED = 8
_CLASSES = re.compile(r'class="([^"]*)"')


def redesigned(html: str) -> str:
    """The page with other names for all its classes."""
    return _CLASSES.sub(lambda match: f'class="{" ".join(f"n-{name}" for name in match[1].split())}"', html)


def test_articles_before_and_after_a_redesign_are_whole() -> None:
    with Newsroom(sites=["acca"]) as newsroom:
        site = newsroom.sites["acca"]
        posts = newsroom.posts("acca")[: 2 * (MIN_PAGES + 2)]
        pages = [(urlopen(site.url + acca_pages.link(post)).read().decode(), post) for post in posts]
    half = len(pages) // 2
    pages[half:] = [(redesigned(html), post) for html, post in pages[half:]]
    seen = [page for html, post in pages if (page := see(html, site.url + acca_pages.link(post)))]
    outlet = Outlet(
        title="Without selectors", home=site.url, hosts=("127.0.0.1",), countries=("KG",), languages=("en", "ru"),
        article_path="/", template=frozenset(place.path for place in learn(seen, [page.title for page in seen])),
    )  # fmt: skip
    assert outlet.template
    everywhere = [paragraph for _, post in pages for paragraph in post.text.split("\n\n")]
    for number, (html, post) in [*enumerate(pages)][:: len(pages) // CHECKED]:
        found = extract(html, site.url + acca_pages.link(post), outlet=outlet)
        own = post.text.split("\n\n")
        assert set(own) <= set(found.paragraphs)
        assert not set(found.paragraphs) & (set(everywhere) - set(own))
        if number < half:
            assert list(found.paragraphs) == own
