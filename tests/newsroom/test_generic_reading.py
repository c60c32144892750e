"""The newsroom's pages without their outlets' selectors: the text comes exact from nearly all."""

from __future__ import annotations

from acca_crawler.extract import extract
from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import acca_pages, chashma, karlygash, kopuro, semdorog, tolkun
from tests.newsroom.conftest import Get

LINKS = {
    "acca": acca_pages.link,
    "semdorog": semdorog.link,
    "kopuro": kopuro.link,
    "tolkun": tolkun.link,
    "karlygash": karlygash.link,
    "chashma-mirror": chashma.link,
}


def test_body_is_exact_on_nearly_all_pages_without_selectors(newsroom: Newsroom, get: Get) -> None:
    wrong, pages = [], 0
    for day in (1, 2):
        newsroom.set_day(day)
        for site, link in LINKS.items():
            for post in newsroom.posts(site):
                path = link(post)
                got = extract(get(path, site=site).body, newsroom.sites[site].url + path)
                pages += 1
                if got.text not in (post.text, f"{post.intro}\n\n{post.text}"):
                    wrong.append((site, post.id))
    assert pages > 100
    assert len(wrong) <= 0.05 * pages, wrong
