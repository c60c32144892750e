"""Tells a monitoring service outside (a dead man's switch) that a run went well."""

from __future__ import annotations

import requests

from acca_crawler import __version__
from acca_crawler.alerts.secrets import SecretScrubber, libraries_silenced

TIMEOUT = 10
"""Seconds that the service may take to answer."""


def ping(url: str) -> str | None:
    """Request the URL and return why that failed, without the URL (it often contains a token); None on success."""
    try:
        with libraries_silenced():
            answer = requests.get(
                url, headers={"User-Agent": f"acca-crawler/{__version__}"}, timeout=TIMEOUT, stream=True
            )
            answer.close()
    except requests.RequestException as error:
        return SecretScrubber.of_address(url).clean(f"{type(error).__name__}: {error}")
    return None if answer.ok else f"HTTP {answer.status_code}"
