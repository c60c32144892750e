"""Decide whether a page's canonical URL is its own."""

from __future__ import annotations

from dataclasses import replace

from acca_crawler.items import Article
from storage.articles.current import by_identity, by_url
from storage.schema.kinds import ArchiveDb


def with_believed_identity(db: ArchiveDb, article: Article) -> Article:
    """Return the article with its own URL if the page's canonical URL belongs to another article.

    Some templates declare one canonical URL on every page. A second URL with the same title is the same article.
    """
    if article.found_identity in ("", article.identity):
        return article
    claimed = by_identity(db, article.outlet, article.identity)
    if claimed is None or claimed.content_sha256 == article.content_sha256:
        return article
    at_address = by_url(db, article.outlet, article.addresses[0])
    own = at_address is not None and at_address.identity == article.found_identity
    same = at_address is not None and at_address.article_id == claimed.article_id
    if not own and (same or claimed.title.casefold() == article.extraction.title.casefold()):
        return article
    addresses = tuple(url for url in article.addresses if url != article.url)
    return replace(article, identity=article.found_identity, url=article.found_at, addresses=addresses)
