"""Find an article's other parts: rel=next and rel=prev, page numbers, "next page".

A link leads to a part only if its address is the article's own with a number in it (`?page=2`, `/2/`, `-2.html`):
rel=next often names the next article, and page numbers are often those of a list or of comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement

from acca_crawler.dedup.address import canonical_address, host_key
from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_PARTS = 30
"""Maximum parts of an article that are read."""

MAX_LABEL = 40
"""Maximum characters of a link that leads to a part."""

MAX_LINKS = 500
"""Maximum links of a page that are compared with its address; a page with a long pagination has forty."""

_PARAMETERS = frozenset(
    (
        "page",
        "p",
        "pg",
        "pn",
        "part",
        "paged",
        "pagenum",
        "page_num",
        "pagenumber",
        "page_no",
        "pageno",
        "cstart",
        "start",
        "str",
        "seite",
    )
)
_WORDS = ("page", "pages", "part", "p", "pg", "str", "index")
_EXTENSIONS = frozenset(("html", "htm", "shtml", "php", "asp", "aspx"))
_LANGUAGES = read_word_lists(__file__, "part_labels.toml")
_PAGE, _PAGE_AFTER = (any_of(_LANGUAGES, group) for group in ("page", "page_after"))
_NEXT = frozenset((*any_of(_LANGUAGES, "next").split("|"), "»", "›", "→", ">", ">>"))
_AROUND = " .[]()»›→>"
_TO_PARTS = frozenset(("next", "prev", "previous", "first"))
_NUMBERED = re.compile(rf"(?:[^\W\d]{{1,20}}\W{{1,3}}){{0,3}}(?:{_PAGE})\W{{0,3}}(\d{{1,2}})", re.IGNORECASE)
"""A label with a part's number: "part 2", "continue: page 2"."""
_ABSOLUTE = ("/", "http")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~-]+")
_COMMENTS = re.compile(r"comment|коммент|disqus|reviews", re.IGNORECASE)
_PART_IN_TITLE = re.compile(
    rf"\W{{1,9}}(?:(?:{_PAGE})\W{{0,3}}\d{{1,3}}|\d{{1,3}}\W{{0,3}}(?:{_PAGE_AFTER}))"
    r"(?:\W{1,3}(?:of|из)\W{1,3}\d{1,3})?\W{0,3}$",
    re.IGNORECASE,
)


PartLink = tuple[str, tuple[str, ...], str]
"""Label, rel values and address of a link that may lead to a part."""


def part_links(elements: Iterable[HtmlElement], base: str, own: Iterable[str]) -> tuple[PartLink, ...]:
    """Return the first links that may lead to a part (at most `MAX_LINKS`), among a page's `link` and `a`.

    `base` is what addresses refer to, `own` are the addresses of the page and of the article.
    """
    return tuple(islice(_links(elements, base, _names_in(own)), MAX_LINKS))


def further_parts(links: Sequence[PartLink], own: Iterable[str], number: int = 1) -> tuple[tuple[int, str], ...]:
    """Return the parts that a page links to, as numbers (from 2, in order) and addresses.

    `own` are the addresses of the article's first part, `number` is that of the page's part.
    """
    keys = {_key(url) for url in own if _names_a_page(url)}
    found: dict[int, str] = {}
    for label, rel, address in links:
        if not (label.isdecimal() or "next" in rel or label in _NEXT):
            continue
        marked = next((marker for key, marker in _candidates(address) if key in keys), None)
        if marked is None:
            continue
        part = int(label) if label.isdecimal() else max(marked, number + 1)
        if part > 1 and marked in (part, part - 1):  # some sites count from 0
            found.setdefault(part, address)
    return tuple(sorted(found.items()))


