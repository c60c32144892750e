"""All our errors. Each docstring says when and where the error is raised."""

from __future__ import annotations


class AccaError(Exception):
    """Base of all our errors; its text is shown to the user unchanged."""


class ReadersError(AccaError):
    """A page says in its language what is wrong: `message`, formatted with `values`; only subclasses are raised."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class ConfigError(AccaError):
    """acca.toml, or a file that it names, is missing or invalid: raised by `config.loading` and by what uses a key."""


class FileInUse(AccaError):
    """Another process is writing the same file: raised by `whole_file`."""


class OutletError(AccaError):
    """A spider's declaration is invalid (a selector, zone or list): raised while spiders load."""


class UnknownOutlet(AccaError):
    """No outlet has this name, or a file belongs to no outlet: raised by `crawl.start.choose` and `importing`."""


class DiscoveryError(AccaError):
    """A way of discovery gave an unexpected answer: raised by `discovery`'s parsers."""


class WayBlocked(DiscoveryError):
    """A way of discovery answered with a challenge or a block page: raised by `crawl.discovery`."""


class SiteUnreachable(DiscoveryError):
    """A site's host can't be reached over any of the outlet's routes: raised by `crawl.discovery`, names the host."""


class NoChannel(DiscoveryError):
    """A Telegram channel has no public preview, or is empty: raised by `discovery.telegram`, says which."""


class NotAnArticle(AccaError):
    """A fetched page, a stored one or a file contains no article: raised by `ingest`."""


class SaysGone(NotAnArticle):
    """A page with status 200 says that its article is gone: raised by `ingest.page`."""


class NotThisArticle(NotAnArticle):
    """Another page appears in place of an article (login, maintenance), or a blank one: raised by `ingest`."""


class TextOfOthers(NotThisArticle):
    """A page has the short text that several addresses answer with: raised by `ingest.refusals`.

    `article_id` is the archived article with this text.
    """

    def __init__(self, message: str, article_id: int) -> None:
        super().__init__(message)
        self.article_id = article_id


class FurtherPart(NotAnArticle):
    """A page is a further part of an article on several pages: raised by `ingest.page`.

    `first` is the address of the first part, `number` the page's own.
    """

    def __init__(self, first: str, number: int) -> None:
        super().__init__(f"part {number} of {first}")
        self.first, self.number = first, number

    def __reduce__(self) -> tuple[type[FurtherPart], tuple[str, int]]:  # for sending it between processes
        return FurtherPart, (self.first, self.number)


class NotReadNow(AccaError):
    """A part of an article, or its rendered page, has to wait for the next run: raised by `crawl.fetching`."""


class PageTooHeavy(AccaError):
    """Reading a page exceeds the time or memory limit: raised by `crawl.reading.pool`."""


class ImportFileError(AccaError):
    """A file given to `acca import` can't be read in its apparent format: raised by `importing`."""


class PayloadError(AccaError):
    """A capture's payload can't be unpacked: raised by `ingest.payload.decoded`."""


class ChannelError(AccaError):
    """A channel can't be used with its settings and secrets: raised by `alerts` when it opens the channel."""


class DeliveryError(AccaError):
    """A delivery attempt failed: raised by `Sender.send`. Contains no secret. `retry_after` is the requested wait."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class SecretMissing(AccaError):
    """A secret named in acca.toml is not set, or its file can't be read: raised by `alerts.secrets`."""


class LabelledError(AccaError):
    """A line of a labelled file is invalid: raised by `detect.dataset`, names file and line."""


class LexiconError(AccaError, ValueError):
    """A lexicon, rules or model file is invalid: raised by `detect`, names file, group and term."""


class PatternError(AccaError, ValueError):
    """A pattern has unbalanced brackets: raised by `detect.literal_prefixes`."""


class EmptyList(DiscoveryError):
    """A feed without items or a listing without articles, perhaps past its last page: raised by `discovery`."""


class PageMissing(DiscoveryError):
    """The site answers that the page does not exist (404, 410): raised by `discovery.base`."""


class UnknownChoice(AccaError):
    """A filter uses an unknown value: raised by `i18n.choices.code_of`, lists the choices."""


class DemoError(AccaError):
    """The demo's directory contains something else, or its crawl failed: raised by `newsroom.demo.run_demo`."""


class RestError(AccaError):
    """An argument to the sample newsroom's REST API is invalid: raised by `newsroom.sites.wordpress`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class FixtureError(AccaError):
    """A fixture can't be written or is not as expected: raised by `outlet_tools.fixtures`."""


class WebArchiveError(AccaError):
    """A web archive does not answer, stays busy, or answers with something unexpected: raised by `archives`."""


class CaptureMissing(WebArchiveError):
    """A web archive lists a capture that it can't serve: raised by `archives`."""


class ProbeError(AccaError):
    """A site can't be probed because its front page does not answer: raised by `outlet_tools.probe`."""


class ParquetMissing(AccaError):
    """Parquet is requested but pyarrow is not installed: raised by `reports.export.write_parquet`."""


class QueryError(ReadersError, ValueError):
    """A search query is invalid: raised by `search.query.parse`, with the reason."""


class TooLarge(AccaError):
    """A request's body is too large for any of our forms: raised by `web.auth.gate`."""


class TooManyRows(ReadersError):
    """A filter matches more reports than one export allows: raised by `reports.casebook.rows.case_rows`."""


class OfficeMissing(ReadersError):
    """The extra `office` is not installed: raised by `reports.casebook` for XLSX and Word."""


class PackError(ReadersError):
    """An evidence pack can't be made of these reports: raised by `packing`."""


class EvidenceExtraMissing(ReadersError):
    """The extra `evidence` is not installed: raised by `packing` and `timestamping`."""


class TimestampError(AccaError):
    """An outside time-stamp can't be had, or is not valid: raised by `timestamping`."""


class ScreenshotError(AccaError):
    """A page can't be rendered (no Chromium, or it fails): raised by `crawl.screenshots`."""


class ServiceError(AccaError):
    """A translation or opinion service gave no usable answer: raised by `assist`, says why."""


class VoidOpinion(ServiceError):
    """A model's opinion breaks its schema, or quotes what the text does not say: raised by `assist.opinion`."""


class WorkersError(AccaError):
    """Redis does not answer, or belongs to another archive or release: raised by `workers`."""


class EngineError(AccaError):
    """The Dask cluster that was asked for can't be used: raised by `crawl.reading.cluster`."""


class ReadersLost(EngineError):
    """The processes that read pages, here or on a cluster, ended or can't begin: raised by `crawl.reading`."""
