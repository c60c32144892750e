"""Datasette's server without Dask, whose arrays and SciPy its units of measure load, which we don't use."""

from __future__ import annotations

from storage.hiding import without

with without("dask"):
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm
    from datasette.views.base import DatasetteError

__all__ = ["Database", "Datasette", "DatasetteError", "pm"]
