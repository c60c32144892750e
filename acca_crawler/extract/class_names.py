"""What the classes and ids of an element say about it, found in one pass over their letters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick

MAX_NAMES = 400  # characters of an element's classes and ids that are examined

NAV, HEADER, FOOTER, ASIDE, FORM, FIGURE, TABLE, LIST, QUOTE, ARTICLE, MAIN, BODY_NAME, COMMENT = (
    1 << n for n in range(13)
)
RELATED, SHARE, META, ADVERT, SUBSCRIBE, CAPTION, TEASER, LEAD, CONTENT_NAME, AUTHOR, HIDDEN, TAGS, DIALOG = (
    1 << n for n in range(13, 26)
)
MARKS = 26
"""Marks that the block model uses; the density reading and the paragraphs' roles use the following ones."""
BOILERPLATE, WEAK_BOILERPLATE, BODY_INSIDE, NAMED_BODY, EMBED = (1 << n for n in range(26, 31))

EMBEDS = frozenset((
    "twitter-tweet", "instagram-media", "fb-post", "tiktok-embed", "bluesky-embed", "reddit-embed", "telegram-post",
))  # fmt: skip
"""Classes of posts on social networks inside an article."""

# `^` and `$` are the edges of a word, `?` makes the character before it optional; `_` counts as `-`.
_WORDS = {
    NAV: "^nav navig menu breadcrumb pagination pager skip ^toc$ table-?of-?contents toolbar topbar",
    HEADER: "header masthead hero banner",
    FOOTER: "foot copyright disclaimer legal colophon",
    ASIDE: "side-?bar aside widget ^rail$ right-?col secondary",
    FORM: "form$ search login sign-?in sign-?up register",
    BODY_NAME: "article-?body article-text article--text articletext entry-?content post-?content article-?content "
    "article--content post-?body story-?body text-?body body-?text rich-?text ^prose$ news-?text full-?text",
    COMMENT: "comment disqus respond reply feedback review rating",
    RELATED: "related recommend recirc more-?stories more-?news more-?from more-?articles more-?posts read-?more "
    "read-?also read-?next also-?read most-?read most-?popular trending popular latest similar outbrain taboola "
    "next-?post next-?article",
    SHARE: "share sharing social follow ^like",
    META: "^meta byline date time info$ credit views source published",
    ADVERT: "advert ^ads$ ^ad$ sponsor promo ^cta$ shop product price donat affiliate",
    SUBSCRIBE: "newsletter subscri paywall cookie consent gdpr premium member",
    CAPTION: "caption gallery carousel slider slide image photo media video player embed",
    TEASER: "teaser card ^item ^list grid excerpt tile thumb ^col$",
    LEAD: "^lead standfirst intro summary subtitle sub-?head deck ^dek$ vorspann chapo perex kicker",
    CONTENT_NAME: "content article post entry story text single body page news blog detail",
    AUTHOR: "author ^bio$ profile avatar contributor writer",
    HIDDEN: "hidden screen-?reader sr-only invisible d-none collapse tooltip",
    TAGS: "^tag$ ^tags$ tag-?list tag-?links tag-?cloud categor keyword topic label badge",
    DIALOG: "modal popup pop-up overlay lightbox notice alert drawer toast",
    BOILERPLATE: "comment disqus footer footnote masthead outbrain taboola related share sharing side-?bar sponsor "
    "shopping ^tags$ tag-?list tag-?links tag-?cloud breadcrumb menu modal ^nav navigation popup teaser newsletter "
    "cookie consent advert ^ad$ ^ads$ author-?bio author-?box author-?info ^bio$ about-?author recommend recirc "
    "sign-?up ^rating pagination pager more-?stories more-?news more-?from more-?articles more-?posts read-?more "
    "read-?also read-?next also-?read most-?read most-?popular trending post-?meta post-?info post-?tags "
    "article-?meta article-?info article-?tags byline ^toc$ table-?of-?contents callout-?form copyright disclaimer "
    "caption toolbar feedback donat",
    WEAK_BOILERPLATE: "paywall subscri ^login promo banner social gallery carousel slider popular latest ^cta$ credit",
    BODY_INSIDE: "article-?body post-?content entry-?content article-?content has- no-sidebar with-sidebar "
    "sidebar-wrap ad-container",
    NAMED_BODY: "article-?body entry-content post-content article--content article-content post-body story-?body",
    EMBED: " ".join(sorted(EMBEDS)),
}


def _spelled(word: str) -> Iterator[str]:
    """Yield every spelling of a word with optional characters."""
    at = word.find("?")
    if at < 0:
        yield word
    else:
        for kept in (word[:at], word[: at - 1]):
            yield from _spelled(kept + word[at + 1 :])


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...], dict[int, tuple[tuple[int, bool, bool], ...]]]:
    """Return an automaton that finds the words, and by a word's number its marks.

    First those that it has anywhere in a name, then those at an edge: (marks, only at the start, only at the end).
    """
    meanings: dict[str, dict[tuple[bool, bool], int]] = {}
    for mark, words in _WORDS.items():
        for word in words.split():
            edges = (word.startswith("^"), word.endswith("$"))
            for spelling in _spelled(word.strip("^$")):
                marks = meanings.setdefault(spelling, {})
                marks[edges] = marks.get(edges, 0) | mark
    anywhere = tuple(marks.pop((False, False), 0) for marks in meanings.values())
    at_edges = {
        number: tuple((mark, *edges) for edges, mark in marks.items())
        for number, marks in enumerate(meanings.values())
        if marks
    }
    return AhoCorasick(list(meanings)), anywhere, at_edges


def marks_of_names(names: str) -> int:
    """Return the marks of classes and ids, separated by spaces."""
    automaton, anywhere, at_edges = _automaton()
    low = names.lower().replace("_", "-")
    marks = 0
    for word, start, end in automaton.find_matches_as_indexes(low, overlapping=True):
        marks |= anywhere[word]
        for mark, at_start, at_end in at_edges.get(word, ()):
            if at_start and start and low[start - 1].isalnum():
                continue
            if at_end and end < len(low) and low[end].isalnum():
                continue
            marks |= mark
    return marks
