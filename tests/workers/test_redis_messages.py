"""What goes through Redis arrives as it was sent, and nothing in it is executed."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from scrapy import Request

from acca_crawler import __version__
from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.detect import detect
from acca_crawler.ingest.preparation import prepare
from acca_crawler.items import Article, ArticlePart, Capture, Dated, Extraction, Listed, Page, PartPage, PostDetails
from acca_crawler.workers.redis_messages import WorkerReport, dumps, loads, packed, unpacked
from storage.ledger.addresses import Pending

CAPTURE = Capture(
    "https://paper.example/1", "article", "2026-11-29T01:02:03.004Z", 200, "OK", "GET", (("A", "b"),), (("C", "d"),),
    b"\x1f\x8b\x00\xff not text", "origin", "192.0.2.1",
)  # fmt: skip
EXTRACTION = Extraction(
    "Текст.\n\nЕщё.", "Заголовок", "https://paper.example/1", published=Dated("2026-11-29", "url", "low", "+06:00"),
    post=PostDetails(links=("https://x.example/",)), roles=("paragraph", "quote"), alternates=(("ru", "https://p/"),),
)  # fmt: skip
ARTICLE = Article(
    "paper", "1", "https://paper.example/1", ("https://paper.example/1",), EXTRACTION,
    detect("Полиция пытала задержанного в отделе, сообщил адвокат.", language="ru"), "ab" * 32, "ru", capture_id=-2,
    parts=(ArticlePart(2, "https://paper.example/1/2", -1), ArticlePart(3, "https://paper.example/1/3", None, "gone")),
)  # fmt: skip
PENDING = Pending(7, "https://paper.example/1", Listed("https://paper.example/1", title="Заголовок"), None, '"e"', None)


def test_a_report_arrives_whole_except_for_markup() -> None:
    page = Page("https://paper.example/1", b"<html>", parts=(PartPage(2, "https://paper.example/1/2", b"<p>"),))
    report = WorkerReport(
        "paper", "w", "https://paper.example/1", (CAPTURE,), None, ARTICLE, page, {"fetched": 1}, "", None
    )
    arrived = unpacked(packed(report))
    assert arrived.captures == (CAPTURE,)
    assert arrived.article == ARTICLE
    assert arrived.page is not None
    assert (arrived.page.html, arrived.page.parts[0].html) == (b"", b"")
    assert arrived.counts == {"fetched": 1}


def test_what_a_worker_prepared_arrives_with_its_article() -> None:
    prepared = prepare(ARTICLE)
    assert prepared.keys.text
    arrived = unpacked(packed(WorkerReport("paper", "w", article=replace(ARTICLE, prepared=prepared)))).article
    assert arrived is not None
    assert arrived.prepared == prepared


@pytest.mark.parametrize("release", [{}, {b"release": b"0.0.1"}, {b"release": f"{__version__}+0123456789ab".encode()}])
def test_what_other_code_or_words_prepared_is_left_out(release: dict[bytes, bytes]) -> None:
    fields = packed(WorkerReport("paper", "w", article=replace(ARTICLE, prepared=prepare(ARTICLE))))
    del fields[b"release"]
    arrived = unpacked({**fields, **release}).article
    assert arrived == ARTICLE
    assert arrived is not None
    assert arrived.prepared is None


def test_numbers_of_a_reports_own_captures_become_the_archives_and_others_stay() -> None:
    report = WorkerReport(
        "paper", "w", "u", (CAPTURE, CAPTURE), FetchOutcome("gone", "u", "404", -1), ARTICLE, Page("u", b"")
    )
    numbered = report.numbered((101, 102))
    assert numbered.article is not None
    assert numbered.outcome is not None
    assert (numbered.article.capture_id, numbered.outcome.capture_id) == (102, 101)
    assert [part.capture_id for part in numbered.article.parts] == [101, None]
    listed = WorkerReport("paper", "w", "u", outcome=FetchOutcome("gone", "u", "404", 55))
    assert listed.numbered(()).outcome == listed.outcome


def test_a_request_arrives_as_it_was_sent() -> None:
    request = Request(
        "https://paper.example/1", headers={"If-None-Match": '"e"'}, cb_kwargs={"pending": PENDING}, priority=-7,
        meta={"kind": "article", "handle_httpstatus_list": [304, 404]}, dont_filter=True,
    )  # fmt: skip
    arrived = loads(dumps(request.to_dict()))
    assert arrived["cb_kwargs"] == {"pending": PENDING}
    rebuilt = Request(**{name: arrived[name] for name in ("url", "headers", "meta", "body", "priority", "dont_filter")})
    assert rebuilt.headers == request.headers
    assert rebuilt.meta == request.meta
    assert rebuilt.priority == -7


class Trap:
    """What unpickling would execute."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("executed",)


def test_a_pickle_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        loads(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match=r".+"):
        unpacked({b"report": pickle.dumps(Trap())})
