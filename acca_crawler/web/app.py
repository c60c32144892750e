"""Build the server: a read-only Datasette on the archive, with resource limits and our plugin."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from acca_crawler import clock
from acca_crawler.config.loading import Config
from acca_crawler.web import plugin
from acca_crawler.web.datasette_alone import Database, Datasette, pm
from acca_crawler.web.site import Site, Store, attach, token
from storage.review import database as review_database
from storage.review import queue_refresh
from storage.schema.kinds import ReviewDb

HERE = Path(__file__).parent
SETTINGS = {
    "allow_download": False,
    "allow_csv_stream": True,
    "default_cache_ttl": 0,
    "facet_time_limit_ms": 500,
    "max_returned_rows": 2000,
    "num_sql_threads": 3,
    "sql_time_limit_ms": 5000,
    "template_debug": False,
    "trace_debug": False,
    "truncate_cells_html": 160,
}
REMEMBERED = 1024
"""Names of tables, ours and those that a request makes up."""

METADATA: dict[str, Any] = {
    "title": "acca-crawler",
    "databases": {
        "acca": {
            "title": "The archive",
            "description": "Everything the crawler stored, to be read with tables, facets, SQL, JSON and CSV.",
            "tables": {
                "addresses": {"size": 50},
                "articles": {"sort_desc": "id"},
                "alerts": {"sort_desc": "id"},
                "v_reports": {"sort_desc": "date", "facets": ["country", "level", "outlet"]},
                "v_alerts": {"sort_desc": "alert_id", "facets": ["country", "kind"]},
                "v_facts": {"facets": ["kind", "country"]},
            },
        }
    },
}
"""Sorting and facets of tables and views; `metadata_of` hides the tables, so that the views come first."""


class FixedDatasette(Datasette):  # type: ignore[misc]
    """Datasette that works out once which tables its metadata close: ours never change while it runs.

    It would copy all metadata again for each of the tables that a page names.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._table_permission_allows = lru_cache(REMEMBERED)(super()._table_permission_allows)


class QuietDatabase(Database):  # type: ignore[misc]
    """Datasette's database without its log of failed queries, which repeats what a user typed."""

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """Run a query."""
        return await super().execute(*arguments, **{**options, "log_sql_errors": False})


def metadata_of(db: ReviewDb) -> dict[str, Any]:
    """Return Datasette's metadata for the attached archive: all its tables hidden, only its views listed."""
    metadata = deepcopy(METADATA)
    tables = metadata["databases"]["acca"]["tables"]
    for row in db.execute("SELECT name FROM archive.sqlite_master WHERE type = 'table'").fetchall():
        tables.setdefault(row["name"], {})["hidden"] = True
    return metadata


def build(config: Config, now: Callable[[], datetime] = clock.now) -> tuple[Datasette, Site]:
    """Return a Datasette on the archive with our pages, and its site. Raises `storage.exceptions.ArchiveError`."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="acca")
    site = Site(config, Store(config), now)
    db = review_database.connect(config.people_file, config.archive_file)
    secret = review_database.key(db, "datasette", token())
    queue_refresh.refresh(db, config.web.second_reviewer)  # with many alerts, the first refresh takes seconds
    metadata = metadata_of(db)
    db.close()
    datasette = FixedDatasette(
        files=[str(config.archive_file)],
        metadata=metadata,
        settings=SETTINGS,
        secret=secret,
        template_dir=str(HERE / "templates"),
        static_mounts=[("static", str(HERE / "static"))],
    )
    datasette.remove_database("acca")
    datasette.add_database(QuietDatabase(datasette, path=str(config.archive_file), is_mutable=True), name="acca")
    attach(datasette, site)
    return datasette, site
