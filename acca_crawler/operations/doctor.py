"""`acca doctor`: everything that an operation needs, checked one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from acca_crawler.config.loading import Config
from acca_crawler.crawl.start import load_outlets
from acca_crawler.detect.validate import require_sound_lexicons
from acca_crawler.exceptions import AccaError
from acca_crawler.operations import machine_checks, network_checks
from acca_crawler.operations.doctor_findings import CheckFinding, error, ok, warning
from acca_crawler.outlets import Outlet


def examine(config: Config, online: bool) -> Iterator[CheckFinding]:
    """Yield the findings of every check; `online` includes those that need the network."""
    outlets: dict[str, Outlet] = {}
    yield _configuration(config)
    try:
        require_sound_lexicons(config.lexicon_directories)
        spiders = load_outlets(config)
        outlets = {name: spider.outlet for name, spider in spiders.items() if spider.outlet.enabled}
        yield ok("configuration", f"{len(outlets)} of {len(spiders)} outlets are enabled; the lexicons are sound")
    except AccaError as problem:
        yield error("configuration", str(problem), "Correct it; `acca lexicon check` explains a lexicon's mistakes.")
    yield from machine_checks.versions()
    yield from machine_checks.permissions(config)
    yield from machine_checks.disk(config)
    yield from machine_checks.archive(config)
    if online:
        yield from network_checks.network(config, outlets)
    yield from network_checks.channels(config, online)


def _configuration(config: Config) -> CheckFinding:
    if config.file is None:
        return warning("configuration", "no acca.toml here: the defaults apply", "`acca init` writes one.")
    if not config.crawl.contact:
        advice = "Set it: without it no public site is crawled."
        return error("configuration", f"{config.file}: crawl.contact is empty", advice)
    return ok("configuration", f"{config.file}: valid")
