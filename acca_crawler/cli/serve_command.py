"""`acca serve`."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from acca_crawler.cli.common import USAGE, account_name, clear_errors, give_up, load_config

if TYPE_CHECKING:
    from acca_crawler.config.loading import WebSection
    from acca_crawler.web.site import Site

OPERATOR = "operator"
LINK_MINUTES = 60


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--link", metavar="NAME", help="Print a one-time sign-in link for this user and exit.")
@click.option("--tls-certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def command(
    context: click.Context, host: str, port: int, link: str | None, tls_certificate: Path | None, tls_key: Path | None
) -> None:
    """Serve the review pages and the archive, by default on this machine only (see --host).

    On a loopback address, prints a one-time sign-in link as long as no user has a password. Any other address is
    refused until there are users (`acca user add`) and `web.url` in acca.toml is set to the URL that people use. With
    --link, no server is started: the link works on the running server, or the next one.
    """
    from acca_crawler.web.app import build

    config = load_config(context)
    with clear_errors():
        datasette, site = build(config)
        scheme = "https" if tls_certificate else "http"
        _must_be_safe(host, config.web, site, encrypted=tls_certificate is not None)
        address = config.web.url or f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        if link is None:
            _must_be_free(host, port)
        printed = _link(site, link, local=is_loopback(host))
        if link is None:
            click.echo(f"Serving {config.archive_file} at {address}")
        if printed:
            click.echo(f"Sign in once within {LINK_MINUTES} minutes: {address}/sign-in/link?token={printed}")
        if link is not None:
            return
        _run(datasette, host, port, config.web, tls_certificate, tls_key)


def is_loopback(host: str) -> bool:
    """Return whether the address is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _must_be_free(host: str, port: int) -> None:
    """Exit with code 2 if the port can't be bound, before printing a link that would not work."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            give_up(f"port {port} on {host}: {error.strerror}; choose another with --port", USAGE)


def _must_be_safe(host: str, web: WebSection, site: Site, encrypted: bool) -> None:
    """Exit with code 2 if listening on `host` would let strangers in or expose passwords."""
    if is_loopback(host):
        return
    from storage.review.database import connect
    from storage.review.users import anyone_can_sign_in

    db = connect(site.config.people_file, site.config.archive_file)
    if not anyone_can_sign_in(db):
        give_up(f"{host} can be reached from outside: first make a user with `acca user add`", USAGE)
    if not web.url.startswith("https://"):
        give_up(f'{host} can be reached from outside: name the address people use in [web] url = "https://..."', USAGE)
    if not encrypted and not web.trusted_proxies:
        give_up(
            f"{host} can be reached from outside: give --tls-certificate and --tls-key, or name the proxy that does "
            "TLS in [web] trusted_proxies",
            USAGE,
        )


def _link(site: Site, name: str | None, local: bool) -> str | None:
    """Return a sign-in token for the named user, or for the operator on a machine without users yet, or None."""
    from acca_crawler.web.site import token
    from storage.review import journal, users
    from storage.review.database import connect
    from storage.schema.database import transaction

    def note(user: str, action: str, **more: str) -> None:
        subject = {"user": user, "action": action, **more}
        journal.append(db, "user", account_name(), subject, None, site.stamp())

    db = connect(site.config.people_file, site.config.archive_file)
    if name is None:
        if not local or users.anyone_can_sign_in(db):
            return None
        name = OPERATOR
        if users.find_user(db, name) is None:
            with transaction(db):
                users.add_user(db, name, "lead", None, site.stamp())
                note(name, "add", role="lead")
    user = users.find_user(db, name)
    if user is None or user.disabled_at:
        give_up(f"no user is called {name}: see `acca user list`", USAGE)
    fresh = token()
    with transaction(db):
        users.add_link(db, user.name, fresh, site.stamp(minutes=LINK_MINUTES))
        note(user.name, "link")
    db.close()
    return fresh


def _run(
    datasette: Any, host: str, port: int, web: WebSection, certificate: Path | None, key: Path | None
) -> None:  # pragma: no cover - runs until it is killed
    import uvicorn

    from acca_crawler.web.impatient import ImpatientProtocol

    uvicorn.run(
        datasette.app(),
        http=ImpatientProtocol,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # URLs contain search words and, once, a sign-in token
        server_header=False,
        lifespan="on",
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=list(web.trusted_proxies),
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
