"""What the status shows, as text, JSON and metrics; invented outlets with known habits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.operations.metrics import prometheus
from acca_crawler.operations.status_report import status_report
from storage.reports.archive_figures import ArchiveFigures, broken_link
from tests.support.desk import Desk
from tests.support.newsdesk import Newsdesk

LINE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+)\})? (-?[\d.e+]+)$')


def parsed(text: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """The samples by name and labels; fails on a line that is not in the exposition format."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    declared: list[str] = []
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            declared.append(line.split()[2])
        if line.startswith("#"):
            continue
        match = LINE.match(line)
        assert match, line
        name, labels, value = match.groups()
        assert name == declared[-1], "samples of a metric must follow its type"
        key = tuple(re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', labels or ""))
        assert key not in found.setdefault(name, {}), "the same sample twice"
        found[name][key] = float(value)
    assert len(declared) == len(set(declared)) == len(found)
    return found


def test_the_figures_are_those_of_the_archive(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    config = desk.configure("")
    for week in range(4):
        for number in range(week + 1):
            desk.tell(published=f"2026-11-{19 - 7 * (week % 3):02}T0{number}:00:00Z" if week < 3 else None)
    desk.wait(days=1)
    report = status_report(desk.db, config, desk.now)
    activity = report.activity["acca"]
    assert activity.week_articles == 1 + 4
    assert activity.newest_at == "2026-11-19T00:00:00Z"
    assert activity.languages == {"en": 10}
    assert activity.coverage["date"] == 0.6
    assert activity.last_success_at == "2026-11-20T06:00:00Z"
    samples = parsed(prometheus(report))
    assert samples["acca_outlet_week_articles"][(("outlet", "acca"),)] == 5
    assert samples["acca_outlet_ok"][(("outlet", "other"),)] == 1
    assert samples["acca_outlet_field_ratio"][("outlet", "acca"), ("field", "date")] == 0.6
    assert samples["acca_disk_free_bytes"][()] > 0


def test_what_is_usual_is_the_median_of_the_weeks_since_the_outlet_is_followed(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    config = desk.configure("")
    for per_week in (3, 5, 10):
        for _ in range(per_week):
            desk.tell(published=None)
        desk.wait(days=7)
    desk.wait(days=1)
    found = status_report(desk.db, config, desk.now).activity["acca"]
    assert found.usual_week == 7.5, "the week that began before the first crawl does not count"
    assert found.week_articles == 0


def test_labels_are_escaped_and_times_are_seconds(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    config = desk.configure("")
    desk.db.execute(
        "INSERT INTO way_attempts (run_id, outlet, way, url, outcome, found, attempted_at) "
        "VALUES (1, 'acca', ?, 'u', 'failed', 0, '2026-11-20T06:00:00Z')", ['we"ird\\way\n'],
    )  # fmt: skip
    text = prometheus(status_report(desk.db, config, desk.now))
    assert 'way="we\\"ird\\\\way\\n"' in text
    parsed(text)
    assert 'acca_outlet_last_run_timestamp_seconds{outlet="acca"} 1795154400' in text


@pytest.mark.parametrize(("free", "said"), [(40.0, "enough for 40 days"), (34_163.0, "enough for more than a year")])
def test_the_days_that_the_disk_is_enough_for_are_said_to_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, said: str
) -> None:
    desk = Newsdesk(tmp_path)
    desk.configure("")
    desk.tell()
    desk.db.close()
    monkeypatch.setattr(ArchiveFigures, "days_left", free)
    monkeypatch.chdir(tmp_path)
    assert f"a day, {said}" in CliRunner().invoke(main, ["status"]).output


def test_a_broken_chain_is_seen(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    for run, previous, digest in ((1, None, "x"), (2, "x", "y")):
        desk.db.execute("INSERT INTO manifests VALUES (?, '2026-11-20T06:00:00Z', ?, '{}', ?)", [run, previous, digest])
    assert broken_link(desk.db) == 1


def test_the_command_has_three_forms(tmp_path: Path) -> None:
    desk = Newsdesk(tmp_path)
    desk.configure("")
    desk.tell()
    desk.db.close()
    there = Desk(tmp_path)
    shown = there.acca("status")
    assert "archive: database " in shown
    assert "28 days: en 100%; with date 100%" in shown
    document = json.loads(there.acca("status", "--json"))
    assert document["outlets"] == json.loads(there.acca("status", "--format", "json"))["outlets"]
    assert {"outlets", "channels", "archive"} < set(document)
    assert "acca_outlet_articles" in parsed(there.acca("status", "--format", "prometheus"))
