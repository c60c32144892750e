"""Every error of the archive. Each says when and from where it is raised."""

from __future__ import annotations


class StorageError(Exception):
    """Base of all errors of the archive; its text is shown to the user as it is."""


class IndexQueryError(StorageError, ValueError):
    """FTS5 can't read an expression: raised by `articles.search`."""


class BackupError(StorageError):
    """A backup or restore can't begin or go on: none there, one there already: raised by `evidence.backup`."""


class DamagedCopy(StorageError):
    """A file to copy is missing, too short, or has changed: raised and handled by `evidence.backup`."""


class CaptureError(StorageError, OSError):
    """A capture can't be written or read (full disk, damaged file, locked index): raised by `evidence.captures`.

    After a failed write neither the file nor the index holds any part of the capture.
    """


class ManifestError(StorageError):
    """A run can't be closed: unknown, a file still open, a later one closed: raised by `evidence.manifest`."""


class RecordError(StorageError, ValueError):
    """Bytes are not the WARC records that they should be: raised by `evidence.records`."""


class NoSuchRun(StorageError, ValueError):
    """`--since` names a run or a date that is wrong or not in the archive: raised by `reports.diff`."""


class FilterError(StorageError, ValueError):
    """A view has no column that a filter asks about: raised by `reports.export.rows`."""


class ReviewError(StorageError):
    """A decision can't be taken; `message`, with `values` in its places, says why: raised by `review.reviews`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class NoSuchReport(ReviewError):
    """No story under this number has an article with alerts: raised by `review.reviews`."""


class ChangedSince(ReviewError):
    """The report has changed since the reviewer opened it: raised by `review.reviews`."""


class UserError(StorageError):
    """A user can't be made or changed as asked; the text says why: raised by `review.users`."""


class ArchiveError(StorageError):
    """The archive can't be opened: missing, no database, not writable, too new: raised by `schema.database`."""


class ArchiveLocked(StorageError):
    """Another process writes to the archive: raised by `schema.lock.writer_lock`."""
