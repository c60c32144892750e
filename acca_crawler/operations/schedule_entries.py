"""Ready entries for cron and systemd that run the archive's jobs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MARGIN_MINUTES = 30
"""How much longer than its budget a run may take before systemd ends it: outlets that started in time still finish."""

_PLAIN = re.compile(r"[\w@+=:,./-]+")


@dataclass(frozen=True, slots=True)
class Job:
    """One command to run regularly: its time for cron and for systemd (both in the machine's time zone)."""

    name: str
    title: str
    arguments: tuple[str, ...]
    cron: str
    calendar: str
    minutes: float = 720


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Where the jobs run: the directory of acca.toml, its file name, the `acca` program.

    The jobs write to the archive's directory, to those of Atom feeds, and to that of the backup, if there is one.
    """

    directory: Path
    config: Path
    program: Path
    archive: Path
    feeds: Sequence[Path] = ()
    backup: Path | None = None

    @property
    def private(self) -> Sequence[Path]:
        """The directories that are for the jobs' user alone."""
        return [self.archive, *([self.backup] if self.backup else [])]

    @property
    def writable(self) -> Sequence[Path]:
        """All directories that the jobs write to."""
        return [*self.private, *self.feeds]

    def command(self, job: Job) -> list[str]:
        """Return the job's command line."""
        return [str(self.program), "--config", str(self.config), *job.arguments]


def jobs(run_minutes: float, backup: Path | None) -> Sequence[Job]:
    """Return the jobs of an archive: the crawl, a weekly check, and a daily backup if a target is given."""
    found = [
        Job(
            "acca-run", "acca: crawl what is due and send alerts", ("run",), "*/10 * * * *", "*:0/10",
            run_minutes + MARGIN_MINUTES,
        ),
        Job("acca-verify", "acca: verify the archive", ("verify",), "20 4 * * 0", "Sun *-*-* 04:20"),
    ]  # fmt: skip
    if backup:
        target = ("backup", str(backup))
        found.insert(1, Job("acca-backup", "acca: back up the archive", target, "40 5 * * *", "*-*-* 05:40"))
    return found


def crontab(place: JobPlace, chosen: Sequence[Job]) -> str:
    """Return crontab lines. Standard output is dropped: cron mails only what failed."""
    lines = [f"# acca-crawler in {place.directory}: add these lines with `crontab -e`"]
    for job in chosen:
        line = f"cd {shlex.quote(str(place.directory))} && {shlex.join(place.command(job))} >/dev/null"
        lines.append(f"{job.cron} {line.replace('%', chr(92) + '%')}")  # cron reads % as a line break
    return "\n".join(lines) + "\n"


def systemd_units(place: JobPlace, chosen: Sequence[Job], user: str) -> Mapping[str, str]:
    """Return the text of each unit by file name: a service and a timer per job."""
    units: dict[str, str] = {}
    for job in chosen:
        units[f"{job.name}.service"] = _service(place, job, user)
        units[f"{job.name}.timer"] = _timer(job)
    return units


def missing_directories(place: JobPlace, user: str) -> Sequence[str]:
    """Return shell commands that make the directories which the jobs write to and which are not there yet.

    systemd starts no service whose `ReadWritePaths` are missing (226/NAMESPACE), and no job may make them itself.
    """
    wanted = ((700, place.private), (755, place.feeds))
    missing = [(mode, [str(path) for path in paths if not path.is_dir()]) for mode, paths in wanted]
    return [shlex.join(["install", "-d", "-o", user, "-m", str(mode), *paths]) for mode, paths in missing if paths]


def _service(place: JobPlace, job: Job, user: str) -> str:
    command = " ".join(_quoted(part.replace("$", "$$")) for part in place.command(job))
    return f"""[Unit]
Description={job.title}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={_escaped(str(place.directory))}
ExecStart={command}
# 3: another process writes to the archive; 130: stopped by a signal. The next start continues.
SuccessExitStatus=3 130
TimeoutStartSec={job.minutes:.0f}min
TimeoutStopSec=60
KillMode=mixed
UMask=0077
Nice=5
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
ReadWritePaths={" ".join(_quoted(str(path)) for path in place.writable)}
"""


def _timer(job: Job) -> str:
    return f"""[Unit]
Description={job.title}

[Timer]
OnCalendar={job.calendar}
RandomizedDelaySec=30
Persistent=true

[Install]
WantedBy=timers.target
"""


def _quoted(text: str) -> str:
    """Quote a word for systemd, which reads quotation marks and backslashes in every list and specifiers everywhere.

    Only in command lines it also reads variables (`$`).
    """
    if _PLAIN.fullmatch(text):
        return text
    escaped = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
