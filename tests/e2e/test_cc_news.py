"""Large WARC files of many hosts: declared outlets are kept, all else is counted, a killed import continues."""

from __future__ import annotations

import gzip
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Never

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.archives.listed_captures import stamp_of
from acca_crawler.cli import main
from acca_crawler.config.loading import parse
from acca_crawler.engines import Engine
from acca_crawler.exceptions import NotAnArticle
from acca_crawler.importing import cc_news
from acca_crawler.items import Capture
from acca_crawler.outlets import Outlet
from storage.evidence import captures
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from tests.support.desk import Desk
from tests.support.local import article
from tests.support.webarchives import Kept, warc_of

PAPERS = "".join(
    f'[[outlet]]\nname = "{name}"\nbase = "generic"\nhome = "https://{name}.example/"\ncountries = ["KG"]\n'
    'languages = ["en"]\narticle_path = "^/news/(?P<slug>[^/?]+)$"\n'
    for name in ("paper", "gazette")
)


def kept(number: int, host: str = "paper.example", path: str = "news", **other: object) -> Kept:
    page = article(f"Report {number}", f"Report {number}: officers beat the detained farmer Azamat Example.")
    return Kept(f"https://{host}/{path}/report-{number}", f"2024010100{number:04d}", page, **other)  # type: ignore[arg-type]


def write(file: Path, captures: list[Kept]) -> Path:
    file.write_bytes(warc_of(captures)[0])
    return file


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure(PAPERS)
    write(tmp_path / "CC-NEWS-1.warc.gz", [
        *(kept(number, "elsewhere.example") for number in range(5)), kept(1), kept(2, "www.paper.example"),
        kept(3, path="tag"), kept(4, status=404), kept(5, mime="application/pdf"), kept(6, "gazette.example"),
    ])  # fmt: skip
    write(
        tmp_path / "CC-NEWS-2.warc.gz", [kept(7, "gazette.example"), *(kept(n, "elsewhere.example") for n in range(3))]
    )
    return desk


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_declared_outlets_are_kept_and_all_else_is_counted(desk: Desk, jobs: str) -> None:
    output = desk.acca("import", "--cc-news", "--jobs", jobs, "CC-NEWS-1.warc.gz", "CC-NEWS-2.warc.gz").splitlines()
    first = next(line for line in output if line.startswith("CC-NEWS-1"))
    assert first.startswith("CC-NEWS-1.warc.gz: new 3; skipped: ")
    for why in ("host not declared 5", "not an article's address 1", "not answered with 200 1", "not a page 1"):
        assert why in first
    assert desk.tuples("SELECT outlet, count(*) FROM articles GROUP BY outlet ORDER BY outlet") == [
        ("gazette", 2), ("paper", 2),
    ]  # fmt: skip
    row = desk.rows("SELECT url, fetched_at, status, route FROM captures ORDER BY url LIMIT 1")[0]
    assert row["fetched_at"] == "2024-01-01T00:00:06Z" and row["route"] == "import of CC-NEWS-1.warc.gz"
    assert desk.value("SELECT sum(value) FROM run_counts WHERE name = 'skipped:host not declared'") == 8
    desk.acca("verify")


def test_an_import_continues_where_it_stopped_and_never_twice(desk: Desk) -> None:
    whole = gzip.decompress((desk.directory / "CC-NEWS-1.warc.gz").read_bytes())
    assert whole.count(b"WARC-Type: response") == 11
    desk.acca("import", "--cc-news", "CC-NEWS-1.warc.gz")
    again = desk.acca("import", "--cc-news", "CC-NEWS-1.warc.gz")
    assert "(continued at offset" in again and "nothing kept" in again
    data, places = warc_of([kept(number) for number in range(3)])
    start, size = places[kept(1)][0], len(data)
    (desk.directory / "part.warc.gz").write_bytes(data)
    desk.execute(
        'INSERT INTO warc_imports (file, size, outlet, rules, "offset", imported_at) '
        "SELECT 'part.warc.gz', ?, outlet, rules, ?, imported_at FROM warc_imports WHERE file = 'CC-NEWS-1.warc.gz'",
        size, start,
    )  # fmt: skip
    output = desk.acca("import", "--cc-news", "part.warc.gz")
    assert f"continued at offset {start:,}" in output and "unchanged 2" in output
    assert desk.value("SELECT count(*) FROM articles WHERE identity LIKE '%report-0'") == 0


def test_only_the_named_outlets_are_kept(desk: Desk) -> None:
    assert "new 1" in desk.acca("import", "--cc-news", "--outlets", "gazette", "CC-NEWS-1.warc.gz")
    assert desk.tuples("SELECT DISTINCT outlet FROM articles") == [("gazette",)]
    assert "no outlet named x" in desk.acca("import", "--cc-news", "--outlets", "x", "CC-NEWS-2.warc.gz", code=2)


