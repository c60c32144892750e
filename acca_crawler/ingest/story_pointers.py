"""Stories that an outlet itself ties together: a post that leads to an article of its outlet, or answers another post.

A lead with a link is not a separate report, however little of the article's text it has. A post with several links to
its outlet is an overview and is tied to none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from acca_crawler.dedup.address import canonical_address, host_of
from acca_crawler.items import Article
from storage.articles import posts, stories
from storage.articles.current import by_identity
from storage.articles.stories import Link
from storage.schema.kinds import ArchiveDb


def tied_by_outlet(db: ArchiveDb, article: Article) -> dict[int, Link]:
    """Return a link to each story that the outlet ties an article about to be stored to, by the story's number."""
    post = article.extraction.post
    if post is None:
        pointing = (
            (number, url)
            for number, url in posts.pointing_to(db, article.outlet, article.addresses)
            if _is_only_one(url, posts.links_of(db, number))
        )
        return _links(db, pointing, "link")
    links = canonical_links(post.links)
    pointed = posts.articles_at(db, post.site, links) if post.site else []
    if tied := _links(db, ((number, url) for number, url in pointed if _is_only_one(url, links)), "link"):
        return tied
    answered = urlsplit(post.reply_to or "").path.strip("/").lower()
    earlier = by_identity(db, article.outlet, answered) if answered else None
    if earlier is None or not earlier.flagged or article.detection.level == "ignore":
        return {}
    return _links(db, [(earlier.article_id, earlier.url)], "reply")


def canonical_links(links: Iterable[str]) -> tuple[str, ...]:
    """Return the links in the form of the ledger's addresses; one that is not an address of the web is left out."""
    found: list[str] = []
    for link in links:
        try:
            found.append(canonical_address(link))
        except ValueError:  # a person typed it
            continue
    return tuple(dict.fromkeys(found))


def _is_only_one(url: str, links: Iterable[str]) -> bool:
    """Whether no other link leads to the same site."""
    return not any(link != url and host_of(link) == host_of(url) for link in links)


def _links(db: ArchiveDb, tied: Iterable[tuple[int, str]], kind: str) -> dict[int, Link]:
    found: dict[int, Link] = {}
    for article_id, url in tied:
        number = stories.story_number(db, article_id)
        if number is not None:
            found.setdefault(number, Link(article_id, "same event", 1.0, ((kind, url),)))
    return found
