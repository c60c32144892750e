"""Extract an article from a page, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from acca_crawler.extract import metadata
from acca_crawler.extract.body import rules_of, scope_of, selected_body, take_captions
from acca_crawler.extract.boilerplate import StripLog, strip_paragraphs
from acca_crawler.extract.document import parse
from acca_crawler.extract.doubts import little_text, readings_differ, template_unfit, text_in_paragraphs
from acca_crawler.extract.generic import generic_body
from acca_crawler.extract.paragraphs import Paragraph, inline, join
from acca_crawler.extract.parts import (
    declared_first,
    first_part,
    further_parts,
    is_part_address,
    part_links,
    skipped_number,
)
from acca_crawler.extract.scope import Scope
from acca_crawler.extract.telegram import read_post
from acca_crawler.items import Extraction
from acca_crawler.outlets import Outlet
from acca_crawler.uncollected import uncollected


@uncollected()  # a page's thousand parts hold no cycles
def extract(
    html: str | bytes,
    url: str,
    *,
    outlet: Outlet | None = None,
    encoding: str | None = None,
    fetched_at: str | None = None,
    part: tuple[str, int] | None = None,
) -> Extraction:
    """Extract the article from one page.

    `html` is the page as received (bytes are decoded here; `encoding` is the charset of the HTTP header, trusted only
    if plausible); `url` is its URL, against which relative URLs are resolved. With an `outlet`, its selectors and
    boilerplate rules are used, and generic body extraction only if they find nothing. `fetched_at` (UTC) is when the
    page was captured: "today" and "two hours ago" are resolved against it (and ignored without it), and it chooses the
    selectors valid at that time. `part` is the address of the article's first part and the page's number, if it is
    known to be a further part. Never raises because of a page's content: an unreadable page gives an extraction with
    empty text. Raises `OutletError` for an outlet with invalid selectors or an invalid time zone.

    `method` of the result is how the body was found: "selectors", "generic", "json-ld", "trafilatura", "telegram", or
    "" if it was not.
    """
    if outlet and outlet.reader == "telegram":
        return read_post(html, url, outlet, encoding)
    outlet = outlet.as_of(fetched_at) if outlet else None
    root = parse(html, encoding)
    if root is None:
        return Extraction(text="", title="", url=url)
    head = metadata.read_head(root, url)
    within = scope_of(root, outlet) if outlet else root
    scope = Scope(root if within is None else within)
    # Metadata first: stripping removes the author box, the tags and the dates of the page's header.
    about = _with_parts(_about(head, scope, url, outlet, fetched_at), head, part)
    body = _Body(log=StripLog())
    to_read = text_in_paragraphs(head.elements["p"])
    if outlet and outlet.selectors.body and within is not None:
        body.read_selected(scope, outlet)
    if not body.found:
        body.read_generic(scope.element, head, about.title, outlet)
    text = join(body.found)
    doubts = (
        little_text(text, to_read, body.log.pieces),
        readings_differ(body.agreement),
        template_unfit(body.unfit, len(text)),
    )
    return replace(
        about,
        text=text,
        lead=body.lead or _summary(head, text),
        captions=body.captions,
        method=body.method,
        stripped=tuple(body.log.pieces),
        roles=tuple(paragraph.role for paragraph in body.found),
        doubts=tuple(doubt for doubt in doubts if doubt),
    )


@dataclass(slots=True)
class _Body:
    log: StripLog
    found: list[Paragraph] = field(default_factory=list)
    lead: str = ""
    captions: tuple[str, ...] = ()
    method: str = ""
    agreement: float = 1.0
    unfit: int = 0

    def read_selected(self, scope: Scope, outlet: Outlet) -> None:
        """Extract body and lead by selectors. A lead outside the body starts the text, as readers saw it."""
        lead = scope.first(outlet.selectors.lead)
        self.captions = take_captions(scope, outlet.selectors.captions)
        self.lead = inline(lead) if lead is not None else ""
        self.found = selected_body(scope, outlet, self.log)
        if self.found:
            self.method = "selectors"
            if self.lead and all(self.lead not in paragraph.text for paragraph in self.found[:3]):
                self.found.insert(0, Paragraph(self.lead, role="lead"))

    def read_generic(self, scope: HtmlElement, head: metadata.Head, title: str, outlet: Outlet | None) -> None:
        """Extract the body generically if selectors are missing or find nothing."""
        body = generic_body(scope, head, title, self.log, outlet.template if outlet else frozenset())
        self.found = strip_paragraphs(body.paragraphs, rules_of(outlet), self.log)
        self.captions = self.captions or body.captions
        self.method = body.method if self.found else ""
        self.agreement = body.agreement
        self.unfit = body.unfit


def _about(head: metadata.Head, scope: Scope, url: str, outlet: Outlet | None, fetched_at: str | None) -> Extraction:
    """Extract everything but the body."""
    return Extraction(
        text="",
        title=metadata.title(head, scope, outlet.selectors.title if outlet else ""),
        url=url,
        authors=metadata.authors(head, scope, outlet),
        categories=metadata.categories(head, scope, outlet),
        tags=metadata.tags(head, scope, outlet),
        language=head.language,
        canonical_url=head.canonical,
        amp_url=head.amp,
        alternates=head.alternates,
        image=metadata.image(head),
        published=metadata.published(head, scope, outlet, fetched_at),
        modified=metadata.modified(head, scope, outlet, fetched_at),
        printed_date=metadata.printed_date(scope, outlet, fetched_at),
    )


def _with_parts(about: Extraction, head: metadata.Head, part: tuple[str, int] | None) -> Extraction:
    """Add the article's other parts. `part` is the address of the first and the page's own number, if known."""
    addresses = (about.url, *filter(None, (about.canonical_url, part and part[0])))
    links = part_links((*head.elements["link"], *head.elements["a"]), head.base, addresses)
    found = first_part(links, about.url) or declared_first(about.url, about.canonical_url)
    if found is None and (number := skipped_number(links, about.url)):
        found = about.url, number
    first, number = part or (found if found and is_part_address(about.url, found[0]) else None) or ("", 1)
    own = (first,) if first else tuple(url for url in (about.url, about.canonical_url) if url)
    return replace(
        about,
        further_parts=further_parts(links, own, number),
        first_part=found[0] if found else None,
        part_number=found[1] if found else number,
    )


def _summary(head: metadata.Head, text: str) -> str:
    """Return the page's own summary, unless it is just the truncated beginning of the text."""
    summary = metadata.description(head)
    beginning = summary.rstrip(" .…[]")
    return "" if not beginning or beginning in " ".join(text[: len(summary) * 2 + 200].split()) else summary
