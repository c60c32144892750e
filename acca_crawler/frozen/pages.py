"""Builds an outlet's pages from an invented article: in markup that somebody has seen, else in its CMS's own.

Where nothing is known of an outlet's markup, the page has only what standards give: JSON-LD, meta tags, <article>.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote, urljoin, urlsplit

from acca_crawler.discovery import Feed, FeedCatalogue, Listing, Sitemap, Way, WordPressApi
from acca_crawler.frozen.samples import PUBLISHED, Sample, published_in
from acca_crawler.outlets import Outlet

ITEMS = {
    "24kg": (
        '<div id="newslist">{}</div>',
        '<div class="one"><div class="time">14:05</div><div class="title"><a href="$href">$title</a></div></div>',
    ),
    "acca": (
        '<div class="blog-layout-1">{}</div>',
        '<div class="blog-box"><h3 class="entry-title"><a href="$href">$title</a></h3>'
        '<ul><li class="post-date">20.08.2022</li></ul></div>',
    ),
    "akipress": (
        '<div id="last_news">{}</div>',
        '<div class="simple-news-row"><a class="title" href="$href">$title</a></div>',
    ),
    "kaktus": (
        '<div class="Tag--articles">{}</div>',
        '<div class="Tag--article"><a class="ArticleItem--name" href="$href">$title</a>'
        '<div class="ArticleItem--time">14:05</div></div>',
    ),
    "tengrinews": (
        '<div class="content_main">{}</div>',
        '<div class="content_main_item"><span class="content_main_item_title"><a href="$href">$title</a></span>'
        '<div class="content_main_item_meta">Сегодня, 14:05</div></div>',
    ),
    "vlast": ("<div>{}</div>", '<a class="news-inline-item-title" href="$href">$title</a>'),
    "zakon": (
        "<div>{}</div>",
        '<div class="news-item"><a class="newscard_link" href="$href">'
        '<span class="newscard__title">$title</span></a></div>',
    ),
    "drupal": (
        '<div class="view-content">{}</div>',
        '<div class="views-row"><h2><a href="$href">$title</a></h2></div>',
    ),
    "": ("<div>{}</div>", '<article><h2 class="entry-title"><a href="$href">$title</a></h2></article>'),
}
"""How a listing page shows its articles: around all of them, and each."""


@dataclass(frozen=True, slots=True)
class Built:
    """A page with what must be read from it. `gone` are texts of the page that are not the article's."""

    html: str
    text: str
    lead: str
    authors: tuple[str, ...]
    published: str | None
    gone: tuple[str, ...]


def article_page(name: str, family: str, outlet: Outlet, sample: Sample, url: str) -> Built:
    """The article's page in the outlet's markup."""
    markup = _markup(name, family, outlet)
    html = Template(markup).substitute(_values(outlet, sample, url))
    shows_lead = "<p>$lead</p>" in markup
    told = "published" in markup.replace("published_time", "") or "article:published_time" in markup
    return Built(
        html=html,
        text=f"{sample.lead}\n\n{sample.text}" if shows_lead else sample.text,
        lead=sample.lead,
        authors=(sample.author,) if "$author" in markup else (),
        published=PUBLISHED if told else None,
        gone=(*(text for text in (*sample.furniture, *sample.related) if text in html), "Skip to content"),
    )


def discovery_pages(
    name: str, family: str, outlet: Outlet, ways: tuple[Way, ...], listed: dict[str, str]
) -> dict[str, str]:
    """The pages that the outlet's ways of discovery read, by file name. `listed` maps addresses to titles."""
    pages: dict[str, str] = {}
    for way in ways:
        if isinstance(way, WordPressApi):
            pages.setdefault("rest.json", _rest(listed))
        elif isinstance(way, Feed | FeedCatalogue):
            pages.setdefault("feed.xml", _atom(outlet, listed) if family == "blogger" else _rss(outlet, listed))
        elif isinstance(way, Sitemap):
            pages.setdefault("sitemap.xml", _sitemap(listed))
        elif isinstance(way, Listing):
            pages.setdefault("listing.html", _listing(name, family, outlet, listed))
    return pages


