"""Compile regular expressions that operators write: what Python only warns of is an error that can be named."""

from __future__ import annotations

import re
import warnings


def compile_strictly(pattern: str) -> re.Pattern[str]:
    """Compile a pattern. Raises `re.error`, also if a future Python may read it otherwise (`[[a]`, `[a||b]`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        try:
            return re.compile(pattern)
        except FutureWarning as warning:
            text = str(warning)
            raise re.error(f"{text[:1].lower()}{text[1:]}: escape literal signs with a backslash") from None
