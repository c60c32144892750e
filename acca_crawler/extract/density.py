"""Find the article's element on an unknown page by prose density, weighed against links and fragments.

Every block (paragraph, list item, cell) scores its prose minus a cost for its links; an element scores the sum of its
blocks, so the article's element is the one that gains nothing by growing. The constants below were tuned on the
developers' 923 pages; `benchmarks/extraction.py` measures them against trafilatura.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from acca_crawler.extract.boilerplate import StripLog
from acca_crawler.extract.paragraphs import BLOCKS, CELLS, inline, never_read

MIN_PROSE = 25  # characters: a sentence, not a label
PROSE_WITHOUT_MARKS = 80  # characters: long enough to be prose without a full stop
FRAGMENT_COST = 10
GROWTH = 1.03  # an element must score this much higher than a smaller one inside it
NAMED_SHARE = 0.3  # of the page's best prose that an element named as a body must contain to be accepted
FIRST_SHARE = 0.5  # of the longest article's prose that an earlier article must contain to be the page's own
WHOLE_SHARE = 0.3  # of the page's prose: an element with more is never boilerplate, whatever its name
WEAK_PROSE = 150  # characters: an element with an ambiguous name is boilerplate only if it has less

_FURNITURE = re.compile(
    r"comment|disqus|footer|footnote|masthead|outbrain|taboola|related|share|sharing|sidebar|side-bar|sponsor|"
    r"shopping|\btags\b|tag-?(?:list|links|cloud)|breadcrumb|(?<!context)menu|modal|\bnav|navigation|popup|teaser|"
    r"newsletter|cookie|consent|advert|\bads?\b|author-?(?:bio|box|info)|\bbio\b|about-?author|recommend|recirc|"
    r"sign-?up|\brating|pagination|pager|more-?(?:stories|news|from|articles|posts)|read-?(?:more|also|next)|"
    r"also-?read|most-?(?:read|popular)|trending|(?:post|article)-?(?:meta|info|tags)|byline|\btoc\b|"
    r"table-?of-?contents|callout-?form|copyright|disclaimer|caption|toolbar|feedback|donat",
    re.IGNORECASE,
)
_WEAK_FURNITURE = re.compile(
    r"paywall|subscri|\blogin|promo|banner|social|gallery|carousel|slider|popular|latest|\bcta\b|credit", re.IGNORECASE
)
_BODY_INSIDE = re.compile(
    r"article-?body|post-?content|entry-?content|article-?content|has-|no-sidebar|with-sidebar|sidebar-wrap|ad-container",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"article-?_?body|entry-content|post-content|article__content|article-content|post-body|story-?body", re.IGNORECASE
)
_FURNITURE_TAGS = frozenset(["nav", "footer", "aside", "form", "figcaption"])
_NEVER_FURNITURE = frozenset(["html", "body", "main", "article"])
_SENTENCE_END = re.compile(r"[.!?…。？！](?:\s|$|[\"”»’)])|[,،、，]")


@dataclass(slots=True)
class Block:
    """A block element: its own prose and linked text in characters, the prose in its subtree, and its score."""

    element: HtmlElement
    parent: Block | None = field(default=None, repr=False)
    own: int = 0
    linked: int = 0
    sentences: bool = False
    prose: int = 0
    worth: float = 0.0


def names_of(element: HtmlElement) -> str:
    """Return the element's class, id and role in one string."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"


def drop_boilerplate(body: HtmlElement, log: StripLog) -> None:
    """Remove elements that look like boilerplate by name or tag, unless they contain much of the page's prose."""
    found = blocks(body)
    total = found[-1].prose if found else 0
    for block in found:
        element = block.element
        if element is body or element.getparent() is None or block.prose >= WHOLE_SHARE * total > 0:
            continue
        if _is_boilerplate(element, block.prose):
            if block.prose:
                log.add("boilerplate", inline(element))
            element.drop_tree()
    for element in list(body.iter("span", "label")):
        if element.getparent() is not None and _is_boilerplate(element, 0):
            element.drop_tree()


def article_element(body: HtmlElement) -> HtmlElement | None:
    """Return the element that contains the article, or None if the page has no prose."""
    found = blocks(body)
    best: Block | None = None
    for block in found:
        if block.worth > 0 and (best is None or block.worth > best.worth * GROWTH):
            best = block
    if best is None:
        return None
    for kind in (_is_article_body, _is_named_body, _is_article):
        named = [block for block in found if kind(block.element)]
        longest = max((block.prose for block in named), default=0)
        first = next((block for block in named if block.prose >= FIRST_SHARE * longest), None)
        if first is not None and first.prose >= NAMED_SHARE * best.prose:
            return first.element
    return best.element


def blocks(root: HtmlElement) -> list[Block]:
    """Return every block below the root with its counts, in post-order, the root last."""
    done: list[Block] = []
    current: Block | None = None
    links = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        unread = never_read(element)
        is_block = tag in BLOCKS or tag in CELLS
        if event == "start":
            if unread:
                walker.skip_subtree()
                continue
            if is_block:
                current = Block(element, parent=current)
            links += tag == "a"
            _count(current, element.text, links)
            continue
        if is_block and not unread and current is not None:
            _close(current)
            done.append(current)
            current = current.parent
        links -= tag == "a" and not unread
        if element is not root:
            _count(current, element.tail, links)
    return done


def _is_boilerplate(element: HtmlElement, prose: int) -> bool:
    if element.tag in _NEVER_FURNITURE:
        return False
    if element.tag in _FURNITURE_TAGS:
        return True
    names = names_of(element)
    if prose < WEAK_PROSE and _WEAK_FURNITURE.search(names):
        return True
    return bool(_FURNITURE.search(names)) and not _BODY_INSIDE.search(names)


def _is_article_body(element: HtmlElement) -> bool:
    return bool(element.get("itemprop") == "articleBody")


def _is_named_body(element: HtmlElement) -> bool:
    return bool(_BODY.search(names_of(element)))


def _is_article(element: HtmlElement) -> bool:
    return bool(element.tag == "article")


def _count(block: Block | None, text: str | None, links: int) -> None:
    if block is None or not text or text.isspace():
        return
    length = len(text.strip())
    if links:
        block.linked += length
    else:
        block.own += length
        block.sentences = block.sentences or bool(_SENTENCE_END.search(text))


def _close(block: Block) -> None:
    """Compute a finished block's score and add it to the enclosing block."""
    if block.own >= (MIN_PROSE if block.sentences else PROSE_WITHOUT_MARKS):
        block.prose += block.own
        block.worth += block.own - block.linked
    elif block.own or block.linked:
        block.worth -= FRAGMENT_COST + block.linked
    if block.parent is not None:
        block.parent.prose += block.prose
        block.parent.worth += block.worth
