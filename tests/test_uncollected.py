"""The garbage collector pauses while word lists are read, and goes on afterwards as before."""

from __future__ import annotations

import gc

import pytest

from acca_crawler.detect.annotate import matcher_for
from acca_crawler.uncollected import uncollected


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