def test_a_file_that_was_read_for_one_outlet_is_read_for_the_next(desk: Desk) -> None:
    assert "new 1" in desk.acca("import", "--cc-news", "--outlets", "gazette", "CC-NEWS-1.warc.gz")
    assert "new 2" in desk.acca("import", "--cc-news", "--outlets", "paper", "CC-NEWS-1.warc.gz")
    assert "nothing kept" in desk.acca("import", "--cc-news", "--outlets", "gazette,paper", "CC-NEWS-1.warc.gz")
    assert desk.value("SELECT count(*) FROM captures") == 3
    desk.acca("import", "--cc-news", "--outlets", "gazette", "CC-NEWS-2.warc.gz")
    both = desk.acca("import", "--cc-news", "CC-NEWS-2.warc.gz")
    assert "nothing kept" in both and "imported before 1" in both


def test_a_file_is_read_again_after_the_outlet_s_addresses_were_corrected(desk: Desk) -> None:
    declaration = desk.directory / "acca.toml"
    text = declaration.read_text()
    declaration.write_text(text.replace("^/news/", "^/notes/"))
    assert "nothing kept" in desk.acca("import", "--cc-news", "CC-NEWS-1.warc.gz")
    declaration.write_text(text)
    assert "new 3" in desk.acca("import", "--cc-news", "CC-NEWS-1.warc.gz")
    assert "nothing kept" in desk.acca("import", "--cc-news", "CC-NEWS-1.warc.gz")


def test_a_torn_file_says_where_and_keeps_what_was_before(desk: Desk) -> None:
    file = desk.directory / "CC-NEWS-2.warc.gz"
    (desk.directory / "torn.warc.gz").write_bytes(file.read_bytes()[:-200])
    said = desk.acca("import", "--cc-news", "torn.warc.gz", code=1)
    assert "new 1" in said and "torn.warc.gz: can't be read" in said
    assert "missing or empty" in desk.acca("import", "--cc-news", "nowhere.warc.gz", code=1)


def test_a_page_older_than_ours_becomes_an_earlier_version(desk: Desk) -> None:
    newer = Kept("https://paper.example/news/report-1", "20250101000000", article("Report 1", "Another text of it."))
    write(desk.directory / "newer.warc.gz", [newer])
    desk.acca("import", "--cc-news", "newer.warc.gz")
    assert "earlier 1" in desk.acca("import", "--cc-news", "--outlets", "paper", "CC-NEWS-1.warc.gz")
    assert desk.value("SELECT text FROM revisions JOIN articles ON revision_id = revisions.id "
                      "WHERE identity LIKE '%report-1'").startswith("1. Report 1: Another")  # fmt: skip


def test_chunked_payloads_are_put_together(tmp_path: Path, desk: Desk) -> None:
    page = kept(9).html.encode()
    body = f"{len(page):x}\r\n".encode() + page + b"\r\n0\r\n\r\n"
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], "HTTP/1.1")
    record = writer.create_warc_record(
        "https://paper.example/news/report-9", "response", payload=io.BytesIO(body), http_headers=head,
        warc_headers_dict={"WARC-Date": stamp_of("20240101")},
    )  # fmt: skip
    writer.write_record(record)
    (tmp_path / "chunked.warc.gz").write_bytes(stream.getvalue())
    assert "new 1" in desk.acca("import", "--cc-news", "chunked.warc.gz")


def test_wrong_usage_is_said_so(desk: Desk) -> None:
    assert "goes with --cc-news" in desk.acca("import", "--outlets", "paper", "CC-NEWS-1.warc.gz", code=2)
    assert "neither --outlet" in desk.acca(
        "import", "--cc-news", "--url", "https://x.example/", "CC-NEWS-1.warc.gz", code=2
    )


def read_or_hang(_: object, capture: Capture, *__: object) -> Never:
    """Read nothing, and one page for ever."""
    while capture.url.endswith("report-1"):
        pass
    raise NotAnArticle("nothing on it")


def test_a_page_that_takes_too_long_is_counted_and_the_others_are_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cc_news, "read_capture", read_or_hang)
    config = parse({"crawl": {"page_seconds": 1.0}}, desk.directory / "acca.toml")
    paper = Outlet(title="Paper", home="https://paper.example/", hosts=("paper.example",), countries=("KG",),
                   languages=("en",), article_path="^/news/(?P<slug>[^/?]+)$")  # fmt: skip
    (report,) = cc_news.import_cc_news(
        config, {"paper": paper}, [desk.directory / "CC-NEWS-1.warc.gz"], only=(), engine=Engine()
    )
    assert report.skipped["too heavy: more than 1 seconds"] == report.skipped["no article on the page"] == 1
    assert report.error == ""


def test_an_import_that_a_full_disk_ends_is_in_the_journal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = CaptureStore.keep

    def keep_one(store: CaptureStore, capture: Capture, *, run_id: int, outlet: str) -> captures.Kept:
        if capture.url.endswith("report-1"):
            return keep(store, capture, run_id=run_id, outlet=outlet)
        raise CaptureError("No space left on device")

    monkeypatch.chdir(desk.directory)
    monkeypatch.setattr(CaptureStore, "keep", keep_one)
    done = CliRunner().invoke(main, ["import", "--cc-news", "--jobs", "1", "CC-NEWS-1.warc.gz"])
    assert (done.exit_code, "No space left" in done.output) == (1, True)
    assert desk.value("SELECT count(*) FROM articles") == 1
    with closing(sqlite3.connect(desk.directory / "archive" / "people.db")) as people:
        written = people.execute("SELECT action, json_extract(subject, '$.interrupted') FROM journal").fetchall()
    assert written == [("import", 1)]
