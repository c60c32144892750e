"""Compile regular expressions that operators write; a pattern that Python only warns about is an error."""

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
