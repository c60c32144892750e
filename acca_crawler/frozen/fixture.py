"""A frozen fixture on the disk: pages, and expected.json beside them. Only `acca fixture` writes them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from acca_crawler.dedup.address import canonical_address
from acca_crawler.exceptions import AccaError
from acca_crawler.extract import extract
from acca_crawler.frozen.disguise import Disguise
from acca_crawler.frozen.pages import article_page, discovery_pages
from acca_crawler.frozen.samples import sample_for, with_tuples
from acca_crawler.items import Extraction
from acca_crawler.outlet_spider import OutletSpider
from acca_crawler.process import identity_of

ARTICLE, EXPECTED, ADDRESSES, REST = "article.html", "expected.json", "addresses.toml", "rest.json"


class FixtureError(AccaError):
    """A fixture can't be written or is not what it should be: raised by this module."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one article in all their forms, the article's own first, and addresses that are no article's."""

    forms: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What must be read from the frozen article page; `gone` must stand in the page and not in the text."""

    title: str
    text: str
    lead: str
    authors: tuple[str, ...]
    published: str | None
    method: str
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixture:
    """One outlet's frozen pages."""

    outlet: str
    standing: str
    origin: str
    addresses: Addresses
    identity: str
    article: ExpectedArticle
    discovery: tuple[str, ...]

    @classmethod
    def load(cls, directory: Path) -> Fixture:
        """Read an outlet's fixture. Raises `FixtureError` where there is none."""
        try:
            data = json.loads((directory / EXPECTED).read_text(encoding="utf-8"))
        except OSError as error:
            raise FixtureError(f"{directory / EXPECTED}: {error.strerror}; `acca fixture` writes it") from error
        return cls(
            outlet=data["outlet"],
            standing=data["standing"],
            origin=data["origin"],
            addresses=Addresses(tuple(data["addresses"]["forms"]), tuple(data["addresses"]["refused"])),
            identity=data["identity"],
            article=ExpectedArticle(**with_tuples(data["article"])),
            discovery=tuple(data["discovery"]),
        )


def read_addresses(directory: Path, name: str) -> Addresses:
    """An outlet's addresses out of the directory's addresses.toml. Raises `FixtureError` where it has none."""
    file = directory / ADDRESSES
    try:
        entry = tomllib.loads(file.read_text(encoding="utf-8")).get(name)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FixtureError(f"{file}: {error}") from error
    if not entry or not entry.get("forms"):
        raise FixtureError(f"{file}: [{name}] with `forms` (one article's addresses) and `refused` is missing")
    return Addresses(tuple(entry["forms"]), tuple(entry.get("refused", ())))


def build(directory: Path, name: str, spider: type[OutletSpider]) -> Fixture:
    """Write a fixture of an invented article in the outlet's markup, and the discovery pages that list it.

    Raises `FixtureError` where the article is not read from the page exactly: then the spider is wrong.
    """
    outlet = spider.outlet
    addresses = read_addresses(directory, name)
    url = addresses.forms[0]
    sample = sample_for(outlet)
    built = article_page(name, spider.family, outlet, sample, url)
    found = extract(built.html, url, outlet=outlet)
    if (found.title, found.text) != (sample.title, built.text):
        raise FixtureError(f"{name}: the article is not read exactly ({found.method or 'not found'}):\n{found.text}")
    listed = {url: sample.title} | {address: "—" for address in addresses.refused if address.startswith("http")}
    pages = discovery_pages(name, spider.family, outlet, spider.ways, listed)
    expected = ExpectedArticle(
        title=sample.title, text=built.text, lead=sample.lead, authors=found.authors, published=built.published,
        method=found.method, gone=tuple(text for text in built.gone if text in built.html),
    )  # fmt: skip
    fixture = _fixture(name, spider, "built", addresses, expected, pages)
    _write(directory / name, {ARTICLE: built.html, **pages}, fixture)
    return fixture


def freeze(
    directory: Path,
    name: str,
    spider: type[OutletSpider],
    url: str,
    page: Path,
    others: Iterable[Path],
    disguise: Disguise | None,
) -> Fixture:
    """Write a fixture from a saved article page and saved discovery pages, their words and addresses disguised.

    Without a disguise their text must be invented. What is expected is what is read today: somebody has to look at it.
    Raises `FixtureError`.
    """
    outlet = spider.outlet
    try:
        html = page.read_text(encoding="utf-8")
        pages = {_kind(path): path.read_text(encoding="utf-8") for path in others}
    except (OSError, UnicodeDecodeError) as error:
        raise FixtureError(f"{page}: {error}; save pages as UTF-8") from error
    if disguise:
        html, url = disguise.page(html), disguise.address(url)
        try:
            pages = {kind: (disguise.data if kind == REST else disguise.page)(text) for kind, text in pages.items()}
        except ValueError as error:
            raise FixtureError(f"not JSON: {error}") from error
    found = extract(html, url, outlet=outlet)
    if not found.text:
        raise FixtureError(f"{page}: no article is found in it")
    expected = _as_expected(found)
    fixture = _fixture(name, spider, "saved", Addresses((url,), (outlet.home,)), expected, pages)
    _write(directory / name, {ARTICLE: html, **pages}, fixture)
    return fixture


def _as_expected(found: Extraction) -> ExpectedArticle:
    return ExpectedArticle(
        title=found.title, text=found.text, lead=found.lead, authors=found.authors, published=found.published_at,
        method=found.method, gone=tuple(dict.fromkeys(piece.text for piece in found.stripped)),
    )  # fmt: skip


def _kind(path: Path) -> str:
    names = {".json": REST, ".html": "listing.html"}
    if path.suffix in names:
        return names[path.suffix]
    return "sitemap.xml" if "<urlset" in path.read_text(encoding="utf-8") else "feed.xml"


def _fixture(
    name: str,
    spider: type[OutletSpider],
    origin: str,
    addresses: Addresses,
    expected: ExpectedArticle,
    pages: Iterable[str],
) -> Fixture:
    outlet = spider.outlet
    url = canonical_address(addresses.forms[0], keep_query=outlet.keep_query)
    return Fixture(
        outlet=name, standing=outlet.standing, origin=origin, addresses=addresses, identity=identity_of(url, outlet),
        article=expected, discovery=tuple(sorted(pages)),
    )  # fmt: skip


def _write(directory: Path, files: dict[str, str], fixture: Fixture) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (directory / file).write_text(text, encoding="utf-8")
    text = json.dumps(asdict(fixture), ensure_ascii=False, indent=1) + "\n"
    (directory / EXPECTED).write_text(text, encoding="utf-8")
