"""Secrets come from the environment or a file, and leave no trace in errors and logs."""

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
"""Libraries whose log lines hold addresses, and with them tokens."""

_SHORTEST = 4
_MAX_ERROR = 300


def read_secret(owner: str, variable: str, file: Path | None, base: Path) -> str:
    """The secret in an environment variable, or in a file (relative to `base`), without the white space around it.

    `owner` is for the message. Empty where neither is named. Raises `SecretMissing`.
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
    """Takes secrets out of what is said about a failure, in every form in which a library may quote them."""

    forms: tuple[str, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> SecretScrubber:
        """A redactor for these secrets; what is shorter than 4 characters is no secret."""
        forms: set[str] = set()
        for secret in secrets:
            for form in (secret, unquote(secret), quote(secret), quote(secret, safe="")):
                forms |= {form, repr(form)[1:-1], base64.b64encode(form.encode()).decode()}
        return cls(tuple(sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)))

    @classmethod
    def of_address(cls, address: str) -> SecretScrubber:
        """A redactor for an address of which any part may be a token."""
        return cls.of([address, *(part for part in re.split(r"[/:@?&=,+\s]+", address) if len(part) >= _SHORTEST)])

    def clean(self, text: str) -> str:
        """The text on one line, cut to 300 characters, with *** for each secret."""
        for form in self.forms:
            text = text.replace(form, "***")
        return " ".join(text.split())[:_MAX_ERROR]


@contextmanager
def libraries_silenced() -> Iterator[None]:
    """Keep the libraries' own log lines from every handler while the block runs."""
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
