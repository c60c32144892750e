"""ACCA as an outlet, and a builder of pages in the format of its theme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from acca_crawler.outlets import Outlet, Selectors

ACCA = Outlet(
    title="ACCA",
    home="https://acca.media/en/",
    hosts=("acca.media",),
    countries=("KZ", "KG", "TJ", "TM", "UZ"),
    languages=("en", "ru"),
    article_path=r"^/en/(?:(?P<id>\d+)/)?(?P<slug>[^/]+)/?$",
    identity=("{slug}",),
    selectors=Selectors(
        scope="div[id^=post-]",
        title="h1.entry-title",
        body="div.entry-content",
        author="ul.entry-meta .author, .entry-meta .vcard",
        categories=".entry-header .entry-categories a",
        tags=".meta-tags a",
        printed_date=".entry-meta .post-date",
    ),
    vocabulary=(
        *("News", "Central Asia", "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"),
        *("Torture", "Censorship", "Extremism", "Prisons", "People cry"),
        *("Torture Kazakhstan", "Torture Kyrgyzstan", "Torture Tajikistan", "Torture Uzbekistan"),
    ),
)

TITLE = "Zhetikara: three guards of a detention centre are charged with torture"
BODY = (
    "The prosecutor’s office of the invented town of Zhetikara has charged three guards – all of them officers "
    "– with torture, the spokesman Bolat Examplebaev said.",
    "“He was held for two nights without a lawyer,” the mother of the detainee, Aigul Sampleeva, told reporters.",
    "“The cookies that we sent were thrown away; a donation for the lawyer was collected by neighbours,” she added.",
    "Another hearing is set for May.",
)
WIDGET = """
<div class="rtrs-review-wrap"><div class="rtrs-review-form"><h2>Leave feedback about this</h2>
<ul class="rtrs-rating-category"><li>Актуальность</li><li>Полезность</li></ul>
<div class="rtrs-feedback-input rtrs-pros"><span>PROS</span><input name="rt_pros[]"><i>+</i>
<div class="rtrs-field-add">Add Field</div></div>
<div class="rtrs-feedback-input rtrs-cons"><span>CONS</span><input name="rt_cons[]"><i>+</i>
<div class="rtrs-field-add">Add Field</div></div></div></div>"""
AUTHOR_BOX = """
<div class="about-author"><div class="author-title">ACCA</div><div class="author-designation">administrator</div>
<div class="author-bio">We cover all cases of human rights violations and torture in five countries.</div></div>"""
RELATED = """
<div class="related-post"><h3>Related</h3><div class="blog-box"><h3 class="entry-title"><a href="/en/other">Another
man died in custody</a></h3><div class="entry-content">A card about another death in custody.</div></div></div>"""
NEXT_ARTICLE = """
<div id="post-9999" class="main-wrap"><div class="entry-header"><h1 class="entry-title">An article below</h1></div>
<div class="entry-content"><p>Loaded while scrolling: another prisoner was beaten.</p></div></div>"""


def json_ld(node: object) -> str:
    """Return a JSON-LD block."""
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def page(
    paragraphs: Sequence[str] = BODY,
    *,
    title: str = TITLE,
    printed: str = "20.08.2022",
    categories: Sequence[str] = ("Central Asia", "Kazakhstan", "News", "Torture", "Torture Kazakhstan"),
    published: str | None = None,
    head: str = "",
    body_html: str | None = None,
) -> str:
    """Build a page as the theme renders it around an article, with all the boilerplate to be stripped."""
    rubrics = "".join(f'<a href="/en/category/x">{escape(name)}</a> ' for name in categories)
    dated = json_ld({"@type": "NewsArticle", "datePublished": published}) if published else ""
    body = body_html if body_html is not None else "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{escape(title)} | ACCA</title>
<link rel="canonical" href="https://acca.media/en/5555/three-guards/">
<link rel="alternate" hreflang="ru" href="https://acca.media/ru/three-guards/">{dated}{head}</head><body>
<a class="skip-link screen-reader-text" href="#main">Skip to content</a>
<nav><ul><li><a href="/en/">News</a></li></ul></nav>
<main id="main"><div id="post-5555" class="main-wrap post-5555 post type-post">
<div class="entry-header"><span class="entry-categories">{rubrics}</span><h1 class="entry-title">{escape(title)}</h1>
<ul class="entry-meta"><li class="author"><i class="icon"></i> by <a class="vcard" href="/">ACCA</a></li>
<li class="post-date">{printed}</li></ul></div>
<div class="entry-thumbnail"><img src="/x.jpg" alt=""><figcaption>Photo: an invented agency</figcaption></div>
<div class="entry-content">{body}<script>var x = "never read";</script></div>
<div class="entry-footer"><div class="meta-tags"><a href="/t/1">torture</a><a href="/t/2">prison</a></div></div>
<div class="share-box-area">Share <a href="https://t.me/">Telegram</a></div>
{AUTHOR_BOX}{RELATED}{WIDGET}</div>
{NEXT_ARTICLE}</main>
<footer>Any person who believes that his rights have been violated can apply to us for help.</footer>
</body></html>"""
