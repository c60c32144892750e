"""The base of every table of acca.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of acca.toml. An unknown key is a mistake, not a wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")
