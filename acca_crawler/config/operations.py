"""The [operations] table of acca.toml: the run that cron starts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from acca_crawler.config.section import Section
from acca_crawler.config.values import Minutes, WebAddress


class OperationsSection(Section):
    """Settings of `acca run`.

    `run_minutes` is the time budget of one run; `ping_url` is requested after each good run, so that a service outside
    notices when runs stop.
    """

    run_minutes: Annotated[Minutes, Field(gt=0)] = 50.0
    ping_url: WebAddress | None = None
