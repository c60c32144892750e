"""Guard and worker processes: the worker reads pages; the guard kills it if a page takes too long.

All are forked: the nursery from the crawl before that has threads or an open archive; the guards from the nursery when
the first page comes and what all pages need is loaded, once and into memory that they share; each worker from its
guard, so that a new one starts at once. So the time of a page is the page's own, and a worker that replaces another has
nothing to load. All end when the crawl does, however that ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from acca_crawler.crawl.reading.exchange import Exchange, Passing, inline
from acca_crawler.exceptions import PageTooHeavy, ReadersLost

SLOW = 0.5
"""CPU seconds after which a page's priority is lowered; a normal page takes a fifth of that."""

NICE = 19
"""The lowest priority: ten heavy pages at once must not outweigh the crawl and the pages of the other outlets."""

PATIENCE = 6
"""Wall-clock time a page may take, as a multiple of its CPU limit: on a busy machine an ordinary page is slow, too."""

_END = frozenset({signal.SIGTERM})

Functions = Sequence[Callable[..., Any]]
Task = tuple[int, tuple[Any, ...]]
"""Index of the function to call, and its arguments."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one page: CPU seconds, and bytes of memory beyond a worker's baseline."""

    seconds: float = 20.0
    memory: int = 1024**3

    @property
    def in_words(self) -> str:
        """For messages."""
        return f"{self.memory // 1024**2} MiB of memory"


@dataclass(frozen=True, slots=True)
class TaskResult:
    """Result of a task: its value, the exception it raised, or the limit it exceeded.

    `died` means that the worker ended without reaching a limit.
    """

    value: Any = None
    error: Exception | None = None
    exceeded: str = ""
    died: bool = False

    def get(self) -> Any:
        """Return the value. Raises the task's exception, or `PageTooHeavy` if it exceeded a limit."""
        if self.exceeded:
            raise PageTooHeavy(self.exceeded)
        if self.error is not None:
            raise self.error
        return self.value


class Guard:
    """Handle of a guard process, used by the crawl."""

    def __init__(self, pipe: Connection, exchange: Exchange) -> None:
        self._pipe = pipe
        self._exchange = exchange

    def ask(self, task: Task) -> TaskResult:
        """Run a task and wait for its result. Raises EOFError or OSError if the guard has ended."""
        self._pipe.send_bytes(self._exchange.put(pickled(task)))
        answer: TaskResult = pickle.loads(self._exchange.take(self._pipe.recv_bytes()[1:]))
        return answer

    def close(self) -> None:
        """Let the guard end, if it waits for a task."""
        self._pipe.close()
        self._exchange.close()


class Nursery:
    """Handle of the process from which `count` guards are forked; it calls `load` before, when the first task comes."""

    def __init__(self, functions: Functions, load: Callable[[], None], limits: Limits, count: int) -> None:
        pipes = [Pipe() for _ in range(count)]
        exchanges = [Exchange() for _ in range(count)]
        signal.pthread_sigmask(signal.SIG_BLOCK, _END)  # a command's own handler would swallow it in the young process
        self.pid = os.fork()
        if self.pid == 0:
            for ours, _ in pipes:
                ours.close()  # otherwise no guard would notice that the crawl has ended
            crawl = [(theirs, exchange) for (_, theirs), exchange in zip(pipes, exchanges, strict=True)]
            _in_child(lambda: _nursery(crawl, functions, load, limits))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
        for _, theirs in pipes:
            theirs.close()
        self.guards = [Guard(ours, exchange) for (ours, _), exchange in zip(pipes, exchanges, strict=True)]

    def close(self) -> None:
        """Terminate the guards and their workers, even during a task."""
        try:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return


def _in_child(work: Callable[[], None]) -> NoReturn:
    """Run a forked process to its end without the parent's clean-up, since it shares the parent's files."""
    status = 1
    gc.freeze()  # a collection would go through all that was loaded before, again and again
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the crawl decides
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
        work()
        status = 0
    finally:
        os._exit(status)


