"""Turn a page into an article: the pure steps shared by a crawl, an import and a reprocess."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from acca_crawler.dedup.address import canonical_address, host_key, host_of
from acca_crawler.dedup.content import content_sha256
from acca_crawler.detect.detector import OURS, Detector
from acca_crawler.exceptions import FurtherPart, NotAnArticle, NotThisArticle, SaysGone
from acca_crawler.extract import agreement, extract, fragment_text
from acca_crawler.extract.block_pages import ARTICLE
from acca_crawler.extract.dates import surer
from acca_crawler.extract.document import parse
from acca_crawler.extract.doubts import rest_differs
from acca_crawler.extract.listing_pages import is_listing
from acca_crawler.extract.removal_notices import says_gone
from acca_crawler.extract.walls import SHELL_WORDS, is_another_page, is_no_text, shares_no_word, wall_in
from acca_crawler.ingest.parts import joined
from acca_crawler.items import UNNAMED, Article, ArticlePart, Dated, Extraction, Listed, Page
from acca_crawler.outlets import Outlet, edition_of
from acca_crawler.text.language import identify

_PLACEHOLDER = re.compile(
    r"/(?:undefined|null|none|nan|false|\[object[^/]*|[^/]*(?:\{|%7B|\$\(|<|%3C)[^/]*|\[\w{1,30}\]|%5B\w{1,30}%5D|:[a-z_]{2,30}|"
    r"%(?:25)?[a-z_]{3,30}%(?:25)?)/?$",
    re.IGNORECASE,
)
"""Last path segments left by an unfilled template."""

LANGUAGE_SAMPLE = 1000
"""Characters of the text used for language identification; more cost time and change nothing."""


def process_page(page: Page, name: str, outlet: Outlet, detector: Detector = OURS) -> Article:
    """Read the article on a page. `name` is the outlet's short name; a page without a URL is a saved file.

    If another page was served in place of the article, the text from the way of discovery is used. The text of the
    page's `parts` follows that of the page.
    Raises `NotThisArticle` if there is no such text or the page is blank, `SaysGone` if the page says the article was
    removed, `NotAnArticle` for a post of which the boilerplate rules leave nothing, `FurtherPart` if the page is not
    the first of an article on several pages.
    """
    parts: tuple[ArticlePart, ...] = ()
    extraction = _without_distrusted(_read(page, outlet), outlet)
    wall = _wall(extraction, page) if extraction.post is None else None
    if wall and page.listed and page.listed.body_html:
        page = replace(page, html=b"", capture_id=page.listed.capture_id or page.capture_id)
        extraction = _read(page, outlet)
    elif wall:
        raise NotThisArticle(f"not the article but {wall}")
    elif extraction.post is not None and not extraction.text:
        raise NotAnArticle("a post without words of its own")
    elif not page.alone and (first := _first_part(extraction, page, outlet)):
        raise FurtherPart(first, extraction.part_number)
    elif page.parts:
        extraction, parts = joined(page, extraction, outlet)
    agreed = _rest_agreement(extraction, page.listed)
    if page.listed:
        extraction = _with_listed(extraction, page.listed)
    if doubt := rest_differs(agreed):
        extraction = replace(extraction, doubts=(*extraction.doubts, doubt))
    article = process_extraction(extraction, name, outlet, detector)
    article = replace(article, parts=parts)
    if not page.url:
        return replace(article, capture_id=page.capture_id)
    requested = canonical_address(page.requested_url or page.url, keep_query=outlet.keep_query)
    reached = canonical_address(page.url, keep_query=outlet.keep_query)
    return replace(
        article,
        found_at=reached,
        found_identity=identity_of(reached, outlet),
        addresses=tuple(dict.fromkeys((requested, reached, article.url))),
        rest_agreement=agreed,
        capture_id=page.capture_id,
    )


def _first_part(extraction: Extraction, page: Page, outlet: Outlet) -> str | None:
    """Return the address of the article's first part if the page is a further one.

    Only a saved file can be a further part with the first's address: the address of a fetched page is its own.
    """
    first = extraction.first_part
    if not first or not is_on(first, outlet) or outlet.identify(first) is None:
        return None
    is_itself = canonical_address(first) == canonical_address(page.url) if page.url else False
    return None if is_itself and page.fetched_at else first


def _wall(extraction: Extraction, page: Page) -> str | None:
    """Describe what the page is instead of its article; None if it is the article. Saved files are not checked."""
    title, text, listed = extraction.title, extraction.text, page.listed
    if not text and not title:
        return "a blank page"
    if not page.html or says_gone(title, text):
        return None
    if wall := wall_in(title, text, page.html):
        return wall
    if is_no_text(page.html):
        return "bytes that are not text"
    if page.url and not text and not (listed and listed.title) and not _is_marked(extraction, page):
        return "a page without a text"
    if listed and page.url and _is_list_instead(title, listed, page):
        return f"a page that lists articles: “{title[:80]}”"
    if listed and page.url and is_another_page(title, text, listed.title):
        return f"a page about something else: “{title[:80]}”"
    if listed and listed.body_html and len(text.split()) <= SHELL_WORDS:
        listed_words = len(fragment_text(listed.body_html).split())
        return (
            "a page without its text"
            if listed_words > 2 * SHELL_WORDS and listed_words > 2 * len(text.split())
            else None
        )
    return None


def _is_marked(extraction: Extraction, page: Page) -> bool:
    """Whether a page without a text is dated or marked as an article's: a picture or a film under a headline."""
    return extraction.published is not None or ARTICLE.search(page.html) is not None


def _is_list_instead(title: str, listed: Listed, page: Page) -> bool:
    """Whether a page without the listed title is a list of articles: a front page served for what is gone."""
    if not shares_no_word(title, listed.title):
        return False
    root = parse(page.html, page.encoding)
    return root is not None and is_listing(root, page.url)


