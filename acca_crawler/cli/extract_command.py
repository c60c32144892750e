"""`acca extract`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from acca_crawler import __version__
from acca_crawler.cli.common import USAGE, give_up
from acca_crawler.items import Dated

MAX_BYTES = 20_000_000
SECONDS = 30


@click.command("extract")
@click.argument("source", metavar="FILE|URL")
@click.option("--url", default="", help="URL that a saved page came from.")
@click.option("--json", "as_json", is_flag=True, help="Print everything extracted as JSON.")
@click.option(
    "--explain", is_flag=True, help="Print an HTML page with every block coloured by its decision, with the reason."
)
def command(source: str, url: str, as_json: bool, explain: bool) -> None:
    """Extract one page as a crawl does without selectors, and show the article. Nothing is stored.

    `--explain` writes an HTML page: `acca extract page.html --explain > blocks.html`.
    """
    from acca_crawler.extract import extract
    from acca_crawler.extract.explain import explained

    page = _page(source)
    address = url or (source if "://" in source else Path(source).resolve().as_uri())
    if explain:
        click.echo(explained(page, address), nl=False)
        return
    got = extract(page, address)
    if as_json:
        click.echo(json.dumps(asdict(got), ensure_ascii=False, indent=2))
        return
    for name, value in (
        ("Title", got.title),
        ("Standfirst", got.lead),
        ("Authors", ", ".join(got.authors)),
        ("Published", _date(got.published)),
        ("Modified", _date(got.modified)),
        ("Language", got.language or ""),
        ("Address", got.canonical_url or ""),
        ("Categories", ", ".join(got.categories)),
        ("Tags", ", ".join(got.tags)),
        ("Read by", got.method or "nothing: no text was found"),
        ("In doubt", "; ".join(f"{doubt.kind.replace('_', ' ')} ({doubt.detail})" for doubt in got.doubts)),
    ):
        if value:
            click.echo(f"{name}: {value}")
    for paragraph, role in zip(got.paragraphs, got.roles, strict=True):
        click.echo(f"\n{paragraph}" if role == "paragraph" else f"\n[{role}] {paragraph}")
    for caption in got.captions:
        click.echo(f"\n[caption] {caption}")


def _date(date: Dated | None) -> str:
    """Return a date with its source, certainty and time zone."""
    if date is None:
        return ""
    zone = f", given in UTC{date.offset}" if date.offset else ""
    return f"{date.value} ({date.source}, {date.certainty}{zone})"


def _page(source: str) -> bytes:
    """Return the bytes of a file, or of the response to a GET."""
    if source.startswith(("http://", "https://")):
        import requests

        try:
            with requests.get(
                source, timeout=SECONDS, stream=True, headers={"User-Agent": f"acca-crawler/{__version__}"}
            ) as answer:
                answer.raise_for_status()
                return bytes(answer.raw.read(MAX_BYTES, decode_content=True))
        except requests.RequestException as error:
            give_up(f"can't fetch {source}: {error}", USAGE)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        give_up(f"can't read {source}: {error.strerror}", USAGE)
