"""An article written by an attacker is shown as text, whole, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.reports import worddiff
from acca_crawler.web import escaping
from acca_crawler.web.escaping import Mark
from storage.articles.read import SpanRecord
from storage.schema.database import open_archive, transaction
from tests.support.archive import BEATEN, Sample, add, revise
from tests.web.conftest import Server

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=https://evil.example/spy.gif onerror=alert(1)>",
    '"><svg onload=alert(1)><a href="javascript:alert(1)">x</a>',
    "<iframe src=https://evil.example></iframe><base href=https://evil.example>",
    "{{ 7*7 }}{% include 'x' %}${7*7}",
    "</title></textarea></select></style><form action=https://evil.example><input name=password>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    'https://evil.example/" onmouseover="alert(1)',
    "//evil.example",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "file:///etc/passwd",
)
OURS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "script",
    "body",
    "a",
    "header",
    "nav",
    "ul",
    "li",
    "div",
    "form",
    "input",
    "button",
    "span",
    "main",
    "p",
    "article",
    "h1",
    "h2",
    "h3",
    "section",
    "mark",
    "details",
    "summary",
    "strong",
    "del",
    "ins",
    "dl",
    "dt",
    "dd",
    "code",
    "kbd",
    "q",
    "ol",
    "blockquote",
    "label",
    "select",
    "option",
    "textarea",
    "fieldset",
    "legend",
    "footer",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "circle",
    "path",
    "line",
    "text",
    "rect",
}


class Seen(HTMLParser):
    """What a browser would make of a page: its elements, and the addresses it would load or offer."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.loads: set[str] = set()
        self.links: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.loads |= {given[name] or "" for name in ("src", "action", "data", "poster", "srcset") if name in given}
        if tag == "link":
            self.loads.add(given["href"] or "")
        if tag == "a":
            self.links.append(given)

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def is_ours(address: str) -> bool:
    """Whether an address leads to the server itself."""
    return bool(re.match(r"/(?!/)|http://localhost/", address))


def put(server: Server, report: Sample) -> int:
    """Store one more article on the server; returns its number."""
    db = open_archive(server.config.archive_file)
    with transaction(db):
        number = add(db, report, 50).article_id
    db.close()
    return number


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_every_field_is_text(server: Server, attack: str) -> None:
    report = Sample(
        f"Beaten {attack}", f"He was beaten. {attack}\n\nAnd {attack}", country=attack[:20], language=attack
    )
    number = put(server, report)
    monitor = server.browser("monitor")
    monitor.decide(number, "note", note=attack)
    for address in (
        f"/reports/{number}",
        "/queue",
        "/queue?view=all",
        "/search?q=Beaten",
        "/overview",
        "/status",
        f"/queue?country={attack}",
        "/acca/revisions",
        "/acca/flag_spans",
        f"/acca/revisions/{number}",
        f"/search?q={attack}",
    ):
        seen = Seen(monitor.get(address).text)
        if not address.startswith("/acca/"):
            assert seen.elements <= OURS, address
        assert not {name for name in seen.attributes if name.startswith("on")}, address
        assert all(is_ours(load) for load in seen.loads), address
    assert attack in Seen(monitor.get(f"/reports/{number}").text).text


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_web_addresses_are_links(server: Server, address: str) -> None:
    number = put(server, BEATEN)
    db = open_archive(server.config.archive_file)
    db.execute("UPDATE articles SET url = ? WHERE id = ?", [address, number])
    db.execute("UPDATE addresses SET url = ? WHERE article_id = ?", [address, number])
    db.conn.commit()
    db.close()
    for page in (f"/reports/{number}", "/acca/articles", "/acca/addresses", "/acca.json?sql=select+1"):
        text = server.browser("monitor").get(page).text
        hrefs = [link.get("href") or "" for link in Seen(text).links]
        assert all(re.match(r"/(?!/)|#|\?|https?://(?!evil)", href) or href == "" for href in hrefs), hrefs
    assert escaping.visible(address) in server.browser("monitor").get(f"/reports/{number}").text


def test_links_to_outlets_tell_them_nothing(server: Server) -> None:
    monitor = server.browser("monitor")
    for page in ("/reports/1", "/acca/articles", "/acca/addresses", "/acca/articles/1"):
        out = [
            link
            for link in Seen(monitor.get(page).text).links
            if not is_ours(link.get("href") or "/") and (link.get("href") or "").startswith("http")
        ]
        assert out
        for link in out:
            assert {"noopener", "noreferrer"} <= set((link.get("rel") or "").split()), page
            assert link.get("target") is None


