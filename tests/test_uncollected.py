"""The garbage collector pauses while word lists are read, and spares what a crawl has loaded; afterwards as before."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pytest

from acca_crawler.detect.annotate import matcher_for
from acca_crawler.uncollected import RARELY, collecting_less, uncollected


def test_collection_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_reading_word_lists_leaves_the_collector_on() -> None:
    matcher_for.cache_clear()
    assert matcher_for("ky").find("милиция", [(0, 7)])
    assert gc.isenabled()


def test_collections_pass_over_what_is_loaded_and_are_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collecting_less():
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[0] > before[0]
        raise KeyError
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


def test_what_becomes_unused_meanwhile_is_still_freed() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.me = self

    with collecting_less():
        gone = [weakref.ref(Cycle()) for _ in range(1000)]
        kept: list[object] = [[] for _ in range(2 * RARELY)]
        assert kept and not any(one() for one in gone)


CRAWL = """
import gc
from scrapy import Spider
from scrapy.settings import Settings
from acca_crawler.crawl.scrapy_process import run_spiders

class Counting(Spider):
    name = "counting"
    async def start(self):
        print(gc.get_freeze_count())
        return
        yield

run_spiders(Settings({"TELNETCONSOLE_ENABLED": False, "LOG_ENABLED": False}), [(Counting, {})], 1)
print(gc.get_freeze_count())
"""


def test_collections_pass_over_what_is_loaded_while_a_crawl_runs() -> None:
    ran = subprocess.run([sys.executable, "-c", CRAWL], capture_output=True, text=True, check=True)
    during, after = map(int, ran.stdout.split())
    assert during > 10_000
    assert after == 0
