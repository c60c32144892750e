"""Reads secrets from the environment or a file, and keeps them out of errors and logs."""

from __future__ import annotations

import base64
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from acca_crawler.exceptions import SecretMissing

TALKATIVE = ("apprise", "urllib3", "requests", "charset_normalizer")
"""Libraries whose log messages contain URLs, and with them tokens."""

_SHORTEST = 4
_MAX_ERROR = 300


def read_secret(owner: str, variable: str, file: Path | None, base: Path) -> str:
    """Return the secret in an environment variable or a file (relative to `base`), stripped of whitespace.

    Empty if neither is configured. `owner` is for error messages. Raises `SecretMissing`.
    """
    if variable:
        value = os.environ.get(variable, "").strip()
        if not value:
            raise SecretMissing(f"{owner}: the environment variable {variable} is empty")
        return value
    if file is None:
        return ""
    try:
        value = (base / file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise SecretMissing(f"{owner}: {base / file}: {reason}") from None
    if not value:
        raise SecretMissing(f"{owner}: {base / file} is empty")
    return value


@dataclass(frozen=True, slots=True, repr=False)
class SecretScrubber:
    """Masks secrets in error messages, in every form in which a library may quote them."""

    forms: tuple[str, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> SecretScrubber:
        """Return a scrubber for these secrets; strings shorter than 4 characters are ignored."""
        forms: set[str] = set()
        for secret in secrets:
            for form in (secret, unquote(secret), quote(secret), quote(secret, safe="")):
                forms |= {form, repr(form)[1:-1], base64.b64encode(form.encode()).decode()}
        return cls(tuple(sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)))

    @classmethod
    def of_address(cls, address: str) -> SecretScrubber:
        """Return a scrubber for a URL in which any part may be a token."""
        return cls.of([address, *(part for part in re.split(r"[/:@?&=,+\s]+", address) if len(part) >= _SHORTEST)])

    def mask(self, text: str) -> str:
        """Return the text with *** for each secret."""
        for form in self.forms:
            text = text.replace(form, "***")
        return text

    def clean(self, text: str) -> str:
        """Return the text on one line, truncated to 300 characters, with *** for each secret."""
        return " ".join(self.mask(text).split())[:_MAX_ERROR]


@contextmanager
def libraries_silenced() -> Iterator[None]:
    """Suppress the libraries' log messages in every handler while the block runs."""
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    before = [(logger.propagate, logger.handlers[:]) for logger in loggers]
    for logger in loggers:
        logger.propagate = False
        logger.handlers[:] = [logging.NullHandler()]
    try:
        yield
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate = propagate
            logger.handlers[:] = handlers
