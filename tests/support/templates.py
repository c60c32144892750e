"""Web pages' templates, compiled once for all servers of a test run: for one server it takes as long as all else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache

from acca_crawler.web.app import FixedDatasette

_create = FixedDatasette.__init__


def keep_compiled(directory: Path) -> None:
    """Let servers of this process, and of those forked from it, take compiled templates from there, or put them."""
    directory.mkdir(exist_ok=True)
    cache = FileSystemBytecodeCache(str(directory))

    def create(server: FixedDatasette, *arguments: Any, **options: Any) -> None:
        _create(server, *arguments, **options)
        server.jinja_env.bytecode_cache = cache

    setattr(FixedDatasette, "__init__", create)  # noqa: B010 - a method