def test_no_page_loads_anything_from_elsewhere(server: Server) -> None:
    db = open_archive(server.config.archive_file)
    db.execute("UPDATE revisions SET image = 'https://evil.example/spy.jpg'")
    db.conn.commit()
    db.close()
    monitor = server.browser("monitor")
    for page in ("/reports/1", "/acca/revisions", "/acca/revisions/1", "/queue"):
        seen = Seen(monitor.get(page).text)
        assert "img" not in seen.elements
        assert all(is_ours(load) for load in seen.loads)


@pytest.mark.parametrize("character", "\u202e\u2066\u200f\u061c\u200b\ufeff\x07\x85\u2028"[:-1])
def test_hidden_characters_are_shown(server: Server, character: str) -> None:
    number = put(server, Sample(f"Be{character}aten", f"He was beaten {character}by officers."))
    monitor = server.browser("monitor")
    for address in (f"/reports/{number}", "/queue", "/search?q=aten", "/acca/revisions"):
        page = monitor.get(address).text
        assert f"U+{ord(character):04X}" in page, address
        assert character not in page, address


def test_five_megabytes_are_shown_in_parts(server: Server) -> None:
    text = "\n\n".join(f"Paragraph {number} tells of someone beaten." for number in range(130_000))
    assert len(text.encode()) > 5_000_000
    number = put(server, replace(BEATEN, text=text))
    monitor = server.browser("monitor")
    first = monitor.get(f"/reports/{number}")
    assert first.status_code == 200
    assert len(first.text) < 400_000
    assert "Paragraph 0 tells" in first.text
    last = re.search(r"Part 1 of (\d+)", first.text)
    assert last is not None
    assert "Paragraph 129999 tells" in monitor.get(f"/reports/{number}?part={last[1]}").text
    assert monitor.get("/acca/revisions").status_code == 200


def test_thousands_of_facts_are_counted_and_the_first_are_shown(server: Server) -> None:
    number = put(server, BEATEN)
    db = open_archive(server.config.archive_file)
    row = dict(db.execute("SELECT * FROM flag_facts ORDER BY flag_id DESC LIMIT 1").fetchone())
    facts = db.table("flag_facts")
    for position in range(1, 5000):
        facts.insert(row | {"position": position, "value": f"Person {position}", "sentence": "x" * 900})
    db.close()
    page = server.browser("monitor").get(f"/reports/{number}").text
    assert len(page) < 400_000
    assert "Person 150" in page
    assert "and 4,800 more" in page


def test_five_megabytes_in_one_word_are_shown_too(server: Server) -> None:
    number = put(server, replace(BEATEN, title="x" * 100_000, text="beaten" + "ж" * 2_600_000))
    for address in (f"/reports/{number}", f"/reports/{number}?part=30", "/queue"):
        page = server.browser("monitor").get(address)
        assert page.status_code == 200
        assert len(page.text) < 700_000


def test_a_revision_of_a_giant_is_compared_before_patience_ends(server: Server) -> None:
    giant = replace(BEATEN, text=" ".join(f"w{number % 977}" for number in range(400_000)))
    put(server, giant)
    revise(server.config.archive_file, giant, 50, " ".join(f"v{number % 983}" for number in range(400_000)))
    assert server.browser("monitor").get("/reports/5").status_code == 200


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()), max_size=6))
def test_marking_changes_no_letter(text: str, places: list[tuple[int, int, bool]]) -> None:
    marks = [
        Mark(position, SpanRecord("for" if side else "against", "text", min(a, b), max(a, b), "", "rule", "gloss"))
        for position, (a, b, side) in enumerate(places)
        if min(a, b) < max(a, b) <= len(text)
    ]
    seen = Seen(str(escaping.marked(text, marks)))
    assert seen.elements <= {"mark", "span"}
    assert seen.text == Seen(str(escaping.visible(text))).text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=300))
def test_what_is_visible_reads_the_same(text: str) -> None:
    assert Seen(str(escaping.visible(text))).text.replace("\r", "\n") == text.replace("\r", "\n")


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_diff_holds_both_sides(before: str, after: str) -> None:
    pieces = worddiff.words(before, after)
    assert "".join(piece.text for piece in pieces if piece.sign != "new") == before
    assert "".join(piece.text for piece in pieces if piece.sign != "gone") == after


@given(st.text(max_size=500), st.integers(20, 100))
def test_the_parts_of_a_text_are_all_of_it(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escaping, "PART", size)
        parts = escaping.parts(text)
    assert "".join(text[part.start : part.end] for part in parts) == text
    assert all(part.end - part.start <= size for part in parts)


def test_pages_are_made_of_nothing_but_templates(serve: Callable[..., Server]) -> None:
    """`safe` and `autoescape false` would let an article's text through unescaped."""
    root = Path(escaping.__file__).parent
    for template in root.rglob("*.html"):
        source = template.read_text(encoding="utf-8")
        assert "|safe" not in source.replace(" ", ""), template
        assert "autoescape" not in source, template
