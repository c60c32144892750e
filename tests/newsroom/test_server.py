"""The server itself: loopback only, keep-alive, log, validators, compression, the two days, the command."""

from __future__ import annotations

import gzip
import http.client
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from acca_crawler.newsroom import Newsroom
from tests.newsroom.conftest import TODAY, Get

ARTICLE = "/en/14212/kazakhstan-three-men-say-they-were-tortured-in-taraz-police-department/"


def free_port_range(size: int) -> int:
    """The first of `size` consecutive ports that were free a moment ago."""
    for base in range(20_000, 60_000, size):
        probes = [socket.socket() for _ in range(size)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", base + number))
        except OSError:
            continue
        else:
            return base
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no free ports")


def test_every_site_listens_on_loopback_only(newsroom: Newsroom) -> None:
    urls = [site.url for site in newsroom.sites.values()]
    assert len(set(urls)) == len(urls) >= 2
    assert all(url.startswith("http://127.0.0.1:") for url in urls)


def test_fixed_ports_and_a_chosen_site() -> None:
    base = free_port_range(8)
    with Newsroom(port_base=base, today=TODAY) as newsroom:
        assert newsroom.sites["acca"].url == f"http://127.0.0.1:{base}"
        assert newsroom.sites["semdorog"].url == f"http://127.0.0.1:{base + 1}"
        with pytest.raises(OSError), Newsroom(port_base=base, sites=["acca"]):
            pass
    with Newsroom(port_base=base, sites=["acca"]) as again:
        assert list(again.sites) == ["acca"]


def test_an_address_is_asked_for_too_early() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = Newsroom().sites["acca"].url


def test_every_request_is_logged_with_its_kind(newsroom: Newsroom, get: Get) -> None:
    before = time.time()
    paths = ("/robots.txt", "/?rest_route=/wp/v2/posts", "/feed/", "/wp-sitemap.xml", "/en/", ARTICLE, "/x/y/z/")
    for path in paths:
        get(path, headers={"User-Agent": "a-test"})
    get("/news/", site="semdorog")
    records = newsroom.sites["acca"].requests
    assert [record.path for record in records] == list(paths)
    kinds = ["robots", "rest", "feed", "sitemap", "listing", "article", "other"]
    assert [record.kind for record in records] == kinds
    assert [record.status for record in records] == [200] * 6 + [404]
    assert all(record.headers["User-Agent"] == record.headers["user-agent"] == "a-test" for record in records)
    assert before <= records[0].time <= records[-1].time <= time.time()
    assert len(newsroom.requests) == len(paths) + 1


def test_one_connection_serves_many_requests(newsroom: Newsroom) -> None:
    connection = http.client.HTTPConnection(newsroom.sites["acca"].url.removeprefix("http://"), timeout=10)
    connection.connect()
    first = connection.sock
    for path in ("/en/", ARTICLE, "/none/", "/robots.txt"):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.version == 11
        response.read()
        assert connection.sock is first
    connection.close()


def test_head_has_the_headers_only(get: Get) -> None:
    whole, head = get(ARTICLE), get(ARTICLE, method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_compression_on_request(get: Get) -> None:
    plain = get(ARTICLE)
    packed = get(ARTICLE, headers={"Accept-Encoding": "gzip, deflate"})
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_conditional_requests(newsroom: Newsroom, get: Get) -> None:
    first = get("/?p=14205")
    same = get("/?p=14205", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status, same.body) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert get("/?p=14205", headers=since).status == 304
    newsroom.set_day(2)
    assert get("/?p=14205", headers={"If-None-Match": first.headers["ETag"]}).status == 200
    assert get("/?p=14205", headers=since).status == 200


def test_feeds_are_validated_too(newsroom: Newsroom, get: Get) -> None:
    for path, site in (("/en/feed/", "acca"), ("/rss.xml", "semdorog")):
        tag = get(path, site=site).headers["ETag"]
        assert get(path, site=site, headers={"If-None-Match": tag}).status == 304
        newsroom.set_day(2)
        assert get(path, site=site, headers={"If-None-Match": tag}).status == 200
        newsroom.set_day(1)


def test_validators_that_lie(newsroom: Newsroom, get: Get) -> None:
    faults = newsroom.sites["acca"].faults
    faults.validators = "off"
    assert get("/feed/").headers["ETag"] is None
    faults.validators = "changing"
    first, second = get("/feed/"), get("/feed/")
    assert first.headers["ETag"] != second.headers["ETag"] and first.body == second.body
    faults.validators = "stuck"
    tag = get("/feed/").headers["ETag"]
    newsroom.set_day(2)
    assert get("/feed/", headers={"If-None-Match": tag}).status == 304


def test_many_clients_at_once(newsroom: Newsroom, get: Get) -> None:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(get(ARTICLE).status)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [200] * 20


def test_stopping_closes_kept_connections(newsroom: Newsroom) -> None:
    connection = http.client.HTTPConnection(newsroom.sites["acca"].url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/en/")
    connection.getresponse().read()
    newsroom.stop()
    connection.auto_open = 0
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.request("GET", "/en/")
        connection.getresponse()
    connection.close()


def test_the_newsroom_says_nothing(capfd: pytest.CaptureFixture[str], newsroom: Newsroom, get: Get) -> None:
    newsroom.sites["acca"].faults.reset.add("/en/")
    with pytest.raises(ConnectionResetError):
        get("/en/")
    get("/feed/")
    assert capfd.readouterr() == ("", "")


def test_the_command_serves_until_it_is_stopped() -> None:
    base = free_port_range(8)
    command = [sys.executable, "-m", "acca_crawler.newsroom", "--day", "2", "--port-base", str(base)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines: list[str] = []
            while not lines or not lines[-1].startswith("Day 2"):
                lines.append(process.stdout.readline())
                assert lines[-1], "the command ended"
            assert lines[0].split() == ["acca", f"http://127.0.0.1:{base}/"]
            with urllib.request.urlopen(f"http://127.0.0.1:{base}/en/", timeout=10) as response:
                assert "Turkmenabat" in response.read().decode()
        finally:
            process.terminate()
