"""The [operations] table of acca.toml: the run that cron starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from acca_crawler.config.alerts import Channel
from acca_crawler.config.section import Section
from acca_crawler.config.values import FilePath, Minutes, WebAddress


class OperationsSection(Section):
    """Settings of `acca run` and of what watches it.

    `run_minutes` is the time budget of one run; `ping_url` is requested after each good run, so that a service outside
    notices when runs stop. Alarms go to `channels`; one is raised below `min_free_gb` of free disk space. The server's
    `/metrics` answers to the token in `metrics_token_env` or `metrics_token_file`.
    """

    run_minutes: Annotated[Minutes, Field(gt=0)] = 50.0
    ping_url: WebAddress | None = None
    channels: tuple[str, ...] = ()
    min_free_gb: Annotated[float, Field(ge=0, le=1_000_000)] = 5.0
    metrics_token_env: str = ""
    metrics_token_file: FilePath | None = None


def operations_mistakes(section: OperationsSection, channels: Sequence[Channel]) -> Iterator[str]:
    """Yield inconsistencies between this table and the channels, each as `key: problem`."""
    kinds = {channel.name: channel.kind for channel in channels}
    for name in section.channels:
        if name not in kinds:
            yield f"operations.channels: there is no channel named {name}"
        elif kinds[name] == "atom":
            yield f"operations.channels: {name} is a feed of reports; alarms need a channel that reaches the operator"
    if section.metrics_token_env and section.metrics_token_file:
        yield "operations.metrics_token_env: give either this or metrics_token_file"
