"""Refuse a page that is not the archived article, or only a part of it: the archived version is kept."""

from __future__ import annotations

from acca_crawler.exceptions import NotThisArticle, TextOfOthers
from acca_crawler.extract.walls import MAX_WORDS, shares_little, shows_beginning_only
from acca_crawler.items import UNNAMED, Article, Page
from storage.articles.current import CurrentArticle
from storage.ledger.addresses import copies_of
from storage.schema.kinds import ArchiveDb

MAX_TORN = 20
"""Characters at the end of a page that breaks off that may be read differently: half a word, half a letter."""


def require_believable(db: ArchiveDb, current: CurrentArticle, article: Article, page: Page) -> None:
    """Check a page against the archived version with its identity, or with its text.

    Raises `NotThisArticle` for a page that has almost nothing in common with the archived version, that breaks off in
    the middle, or of which a part is missing that the archived version has; `TextOfOthers` for a short one that several
    addresses answer with.
    """
    if current.identity != article.identity:
        _require_few_addresses(db, current, article)
        return
    _require_same_article(current, article)
    _require_no_fewer_parts(current, article)
    _require_whole_text(current, article, page)


def _require_same_article(current: CurrentArticle, article: Article) -> None:
    extraction = article.extraction
    if extraction.post is not None:
        return  # its number is the post, whatever it says today
    if _may_be_another_page(current) and len(extraction.text) > len(current.text):
        return  # else what was met at the first visit would keep the article out for ever
    if shares_little(extraction.title, extraction.text, current.title, current.text):
        raise NotThisArticle(
            f"doubtful: “{extraction.title[:80]}” has next to nothing in common with the version in the archive"
        )


def _may_be_another_page(current: CurrentArticle) -> bool:
    """Whether the archived version is so short, and was so little, that it may be a notice in the article's place."""
    return not current.flagged and len(current.text.split()) <= MAX_WORDS


def _require_few_addresses(db: ArchiveDb, current: CurrentArticle, article: Article) -> None:
    """Doubt a short page that a third address answers with: it is a notice, whatever it says, and no copy."""
    if current.url.startswith(UNNAMED) or not article.url or len(current.text.split()) > MAX_WORDS:
        return
    if copies := copies_of(db, current.article_id, article.identity):
        said = f"doubtful: the text of {copies + 1} other addresses: “{current.title[:80]}”"
        raise TextOfOthers(said, current.article_id)


def _require_no_fewer_parts(current: CurrentArticle, article: Article) -> None:
    """Keep the archived version while a page of the article can't be fetched: the text was not shortened."""
    missing = [part for part in article.parts if part.missing]
    if missing and current.parts > len(article.parts) - len(missing):
        raise NotThisArticle(f"page {missing[0].number} of the article is missing: {missing[0].missing}")


def _require_whole_text(current: CurrentArticle, article: Article, page: Page) -> None:
    """Keep the archived version if a page has only the beginning of its text, or none of it: nothing was taken out.

    It breaks off in the middle, its theme is broken, or the site asks readers to subscribe.
    """
    if article.extraction.post is not None or not current.text:
        return
    if not article.extraction.text:
        raise NotThisArticle("a page without its text")
    if 2 * len(article.extraction.text) < len(current.text) and shows_beginning_only(article.extraction.paragraphs):
        raise NotThisArticle("only the beginning of the article, and a form to sign in or to subscribe")
    text, end = article.extraction.text, page.html[-4096:].rstrip().lower()
    if not end or end.endswith(b">") or b"</html" in end or len(text) >= len(current.text):
        return
    if current.text.startswith(text[: -max(MAX_TORN, len(text) // 10)]):
        raise NotThisArticle("the page breaks off in the middle of the article")
