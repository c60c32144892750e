"""The [operations] table of acca.toml: the run that cron starts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from acca_crawler.config.section import Section
from acca_crawler.config.values import FilePath, Minutes, WebAddress


class OperationsSection(Section):
    """Settings of `acca run` and of what watches it.

    `run_minutes` is the time budget of one run; `ping_url` is requested after each good run, so that a service outside
    notices when runs stop. The server's `/metrics` answers to the token in `metrics_token_env` or `metrics_token_file`.
    """

    run_minutes: Annotated[Minutes, Field(gt=0)] = 50.0
    ping_url: WebAddress | None = None
    metrics_token_env: str = ""
    metrics_token_file: FilePath | None = None
