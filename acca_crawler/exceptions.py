"""Every error of ours. Each says when and from where it is raised."""

from __future__ import annotations


class AccaError(Exception):
    """Base of all our errors; its text is shown to the user as it is."""


class ConfigError(AccaError):
    """The operator's acca.toml is wrong: raised by `config.loading`, names file and key."""


class OutletError(AccaError):
    """A spider's declaration is wrong: raised by `outlets` and the spider loader."""


class UnknownOutlet(AccaError):
    """A name that no outlet has, or a file on no outlet: raised by `crawl.start.choose` and `importing.run`."""


class DiscoveryError(AccaError):
    """A way of discovery answered with something else than it should: raised by `discovery`'s parsers."""


class WayBlocked(DiscoveryError):
    """A way of discovery answered with a challenge or a block page: raised by `crawl.discovery`."""


class NotAnArticle(AccaError):
    """A fetched page holds no article: raised by `ingest.page.process_page`."""


class SaysGone(NotAnArticle):
    """A page answers 200 and says that its article is gone: raised by `ingest.page`."""


class NotThisArticle(NotAnArticle):
    """A page stands in an article's place (login, maintenance, another page), or is blank: raised by `ingest.page`."""


class PageTooHeavy(AccaError):
    """A page takes more time or memory to read than one may: raised by `crawl.reading.pool`."""


class ImportFileError(AccaError):
    """A file given to `acca import` can't be read as what it seems to be: raised by `importing`."""


class PayloadError(AccaError):
    """A capture's payload can't be unpacked: raised by `ingest.payload.decoded`."""


class ChannelError(AccaError):
    """A channel can't be used as acca.toml and its secrets describe it: raised by `alerts`, when it is opened."""


class DeliveryError(AccaError):
    """A try failed: raised by `Sender.send`. Its text holds no secret. `retry_after` is what the other side asked."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class SecretMissing(AccaError):
    """A secret that acca.toml names is not set, or its file can't be read: raised by `alerts.secrets`."""


class LabelledError(AccaError):
    """A line of a labelled file can't be used; names file and line: raised by `detect.dataset`."""


class LexiconError(AccaError, ValueError):
    """A lexicon file breaks the contract; names file, group and term: raised by `detect.lexicon`."""


class PatternError(AccaError, ValueError):
    """A pattern's brackets do not close: raised by `detect.literal_prefixes`."""


class EmptyFeed(DiscoveryError):
    """A feed without items: a dead one, or the end of a feed in pages: raised by `discovery.feed`."""


class UnknownChoice(AccaError):
    """A filter names a value that does not exist; lists the choices: raised by `i18n.choices.code_of`."""


class DemoError(AccaError):
    """The demo's directory holds something else, or its crawl failed: raised by `newsroom.demo.run_demo`."""


class RestError(AccaError):
    """An argument of the sample newsroom's REST interface is wrong: raised by `newsroom.sites.wordpress`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class FixtureError(AccaError):
    """A fixture can't be written or is not what it should be: raised by `outlet_tools.fixtures`."""


class ProbeError(AccaError):
    """A site can't be looked at, because its front page does not answer: raised by `outlet_tools.probe`."""


class ParquetMissing(AccaError):
    """Parquet was asked for and pyarrow is not installed: raised by `reports.export.write_parquet`."""


class QueryError(AccaError, ValueError):
    """A search query can't be understood; says what is wrong with it: raised by `search.query.parse`."""


class TooLarge(AccaError):
    """A request's body is larger than any form of ours: raised by `web.auth.gate`."""


class TooManyRows(AccaError):
    """A filter finds more reports than one export holds: raised by `reports.casebook.rows.case_rows`."""


class OfficeMissing(AccaError):
    """The extra `office` is not installed: raised by `reports.casebook` for XLSX and Word."""
