"""Pages are read on a Dask cluster as in processes here; one that can't be used says what to do."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import dask
import distributed
import pytest

from acca_crawler.crawl.reading import cluster as cluster_module
from acca_crawler.crawl.reading.guard import Limits
from acca_crawler.detect.detector import fingerprint
from acca_crawler.engines import Engine, Readers, open_readers
from acca_crawler.exceptions import EngineError, NotAnArticle, PageTooHeavy, ReadersLost
from tests.support.dask_clusters import running_cluster
from tests.support.processes import command_line, descendants

pytestmark = pytest.mark.xdist_group("dask")  # one cluster at a time: each takes seconds of two cores to start
HERE = os.getpid()


def double(number: int) -> int:
    return 2 * number


def die_once(marker: Path, number: int) -> int:
    """End the process that reads page 3 the first time, as the kernel does when memory is short."""
    if number == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    """End the process that reads page 3, every time."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def hang(number: int) -> int:
    """Read page 1 for ever."""
    while number == 1:
        pass
    return number


def refuse(_: int) -> int:
    raise NotAnArticle("a list")


def break_down(_: int) -> int:
    raise KeyError("missing")


def run_out(_: int) -> int:
    """Want more memory than there is, on a worker; have enough here."""
    if "acca-here" not in os.environ:
        raise MemoryError
    return 7


FUNCTIONS = (double, die_once, die, hang, refuse, break_down, run_out)
DOUBLE, DIE_ONCE, DIE, HANG, REFUSE, BREAK_DOWN, RUN_OUT = range(len(FUNCTIONS))


def nothing() -> None:
    """Load nothing."""


@contextmanager
def readers_of(engine: Engine, seconds: float = 20.0) -> Iterator[Readers]:
    with open_readers(engine, FUNCTIONS, nothing, Limits(seconds, memory=512 * 1024**2), ()) as readers:
        yield readers


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """A cluster of two workers in processes, for the tests that end none of them."""
    with running_cluster(2) as started:
        yield started


@pytest.fixture
def ending() -> Iterator[Any]:
    """A cluster that a test may end; its worker is in this process, which takes no time to start."""
    with running_cluster(1, processes=False) as started:
        yield started


