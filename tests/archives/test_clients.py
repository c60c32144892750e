"""The clients of web archives, over HTTP, against servers that answer like them."""

from __future__ import annotations

import pytest

from acca_crawler.archives.commoncrawl import CommonCrawl, parse_cdxj
from acca_crawler.archives.listed_captures import stamp_of, timestamp_of
from acca_crawler.archives.polite import PoliteClient
from acca_crawler.archives.wayback import Wayback, parse_cdx_json
from acca_crawler.exceptions import CaptureMissing, WebArchiveError
from tests.support.local import Answer, served
from tests.support.webarchives import Kept, common_crawl, wayback

PAGE = "<html><body><h1>Совет села</h1><p>Совет обсудил дорогу.</p></body></html>"
KEPT = [
    *(Kept(f"https://paper.example/news/{number}", f"2022082010000{number}", f"{PAGE}{number}") for number in range(7)),
    Kept("https://paper.example/news/1", "20230101000000", f"{PAGE}1"),  # the same payload again
    Kept("https://paper.example/gone", "20230101000000", "no", status=404),
    Kept("https://paper.example/logo.png", "20230101000000", "png", mime="image/png"),
    Kept("https://other.example/news/1", "20230101000000", PAGE),
]


class Waits(list[float]):
    """Collects the seconds a client would have slept; its clock advances by them."""

    def client(self, retries: int = 3) -> PoliteClient:
        return PoliteClient("test/0", delay=1.0, retries=retries, sleep=self.append, clock=lambda: sum(self))


def test_wayback_lists_a_host_page_by_page_and_resumes_from_a_key() -> None:
    with wayback(KEPT) as archive:
        pages = list(Wayback(Waits().client(), archive.home).index("paper.example"))
        assert [len(page.captures) for page in pages] == [3, 3, 1]
        resumed = list(Wayback(Waits().client(), archive.home).index("paper.example", pages[0].next_key))
    captures = [one for page in pages for one in page.captures]
    assert [one.url.rpartition("/")[2] for one in captures] == list("0123456")
    assert captures[2].captured_at == "2022-08-20T10:00:02Z"
    assert [one for page in resumed for one in page.captures] == captures[3:]


def test_wayback_gives_the_captures_own_bytes_headers_and_time() -> None:
    with wayback(KEPT) as archive:
        service = Wayback(Waits().client(), archive.home)
        (first, *_) = next(service.index("paper.example")).captures
        capture = service.fetch(first)
        assert capture.payload == f"{PAGE}0".encode()
        assert (capture.url, capture.fetched_at, capture.status) == (first.url, first.captured_at, 200)
        assert ("Content-Type", "text/html; charset=utf-8") in capture.response_headers
        assert not any(name.lower() == "content-length" for name, _ in capture.response_headers)
        assert capture.route == f"wayback {archive.home}/web/20220820100000id_/{first.url}"
        assert capture.request_method == ""


def test_wayback_leads_to_another_capture_whose_time_counts() -> None:
    with wayback(KEPT) as archive:
        service = Wayback(Waits().client(), archive.home)
        (first, *_) = next(service.index("paper.example")).captures
        archive.kept[0] = Kept(first.url, "20220820110000", PAGE)
        assert service.fetch(first).fetched_at == "2022-08-20T11:00:00Z"


def test_a_listed_capture_that_is_lost_is_missing() -> None:
    lost = [Kept("https://paper.example/news/9", "20220820100000", PAGE, lost=True)]
    with wayback(lost) as archive:
        service = Wayback(Waits().client(), archive.home)
        with pytest.raises(CaptureMissing, match="HTTP 404"):
            service.fetch(next(service.index("paper.example")).captures[0])
    with common_crawl(lost) as archive:
        crawl = CommonCrawl(Waits().client(), "", archive.home, archive.home)
        with pytest.raises(CaptureMissing, match="HTTP 404"):
            crawl.fetch(next(crawl.index("paper.example")).captures[0])


def test_common_crawl_lists_the_newest_collection_and_reads_records_by_range() -> None:
    with common_crawl(KEPT) as archive:
        crawl = CommonCrawl(Waits().client(), "", archive.home, archive.home)
        pages = list(crawl.index("paper.example"))
        assert [len(page.captures) for page in pages] == [3, 3, 2, 0]  # it counts pages before it filters
        assert pages[0].next_key == "CC-MAIN-2026-05/1" and pages[-1].next_key == ""
        resumed = list(crawl.index("paper.example", pages[0].next_key))
        assert [one for page in resumed for one in page.captures] == [o for page in pages[1:] for o in page.captures]
        capture = crawl.fetch(pages[0].captures[0])
    assert capture.payload == f"{PAGE}0".encode()
    assert (capture.url, capture.fetched_at) == ("https://paper.example/news/0", "2022-08-20T10:00:00Z")
    assert "CC-MAIN-1.warc.gz" in capture.route


def test_a_host_that_an_archive_does_not_have_is_an_empty_index() -> None:
    with common_crawl(KEPT) as archive:
        assert list(CommonCrawl(Waits().client(), "", archive.home, archive.home).index("nobody.example")) == []
    with wayback(KEPT) as archive:
        (page,) = Wayback(Waits().client(), archive.home).index("nobody.example")
        assert page.captures == () and page.next_key == ""


def test_requests_keep_their_distance_and_a_busy_archive_is_waited_for() -> None:
    waits = Waits()
    with wayback(KEPT, busy=2, retry_after="7") as archive:
        list(Wayback(waits.client(), archive.home).index("paper.example"))
    assert waits == [7.0, 7.0, 1.0, 1.0]


def test_an_archive_that_stays_busy_or_asks_for_an_hour_ends_the_work() -> None:
    with wayback(KEPT, busy=9) as archive, pytest.raises(WebArchiveError, match="HTTP 429 in 3 tries"):
        list(Wayback(Waits().client(retries=2), archive.home).index("paper.example"))
    with (
        wayback(KEPT, busy=9, retry_after="3600") as archive,
        pytest.raises(WebArchiveError, match="asks us to wait 3600 seconds"),
    ):
        list(Wayback(Waits().client(), archive.home).index("paper.example"))


@pytest.mark.parametrize("body", ["<html>busy</html>", '{"a": 1}', "[1, 2]", "null"])
def test_an_index_that_is_no_index_is_an_error(body: str) -> None:
    with served(lambda asked: Answer(body)) as site, pytest.raises(WebArchiveError, match="something other than"):
        list(Wayback(Waits().client(), site.home.rstrip("/")).index("paper.example"))


def test_broken_lines_of_an_index_are_counted() -> None:
    rows = (
        b'[["timestamp","original","mimetype","statuscode","digest"],["x","u","m","200","d"],["2022","u","m","-","d"]]'
    )
    page = parse_cdx_json(rows)
    assert page.broken == 1 and page.captures[0].status is None
    captures, broken = parse_cdxj(b'nonsense\n{"url": 1}\n\nx)/ 20220820 {"url": "u", "digest": "d", "filename": "f", '
                                  b'"offset": "1", "length": "2"}\n')  # fmt: skip
    assert broken == 2 and captures[0].captured_at == "2022-08-20T00:00:00Z"


def test_timestamps_go_both_ways() -> None:
    assert stamp_of("20220820101112") == "2022-08-20T10:11:12Z" and stamp_of("2022") == "2022-01-01T00:00:00Z"
    assert timestamp_of("2022-08-20T10:11:12Z") == "20220820101112"
    with pytest.raises(ValueError):
        stamp_of("yesterday")
