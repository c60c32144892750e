"""Passes pages and articles between the crawl and a worker through memory that both share.

The pipes only say how long a message is. A page of 200 KB through two pipes, with the guard between them, wakes each of
three processes several times and takes twice as long.
"""

from __future__ import annotations

import mmap
from typing import Protocol

SIZE = 1024 * 1024
"""Bytes that are shared: nearly all pages fit. Only what was once filled takes memory."""

_SHARED, _INLINE = b"S", b"I"


class Passing(Protocol):
    """How a message's bytes reach the other process."""

    def put(self, data: bytes) -> bytes:
        """Return what to send for these bytes."""
        ...

    def take(self, message: bytes) -> bytes:
        """Return the bytes for which `put` or `inline` returned this message."""
        ...


class PipeAlone:
    """Passes all bytes through the pipe, between processes that share no memory."""

    def put(self, data: bytes) -> bytes:
        """Return the bytes as a message."""
        return inline(data)

    def take(self, message: bytes) -> bytes:
        """Return the bytes of a message."""
        return message[1:]


class Exchange:
    """Memory for one message at a time; create it before the processes that shall share it are forked.

    The crawl writes a task only when its guard has answered the last one, and a worker that was given up is dead by
    then: nobody writes while somebody reads.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SIZE)

    def put(self, data: bytes) -> bytes:
        """Return what to send for these bytes: that they are in the memory, or the bytes if they are too many."""
        if len(data) > SIZE:
            return _INLINE + data
        self._memory[: len(data)] = data
        return _SHARED + len(data).to_bytes(8, "big")

    def take(self, message: bytes) -> bytes:
        """Return the bytes for which `put` or `inline` returned this message."""
        if message[:1] == _INLINE:
            return message[1:]
        return self._memory[: int.from_bytes(message[1:], "big")]

    def close(self) -> None:
        """Free the memory in this process."""
        self._memory.close()


def inline(data: bytes) -> bytes:
    """Return a message with the bytes themselves, from a process that must not write to the memory."""
    return _INLINE + data
