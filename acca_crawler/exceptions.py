"""Every error of ours. Each says when and from where it is raised."""

from __future__ import annotations


class AccaError(Exception):
    """Base of all our errors; its text is shown to the user as it is."""


class ConfigError(AccaError):
    """The operator's acca.toml is wrong: raised by `config.load`, names file and key."""


class OutletError(AccaError):
    """A spider's declaration is wrong: raised by `outlets` and the spider loader."""


class UnknownOutlet(AccaError):
    """A name that no outlet has, or a file on no outlet: raised by `crawl.start.choose` and `importing.run`."""


class DiscoveryError(AccaError):
    """A way of discovery answered with something else than it should: raised by `discovery`'s parsers."""


class WayBlocked(DiscoveryError):
    """A way of discovery answered with a challenge or a block page: raised by the outlet spider's fetch."""


class NotAnArticle(AccaError):
    """A fetched page holds no article: raised by `process.process_page`."""


class SaysGone(NotAnArticle):
    """A page answers 200 and says that its article is gone: raised by `ingest.page`."""


class PageTooHeavy(AccaError):
    """A page takes more time or memory to read than one may: raised by `crawl.reading.pool`."""


class ImportFileError(AccaError):
    """A file given to `acca import` can't be read as what it seems to be: raised by `importing`."""


class PayloadError(AccaError):
    """A capture's payload can't be unpacked: raised by `payload.decoded`."""