def first_part(links: Sequence[PartLink], url: str) -> tuple[str, int] | None:
    """Return the address of the first part, and this page's number, if the page is a further part of an article.

    Its address has a part's number and the page links to the first part or the one before, or its rel=prev names the
    page's own address, as in a file that was saved under the address of the first part.
    """
    markers = dict(_candidates(url))
    own = _key(url)
    for label, rel, address in links:
        back = "prev" in rel or "previous" in rel
        if not (back or label == "1" or "first" in rel) or not _names_a_page(address):
            continue
        key = _key(address)
        if key in markers:
            return address, max(2, markers[key])
        if back and key == own:
            return address, 2
        for before, marker in _candidates(address) if back else ():
            numbered = marker > 1 or "=" in address  # "/news/1" before "/news/2" is another article
            if numbered and markers.get(before) == marker + 1:
                return _unmarked(url, before), marker + 1
    return None


def declared_first(url: str, canonical: str | None) -> tuple[str, int] | None:
    """Return the canonical address and this page's number, if the page's own address is that of a part of it."""
    if not canonical or not _names_a_page(canonical):
        return None
    number = dict(_candidates(url)).get(_key(canonical), 1)
    return (canonical, number) if number > 1 else None


def skipped_number(links: Sequence[PartLink], url: str) -> int | None:
    """Return the only page number that the page does not link to between two that it does: its own.

    Tells a further page that was saved under the address of the first.
    """
    own = _key(url)
    if not _names_a_page(url):
        return None
    linked = {
        int(label)
        for label, _, address in links
        if label.isdecimal() and (_key(address) == own or any(key == own for key, _ in _candidates(address)))
    }
    skipped = [number + 1 for number in linked if number + 1 not in linked and number + 2 in linked]
    return skipped[0] if 1 in linked and len(skipped) == 1 else None


def is_part_address(url: str, first: str) -> bool:
    """Whether an address is that of a further part of the article at `first`."""
    return any(key == _key(first) for key, _ in _candidates(url))


def possible_firsts(url: str) -> tuple[str, ...]:
    """Return the addresses that a further part's address may belong to; empty if it has no part's number."""
    return tuple(_unmarked(url, key) for key, _ in _candidates(url))


def is_same_title(title: str, first: str) -> bool:
    """Whether two parts have one title, apart from "page 2"."""
    return _plain(title) == _plain(first)


def _plain(title: str) -> str:
    return re.sub(r"\W+", " ", _PART_IN_TITLE.sub("", title)).strip().casefold()


def _names_in(own: Iterable[str]) -> tuple[str, ...]:
    """Return pieces of addresses, of which that of every part has one: the last name in the path of the article's.

    In `page,1,2,name` it has none but that beginning before it. An empty string, which every address has, if a name may
    be spelled in several ways.
    """
    keys = (key for url in own for key in (_key(url), *(key for key, _ in _candidates(url))))
    names = {key.partition("?")[0].rpartition("/")[2] for key in keys}
    return (*(f"/{name}" for name in names), "/page,") if all(map(_PLAIN_NAME.fullmatch, names)) else ("",)


def _links(elements: Iterable[HtmlElement], base: str, names: tuple[str, ...]) -> Iterator[PartLink]:
    """Yield the links that may lead to a part; links among comments do not."""
    for element in elements:
        href = element.get("href")
        if not href or href[0] == "#":
            continue
        for name in names:
            if name in href:
                break
        else:
            if href.startswith(_ABSOLUTE):
                continue  # as nearly every link
        text = element.text
        if len(element):
            text = _short_text(element)
        label = _label_of(text) if text and len(text) <= MAX_LABEL else ""
        named = element.get("rel")
        if not label and not named:
            continue
        rel = tuple(named.lower().split()) if named else ()
        if not label and _TO_PARTS.isdisjoint(rel):
            continue
        if any(_COMMENTS.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in element.iterancestors()):
            continue
        try:
            address = urljoin(base, href.strip())
            if urlsplit(address).scheme in ("http", "https"):
                yield label, rel, address
        except ValueError:
            continue


def _short_text(element: HtmlElement) -> str:
    """Return an element's text, or its beginning if it is longer than a label."""
    text = element.text or ""
    for inner in element:
        if len(text) > MAX_LABEL:
            break
        own = "".join(inner.itertext()) if len(inner) else inner.text
        text += f"{own or ''}{inner.tail or ''}"
    return text


