"""`acca doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from acca_crawler.cli.common import FAILED, load_config

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command("doctor")
@click.option("--offline", is_flag=True, help="Without the checks that need the network.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one finding each.")
@click.pass_context
def command(context: click.Context, offline: bool, as_json: bool) -> None:
    """Check configuration, versions, permissions, disk, clock, the network to each outlet, and alert channels.

    Says for each problem what to do. Sends no message; asks each enabled outlet once for its robots.txt. Exits with 1
    if a finding is an error, 2 if acca.toml is invalid; warnings are not errors.
    """
    from acca_crawler.operations.doctor import examine

    config = load_config(context)
    errors = warnings = 0
    for finding in examine(config, online=not offline):
        errors += finding.severity == "error"
        warnings += finding.severity == "warning"
        if as_json:
            click.echo(json.dumps(asdict(finding), ensure_ascii=False))
            continue
        severity = click.style(f"{finding.severity.upper():8}", COLOURS[finding.severity])
        click.echo(f"{severity} {finding.area}: {finding.found}")
        if finding.advice:
            click.echo(f"         {finding.advice}")
    if not as_json:
        click.echo(f"Errors: {errors}; warnings: {warnings}")
    if errors:
        sys.exit(FAILED)
