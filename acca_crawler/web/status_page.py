"""The status page, and the same figures as Prometheus metrics for those who have the token."""

from __future__ import annotations

import hmac
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.alerts.secrets import read_secret
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import SecretMissing
from acca_crawler.i18n.alarm_texts import advice, what
from acca_crawler.operations.metrics import CONTENT_TYPE, prometheus
from acca_crawler.operations.status_report import status_report
from acca_crawler.web.pages import render
from acca_crawler.web.site import site_of


async def status_page(request: Request, datasette: Any) -> Response:
    """Show outlets, channels and the archive as `acca status` does."""
    site = site_of(datasette)
    report = await site.store.run(status_report, site.config, site.now())
    return await render(datasette, request, "status", report=report, what=what, advice=advice)


async def metrics(request: Request, datasette: Any) -> Response:
    """Serve the metrics to a request with the bearer token of acca.toml; 404 if none is configured, 401 otherwise."""
    site = site_of(datasette)
    try:
        token = metrics_token(site.config)
    except SecretMissing:
        return _plain("The token of the metrics can't be read: see `acca doctor`.", 503)
    if not token:
        return _plain("No token for the metrics is configured.", 404)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        return Response(
            "A bearer token is required.", status=401, headers={"WWW-Authenticate": "Bearer"},
            content_type="text/plain; charset=utf-8",
        )  # fmt: skip
    report = await site.store.run(status_report, site.config, site.now())
    return Response(prometheus(report), content_type=CONTENT_TYPE)


def metrics_token(config: Config) -> str:
    """Return the token that may read the metrics; empty if none is configured. Raises `SecretMissing`."""
    section = config.operations
    return read_secret(
        "operations.metrics_token", section.metrics_token_env, section.metrics_token_file, config.base_directory
    )


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
