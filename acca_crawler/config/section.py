"""Base class of every table of acca.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of acca.toml. Unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
