"""The base of every table of acca.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(gt=0)]


class Section(BaseModel):
    """A table of acca.toml. An unknown key is a mistake, not a wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")
