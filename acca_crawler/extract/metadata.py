"""Metadata of an article from the page's head, its JSON-LD, and its visible header by the outlet's selectors."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice, pairwise
from typing import cast
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from acca_crawler.dedup.address import resolved
from acca_crawler.extract import dates, structured
from acca_crawler.extract.document import by_tag, with_class
from acca_crawler.extract.neighbours import foreign_articles, is_beside, is_foreign_microdata, is_in_others
from acca_crawler.extract.paragraphs import clean, inline
from acca_crawler.extract.relative_dates import is_bare_today, relative_dated
from acca_crawler.extract.scope import Scope
from acca_crawler.extract.vocabulary import split_categories
from acca_crawler.items import Dated
from acca_crawler.outlets import Outlet
from acca_crawler.text.word_lists import any_of, read_word_lists

_BYLINE_WORDS = read_word_lists(__file__, "bylines.toml")
ROLES = frozenset(any_of(_BYLINE_WORDS, "roles").split("|"))
"""Role words used in place of a name; `Outlet.ignored_authors` adds an outlet's own."""
SHARED_TITLE_WORDS = 0.5
MIN_TITLE_WORDS = 3
MIN_SHOWN_WORDS = 40  # different long words that a page must show before another body can be recognised
MIN_SHARED = 0.3  # share of the shorter text's long words that two readings of one article have in common
MAX_COMPARED = 20_000  # characters
MAX_BASE = 2083  # characters of the address that a page's links refer to; no longer one is requested
MAX_LABEL = 40  # characters before a date that may say what it is
MAX_DATE = 20  # characters of a date at the end of a page's title
_BYLINE = re.compile(rf"^\W*(?:{any_of(_BYLINE_WORDS, 'before')})\b\s*[:：]?\s*", re.IGNORECASE)
_HAS_MICRODATA = XPath("boolean(descendant-or-self::*/@itemprop)")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"[^\W\d_a-zа-я][^\d|/@]{1,50}")
_AFTER_NAME = re.compile(
    r"(?<![\s,;])(?:\s*+[|·•]|,?\s++(?=\d)|\s++(?=\S{1,80}@)"
    rf"|[\s,;]++(?:{any_of(_BYLINE_WORDS, 'others')})\b\s*+[:：])",
    re.IGNORECASE,
)
"""What ends a name in a byline: a date, an address, the credit of a photograph."""
_AUTHOR_LINK = re.compile(r"/(?:authors?|autor(?:en)?|avtor|auteur)/")
# What names an author, the most certain first: the names of classes, and whether the name is in a link inside.
_BYLINES: tuple[tuple[frozenset[str], bool], ...] = (
    (frozenset((
        "author-name", "author__name", "byline-name", "byline__name", "post-author-name", "article-author",
        "article__author",
    )), False),
    (frozenset(("post-author", "entry-author", "byline", "author", "vcard")), True),
    (frozenset(("post-author", "entry-author", "byline", "author", "meta-author")), False),
)  # fmt: skip
_ORGANISATIONS = frozenset(("Organization", "NewsMediaOrganization", "Corporation", "WebSite"))
_PAIRED = re.compile(
    r"<(a|abbr|b|em|font|i|mark|p|small|span|strong|sub|sup|u)\b[^<>]{0,500}>([^<]*+)</\1\s{0,9}>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_AND = any_of(_BYLINE_WORDS, "and")
_NAME_PARTS = re.compile(rf"(?<!\s)(?:\s*+[;|]|\s++(?:{_AND})\s)\s*")
_ALL_PARTS = re.compile(rf"(?<!\s)(?:\s*+[;|,]|\s++(?:{_AND})\s)\s*")
_INITIALS = re.compile(r"\s\([\w.]{2,6}\)$")


@dataclass(frozen=True, slots=True)
class Head:
    """The page's head: `meta` maps each lower-case name or property to its values in order.

    `has_microdata` is false if no element of the page has an `itemprop`; `headings` are the page's first-level ones.
    `elements` are the page's elements with the tags that several readers look for.
    """

    base: str
    title: str = ""
    language: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    amp: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    nodes: list[structured.Node] = field(default_factory=list)
    article: structured.Node = field(default_factory=dict)
    own: structured.Own = field(default_factory=structured.Own)
    has_microdata: bool = True
    headings: tuple[str, ...] = ()
    elements: Mapping[str, list[HtmlElement]] = field(default_factory=dict, compare=False, repr=False)

    def get(self, *names: str) -> str:
        """Return the first non-empty value among the named metas."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")


def read_head(root: HtmlElement, url: str) -> Head:
    """Collect the metas, links, title and JSON-LD of a page, in one pass."""
    elements = by_tag(root, _READ)
    meta: dict[str, list[str]] = {}
    properties: list[tuple[str, str, HtmlElement]] = []
    for element in elements["meta"]:
        attributes = dict(element.items())
        name = attributes.get("property") or attributes.get("name") or ""
        if not name and (itemprop := attributes.get("itemprop")):
            properties.append((itemprop.lower(), clean(attributes.get("content", "")), element))
        elif name or "http-equiv" in attributes:
            value = clean(attributes.get("content", ""))
            meta.setdefault((name or f"http-equiv:{attributes['http-equiv']}").lower(), []).append(value)
    scripts = [element.text or "" for element in elements["script"] if structured.is_json_ld(element)]
    headings = [text for element in elements["h1"] if (text := inline(element))]
    base = next(iter(elements["base"]), None)
    page_title = next((text for element in elements["title"] if _is_in_head(element) and (text := _own(element))), "")
    address = (_web_address(url, base.get("href") or "") if base is not None else None) or url
    if len(address) > MAX_BASE:  # every link of the page is joined to it
        address = url
    links = _Links.read(elements["link"], address)
    canonical = links.canonical or _web_address(address, (meta.get("og:url") or [""])[0])
    own = structured.Own(
        addresses=tuple(filter(None, (url, canonical, links.amp, *meta.get("og:url", ())))),
        titles=(*headings, *(declared := (*meta.get("og:title", ()), *meta.get("twitter:title", ()), page_title))),
        base=address,
        declared=declared,
    )
    for name, value, element in properties:
        if not is_foreign_microdata(element, own):
            meta.setdefault(name, []).append(value)
    found = structured.nodes(scripts, own)
    node = structured.article(found, own)
    while node and own.is_named_by(node) is None and _is_another_text(elements["p"], structured.body(node)):
        found.remove(node)
        node = structured.article(found, own)
    return Head(
        base=address,
        title=page_title,
        language=_language(root, meta, node),
        meta=meta,
        canonical=canonical,
        amp=links.amp,
        alternates=tuple(links.alternates),
        nodes=found,
        article=node,
        own=own,
        has_microdata=cast(bool, _HAS_MICRODATA(root)),
        headings=tuple(headings),
        elements=elements,
    )


_READ = ("meta", "link", "base", "title", "h1", "script", "a", "p", "time", "abbr", "article")


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _own(element: HtmlElement) -> str:
    return clean(element.text or "")


def _is_another_text(shown_in: Iterable[HtmlElement], body: str) -> bool:
    """Whether a body that names neither URL nor headline has little in common with what the page shows."""
    if not body:
        return False
    shown = _long_words(" ".join(element.text or "" for element in shown_in))
    claimed = _long_words(body)
    shorter = min(len(shown), len(claimed))
    return len(shown) >= MIN_SHOWN_WORDS and len(shown & claimed) < MIN_SHARED * shorter


def _long_words(text: str) -> set[str]:
    return set(_LONG_WORD.findall(text[:MAX_COMPARED].lower()))


_TOLD = frozenset(("canonical", "amphtml", "alternate"))


@dataclass(slots=True)
class _Links:
    canonical: str | None = None
    amp: str | None = None
    alternates: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, elements: Iterable[HtmlElement], base: str) -> _Links:
        links = cls()
        for element in elements:
            rel = (element.get("rel") or "").lower().split()
            if _TOLD.isdisjoint(rel):
                continue
            language = element.get("hreflang")
            if not (language or "canonical" in rel or "amphtml" in rel):
                continue
            address = _web_address(base, element.get("href") or "")
            if address is None:
                continue
            if "canonical" in rel:
                links.canonical = links.canonical or address
            elif "amphtml" in rel:
                links.amp = links.amp or address
            elif language and "alternate" in rel:
                links.alternates.append((language.strip().lower(), address))
        return links


def title(head: Head, scope: Scope, selector: str) -> str:
    """Return the headline by selector, else what JSON-LD, Open Graph, first heading and title element agree on."""
    if (element := scope.first(selector)) is not None and (text := inline(element)):
        return plain(text)
    whole = scope.element.getparent() is None
    headings = head.headings if whole else [text for element in scope.element.iter("h1") if (text := inline(element))]
    return plain(choose_title(head, list(headings)))


def unescaped(text: str) -> str:
    """Unescape a line that was escaped twice: `&laquo;` becomes a quotation mark."""
    return clean(html.unescape(text)) if _ENTITY.search(text) else text


def plain(text: str) -> str:
    """Unescape a line and remove the markup that was put into it as text: `<b>`, `<a href=...>`."""
    text = unescaped(text)
    return clean(_PAIRED.sub(r"\2", text)) if "</" in text else text


def choose_title(head: Head, headings: list[str]) -> str:
    """Choose the headline of a page without selectors.

    A first-level heading confirmed by another source is the headline the public saw; a heading with the site's name
    is not. Otherwise a machine-readable title is used, without the site's name at its end.
    """
    claims = [
        without_site_name(claim, head)
        for claim in dict.fromkeys(
            (
                clean(structured.text_of(head.article.get("headline"))),
                head.get("og:title"),
                head.get("twitter:title"),
                head.title,
            )
        )
        if claim
    ]
    site = _folded(head.get("og:site_name"))
    headings = [heading for heading in headings if _folded(heading) not in ("", site)]
    if not claims:
        return headings[0] if headings else ""
    confirmed = [heading for heading in headings if _confirms(heading, claims)]
    chosen = max(confirmed, key=len) if confirmed else claims[0]
    return next((claim for claim in claims if _is_glued(chosen, claim)), chosen)


def _is_glued(heading: str, claim: str) -> bool:
    """Whether a label is written right before the headline, without a blank: "ВидеоЖитель рассказал"."""
    before = heading.removesuffix(claim)
    return before != heading and len(claim.split()) >= MIN_TITLE_WORDS and before[-1:].islower()


def _confirms(heading: str, claims: list[str]) -> bool:
    """Whether a machine-readable title and the heading share most of their words."""
    words = set(_folded(heading).split())
    for claim in claims:
        claimed = set(_folded(claim).split())
        if len(words & claimed) >= SHARED_TITLE_WORDS * max(len(words), len(claimed)):
            return True
    return False


def without_site_name(text: str, head: Head) -> str:
    """Strip " - Site" or " | Site" from the end or beginning of a title element's text."""
    site = _folded(head.get("og:site_name"))
    host = (urlsplit(head.base).hostname or "").removeprefix("www.")
    before, colon, behind = text.partition(": ")
    if colon and site and _folded(before) == site:
        return behind
    parts = re.split(r"((?<!\s)(?:\s++(?:[|–—•·»«-]|::)\s++|\s*+\|\s*))", text)
    if len(parts) < 3:
        return text
    if parts[-2].strip() == "|" and len("".join(parts[:-2]).split()) >= MIN_TITLE_WORDS:
        return "".join(parts[:-2])
    for name, rest in ((parts[-1], parts[:-2]), (parts[0], parts[2:])):
        short = re.sub(r"\W+", "", name).casefold()
        if short and (_folded(name) == site or short in host.replace("-", "").replace(".", "")):
            return "".join(rest)
    return text


def authors(head: Head, scope: Scope, outlet: Outlet | None) -> tuple[str, ...]:
    """Return the authors' names without role words, URLs and "by".

    Sources: selector, JSON-LD, meta, and common byline markup. The outlet or another organisation is the author only if
    no person is named.
    """
    ignored = ROLES | {name.casefold() for name in outlet.ignored_authors} if outlet else ROLES
    if outlet and (names := _names((inline(e) for e in scope.select(outlet.selectors.author)), ignored)):
        return names
    people, organisations = _ld_authors(head)
    claimed = _names(people, ignored), _names(_meta_authors(head), ignored)
    for names in claimed:
        if persons := _without_outlet(names, head):
            return persons
    guessed = [] if outlet and outlet.selectors.author else _bylines(scope.element, head)
    return _names(guessed, ignored) or next(filter(None, claimed), ()) or _names(organisations, ignored)


def _without_outlet(names: tuple[str, ...], head: Head) -> tuple[str, ...]:
    """Return the names without the outlet's own, by which sites sign their agency reports."""
    publisher = head.article.get("publisher")
    own = {_letters(name) for name in (head.get("og:site_name"), structured.text_of(publisher)) if name}
    host = (urlsplit(head.base).hostname or "").removeprefix("www.")
    own |= {_letters(host), _letters(host.rpartition(".")[0])}
    return tuple(name for name in names if _letters(name.split("(")[0]) not in own)


def _letters(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def categories(head: Head, scope: Scope, outlet: Outlet | None) -> tuple[str, ...]:
    """Return the article's categories in page order; run-on text is split with the outlet's vocabulary."""
    shown = [inline(element) for element in scope.select(outlet.selectors.categories)] if outlet else []
    claimed = [*head.meta.get("article:section", ()), *structured.texts_of(head.article.get("articleSection"))]
    vocabulary = outlet.vocabulary if outlet else ()
    return _distinct(part for text in shown or claimed for part in split_categories(text, vocabulary) or (text,))


def tags(head: Head, scope: Scope, outlet: Outlet | None) -> tuple[str, ...]:
    """Return the article's keywords: by selector, else `article:tag`, JSON-LD keywords, `meta[name=keywords]`."""
    shown = [inline(element) for element in scope.select(outlet.selectors.tags)] if outlet else []
    if shown:
        return _distinct(text.strip(" ,#") for text in shown)
    if named := head.meta.get("article:tag"):
        return _distinct(named)
    keywords = structured.texts_of(head.article.get("keywords")) or (head.get("news_keywords", "keywords"),)
    return _distinct(clean(part) for text in keywords for part in re.split(r"[,;]", text))


def image(head: Head) -> str | None:
    """Return the URL of the article's image."""
    claimed = head.article.get("image")
    if isinstance(claimed, list):
        claimed = claimed[0] if claimed else None
    if isinstance(claimed, dict):
        claimed = claimed.get("url") or claimed.get("contentUrl")
    return _web_address(head.base, head.get("og:image", "og:image:url", "twitter:image")) or (
        _web_address(head.base, claimed) if isinstance(claimed, str) else None
    )


def description(head: Head) -> str:
    """Return the article's summary from the page's metadata."""
    summary = head.get("og:description", "description") or clean(structured.text_of(head.article.get("description")))
    return unescaped(summary)


def published(head: Head, scope: Scope, outlet: Outlet | None, fetched_at: str | None = None) -> Dated | None:
    """Return when the article was published. The outlet's printed date is never used.

    `fetched_at` is when the page was captured (UTC); relative dates are resolved against it.
    """
    zone = outlet.timezone if outlet else None
    found = [
        dates.dated(structured.text_of(head.article.get("datePublished")), "json-ld", "high", zone, fetched_at),
        dates.dated(head.get("article:published_time", "og:published_time"), "meta", "high", zone, fetched_at),
        _selected(scope, outlet.selectors.published if outlet else "", zone, fetched_at),
    ]
    if any(one and one.certainty == "high" for one in found):
        return dates.best(found)  # the others are less certain
    found += [
        *(
            dates.dated(node.get("datePublished"), "json-ld", "medium", zone, fetched_at)
            for node in head.nodes
            if isinstance(node.get("datePublished"), str) and node is not head.article and structured.is_page(node)
        ),
        dates.dated(head.get(*_PUBLISHED_METAS), "meta", "medium", zone, fetched_at),
    ]
    guessing = outlet is None or not (outlet.selectors.printed_date or outlet.selectors.published)
    if guessing:
        found.append(_time_element(scope.element, head, "datepublished", zone, fetched_at))
    found.append(dates.from_address(urlsplit(head.canonical or head.base).path, fetched_at))
    found.append(dates.dated(_date_in_title(head.title), "title", "medium", zone, fetched_at))
    chosen = dates.best(found)
    if chosen or not guessing:
        return chosen
    return (
        dates.from_names(scope.element, zone, fetched_at)
        or dates.from_markup(scope.element, head.base, fetched_at)
        or dates.from_changes(scope.element, zone, fetched_at)
    )


def _date_in_title(text: str) -> str:
    """Return the last part of "Headline | Outlet | 28.04.2023" if it is no longer than a date."""
    last = text.rpartition("|")[2].strip()
    return last if last != text and len(last) <= MAX_DATE else ""


def modified(head: Head, scope: Scope, outlet: Outlet | None, fetched_at: str | None = None) -> Dated | None:
    """Return when the article was last modified according to the page, captured at `fetched_at` (UTC)."""
    zone = outlet.timezone if outlet else None
    return dates.best(
        [
            dates.dated(structured.text_of(head.article.get("dateModified")), "json-ld", "high", zone, fetched_at),
            dates.dated(head.get("article:modified_time", "og:updated_time"), "meta", "high", zone, fetched_at),
            _selected(scope, outlet.selectors.modified if outlet else "", zone, fetched_at),
            dates.dated(head.get(*_MODIFIED_METAS), "meta", "medium", zone, fetched_at),
        ]
    )


def printed_date(scope: Scope, outlet: Outlet | None, fetched_at: str | None = None) -> str | None:
    """Return the day printed on the page in place of a publication date."""
    element = scope.first(outlet.selectors.printed_date) if outlet else None
    if outlet is None or element is None:
        return None
    relative = relative_dated(inline(element), fetched_at, outlet.timezone, "low")
    return relative.value[:10] if relative else dates.day_printed(inline(element))


_PUBLISHED_METAS = (
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "article:published",
    "published_time",
    "cxenseparse:recs:publishtime",
    "mediator_published_time",
    "og:article:published_time",
    "article:publish_date",
    "og:release_date",
    "og:pubdate",
    "ya:ovs:upload_date",
    "publication_date",
    "publish_date",
    "published_at",
    "dc.date.created",
    "dcterms.date",
    "dcterms.issued",
)

_MODIFIED_METAS = ("last-modified", "datemodified", "dc.date.modified")


def _selected(scope: Scope, selector: str, zone: str | None, fetched_at: str | None) -> Dated | None:
    element = scope.first(selector)
    if element is None:
        return None
    machine = (
        element.get("datetime") or element.get("content") or (element.get("title") if element.tag == "abbr" else None)
    )
    if machine:
        return dates.dated(machine, "selector", "high", zone, fetched_at)
    return dates.dated(inline(element), "selector", "medium", zone, fetched_at) or relative_dated(
        inline(element), fetched_at, zone, "medium"
    )


_AUTHOR_NAMES = re.compile("uthor|byline|vcard")
# Not by way of the attributes: libxml2 compares each parent of a match with all previous ones.
_AUTHOR_RELATED = XPath("descendant-or-self::a[contains(@rel, 'author')]")
_AUTHOR_PROPERTY = XPath("descendant-or-self::*[@itemprop = 'author']")
_RDFA_PUBLISHED = XPath(
    "descendant::*[@property and @content and not(self::meta)][contains(@property, 'datePublished') or "
    "contains(@property, 'dc:date') or contains(@property, 'dc:created') or contains(@property, 'dcterms:created')]"
)
_DATE_PUBLISHED = XPath("descendant::*[@itemprop = 'datePublished']")


def _time_element(
    scope: HtmlElement, head: Head, itemprop: str, zone: str | None, fetched_at: str | None
) -> Dated | None:
    """Return the first <time> marked as the publication date, else the first with a machine-readable value, else the
    first with a relative date; a bare "today" may belong to a calendar. Those beside the article are other articles'.
    """
    ordinary: Dated | None = None
    relative: Dated | None = None
    foreign = cache(foreign_articles)

    def is_anothers(element: HtmlElement) -> bool:
        if element.get("itemprop") and is_foreign_microdata(element, head.own):
            return True
        around = [*element.iterancestors("article")]
        return bool(around) and not foreign(scope, head.own).isdisjoint(around)

    for element in chain(_with_tag(scope, head, "time"), _with_tag(scope, head, "abbr")):
        named = element.get("title") if element.tag == "abbr" else None
        machine = element.get("datetime") or element.get("content") or named
        value = dates.dated(machine, "time", "medium", zone, fetched_at)
        if value is None:
            if element.tag == "abbr":
                continue
            if ordinary is None and dates.printed(inline(element)) and not (is_beside(element) or is_anothers(element)):
                ordinary = None if _is_after_change(element) else dates.printed(inline(element), zone, fetched_at)
            if relative is None and not (is_beside(element) or is_anothers(element) or is_bare_today(inline(element))):
                relative = relative_dated(inline(element), fetched_at, zone, "low")
            continue
        marks = f"{element.get('itemprop')} {element.get('class')} {' '.join(element.keys())}".lower()
        marked = itemprop in marks or "publish" in marks or "pubdate" in marks
        if not marked and (ordinary or "updat" in marks or "modif" in marks or _is_after_change(element)):
            continue
        if is_beside(element) or is_anothers(element):
            continue
        if marked:
            return value
        ordinary = Dated(value.value, "time", "low")
    for element in cast("list[HtmlElement]", _DATE_PUBLISHED(scope)) if head.has_microdata else ():
        if is_anothers(element) or is_in_others(element):
            continue
        if value := dates.dated(element.get("content") or inline(element), "microdata", "medium", zone, fetched_at):
            return value
    for element in cast("list[HtmlElement]", _RDFA_PUBLISHED(scope)):
        if not (is_beside(element) or is_anothers(element)) and (
            value := dates.dated(element.get("content"), "rdfa", "medium", zone, fetched_at)
        ):
            return value
    return ordinary or relative


def _is_after_change(element: HtmlElement) -> bool:
    """Whether the text right before an element, or its own, says that it is the time of a change."""
    previous, parent = element.getprevious(), element.getparent()
    label = previous.tail if previous is not None else parent.text if parent is not None else ""
    if not (label or "").strip() and previous is not None and previous.tag not in ("time", "abbr"):
        label = previous.text_content()
    return dates.tells_change((label or "")[-MAX_LABEL:]) or dates.tells_change(inline(element)[:MAX_LABEL])


def _with_tag(scope: HtmlElement, head: Head, tag: str) -> Iterable[HtmlElement]:
    """Return the elements in a part of the page with a tag that the head's pass over the page looked for."""
    return head.elements[tag] if scope.getparent() is None else scope.iter(tag)


def _ld_authors(head: Head) -> tuple[list[str], list[str]]:
    """Return (people, organisations) of the article node; an author given only by @id is looked up in the graph."""
    people: list[str] = []
    organisations: list[str] = []
    claimed = head.article.get("author") or head.article.get("creator")
    for author in claimed if isinstance(claimed, list) else [claimed]:
        if not isinstance(author, dict):
            people.append(structured.text_of(author))
            continue
        known = author
        if not author.get("name") and author.get("@id"):
            known = next((n for n in head.nodes if n.get("@id") == author["@id"] and n.get("name")), author)
        kind = organisations if structured.types(known) & _ORGANISATIONS else people
        kind.extend(structured.texts_of(known.get("name")))
    return people, organisations


def _bylines(scope: HtmlElement, head: Head) -> list[str]:
    """Return names from common author markup; the most certain kind found on the page is used.

    Those of comments and of other articles are passed over.
    """
    foreign = cache(foreign_articles)

    def is_own(element: HtmlElement) -> bool:
        if is_in_others(element) or is_foreign_microdata(element, head.own):
            return False
        around = [*element.iterancestors("article")]
        return not around or foreign(scope, head.own).isdisjoint(around)

    def kinds() -> Iterator[Iterable[HtmlElement]]:
        named = cast("list[HtmlElement]", _AUTHOR_RELATED(scope))
        yield (link for link in named if "author" in (link.get("rel") or "").split() and is_own(link))
        if head.has_microdata:
            marked = list(filter(is_own, cast("list[HtmlElement]", _AUTHOR_PROPERTY(scope))))
            yield (
                inner for element in marked for inner in element.iterdescendants() if inner.get("itemprop") == "name"
            )
            yield marked
        classed = with_class(scope, _AUTHOR_NAMES)
        for names, in_link in _BYLINES:
            yield _classed(filter(is_own, _of_classes(classed, names)), in_link)

    for kind in kinds():
        if names := _full_names(kind):
            return names
    links = _with_tag(scope, head, "a")
    pages = (link for link in links if "/a" in (address := link.get("href") or "") and _AUTHOR_LINK.search(address))
    linked = [name for name in _full_names(link for link in pages if not is_in_others(link)) if " " in name]
    return linked if len(set(linked)) == 1 else []


def _of_classes(elements: Iterable[HtmlElement], names: frozenset[str]) -> Iterator[HtmlElement]:
    return (element for element in elements if not names.isdisjoint((element.get("class") or "").split()))


def _classed(elements: Iterable[HtmlElement], in_link: bool) -> Iterator[HtmlElement]:
    return (link for element in elements for link in element.iterdescendants("a")) if in_link else iter(elements)


def _full_names(elements: Iterable[HtmlElement]) -> list[str]:
    """Return the first text that looks like a name among the first elements."""
    for element in islice(elements, 4):
        line = _BYLINE.sub("", _apart(element)).strip(" ,")
        name = _BYLINE.sub("", _AFTER_NAME.split(line, maxsplit=1)[0]).strip(" ,")
        if _NAME.fullmatch(name) and (name == line or " " in name):  # "Sat, 17 May" has no name before its number
            return [name]
    return []


def _apart(element: HtmlElement) -> str:
    """Return an element's line with a bar where another begins without a blank: `<b>Name</b><i>Reporter</i>`."""
    line = inline(element)
    pieces = [piece for text in element.itertext() if (piece := clean(text))]
    for before, after in pairwise(pieces):
        if before[-1].islower() and after[0].isupper():
            line = line.replace(f"{before}{after}", f"{before} | {after}")
    return line


def _meta_authors(head: Head) -> list[str]:
    return [value for name in _AUTHOR_METAS for value in head.meta.get(name, ())] + [
        value for number in "123" for value in _labelled(head, number)
    ]


def _labelled(head: Head, number: str) -> list[str]:
    """Return a value that Yoast labels as the author's for link previews."""
    return head.meta.get(f"twitter:data{number}", []) if head.get(f"twitter:label{number}") in _WRITTEN_BY else []


_AUTHOR_METAS = (
    "author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author", "cxenseparse:author",
    "mediator_author", "twitter:misc:written by",
)  # fmt: skip
_WRITTEN_BY = frozenset(any_of(_BYLINE_WORDS, "labels").split("|"))


def _names(claims: Iterable[str], ignored: frozenset[str] | set[str]) -> tuple[str, ...]:
    names = (name.strip(" ,\"'«»“”") for claim in claims for name in _parted(_BYLINE.sub("", plain(claim))))
    shown = (_INITIALS.sub("", name) for name in names)
    return _distinct(name for name in shown if _is_name(name) and name.casefold() not in ignored)


def _parted(claim: str) -> list[str]:
    """Split "A and B" into two names, unless a part is not a full name ("Ministry of Research and Trade", "A, MD")."""
    for pattern, fewest in ((_ALL_PARTS, 3), (_NAME_PARTS, 2)):
        parts = [part.strip() for part in pattern.split(claim)]
        if len(parts) >= fewest and all(1 < len(part.split()) <= 4 and part[0].isupper() for part in parts):
            return parts
    return [claim]


def _is_name(text: str) -> bool:
    """Whether the text is not a URL, a number, or a URL slug (`sophie-foster`)."""
    if not 1 < len(text) <= 80 or "/" in text or "@" in text:
        return False
    return not re.fullmatch(r"[\d\W]+|[a-z0-9]+(?:[-_.][a-z0-9]+)+", text)


def _language(root: HtmlElement, meta: dict[str, list[str]], node: structured.Node) -> str | None:
    """Return the declared language's primary subtag (BCP 47): `ru` from `ru-RU`."""
    claims = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or "",
        structured.text_of(node.get("inLanguage")),
        *meta.get("og:locale", ()),
        *meta.get("http-equiv:content-language", ()),
        *meta.get("language", ()),
    )
    for claim in claims:
        if match := re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*", claim):
            return match.group(1).lower()
    return None


def _web_address(base: str, address: str) -> str | None:
    if not address.strip():
        return None
    try:
        absolute = resolved(base, address)
        return absolute if urlsplit(absolute).scheme in ("http", "https") else None
    except ValueError:
        return None


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
