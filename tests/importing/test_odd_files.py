"""`acca import` of files with more or less in them than the pages of articles, or with none."""

from __future__ import annotations

import gzip
import random
import re
import zlib
from pathlib import Path

import pytest

from acca_crawler.extract.document import parse
from acca_crawler.extract.listing_pages import is_listing
from acca_crawler.importing.warc import iter_warc_pages
from tests.support.desk import Desk
from tests.support.local import article

HOME = "https://vestnik.example/"
OUTLET = """
[[outlet]]
name = "vestnik"
base = "generic"
home = "https://vestnik.example./"
countries = ["KG"]
languages = ["en", "ru"]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An operator's desk with one outlet, whose home is written with a complete domain name's final dot."""
    desk = Desk(tmp_path)
    desk.configure(OUTLET)
    return desk


def record(
    url: str, html: str, *, kind: str = "response", status: str = "200 OK", date: str = "2026-11-20", more: str = ""
) -> bytes:
    """A WARC record of a page."""
    body = html.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()
    block, media = (body, "text/html") if kind == "resource" else (head + body, "application/http; msgtype=response")
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{zlib.crc32(repr((url, date, kind)).encode()):032x}>\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


def imported(desk: Desk, *records: bytes, code: int = 0) -> str:
    """What `acca import` says of a WARC file with these records."""
    (desk.directory / "pages.warc").write_bytes(b"".join(records))
    return desk.acca("import", "pages.warc", code=code)


def test_a_mirror_that_outlets_share_is_known_by_the_canonical_address(desk: Desk) -> None:
    mirror = "https://d1invented.cloudfront.net/a/doroga/31234567.html"
    of = {"rus.azattyq.org": "/a/doroga/31234567.html", "www.ozodi.org": "/a/other/30000000.html"}
    for host, path in of.items():
        head = f'<link rel="canonical" href="https://{host}{path}">'
        if path in mirror:
            imported(desk, record(mirror, article("The road", head=head)))
        else:  # a page that names another address is nobody's
            assert "nothing was imported" in imported(desk, record(mirror, article("The road", head=head)), code=1)
    assert desk.tuples("SELECT outlet, url FROM articles") == [
        ("azattyq_ru", "https://rus.azattyq.org/a/doroga/31234567.html")
    ]


def titles(desk: Desk) -> list[tuple[object, ...]]:
    """The titles in the archive."""
    return desk.tuples("SELECT title FROM revisions ORDER BY id")


def test_an_unreadable_record_is_reported_and_leaves_the_others(desk: Desk) -> None:
    packed = record(f"{HOME}news/second-report", article("Two"), more="Content-Encoding: x-own\r\n")
    bad = record("https://vestnik.example:port/news/third-report", article("Three"))
    first, last = (
        record(f"{HOME}news/first-report", article("One")),
        record(f"{HOME}news/fourth-report", article("Four")),
    )
    assert "x-own" in imported(desk, first, packed, bad, last, code=1)
    assert titles(desk) == [("One",), ("Four",)]


def test_reading_goes_on_behind_a_record_whose_length_is_wrong(desk: Desk) -> None:
    whole = [record(f"{HOME}news/report-number-{number}", article(f"Report {number}")) for number in range(1, 9)]
    for number, length in ((1, b"-5"), (3, b"99999999999999999999"), (5, b"9"), (6, b"soon")):
        whole[number] = re.sub(rb"(?<=\nContent-Length: )\d+(?=\r\n\r\nHTTP)", length, whole[number])
    assert "offset" in imported(desk, *whole[:7], b"\x00" * 100 + b"\r\n\r\n", whole[7], code=1)
    assert titles(desk) == [("Report 1",), ("Report 3",), ("Report 5",), ("Report 8",)]


def test_reading_goes_on_behind_a_torn_member_of_a_packed_file(desk: Desk) -> None:
    members = [
        gzip.compress(record(f"{HOME}news/report-number-{number}", article(f"Report {number}")))
        for number in range(1, 4)
    ]
    assert "offset" in imported(desk, members[0], members[1][:-80], members[2], code=1)
    assert titles(desk) == [("Report 1",), ("Report 3",)]


def test_a_file_that_was_packed_whole_is_read_to_its_end_or_to_where_it_is_torn(desk: Desk) -> None:
    whole = [record(f"{HOME}news/report-number-{number}", article(f"Report {number}")) for number in range(1, 4)]
    packed = gzip.compress(b"".join(whole))
    imported(desk, packed)
    assert titles(desk) == [("Report 1",), ("Report 2",), ("Report 3",)]
    assert "pages.warc (unpacked): can't be read at offset" in imported(desk, packed[:-60], code=1)


def test_a_damaged_member_of_a_packed_file_is_reported_wherever_it_is_torn(tmp_path: Path) -> None:
    file, numbers = tmp_path / "torn.warc.gz", random.Random(11)
    for _ in range(40):
        pages = [article(" ".join(str(numbers.random()) for _ in range(60))) for _ in range(3)]
        whole = [gzip.compress(record(f"{HOME}news/report-number-{i}", page)) for i, page in enumerate(pages)]
        for missing in numbers.sample(range(1, len(whole[1]) - 10), 10):
            file.write_bytes(whole[0] + whole[1][:-missing] + whole[2])
            found = list(iter_warc_pages(file))
            assert any(page.error for page in found), missing
            assert [page.url[-1] for page in found if not page.error] == ["0", "2"], missing