def _label_of(text: str) -> str:
    """Return a link's text if it is a number, numbers a page or means "next", else an empty string."""
    label = " ".join(text.split()).casefold()
    bare = label.strip(_AROUND)
    if bare[-1:].isdecimal():
        numbered = _NUMBERED.fullmatch(bare)
        return numbered[1] if numbered else bare if bare.isdecimal() else ""
    return label if label in _NEXT else bare if bare in _NEXT else ""


def _names_a_page(url: str) -> bool:
    """Whether an address is not a host's front page, whose page numbers are those of a list."""
    parts = urlsplit(url)
    named = (name for name, _ in parse_qsl(parts.query) if not _is_parameter(name))
    return bool(_without_extension(parts.path.strip("/")) or any(named))


@lru_cache(maxsize=512)  # a page's own address is compared with each link's
def _key(url: str) -> str:
    """Return what the addresses of a page have in common, with or without `www.`, `.html` or a slash at the end."""
    try:
        parts = urlsplit(canonical_address(url))
    except ValueError:
        return url
    host = host_key(parts.netloc).removeprefix("www.")
    return f"{host}/{_without_extension(parts.path.strip('/'))}{'?' if parts.query else ''}{parts.query}"


def _without_extension(path: str) -> str:
    stem, dot, extension = path.rpartition(".")
    path = stem if dot and extension.lower() in _EXTENSIONS else path
    return "" if path == "index" else path.removesuffix("/index")


@lru_cache(maxsize=512)
def _candidates(url: str) -> tuple[tuple[str, int], ...]:
    """Return (key of the first part, number in the address) for each way to take a part's number out of an address."""
    return tuple(_unnumbered(url))


def _unnumbered(url: str) -> Iterator[tuple[str, int]]:
    try:
        parts = urlsplit(canonical_address(url))
    except ValueError:
        return
    query = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in query:
        if _is_parameter(name) and _is_number(value):
            rest = urlencode([pair for pair in query if pair != (name, value)])
            yield _key(parts._replace(query=rest).geturl()), int(value)
    for path, number in _paths(parts.path):
        if path.strip("/"):
            yield _key(parts._replace(path=path).geturl()), number


def _paths(path: str) -> Iterator[tuple[str, int]]:
    """Yield the path of the first part and the number, for `/2`, `/page/2`, `/page-2`, `-2.html`, `/page,1,2,`."""
    folder, _, last = path.rstrip("/").rpartition("/")
    stem, dot, extension = last.rpartition(".")
    if not dot or extension.lower() not in _EXTENSIONS:
        stem, dot, extension = last, "", ""
    pieces = last.split(",")
    if pieces[0] == "page" and len(pieces) > 3 and _is_number(pieces[2]):
        yield f"{folder}/{','.join(pieces[3:])}", int(pieces[2])
        return
    head = stem.rstrip("0123456789")
    number = stem[len(head) :]
    if not _is_number(number):
        return
    word = head.rstrip("-_,")
    if not word or word.lower() in _WORDS:
        parent, _, name = folder.rpartition("/")
        yield (parent if not word and name.lower() in _WORDS else folder), int(number)
        return
    for marker in _WORDS:
        if word.lower().endswith((f"-{marker}", f"_{marker}", f",{marker}")):
            yield f"{folder}/{word[: -len(marker) - 1]}{dot}{extension}", int(number)
            return
    if dot and head != word:  # without an extension, "-2" is the slug of another article
        yield f"{folder}/{word}{dot}{extension}", int(number)


def _is_parameter(name: str) -> bool:
    return name.lower() in _PARAMETERS or name.lower().startswith("pagen_")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2


def _unmarked(url: str, key: str) -> str:
    """Return the address with this key in the form of the part's address."""
    parts = urlsplit(url)
    path, _, query = key.partition("/")[2].partition("?")
    extension = _extension(parts.path)
    return parts._replace(path=f"/{path}{extension}", query=query, fragment="").geturl()


def _extension(path: str) -> str:
    stem, dot, extension = path.rpartition(".")
    return f"{dot}{extension}" if stem and extension.lower() in _EXTENSIONS else ""
