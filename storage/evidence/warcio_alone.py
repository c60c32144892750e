"""warcio without fsspec, which opens files in other people's clouds and comes with the extra `dask`."""

from __future__ import annotations

from storage.hiding import without

with without("fsspec"):
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import BufferedReader, ChunkedDataException, ChunkedDataReader
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
    from warcio.warcwriter import WARCWriter

__all__ = [
    "ArcWarcRecord", "ArchiveIterator", "ArchiveLoadFailed", "BufferedReader", "ChunkedDataException",
    "ChunkedDataReader", "StatusAndHeaders", "StatusAndHeadersParserException", "WARCWriter",
]  # fmt: skip
