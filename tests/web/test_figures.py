"""A search as figures, and the archive's first page for analysts."""

from __future__ import annotations

import html
import re
import sqlite3
from itertools import chain

import pytest

from acca_crawler.i18n.catalogue import language
from acca_crawler.i18n.labels import VIEWS
from acca_crawler.i18n.regions import REGIONS
from acca_crawler.web.charts import columns
from acca_crawler.web.figures_page import months_between
from acca_crawler.web.region_map import LAYOUT, LETTERS, SHADES, region_map
from storage.reports.view_columns import VIEWS as DOCUMENTED
from tests.web.conftest import Browser, Server
from tests.web.test_follows import publish
from tests.web.test_stories import plain


def test_every_region_has_a_tile_of_its_own() -> None:
    assert sorted(chain.from_iterable(LAYOUT.values())) == sorted(REGIONS)
    places = [place for regions in LAYOUT.values() for place in regions.values()]
    assert len(set(places)) == len(places)
    for code in ("en", "ru"):
        drawn = region_map({}, language(code))
        assert {tile.shade for tile in drawn.tiles} == {0}
        assert all(len(line) <= LETTERS and line for tile in drawn.tiles for line in tile.lines), code


def test_shades_follow_the_counts() -> None:
    drawn = region_map({"naryn": 8, "osh": 4, "talas": 1, "atlantis": 99}, language("en"))
    shades = {tile.name: tile.shade for tile in drawn.tiles if tile.count}
    assert shades == {"Naryn": SHADES, "Osh": 2, "Talas": 1}
    assert [tile.name for tile in drawn.ranked] == ["Naryn", "Osh", "Talas"]


def test_months_have_no_gap_and_an_end() -> None:
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert len(months_between("2001-01", "2026-02")) == 36


def test_a_chart_names_its_bars_and_says_what_it_leaves_out(server: Server) -> None:
    english = language("en")
    two = columns(["2026-10", "2026-11"], [1, 2], english, english.month)
    assert [tick.label for tick in two.weeks] == ["Oct 2026", "Nov 2026"]
    db = sqlite3.connect(server.config.archive_file)
    for table in ("revisions", "search_documents"):
        db.execute(f"UPDATE {table} SET published_at = '2019-05-01' WHERE article_id = 1")
    db.commit()
    db.close()
    shown = plain(server.browser("reader").get("/search/figures?level=alert").text)
    assert "3 reports counted" in shown
    assert "Reports from before Dec 2023, not in the chart: 1." in shown


def test_a_filtered_search_has_a_chart_and_a_map(server: Server) -> None:
    publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    reader = server.browser("reader")
    assert 'href="/search/figures?country=KG' in reader.get("/search?country=KG").text
    shown = reader.get("/search/figures?country=KG&level=alert").text
    assert "3 reports counted" in plain(shown)
    assert "<title>Nov 2026: 3</title>" in shown
    assert "<title>Naryn, Kyrgyzstan: 1</title>" in shown
    assert "Naryn Kyrgyzstan 1" in plain(shown)
    reader.http.cookies.set("acca_language", "ru")
    assert "Нарынская область, Кыргызстан: 1" in reader.get("/search/figures?language=ru").text
    assert "Nothing matches" in plain(server.browser("reader").get("/search/figures?q=nothingatall").text)
    assert server.browser("reader").get("/search/figures?q=%22").status_code in (200, 400)


def test_the_archives_page_begins_with_questions_and_views(server: Server) -> None:
    assert set(VIEWS) == {view.name for view in DOCUMENTED}
    reader = server.browser("reader")
    shown = reader.get("/acca").text
    for name, meaning in VIEWS.items():
        assert f"<code>{name}</code>" in shown and meaning in shown
    assert "<code>flag_spans</code>" not in shown
    assert "<code>flag_spans</code>" in reader.get("/acca?_show_hidden=1").text
    assert shown.index("queries") < shown.index("v_reports") < shown.index("sql-editor")


def test_cells_lead_to_reports_and_name_regions(server: Server, monitor: Browser) -> None:
    number = publish(server, 1, "Болот Темирбаев", "Болота Темирбаева избили.")
    facts = monitor.get("/acca/v_facts?kind=region").text
    assert f'<a href="/reports/{number}">{number}</a>' in facts
    assert "naryn (Naryn, Нарынская область)" in facts
    assert monitor.get("/acca/v_facts.json?kind=region&_shape=array").json()[0]["value"] == "naryn"


@pytest.mark.parametrize("page", ["/search", "/search/figures", "/search/export.csv"])
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("(арест", "скобка открыта, но не закрыта"),
        ("арест AND", "после AND ничего нет"),
        ("арест OR NOT суд", "одного NOT недостаточно"),
        ("!!!", "в «!!!» нет слов для поиска"),
        ("OR арест", "перед OR нет слов для поиска"),
    ],
)
def test_a_page_says_in_its_language_why_a_query_can_t_be_read(server: Server, page: str, query: str, why: str) -> None:
    monitor = server.browser("monitor")
    monitor.http.cookies.set("acca_language", "ru")
    shown = plain(html.unescape(monitor.get(page, params={"q": query}).text))
    assert why in shown
    assert not re.search("bracket|nothing|stand alone|to search", shown)
