"""Writes a view's rows as CSV, JSON Lines or Parquet, with one row or one batch in memory at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO

from acca_crawler.exceptions import ParquetMissing
from acca_crawler.reports.spreadsheet import inert
from storage.reports.export import Value
from storage.reports.view_columns import View

Rows = Iterable[tuple[Value, ...]]

BATCH = 1000
"""Rows per Parquet row group: about 10 MB including texts."""


def write_csv(view: View, rows: Rows, out: IO[bytes]) -> None:
    """Write CSV in UTF-8 with a byte order mark (for Excel), a header and CRLF line endings (RFC 4180).

    Lists are joined by `; `, and cells are escaped against formula injection.
    """
    stream = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(stream)
    writer.writerow(column.name for column in view.columns)
    for row in rows:
        writer.writerow(inert("; ".join(value) if isinstance(value, tuple) else value) for value in row)
    stream.flush()
    stream.detach()


def write_json_lines(view: View, rows: Rows, out: IO[bytes]) -> None:
    """Write one JSON object per line, in UTF-8."""
    names = [column.name for column in view.columns]
    for row in rows:
        out.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False).encode() + b"\n")


def write_parquet(view: View, rows: Rows, out: IO[bytes]) -> None:
    """Write Parquet, compressed with Zstandard, with descriptions of the columns. Raises `ParquetMissing`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetMissing("Parquet needs pyarrow: pip install 'acca-crawler[parquet]'") from error
    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "real": pyarrow.float64(),
        "list": pyarrow.list_(pyarrow.string()),
    }
    schema = pyarrow.schema(
        pyarrow.field(column.name, types[column.type], metadata={"description": column.meaning})
        for column in view.columns
    )
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = [
                pyarrow.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))


def _batches(rows: Rows) -> Iterator[list[tuple[Value, ...]]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


WRITERS: dict[str, Callable[[View, Rows, IO[bytes]], None]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
    "parquet": write_parquet,
}
"""Writers by format name, which is also the file extension."""
