"""Entries for cron, systemd and containers name commands that exist, with paths as they are on this machine."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.operations.schedule_entries import JobPlace, crontab, jobs, systemd_units
from tests.support.desk import ROOT, TIMEOUT, Desk

FIELDS = re.compile(r"(?:[*\d/,-]+ ){5}")


def parses(arguments: list[str]) -> bool:
    """Whether `acca` accepts these arguments, without running anything."""
    context = main.make_context("acca", list(arguments))
    name, command, rest = main.resolve_command(context, [*context._protected_args, *context.args])
    assert name is not None and command is not None
    command.make_context(name, rest, parent=context)
    return True


@pytest.fixture(params=["архив 100% $HOME", "it's", 'a "b" \\x;'])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> JobPlace:
    """A directory with characters in its name that mean something to a shell, to cron or to systemd."""
    directory = tmp_path / request.param
    directory.mkdir()
    (directory / "acca.toml").touch()
    return JobPlace(directory, directory / "acca.toml", Path("/opt/my acca/bin/acca"), directory / "archive")


def test_every_cron_line_is_one_that_a_shell_reads_as_meant(place: JobPlace, tmp_path: Path) -> None:
    backup = tmp_path / "copy of it"
    backup.mkdir()
    lines = crontab(place, jobs(50, backup)).splitlines()[1:]
    assert len(lines) == 3
    for line in lines:
        assert FIELDS.match(line)
        assert re.search(r"(?<!\\)%", line) is None
        words = shlex.split(FIELDS.sub("", line).replace("\\%", "%"))
        assert words[:4] == ["cd", str(place.directory), "&&", "/opt/my acca/bin/acca"]
        assert words[-1] == ">/dev/null"
        assert parses(words[4:-1])


def test_every_systemd_unit_is_complete(place: JobPlace, tmp_path: Path) -> None:
    units = systemd_units(replace(place, backup=tmp_path), jobs(50, tmp_path), "acca")
    assert sorted(units) == [f"acca-{job}.{end}" for job in ("backup", "run", "verify") for end in ("service", "timer")]
    for name, text in units.items():
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(text)
        if name.endswith(".timer"):
            assert unit["Timer"]["OnCalendar"]
            assert unit["Install"]["WantedBy"] == "timers.target"
            continue
        service = {name: value.replace("%%", "%") for name, value in unit["Service"].items()}
        words = shlex.split(service["ExecStart"].replace("$$", "$"))
        assert words[:3] == ["/opt/my acca/bin/acca", "--config", str(place.config)]
        assert parses(words[1:])
        assert service["WorkingDirectory"] == str(place.directory)
        assert shlex.split(service["ReadWritePaths"]) == [str(place.archive), str(tmp_path)]
        assert unit["Service"]["SuccessExitStatus"] == "3 130"
    assert "TimeoutStartSec=80min" in units["acca-run.service"]


def test_the_command_prints_and_writes_them(tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text("[operations]\nrun_minutes = 20\n")
    at = ["--config", str(tmp_path / "acca.toml"), "schedule"]
    printed = CliRunner().invoke(main, at).output
    assert printed.count("\n") == 3
    assert f"cd {tmp_path} && {Path(sys.executable).with_name('acca')} --config {tmp_path}/acca.toml run" in printed
    assert "OnCalendar=*:0/10" in CliRunner().invoke(main, [*at, "--systemd"]).output
    written = CliRunner().invoke(main, [*at, "--systemd", "--write", str(tmp_path), "--user", "acca"])
    assert "enable --now acca-run.timer acca-verify.timer" in written.output
    assert "TimeoutStartSec=50min" in (tmp_path / "acca-run.service").read_text()
    assert "User=acca" in (tmp_path / "acca-verify.service").read_text()


def test_systemd_may_write_where_the_jobs_write_and_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text(
        '[[channel]]\nname = "feed"\nkind = "atom"\ndirectory = "feeds of ours"\nurl = "https://x.example/feeds"\n'
    )
    asked = [
        "--config", str(tmp_path / "acca.toml"), "schedule", "--systemd", "--user", "acca", "--backup",
        str(tmp_path / "copy"),
    ]  # fmt: skip
    shown = CliRunner().invoke(main, asked).output
    writable = {line.partition("=")[2] for line in shown.splitlines() if line.startswith("ReadWritePaths=")}
    assert writable == {f'{tmp_path}/archive {tmp_path}/copy "{tmp_path}/feeds of ours"'}
    first = [line.removeprefix("# first: ") for line in shown.splitlines() if line.startswith("# first: ")]
    assert first == [
        f"install -d -o acca -m 700 {tmp_path}/archive {tmp_path}/copy",
        f"install -d -o acca -m 755 '{tmp_path}/feeds of ours'",
    ]
    for name in ("archive", "copy", "feeds of ours"):
        (tmp_path / name).mkdir()
    assert "# first" not in CliRunner().invoke(main, asked).output


@pytest.mark.systemd
def test_systemd_takes_the_units(place: JobPlace, tmp_path: Path) -> None:
    program = tmp_path / "my acca" / "acca"
    program.parent.mkdir()
    program.touch(mode=0o755)
    target = tmp_path / "copy"
    units = systemd_units(replace(place, program=program, backup=target), jobs(50, target), "root")
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "acca" in line] == []


@pytest.mark.parametrize("option", ["--user", "--write"])
def test_what_only_systemd_needs_is_refused_for_cron(tmp_path: Path, option: str) -> None:
    (tmp_path / "acca.toml").touch()
    asked = ["--config", str(tmp_path / "acca.toml"), "schedule", option, str(tmp_path)]
    done = CliRunner().invoke(main, asked)
    assert (done.exit_code, f"{option} goes with --systemd" in done.output) == (2, True)


def test_without_a_configuration_there_is_nothing_to_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["schedule"])
    assert (done.exit_code, "acca init" in done.output) == (1, True)


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Containerfile with their arguments; continued lines are joined."""
    whole = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [(name, rest) for line in whole.splitlines() if line for name, _, rest in [line.partition(" ")]]


def test_the_containerfile_copies_what_is_there_and_starts_our_command_as_no_root() -> None:
    found = instructions((ROOT / "Containerfile").read_text())
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in found} <= known
    last = dict(found)
    copied = {source for name, rest in found if name == "COPY" and "--from" not in rest for source in rest.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) < copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} < copied
    assert all(re.search(r":\d[\w.-]+", rest) for name, rest in found if name == "FROM"), "an image without a version"
    assert json.loads(last["ENTRYPOINT"])[0] in project["project"]["scripts"]
    assert parses(json.loads(last["CMD"]))
    assert last["USER"] not in ("root", "0")
    names = [name for name, _ in found]
    assert names.index("USER") > max(number for number, name in enumerate(names) if name == "RUN")
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == kept, "what is copied is what the build may see"


def test_the_compose_file_starts_commands_that_exist() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert (ROOT / compose["x-acca"]["build"]["dockerfile"]).is_file()
    for service in compose["services"].values():
        assert parses(service["command"])
        assert service["volumes"] == ["./acca:/srv/acca"]
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_an_argument_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(click.UsageError):
        parses(["run", "--no-such-option"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_run_every_repeats_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "acca.toml").write_text("[crawl]\n")  # no contact: every run ends with code 2
    process = Desk(tmp_path).start("run", "--every", "1")
    deadline = time.monotonic() + TIMEOUT
    while len(said := process.printed.splitlines()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(TIMEOUT)
    assert process.returncode == 130
    assert len(said) >= 2 and all("crawl.contact" in line for line in said)