@pytest.fixture(params=["processes", "dask"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Two processes, or the running cluster with two workers."""
    return Engine(jobs=2) if request.param == "processes" else on(request.getfixturevalue("running"))


def on(cluster: Any) -> Engine:
    return Engine("dask", scheduler=cluster.scheduler_address)


def test_each_task_has_its_own_result(engine: Engine) -> None:
    with readers_of(engine) as readers:
        assert readers.jobs == 2
        waiting = [readers.submit(DOUBLE, number) for number in range(20)]
        assert [one.result() for one in waiting] == [2 * number for number in range(20)]


def test_an_error_of_ours_arrives_as_itself_and_any_other_by_its_name(engine: Engine) -> None:
    with readers_of(engine) as readers:
        with pytest.raises(NotAnArticle, match="a list"):
            readers.submit(REFUSE, 1).result()
        with pytest.raises(RuntimeError, match="KeyError: 'missing'"):
            readers.submit(BREAK_DOWN, 1).result()


def test_a_killed_worker_loses_no_page_not_even_the_only_one(tmp_path: Path) -> None:
    with readers_of(Engine("dask", jobs=1)) as readers:
        waiting = [readers.submit(DIE_ONCE, tmp_path / "killed", number) for number in range(8)]
        assert [one.result() for one in waiting] == list(range(8))
    assert (tmp_path / "killed").exists()


def test_a_page_that_ends_every_worker_is_read_here_within_its_limits() -> None:
    once = dask.config.set({"distributed.scheduler.allowed-failures": 0})  # else it takes four workers, one by one
    with once, readers_of(Engine("dask", jobs=1)) as readers:
        waiting = [readers.submit(DIE, number) for number in range(5)]
        assert [one.result() for one in waiting[:3]] == [0, 1, 2]
        with pytest.raises(PageTooHeavy, match="its process ended"):
            waiting[3].result()
        assert waiting[4].result() == 4


def test_a_page_that_hangs_a_worker_is_too_heavy_and_the_next_ones_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "LOOK_SECONDS", 0.2)
    with readers_of(Engine("dask", jobs=1), seconds=2.0) as readers:  # a worker gets six times that, with its start
        waiting = [readers.submit(HANG, number) for number in range(3)]
        assert waiting[0].result() == 0
        with pytest.raises(PageTooHeavy, match="more than 2 seconds"):
            waiting[1].result()
        assert waiting[2].result() == 2


def test_pages_that_hang_one_after_another_leave_the_worker_as_it_is(running: Any) -> None:
    before = set(running.scheduler.workers)
    with readers_of(on(running), seconds=1.0) as readers:
        waiting = [readers.submit(HANG, number) for number in (1, 1, 1, 2)]
        for one in waiting[:3]:
            with pytest.raises(PageTooHeavy, match="more than 1 seconds"):
                one.result()
        assert waiting[3].result() == 2
    assert set(running.scheduler.workers) == before


def test_a_worker_that_goes_on_reads_by_the_words_that_are_there_when_a_command_begins(
    tmp_path: Path, running: Any
) -> None:
    words = tmp_path / "ru-own.toml"
    for text in ("# before the upgrade", "# after it"):
        words.write_text(text)
        fingerprint.cache_clear()  # as in the process of a new command
        with open_readers(on(running), FUNCTIONS, nothing, Limits(), (tmp_path,)) as readers:
            assert readers.submit(DOUBLE, 1).result() == 2


def test_a_guard_that_is_killed_costs_its_worker_nothing(running: Any) -> None:
    with readers_of(on(running)) as readers:
        assert readers.submit(DOUBLE, 1).result() == 2
        guards = [one for one in descendants(HERE) if b"reading.apart" in command_line(one)]
        assert guards
        for guard in guards:
            os.kill(guard, signal.SIGKILL)
        assert [readers.submit(DOUBLE, number).result() for number in range(4)] == [0, 2, 4, 6]


def test_a_page_that_a_worker_has_no_memory_for_is_read_here(monkeypatch: pytest.MonkeyPatch, running: Any) -> None:
    monkeypatch.setenv("acca-here", "yes")
    with readers_of(on(running)) as readers:
        assert readers.submit(RUN_OUT, 1).result() == 7


def test_a_cluster_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    with (
        pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:9 can't be reached"),
        readers_of(Engine("dask", scheduler="tcp://127.0.0.1:9")),
    ):
        pass


def test_a_worker_that_reads_with_other_words_is_refused(monkeypatch: pytest.MonkeyPatch, running: Any) -> None:
    monkeypatch.setattr(cluster_module, "reader_of", lambda _: "0.1.0+000000000000 0000000000000000")
    with (
        pytest.raises(EngineError, match=r"tcp://.+ has another release, other words or other lexicons: .+; here: "),
        readers_of(on(running)),
    ):
        pass


def test_a_worker_that_comes_later_and_reads_with_other_words_ends_the_reading(
    monkeypatch: pytest.MonkeyPatch, running: Any
) -> None:
    monkeypatch.setattr(cluster_module, "reader_of", lambda _: "0.1.0+000000000000 0000000000000000")
    monkeypatch.setattr(cluster_module.Cluster, "_require_same_reader", lambda self, work: None)
    with (
        readers_of(on(running)) as readers,
        pytest.raises(ReadersLost, match="a Dask worker has another release, other words or other lexicons"),
    ):
        readers.submit(DOUBLE, 1).result()


def test_workers_that_can_not_be_started_here_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_cluster(**_: Any) -> None:
        raise RuntimeError("the nanny failed to start")

    monkeypatch.setattr(distributed, "LocalCluster", no_cluster)
    with (
        pytest.raises(EngineError, match="Dask's workers can't be started here: the nanny failed to start"),
        readers_of(Engine("dask")),
    ):
        pass


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"pip install 'acca-crawler\[dask\]'"), readers_of(Engine("dask")):
        pass


def test_a_cluster_that_ends_on_the_way_is_an_error_of_the_engine(
    ending: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with readers_of(on(ending)) as readers:
        assert readers.submit(DOUBLE, 1).result() == 2
        ending.close()
        with pytest.raises(ReadersLost, match="connection to the Dask cluster"):
            readers.submit(DOUBLE, 2).result()
    assert [record for record in caplog.records if record.name == "distributed.client"] == []


def test_a_cluster_that_keeps_no_worker_is_an_error_of_the_engine(ending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "WORKERLESS_SECONDS", 0.2)
    monkeypatch.setattr(cluster_module, "LOOK_SECONDS", 0.2)
    with readers_of(on(ending)) as readers:
        assert readers.submit(DOUBLE, 1).result() == 2
        ending.scale(0)
        deadline = time.monotonic() + 60
        while ending.scheduler.workers and time.monotonic() < deadline:
            time.sleep(0.1)
        with pytest.raises(ReadersLost, match="no workers left"):
            readers.submit(DOUBLE, 2).result()


def test_no_process_outlives_the_block() -> None:
    resource_tracker.ensure_running()  # Python's own process, which ends with this one
    before = set(descendants(HERE))
    with readers_of(Engine("dask", jobs=2)) as readers:
        assert readers.submit(DOUBLE, 1).result() == 2
    assert [command_line(pid) for pid in descendants(HERE) if pid not in before] == []