def _nursery(
    crawl: Sequence[tuple[Connection, Exchange]], functions: Functions, load: Callable[[], None], limits: Limits
) -> None:
    """Wait for a task, load what all need, fork a guard for each connection, and wait until all have ended."""
    guards: list[int] = []

    def end(*_: object) -> None:
        for pid in guards:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    parents = [parent for parent, _ in crawl]
    wait(parents)
    try:
        load()
    except Exception as error:  # noqa: BLE001 - every page gets this error
        _refuse_all(parents, f"what all pages need can't be loaded: {type(error).__name__}: {error}")
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _END)  # none may be forked and not known
    for parent, exchange in crawl:
        if (pid := os.fork()) == 0:
            for other, _ in crawl:
                if other is not parent:
                    other.close()
            _in_child(partial(run_guard, parent, exchange, functions, limits))
        guards.append(pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
    for parent, _ in crawl:
        parent.close()
    for pid in guards:
        os.waitpid(pid, 0)


def _refuse_all(crawl: Sequence[Connection], why: str) -> None:
    """Answer each task with `ReadersLost`, until all connections are closed."""
    answer = _packed(TaskResult(error=ReadersLost(why)), inline)
    left = list(crawl)
    while left:
        for pipe in wait(left):
            assert isinstance(pipe, Connection)
            try:
                pipe.recv_bytes()
                pipe.send_bytes(answer)
            except (EOFError, OSError):
                left.remove(pipe)


def run_guard(parent: Connection, exchange: Passing, functions: Functions, limits: Limits) -> None:
    """Run the tasks that come from `parent` in a worker, until `parent` is closed; must be a process's only thread."""
    worker: _WorkerHandle | None = None

    def end(*_: object) -> None:
        if worker is not None:
            worker.kill()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        try:
            task = parent.recv_bytes()
        except EOFError:
            return end()
        worker = worker or _WorkerHandle(exchange, functions, limits)
        answer = worker.ask(task, parent, limits)
        if answer is None:
            return end()
        if answer[:1] == _EXCEEDED or worker.slowed:  # a process can lower its priority but not raise it again
            worker.kill()
            worker = None
        parent.send_bytes(answer)


_FINE, _EXCEEDED = b"\0", b"\1"
"""First byte of an answer: whether a limit was exceeded; the guard passes tasks and answers on without reading them."""


def _packed(answer: TaskResult, put: Callable[[bytes], bytes]) -> bytes:
    return (_EXCEEDED if answer.exceeded else _FINE) + put(pickled(answer))


def pickled(value: object) -> bytes:
    """Return a value as a message to another process."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


class _WorkerHandle:
    """Handle of a worker process, used by its guard."""

    def __init__(self, exchange: Passing, functions: Functions, limits: Limits) -> None:
        self.slowed = False
        self._pipe, theirs = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            self._pipe.close()
            _in_child(lambda: _work(theirs, exchange, functions, limits))
        theirs.close()

    def ask(self, task: bytes, parent: Connection, limits: Limits) -> bytes | None:
        """Run a task within its limits, and return the packed answer; None if the parent has ended meanwhile."""
        self._pipe.send_bytes(task)
        ready = self._wait(parent, limits.seconds)
        if parent in ready:  # the parent sends nothing before it has the answer, so it must have ended
            return None
        if not ready:
            return _packed(TaskResult(exceeded=f"more than {limits.seconds:g} seconds"), inline)
        try:
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            return _packed(TaskResult(exceeded="its process ended", died=True), inline)

    def _wait(self, parent: Connection, seconds: float) -> Sequence[object]:
        """Wait for a result until the worker has used `seconds` of CPU; after `SLOW` of them, lower its priority."""
        deadline = monotonic() + seconds * PATIENCE
        used = _cpu_seconds(self._pid)
        while (left := deadline - monotonic()) > 0:
            if ready := wait([self._pipe, parent], min(left, SLOW, seconds)):
                return ready
            spent = _cpu_seconds(self._pid) - used
            if spent >= seconds:
                return []
            if not self.slowed and spent >= SLOW:
                self.slowed = True
                os.setpriority(os.PRIO_PROCESS, self._pid, NICE)
        return []

    def kill(self) -> None:
        """Kill the process."""
        self._pipe.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _work(guard: Connection, exchange: Passing, functions: Functions, limits: Limits) -> None:
    _limit_memory(limits.memory)
    while True:
        try:
            task = guard.recv_bytes()
        except EOFError:
            return
        try:
            number, arguments = pickle.loads(exchange.take(task))
            answer = _packed(TaskResult(functions[number](*arguments)), exchange.put)
        except MemoryError:
            answer = _packed(TaskResult(exceeded=f"more than {limits.in_words}"), exchange.put)
        except Exception as error:  # noqa: BLE001 - the crawl decides what an error means
            answer = _packed(TaskResult(error=portable_error(error)), exchange.put)
        guard.send_bytes(answer)


def portable_error(error: Exception) -> Exception:
    """Return an exception that can be sent to another process, with its traceback as a note."""
    portable = (
        error
        if type(error).__module__.startswith("acca_crawler.")
        else RuntimeError(f"{type(error).__name__}: {error}")
    )
    portable.add_note("".join(traceback.format_exception(error)))
    portable.__cause__ = portable.__context__ = None
    return portable


def _cpu_seconds(pid: int) -> float:
    """CPU seconds that a process has used (Linux; 0 elsewhere)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _limit_memory(extra: int) -> None:
    """Limit this process to `extra` bytes beyond its current memory (Linux; elsewhere only the time is limited)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + extra
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
