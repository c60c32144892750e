"""What storing a text needs and its words alone decide: a profile and keys to find its stories, and its index words.

It takes half of the time of storing a report, so where several processes read pages, they prepare the articles for the
one that stores them.
"""

from __future__ import annotations

from collections.abc import Callable

from acca_crawler.dedup.keys import index_keys
from acca_crawler.dedup.profile import Profile, profile_of
from acca_crawler.dedup.signature import Signature, signature
from acca_crawler.dedup.words import Reading, read
from acca_crawler.ingest.profiles import remembered
from acca_crawler.items import Article, Preparation, SearchText, StoryKeys
from acca_crawler.search.indexing import MAX_CHARACTERS
from acca_crawler.text.language import identify
from acca_crawler.text.searchable import searchable


def prepare(article: Article, *, indexed: bool = True) -> Preparation:
    """Prepare an article for the process that stores it; `indexed` is whether that will surely index it for search."""
    found = article.extraction
    wanted = indexed and len(found.text) <= MAX_CHARACTERS
    words = searchable(found.title, found.text, article.language) if wanted else None
    return _prepared(article, Profile.to_bytes, words)


def preparation_of(article: Article) -> Preparation:
    """Return what another process prepared, or prepare the article here, but for the words: not all are indexed."""
    return article.prepared or _prepared(article, remembered, None)


def _prepared(article: Article, keep: Callable[[Profile], bytes], words: SearchText | None) -> Preparation:
    """`keep` returns the profile as the archive keeps it."""
    found = article.extraction
    reading = reading_of(found.title, found.text, article.language)
    profile = profile_of(reading)
    return Preparation(keep(profile), story_keys(profile, signature(reading.parts)), words)


def reading_of(title: str, text: str, language: str | None) -> Reading:
    """Read a report for comparison, in the language that its text has if none is known."""
    return read(title, text, language or identify(f"{title}\n{text}"))


def story_keys(profile: Profile, signed: Signature) -> StoryKeys:
    """Return the keys by which a report's copies and retellings are found."""
    keys = index_keys(profile)
    return StoryKeys(signed.keys, signed.sentences, keys.near, keys.persons, keys.names)