def process_extraction(extraction: Extraction, name: str, outlet: Outlet, detector: Detector = OURS) -> Article:
    """Derive identity, language, detection and content hash from an extraction.

    An article without a URL is identified by its content, so that the same text imported twice is one article.
    Raises `SaysGone` if the text only says that the article was removed.
    """
    notice = says_gone(extraction.title, extraction.text) if extraction.post is None else None
    if notice:
        raise SaysGone(f"the page says “{notice}”")
    content = content_sha256(extraction.title, extraction.text)
    url = address_of(extraction, outlet) if extraction.url else f"{UNNAMED}{content}"
    sample = f"{extraction.title}\n{extraction.text[:LANGUAGE_SAMPLE]}"
    language = identify(sample, allowed=outlet.languages) or extraction.language
    home = home_countries(outlet)
    detection = detector.detect(extraction.text, title=extraction.title, language=language, outlet_countries=home)
    return Article(
        outlet=name,
        identity=identity_of(url, outlet) if extraction.url else url,
        url=url,
        addresses=(url,),
        extraction=extraction,
        detection=detection,
        content_sha256=content,
        language=language,
        home_countries=home,
    )


def address_of(extraction: Extraction, outlet: Outlet) -> str:
    """Return the article's URL: the canonical URL if it is on the outlet, else the URL it was found at."""
    canonical = extraction.canonical_url
    if canonical and is_on(canonical, outlet) and identifies_as_well(canonical, extraction.url, outlet):
        return canonical_address(canonical, keep_query=outlet.keep_query)
    return canonical_address(extraction.url, keep_query=outlet.keep_query)


def identifies_as_well(canonical: str, url: str, outlet: Outlet) -> bool:
    """Whether a canonical URL identifies an article at least if the page's own URL does.

    Some sites declare their front page, an unfilled template or the page in another language as canonical on every
    page.
    """
    if _PLACEHOLDER.search(urlsplit(canonical).path) or _other_edition(canonical, url):
        return False
    if outlet.identify(canonical) is not None:
        return True
    return outlet.identify(url) is None and urlsplit(canonical).path.strip("/") != ""


def _other_edition(canonical: str, url: str) -> bool:
    """Whether two URLs have different languages as their first host label or folder."""
    one, other = edition_of(canonical), edition_of(url)
    return one is not None and other is not None and one != other


def identity_of(url: str, outlet: Outlet) -> str:
    """Return the article's identity from its URL; the path itself if the outlet's pattern does not match."""
    identity = outlet.identify(url)
    if identity is not None:
        return identity
    parts = urlsplit(url)
    return f"{parts.path.rstrip('/')}?{parts.query}" if parts.query else parts.path.rstrip("/") or "/"


def is_on(url: str, outlet: Outlet) -> bool:
    """Whether a URL is on one of the outlet's hosts."""
    host = host_of(url)
    own = [host_key(name.partition(":")[0]) for name in (*outlet.hosts, *outlet.mirrors)]
    return url.lower().startswith(("http://", "https://")) and any(
        host == name or host.endswith(f".{name}") for name in own if host
    )


def home_countries(outlet: Outlet) -> tuple[str, ...]:
    """Countries assumed for an article that names none; empty unless the outlet has exactly one country."""
    return outlet.countries if len(outlet.countries) == 1 else ()


def text_agreement(page: Page, other: Page, outlet: Outlet) -> float:
    """Return the text agreement (0 to 1) of two pages of one article, the origin's and a mirror's."""
    return agreement(_read(page, outlet).text, _read(other, outlet).text)


def _read(page: Page, outlet: Outlet) -> Extraction:
    """Extract the page, or, if it was unreachable, use what the way of discovery said about the article."""
    if not page.url:
        found = extract(page.html, outlet.home, outlet=outlet, encoding=page.encoding, fetched_at=page.fetched_at)
        return replace(found, url="", canonical_url=None)
    if page.html or page.listed is None or page.listed.body_html is None:
        return extract(page.html, page.url, outlet=outlet, encoding=page.encoding, fetched_at=page.fetched_at)
    if outlet.reader == "telegram":
        return extract(page.listed.body_html, page.url, outlet=outlet)
    return Extraction(
        text=fragment_text(page.listed.body_html),
        title=page.listed.title,
        url=page.url,
        lead=page.listed.lead,
        method=page.listed.way,
    )


def _without_distrusted(extraction: Extraction, outlet: Outlet) -> Extraction:
    """Demote a date from a source that is wrong on this outlet to a printed date."""
    published = extraction.published
    if published is None or published.source not in outlet.distrusted_dates:
        return extraction
    return replace(extraction, published=None, printed_date=extraction.printed_date or published.value[:10])


def _with_listed(extraction: Extraction, listed: Listed) -> Extraction:
    by_rest = listed.body_html is not None and listed.way == "rest"
    published = Dated(listed.published, "rest", "high") if listed.published and by_rest else None
    modified = Dated(listed.modified, "rest", "high") if listed.modified and by_rest else None
    return replace(
        extraction,
        title=extraction.title or listed.title,
        published=published or surer(extraction.published, _listed_date(listed)),
        modified=modified or extraction.modified,
    )


def _listed_date(listed: Listed) -> Dated | None:
    source = listed.way if listed.way in ("listing", "sitemap", "rest", "telegram") else "feed"
    return Dated(listed.published, source, "medium") if listed.published else None


def _rest_agreement(extraction: Extraction, listed: Listed | None) -> float | None:
    if listed is None or not listed.body_html or listed.way != "rest":
        return None
    return agreement(extraction.text, fragment_text(listed.body_html))