def _markup(name: str, family: str, outlet: Outlet) -> str:
    directory = files("acca_crawler.frozen").joinpath("markup")
    candidates = (name, "generic" if outlet.standing == "unseen" else family)
    chosen = next(path for candidate in candidates if (path := directory.joinpath(f"{candidate}.html")).is_file())
    return chosen.read_text(encoding="utf-8")


def _values(outlet: Outlet, sample: Sample, url: str) -> dict[str, str]:
    local = published_in(outlet)
    path = urlsplit(url).path
    texts = {
        "lang": sample.language,
        "site": outlet.title,
        "url": url,
        "amp_url": urljoin(url, path.replace("/a/", "/amp/", 1)),
        "title": sample.title,
        "lead": sample.lead,
        "author": sample.author,
        "section": sample.section,
        "keywords": ", ".join(sample.tags),
        "published": local.isoformat(),
        "published_local": local.isoformat(),
        "published_blank": PUBLISHED.replace("T", " "),
        "printed": local.strftime("%d.%m.%Y"),
    }
    texts |= {f"furniture{number}": text for number, text in enumerate(sample.furniture, 1)}
    texts |= {f"related{number}": text for number, text in enumerate(sample.related, 1)}
    values = {key: escape(text) for key, text in texts.items()}
    values["body"] = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in sample.paragraphs)
    values["tags"] = ", ".join(f'<a href="/tag/{quote(tag)}/" rel="tag">{escape(tag)}</a>' for tag in sample.tags)
    return values


def _rest(listed: dict[str, str]) -> str:
    posts = [
        {
            "id": 7000 + number,
            "date_gmt": PUBLISHED.rstrip("Z"),
            "modified_gmt": PUBLISHED.rstrip("Z"),
            "slug": urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1],
            "link": url,
            "title": {"rendered": escape(title)},
            "content": {"rendered": f"<p>{escape(title)}</p>", "protected": False},
        }
        for number, (url, title) in enumerate(listed.items(), 1)
    ]
    return json.dumps(posts, ensure_ascii=False, indent=1) + "\n"


def _rss(outlet: Outlet, listed: dict[str, str]) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link>"
        f"<pubDate>{published_in(outlet).strftime('%a, %d %b %Y %H:%M:%S %z')}</pubDate>"
        f"<description>{escape(title)}</description></item>\n"
        for url, title in listed.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{escape(outlet.title)}</title><link>{outlet.home}</link>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, listed: dict[str, str]) -> str:
    entries = "".join(
        f"<entry><id>{escape(url)}</id><title type='text'>{escape(title)}</title><published>{PUBLISHED}</published>"
        f"<updated>{PUBLISHED}</updated><link rel='alternate' type='text/html' href='{escape(url)}'/></entry>\n"
        for url, title in listed.items()
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>\n"
        f"<title type='text'>{escape(outlet.title)}</title><updated>{PUBLISHED}</updated>\n{entries}</feed>\n"
    )


def _sitemap(listed: dict[str, str]) -> str:
    urls = "".join(f"<url><loc>{escape(url)}</loc><lastmod>{PUBLISHED}</lastmod></url>\n" for url in listed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def _listing(name: str, family: str, outlet: Outlet, listed: dict[str, str]) -> str:
    around, item = ITEMS.get(name) or ITEMS.get(family) or ITEMS[""]
    items = "\n".join(Template(item).substitute(href=escape(url), title=escape(title)) for url, title in listed.items())
    markup = files("acca_crawler.frozen").joinpath("markup/listing.html").read_text(encoding="utf-8")
    values = {"lang": outlet.languages[0], "site": escape(outlet.title), "items": around.format("\n" + items + "\n")}
    return Template(markup).substitute(values, furniture4="")
