"""Pages and articles of every size reach the reading process and come back as they were, in any order."""

from __future__ import annotations

import os
import signal
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from acca_crawler.crawl.reading.exchange import SIZE
from acca_crawler.crawl.reading.guard import Limits
from acca_crawler.crawl.reading.pool import Pool, open_pool
from acca_crawler.exceptions import PageTooHeavy


def echo(page: bytes) -> bytes:
    return page


def repeat(letter: bytes, times: int) -> bytes:
    return letter * times


def swell(page: bytes) -> bytes:
    return page + bytes(1024**3)


def die_once(marker: Path, page: bytes) -> bytes:
    if marker.exists():
        marker.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return page


def pool_of(count: int) -> AbstractContextManager[Pool]:
    limits = Limits(seconds=20, memory=256 * 1024**2)
    return open_pool((echo, repeat, swell, die_once), lambda: None, limits, count)


@pytest.mark.parametrize("size", [0, 1, SIZE // 2, SIZE - 100, SIZE, SIZE + 1, 20 * 1024**2])
def test_a_page_of_any_size_comes_back(size: int) -> None:
    with pool_of(1) as pool:
        for letter in (b"a", b"b"):
            assert pool.submit(0, letter * size).result() == letter * size
            assert pool.submit(1, letter, size).result() == letter * size
            assert pool.submit(0, letter).result() == letter


def test_pages_that_are_read_at_once_are_not_mixed_up() -> None:
    pages = [bytes([number]) * (SIZE // 2 + number * SIZE // 50) for number in range(60)]
    with pool_of(3) as pool:
        answers = [pool.submit(0, page) for page in pages]
        assert [answer.result() for answer in answers] == pages


def test_the_next_page_is_whole_after_one_that_was_given_up() -> None:
    with pool_of(1) as pool:
        for page in (b"small", b"x" * SIZE * 2):
            with pytest.raises(PageTooHeavy):
                pool.submit(2, page).result()
            assert pool.submit(0, page).result() == page


@pytest.mark.parametrize("size", [10, 2 * SIZE])
def test_a_page_whose_process_was_killed_is_read_again(tmp_path: Path, size: int) -> None:
    marker = tmp_path / "once"
    marker.touch()
    with pool_of(1) as pool:
        assert pool.submit(3, marker, b"y" * size).result() == b"y" * size
    assert not marker.exists()
