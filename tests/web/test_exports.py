"""Exports read as the programs read them that people open them with; citations as reference managers do."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import docx
import pytest

from tests.support.archive import keep_capture
from tests.web.conftest import Browser, Server

NAMESPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(data: bytes) -> dict[str, list[list[str]]]:
    """The texts of a workbook's cells, by sheet: dates and numbers as Excel stores them."""
    book = zipfile.ZipFile(io.BytesIO(data))
    shared = [
        "".join(text.text or "" for text in one.iter(f"{{{NAMESPACE['s']}}}t"))
        for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall("s:si", NAMESPACE)
    ]
    names = [
        one.get("name", "")
        for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter()
        if one.tag.endswith("}sheet")
    ]
    found = {}
    for number, name in enumerate(names, start=1):
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        rows = []
        for row in tree.iter(f"{{{NAMESPACE['s']}}}row"):
            cells = []
            for cell in row.findall("s:c", NAMESPACE):
                value = cell.findtext("s:v", "", NAMESPACE)
                cells.append(shared[int(value)] if cell.get("t") == "s" else value)
            rows.append(cells)
        found[name] = rows
    return found


def test_a_workbook_has_typed_dates_links_and_persons(monitor: Browser) -> None:
    monitor.decide(1, "false_alarm", reason="policy_only", note="=HYPERLINK(1)")
    answer = monitor.get("/queue/export.xlsx?view=all")
    assert answer.headers["content-disposition"] == 'attachment; filename="acca-queue-2026-11-22.xlsx"'
    found = sheets(answer.content)
    assert list(found) == ["Reports", "Persons"]
    heading, *rows = found["Reports"]
    by_number = {row[0]: dict(zip(heading, row, strict=False)) for row in rows}
    assert set(by_number) == {"1", "2", "3"}
    first = by_number["1"]
    assert first["Decision"] == "marked as false alarm"
    assert first["Reason"] == "statistics, law or policy, not a case"
    assert first["Note"] == "=HYPERLINK(1)"
    assert first["Published"].isdigit() or float(first["Published"]) > 40_000
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
    links = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert first["Address"] in links


def test_the_filter_decides_what_is_exported(monitor: Browser) -> None:
    rows = list(csv.DictReader(io.StringIO(monitor.get("/queue/export.csv?country=UZ").text.removeprefix("\ufeff"))))
    assert [row["Country"] for row in rows] == ["Uzbekistan"]
    lines = [json.loads(line) for line in monitor.get("/search/export.jsonl?level=alert").text.splitlines()]
    assert {line["level"] for line in lines} == {"alert"}
    assert monitor.get("/queue/export.csv").content.startswith(b"\xef\xbb\xbf")


def test_readers_get_no_decisions(server: Server) -> None:
    server.browser("monitor").decide(1, "confirm", note="call the sister")
    reader = server.browser("reader")
    for form in ("csv", "jsonl"):
        text = reader.get(f"/reports/1/export.{form}").text
        assert "Detainee" in text
        assert "sister" not in text
        assert "confirm" not in text
    assert "sister" in server.browser("lead").get("/reports/1/export.csv").text


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_a_word_report_has_a_chapter_for_each_country_and_its_sources_as_footnotes(server: Server) -> None:
    keep_capture(server.config.archive_file, b"<p>a page</p>")
    data = server.browser("monitor").get("/queue/export.docx?view=all").content
    document = docx.Document(io.BytesIO(data))
    headings = [
        one.text for one in document.paragraphs if one.style is not None and one.style.name.startswith("Heading")
    ]
    assert headings == ["Kyrgyzstan", "Uzbekistan"]
    titles = [row.cells[1].text for table in document.tables[1:] for row in table.rows[1:]]
    assert len(titles) == 3
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body, notes = (ElementTree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
        assert "footnotes+xml" in package.read("[Content_Types].xml").decode()
    cited = [one.get(f"{WORD}id") for one in body.iter(f"{WORD}footnoteReference")]
    written = {
        one.get(f"{WORD}id"): "".join(text.text or "" for text in one.iter(f"{WORD}t")).strip()
        for one in notes.findall(f"{WORD}footnote")
    }
    assert cited == ["1", "2", "3"] == [number for number in written if written[number]]
    beaten = next(note for note in written.values() if "Detainee beaten" in note)
    assert beaten.startswith(
        "“Detainee beaten at the Zhana police station”, Acca, 2026-11-19, https://acca.example/1 ("
    )
    assert "archived 2026-11-20, SHA-256 " in beaten


def test_a_word_report_speaks_russian(monitor: Browser) -> None:
    monitor.http.headers["accept-language"] = "ru"
    document = docx.Document(io.BytesIO(monitor.get("/queue/export.docx?view=all").content))
    assert "Кыргызстан" in [one.text for one in document.paragraphs]


def test_a_file_for_uwazi_holds_what_the_filter_finds(monitor: Browser) -> None:
    monitor.decide(2, "confirm")
    answer = monitor.get("/queue/export.uwazi?view=all&country=UZ")
    assert answer.headers["content-disposition"] == 'attachment; filename="acca-queue-2026-11-22.uwazi.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["title"], row["violation_status"]) == ("Задержан Марат Примеров", "Confirmed")


def test_a_page_is_printed_with_its_address_and_hash(server: Server) -> None:
    keep_capture(server.config.archive_file, b"<p>a page</p>")
    shown = server.browser("monitor").get("/reports/1?view=all").text
    printed = shown[shown.index("print-only") : shown.index("<h1")]
    assert "http://localhost/reports/1?view=all · printed on 22 Nov 2026, 06:00 UTC by monitor" in printed
    assert shown.count('class="print-only"') == 2 and shown.count("SHA-256") >= 2


@pytest.mark.parametrize("form", ["text", "ris", "csl"])
def test_a_report_is_cited(server: Server, form: str) -> None:
    reader = server.browser("reader")
    text = reader.get(f"/reports/1/cite/{form}").text
    assert "Detainee beaten at the Zhana police station" in text
    assert "https://acca.example/1" in text
    if form == "ris":
        assert text.startswith("TY  - NEWS\r\n")
        assert text.endswith("ER  - \r\n")
    if form == "csl":
        (item,) = json.loads(text)
        assert item["type"] == "article-newspaper"
    page = reader.get("/reports/1").text
    assert '<meta name="citation_title" content="Detainee' in page


def test_what_is_not_there_is_not_exported(monitor: Browser) -> None:
    assert monitor.get("/reports/999/export.csv").status_code == 404
    assert monitor.get("/reports/999/cite/ris").status_code == 404
    assert monitor.get("/reports/1/export.pdf").status_code == 404
