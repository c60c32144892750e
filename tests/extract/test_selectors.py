"""ACCA's pages by ACCA's selectors: the article whole, and nothing around it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from acca_crawler.exceptions import OutletError
from acca_crawler.extract import extract
from acca_crawler.importing import read_text_dump
from acca_crawler.outlets import BoilerplateRule, Outlet, Selectors
from tests.support.neeon import ACCA, BODY, TITLE, json_ld, page

URL = "https://acca.media/en/5555/three-guards/?utm_source=x"
FURNITURE = re.compile(
    "feedback|Актуальность|Полезность|PROS|CONS|Add Field|administrator|human rights violations|Telegram|"
    "Skip to|apply to us|another death|prisoner was beaten|never read|invented agency"
)


def test_body_is_the_article_and_nothing_else() -> None:
    got = extract(page(), URL, outlet=ACCA)
    assert got.paragraphs == BODY
    assert got.method == "selectors"
    assert not FURNITURE.search(got.text)


def test_metadata_of_the_page() -> None:
    got = extract(page(published="2022-01-28T10:00:00+06:00"), URL, outlet=ACCA)
    assert got.title == TITLE
    assert got.authors == ("ACCA",)
    assert got.categories == ("Central Asia", "Kazakhstan", "News", "Torture", "Torture Kazakhstan")
    assert got.tags == ("torture", "prison")
    assert got.language == "en"
    assert got.canonical_url == "https://acca.media/en/5555/three-guards/"
    assert got.alternates == (("ru", "https://acca.media/ru/three-guards/"),)
    assert got.captions == ("Photo: an invented agency",)
    assert got.published_at == "2022-01-28T04:00:00Z"


def test_printed_date_is_never_the_publication_date() -> None:
    got = extract(page(), URL, outlet=ACCA)
    assert got.printed_date == "2022-08-20"
    assert got.published is None
    assert got.modified is None


def test_stripped_pieces_are_kept_under_the_rules_name() -> None:
    stripped = {piece.rule: piece.text for piece in extract(page(), URL, outlet=ACCA).stripped}
    assert "Полезность" in stripped["review-widget"]
    assert "administrator" in stripped["author-box"]
    assert "Telegram" in stripped["share-bar"]
    assert "another death" in stripped["related"]


def test_role_word_is_not_an_author() -> None:
    html = page().replace('<a class="vcard" href="/">ACCA</a>', '<a class="vcard" href="/">Administrator</a>')
    assert extract(html, URL, outlet=ACCA).authors == ()


def test_run_on_categories_are_taken_apart_by_the_vocabulary() -> None:
    got = extract(page(categories=("Central Asia Kazakhstan News Torture Torture Kazakhstan",)), URL, outlet=ACCA)
    assert got.categories == ("Central Asia", "Kazakhstan", "News", "Torture", "Torture Kazakhstan")


def test_flash_of_two_sentences_is_a_whole_article() -> None:
    flash = "Two men were detained in an invented village on Tuesday. Their lawyer was not let in."
    got = extract(page([flash]), URL, outlet=ACCA)
    assert got.text == flash
    assert got.method == "selectors"


def test_layouts_of_a_body() -> None:
    body = """Plain text first.<br><br>After two breaks,<br>one break is a blank.
    <h2>A heading</h2><ul><li>first item</li><li>second <b>item</b></li></ul>
    <blockquote>“Quoted”</blockquote><p>so\u00adft hy\u200bphen, a&nbsp;blank, &#147;C1&#148; and cafe\u0301</p>
    <p></p><p> \u200b </p><style>p{}</style><noscript>none</noscript><p>Last.</p>"""
    assert extract(page(body_html=body), URL, outlet=ACCA).paragraphs == (
        "Plain text first.",
        "After two breaks, one break is a blank.",
        "A heading",
        "first item",
        "second item",
        "“Quoted”",
        "soft hyphen, a blank, “C1” and café",
        "Last.",
    )


def test_lead_outside_the_body_opens_the_text() -> None:
    outlet = Outlet(
        title="L",
        home="https://l.example/",
        hosts=("l.example",),
        countries=("KG",),
        languages=("ru",),
        article_path="/",
        selectors=Selectors(lead=".intro", body=".text p"),
    )
    html = '<h1>Заголовок</h1><div class="intro">Вводка.</div><div class="text"><p>Раз.</p><p>Два.</p></div>'
    got = extract(html, "https://l.example/1", outlet=outlet)
    assert (got.lead, got.paragraphs) == ("Вводка.", ("Вводка.", "Раз.", "Два."))


def test_changed_layout_falls_back_to_generic_reading() -> None:
    html = page([*BODY, *BODY]).replace("entry-content", "new-name")
    got = extract(html, URL, outlet=ACCA)
    assert got.method == "generic"
    assert BODY[0] in got.text


def test_outlets_own_rule_comes_first() -> None:
    rule = BoilerplateRule("hearing", "a line under every article", pattern=r"Another hearing is set for \w+\.")
    outlet = replace(ACCA, boilerplate=(rule,))
    got = extract(page(), URL, outlet=outlet)
    assert got.paragraphs == BODY[:-1]
    assert ("hearing", BODY[-1]) in [(piece.rule, piece.text) for piece in got.stripped]


def test_wrong_selector_is_an_outlets_error() -> None:
    outlet = replace(ACCA, selectors=Selectors(body="div["))
    with pytest.raises(OutletError, match="div"):
        extract(page(), URL, outlet=outlet)


def test_json_ld_as_pages_carry_it() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "WebSite", "name": }</script>'
        '<script type="application/ld+json"><!-- {"@graph": [{"@type": "Person", "@id": "#p", "name": "Bota Sample"},'
        '{"@type": ["NewsArticle"], "headline": "RAW", "author": {"@id": "#p"}, "datePublished":'
        '"2024-04-28 07:00:00Z",}]} --></script>' + json_ld([{"@type": "BreadcrumbList"}])
    ).replace("RAW", TITLE.replace(" ", "\n", 1))
    html = page(head=head).replace(
        '<li class="author"><i class="icon"></i> by <a class="vcard" href="/">ACCA</a></li>', ""
    )
    got = extract(html, URL, outlet=ACCA)
    assert got.authors == ("Bota Sample",)
    assert got.published is not None
    assert (got.published.value, got.published.source, got.published.certainty) == (
        "2024-04-28T07:00:00Z",
        "json-ld",
        "high",
    )


@pytest.mark.shared
def test_seed_as_a_page_gives_the_same_body_as_the_dump(shared: Path) -> None:
    dump = read_text_dump((shared / "data/seed-article.txt").read_bytes(), outlet=ACCA)
    as_page = extract(page(dump.paragraphs, title=dump.title).encode(), URL, outlet=ACCA)
    assert as_page.text.encode() == dump.text.encode()
    assert (as_page.title, as_page.categories, as_page.printed_date) == (
        dump.title,
        dump.categories,
        dump.printed_date,
    )


def test_a_page_is_read_by_the_selectors_of_its_time() -> None:
    old = Selectors(title="h1", body=".old p", valid_until="2026-06-30")
    older = Selectors(title="h1", body=".older p", valid_until="2025-06-30")
    outlet = replace(ACCA, selectors=Selectors(title="h1", body=".new p"), old_selectors=(old, older))
    layouts = "".join(f'<div class="{name}"><p>The {name} layout.</p></div>' for name in ("new", "old", "older"))
    read = {
        day: extract(f"<h1>Title</h1>{layouts}", URL, outlet=outlet, fetched_at=day and f"{day}T23:59:59Z").text
        for day in ("2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01", None)
    }
    assert read == {
        "2025-06-30": "The older layout.",
        "2025-07-01": "The old layout.",
        "2026-06-30": "The old layout.",
        "2026-07-01": "The new layout.",
        None: "The new layout.",
    }
