"""Pages are read in processes of their own: what takes too long or too much ends there, and the next is read."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from acca_crawler.crawl.reading.guard import NICE, Limits
from acca_crawler.crawl.reading.pool import HANDOVER, Pool, open_pool
from acca_crawler.exceptions import NotAnArticle, PageTooHeavy, ReadersLost
from tests.support.desk import TIMEOUT
from tests.support.processes import descendants, runs


def double(number: int) -> int:
    return 2 * number


def hang(_: int) -> None:
    time.sleep(3600)


def wait(seconds: float) -> float:
    """Take time, but not the processor, as an ordinary page does on a busy machine."""
    time.sleep(seconds)
    return seconds


def swell(_: int) -> int:
    return len(bytearray(512 * 1024**2))


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(_: int) -> None:
    raise NotAnArticle("neither a title nor a text was found")


def break_down(_: int) -> None:
    raise ZeroDivisionError("by hand")


def spin(seconds: int) -> int:
    """Work until this process has lost its priority, for so many seconds at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not os.getpriority(os.PRIO_PROCESS, 0):
        pass
    return os.getpriority(os.PRIO_PROCESS, 0)


LOADED_BY: list[int] = []


def load() -> None:
    """Note the process that loads what all pages need."""
    LOADED_BY.append(os.getpid())


def loaded_by(_: int) -> list[int]:
    return LOADED_BY


FUNCTIONS = (double, hang, swell, die, refuse, break_down, spin, wait, loaded_by)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(FUNCTIONS, load, Limits(seconds=1.0, memory=128 * 1024**2), 2)
    yield pool
    pool.close()


@pytest.mark.parametrize(
    ("number", "why"), [(1, "more than 1 seconds"), (2, "more than 128 MiB of memory"), (3, "its process ended")]
)
def test_what_exceeds_a_limit_is_ended_and_the_next_page_is_read(pool: Pool, number: int, why: str) -> None:
    async def both() -> int:
        with pytest.raises(PageTooHeavy, match=why):
            await pool.run(number, 1)
        result: int = await pool.run(0, 21)
        return result

    assert asyncio.run(both()) == 42


def test_the_limit_is_processor_time_so_that_a_busy_machine_loses_no_page(pool: Pool) -> None:
    assert asyncio.run(pool.run(7, 2.0)) == 2.0


def test_another_page_is_read_while_one_hangs(pool: Pool) -> None:
    async def both() -> tuple[int, bool]:
        slow = asyncio.ensure_future(pool.run(1, 1))
        answer: int = await pool.run(0, 4)
        waiting = not slow.done()
        with pytest.raises(PageTooHeavy):
            await slow
        return answer, waiting

    assert asyncio.run(both()) == (8, True)


def test_a_page_that_takes_much_of_the_machine_gives_way_to_the_next() -> None:
    pool = Pool(FUNCTIONS, load, Limits(seconds=60), 1)

    async def one_after_another() -> tuple[int, int]:
        return await pool.run(6, 50), await pool.run(6, 0)

    before = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        assert asyncio.run(one_after_another()) == (NICE, before)
    finally:
        pool.close()


def test_a_page_that_replaces_the_worker_does_not_make_the_next_load_everything_again() -> None:
    pool = Pool(FUNCTIONS, load, Limits(seconds=60), 1)

    async def around_a_slow_page() -> tuple[list[int], list[int]]:
        before = await pool.run(8, 0)
        await pool.run(6, 50)
        return before, await pool.run(8, 0)

    try:
        before, after = asyncio.run(around_a_slow_page())
        assert before == after == [pool._nursery.pid]
    finally:
        pool.close()


def test_what_all_pages_need_is_loaded_once_for_all_processes(pool: Pool) -> None:
    found = [pool.submit(8, 0) for _ in range(4)]
    assert {tuple(one.result()) for one in found} == {(pool._nursery.pid,)}


def fail_to_load() -> None:
    raise OSError("words.toml: no such file")


def test_what_can_not_be_loaded_is_named_for_every_page_and_none_is_too_heavy() -> None:
    pool = Pool(FUNCTIONS, fail_to_load, Limits(), 2)
    try:
        for _ in range(5):
            with pytest.raises(ReadersLost, match=r"can't be loaded: OSError: words\.toml: no such file"):
                pool.submit(0, 1).result(timeout=TIMEOUT)
    finally:
        pool.close()


def test_threads_take_turns_quickly_only_while_a_pool_is_open() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(NotAnArticle), open_pool(FUNCTIONS, load, Limits(), 1) as pool:
        assert sys.getswitchinterval() == pytest.approx(HANDOVER)
        pool.submit(4, 0).result()
    assert sys.getswitchinterval() == before


def test_an_error_of_ours_arrives_as_itself_and_any_other_with_its_traceback(pool: Pool) -> None:
    with pytest.raises(NotAnArticle, match="neither a title"):
        asyncio.run(pool.run(4, 1))
    with pytest.raises(RuntimeError, match="ZeroDivisionError: by hand") as caught:
        asyncio.run(pool.run(5, 1))
    assert any("break_down" in note for note in caught.value.__notes__)


def test_no_process_outlives_a_killed_crawl() -> None:
    script = (
        "import asyncio\n"
        "from tests.crawl.reading.test_pool import FUNCTIONS, Limits, Pool, load\n"
        "asyncio.run(Pool(FUNCTIONS, load, Limits(), 2).run(1, 1))\n"
    )
    crawl = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + TIMEOUT
    below: list[int] = []
    while time.monotonic() < deadline and len(below) < 4:  # what forks the guards, two of these, and a worker
        time.sleep(0.05)
        below = descendants(crawl.pid)
    crawl.kill()
    crawl.wait(timeout=TIMEOUT)
    while time.monotonic() < deadline and any(map(runs, below)):
        time.sleep(0.05)
    assert len(below) == 4
    assert not any(map(runs, below))


def test_no_process_outlives_a_pool_that_closes_during_a_task() -> None:
    pool = Pool(FUNCTIONS, load, Limits(), 2)
    future = pool.submit(1, 1)
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and len(descendants(pool._nursery.pid)) < 3:
        time.sleep(0.05)
    below = descendants(pool._nursery.pid)
    pool.close()
    assert len(below) == 3
    assert not any(map(runs, below))
    assert isinstance(future.exception(), ReadersLost)