def test_an_arc_file_is_read_and_other_saved_forms_are_named(desk: Desk) -> None:
    html = article("One").encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
    intro = b"1 0 nobody\nURL IP-address Archive-date Content-type Archive-length\n"
    (desk.directory / "old.arc").write_bytes(
        b"filedesc://old.arc 0.0.0.0 20261120080000 text/plain %d\n%s\n" % (len(intro), intro)
        + f"{HOME}news/first-report 127.0.0.1 20261120080000 text/html {len(answer)}\n".encode() + answer + b"\n"
    )  # fmt: skip
    desk.acca("import", "old.arc")
    assert titles(desk) == [("One",)]
    mhtml = b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + html
    for name, content, said in (("a.mhtml", mhtml, "MHTML"), ("a.har", b'{"log": {"entries": []}}', "JSON")):
        (desk.directory / name).write_bytes(content)
        assert said in desk.acca("import", "--outlet", "vestnik", name, code=1)
    assert titles(desk) == [("One",)]


def test_resources_and_answers_of_a_proxy_are_pages(desk: Desk) -> None:
    resource = record(f"{HOME}news/first-report", article("One"), kind="resource")
    proxied = record("https://vestnik.example./news/second-report", article("Two"), status="203 Non-Authoritative")
    imported(desk, resource, proxied)
    assert titles(desk) == [("One",), ("Two",)]


def test_an_answer_without_a_media_type_is_a_page_if_it_looks_like_one(desk: Desk) -> None:
    pages = {"first-report": article("The road"), "second-report": article("A picture").replace("<", "_")}
    typed = [record(f"{HOME}news/{name}", html) for name, html in pages.items()]
    imported(desk, *(one.replace(b"\nContent-Type: text/html", b"\nX-ntent-Type: text/html") for one in typed))
    assert titles(desk) == [("The road",)]


def test_a_file_of_which_nothing_was_taken_says_so(desk: Desk) -> None:
    part = record(f"{HOME}news/first-report", article("One"), status="206 Partial Content")
    assert "it has no whole page" in imported(desk, part, code=1)
    other = record("https://other.example/news/first-report", article("One"))
    assert "https://other.example/" in imported(desk, other, code=1)


def test_an_older_capture_never_becomes_the_current_version(desk: Desk) -> None:
    newer = record(f"{HOME}news/first-report", article("One as corrected"))
    older = record(f"{HOME}news/first-report", article("One at first"), date="2026-10-01")
    assert "newer version" in imported(desk, newer, older)
    assert titles(desk) == [("One as corrected",)]
    assert desk.value("SELECT count(*) FROM captures") == 2


LIST = "<body class='archive tag'><h1>Prisons</h1>" + "".join(
    f"<div><h2><a href='/news/report-{number}'>Report number {number}</a></h2><p>A man died in custody, "
    f"number {number}, his relatives told a reporter of the paper on Monday evening.</p></div>"
    for number in range(8)
)


def test_a_saved_list_and_a_page_of_no_articles_address_are_refused_and_the_next_file_is_read(desk: Desk) -> None:
    (desk.directory / "list.html").write_text(f"<html>{LIST}</body></html>")
    (desk.directory / "tag.html").write_text(f"<link rel=canonical href='{HOME}tag/prisons'>{article('Tagged')}")
    (desk.directory / "good.html").write_text(article("One"))
    said = desk.acca("import", "--outlet", "vestnik", "list.html", "tag.html", "good.html", code=1)
    assert "a page that lists articles" in said
    assert "is not the address of an article" in said
    assert titles(desk) == [("One",)]


@pytest.mark.parametrize(
    "card",
    [
        "<div class=item><a href='/news/report-{0}'>Report of a death number {0}</a><p>A man died.</p></div>",
        "<li><a href='/news/report-{0}'>Report of a death number {0}</a></li>",
        "<tr><td><a href='/news/report-{0}'>Report of a death number {0}</a></td><td>A man died in custody.</td></tr>",
    ],
)
def test_links_in_elements_alike_are_a_list_if_there_is_next_to_nothing_else(card: str) -> None:
    cards = "".join(card.format(number) for number in range(7))
    wrapped = f"<table>{cards}</table>" if card.startswith("<tr") else f"<ul>{cards}</ul>"
    for page, listed in (
        (f"<h1>Prisons</h1><div>Seven reports</div>{wrapped}", True),
        (article("One").replace("</article>", f"{wrapped}</article>"), False),
    ):
        root = parse(page)
        assert root is not None
        assert is_listing(root, f"{HOME}tags/prisons") is listed


