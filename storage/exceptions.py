"""The archive's errors; each docstring says when it is raised and by which module."""

from __future__ import annotations


class StorageError(Exception):
    """Base class of the archive's errors; the text is shown to the user unchanged."""


class IndexQueryError(StorageError, ValueError):
    """FTS5 can't parse an expression: raised by `articles.search`."""


class BackupError(StorageError):
    """A backup or restore can't start or continue (source missing, target exists): raised by `evidence.backup`."""


class DamagedCopy(StorageError):
    """A file to copy is missing, too short, or has changed: raised and handled by `evidence.backup`."""


class CaptureError(StorageError, OSError):
    """A capture can't be written or read (full disk, damaged file, locked index): raised by `evidence.captures`.

    After a failed write, neither the file nor the index contains any part of the capture.
    """


class NoSuchArticle(StorageError, LookupError):
    """The archive has no article with this number: raised by `articles.read` and `acca_crawler.assist.reports`."""


class ManifestError(StorageError):
    """A run can't be closed (unknown, a file still open, a later run closed): raised by `evidence.manifest`."""


class NoProof(StorageError):
    """A row can't be proved by a manifest because it is not in it: raised by `evidence.proof`."""


class RunOpen(NoProof):
    """A row can't be proved yet because its run has not ended: raised by `evidence.proof`."""


class RecordError(StorageError, ValueError):
    """Bytes are not the WARC records they should be: raised by `evidence.records` and `evidence.recovery`."""


class NoSuchRun(StorageError, ValueError):
    """`--since` names an invalid run or date, or one not in the archive: raised by `reports.diff`."""


class FilterError(StorageError, ValueError):
    """A view lacks a column that a filter needs: raised by `reports.export.rows`."""


class ReviewError(StorageError):
    """A decision can't be saved; `message`, formatted with `values`, gives the reason: raised by `review` and pages."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class NoSuchReport(ReviewError):
    """No story with this number has an article with alerts: raised by `review.reviews`."""


class ChangedSince(ReviewError):
    """The report has changed since the reviewer opened it: raised by `review.reviews`."""


class UserError(StorageError):
    """A user can't be added or changed; the text gives the reason: raised by `review.users`."""


class ArchiveError(StorageError):
    """The archive can't be opened (missing, not a database, not writable, too new): raised by `schema.database`."""


class ArchiveLocked(StorageError):
    """Another process is writing to the archive: raised by `schema.lock.writer_lock`."""