def test_an_article_with_related_headlines_is_no_list() -> None:
    related = "".join(f"<div class='card'><h3><a href='/{number}'>Another report</a></h3></div>" for number in range(8))
    for page in (
        article("One").replace("</article>", f"</article><section class='related-posts'>{related}</section>"),
        article("One", head="<meta property='og:type' content='article'>") + related,
        article("One"),
    ):
        root = parse(page)
        assert root is not None
        assert not is_listing(root, f"{HOME}news/first-report")


def test_a_capture_is_no_visit_and_a_missing_article_stays_missing(desk: Desk) -> None:
    page = record(f"{HOME}news/first-report", article("One"))
    imported(desk, page)
    desk.execute("UPDATE articles SET missing_since = '2026-11-21T00:00:00Z', missing_tries = 2")
    for date, title in (("2026-11-20", "One"), ("2026-11-22", "One"), ("2026-11-23", "One, with a correction")):
        imported(desk, record(f"{HOME}news/first-report", article(title), date=date))
        assert desk.tuples("SELECT missing_since, missing_tries FROM articles") == [("2026-11-21T00:00:00Z", 2)]
    assert titles(desk)[-1] == ("One, with a correction",)
    assert desk.value("SELECT count(*) FROM visits") == 0


def test_channels_of_one_host_are_told_apart(desk: Desk) -> None:
    desk.configure("".join(
        f'[[outlet]]\nname = "{name}"\nbase = "telegram"\nhome = "https://t.me/s/{name}"\ncountries = ["KG"]\n'
        'languages = ["ru"]\n' for name in ("first_news", "second_news")
    ))  # fmt: skip
    post = (
        '<div class="tgme_widget_message js-widget_message" data-post="{0}/7"><div '
        'class="tgme_widget_message_text js-message_text">Report of {0} from the square, where nothing happened.</div>'
        '<a class="tgme_widget_message_date"><time datetime="2026-11-20T08:00:00+00:00"></time></a></div>'
    )
    records = [
        record(f"https://t.me/{name}/7?embed=1", post.format(name))
        for name in ("second_news", "other_news", "first_news")
    ]
    imported(desk, *records)
    assert desk.tuples("SELECT outlet, identity FROM articles ORDER BY outlet") == [
        ("first_news", "first_news/7"), ("second_news", "second_news/7"),
    ]  # fmt: skip


POST = (
    '<div class="tgme_widget_message js-widget_message" data-post="{0}"><div class="tgme_widget_message_text '
    'js-message_text">{1}</div><a class="tgme_widget_message_date"><time datetime="{2}T08:00:00+00:00"></time></a>'
    "</div>"
)


def test_a_channels_list_becomes_its_posts(desk: Desk) -> None:
    desk.configure(
        '[[outlet]]\nname = "first"\nbase = "telegram"\nhome = "https://t.me/s/first_news"\ncountries = ["KG"]\n'
        'languages = ["ru"]\n'
    )
    one, two = (
        POST.format(f"first_news/{number}", f"Report {number} from the square.", "2026-11-18") for number in (7, 8)
    )
    edited = POST.format("first_news/8", "Report 8 from the square, put right.", "2026-11-18")
    forwarded = POST.format("other_news/3", "A post of another channel.", "2026-11-18")
    imported(
        desk,
        record("https://t.me/s/first_news", f"<main>{one}{two}{forwarded}</main>", date="2026-11-20"),
        record("https://t.me/s/First_News?before=9", f"<main>{one}{edited}</main>", date="2026-11-21"),
        record("https://t.me/s/other_news", f"<main>{forwarded}</main>", date="2026-11-21"),
        record("https://t.me/first_news/9?embed=1", POST.format("first_news/9", "Report 9.", "2026-11-19")),
    )
    assert desk.tuples("SELECT identity, number, text, kind FROM articles JOIN revisions ON article_id = articles.id "
                       "JOIN captures ON captures.id = capture_id ORDER BY identity, number") == [
        ("first_news/7", 1, "Report 7 from the square.", "posts"),
        ("first_news/8", 1, "Report 8 from the square.", "posts"),
        ("first_news/8", 2, "Report 8 from the square, put right.", "posts"),
        ("first_news/9", 1, "Report 9.", "article"),
    ]  # fmt: skip
    assert desk.value("SELECT published_at FROM revisions WHERE id = 1") == "2026-11-18T08:00:00Z"
    assert "everything matches" in desk.acca("verify")
    assert "0 would be read differently" in desk.acca("reprocess", "--dry-run")


def test_a_channels_list_without_posts_is_an_error(desk: Desk) -> None:
    desk.configure(
        '[[outlet]]\nname = "first"\nbase = "telegram"\nhome = "https://t.me/s/first_news"\ncountries = ["KG"]\n'
        'languages = ["ru"]\n'
    )
    post = record("https://t.me/first_news/7?embed=1", POST.format("first_news/7", "Report 7.", "2026-11-18"))
    out = imported(desk, record("https://t.me/s/first_news", "<p>Nothing.</p>"), post, code=1)
    assert "no posts on the page" in out
    assert desk.tuples("SELECT identity FROM articles") == [("first_news/7",)]
