"""Sending an alert is a straight line: its steps in order, each in a module of its own, and no way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.alerts.sending import send_all
from tests.support.calls import Calls, counted
from tests.support.newsdesk import Newsdesk
from tests.support.servers import Hook

STEPS = [
    "route_new", "archive_uuid", "open_sender", "save_problem", "is_quiet", "compose", "due", "attempt",
    "record_attempt",
]  # fmt: skip


@pytest.fixture
def calls(tmp_path: Path, receiver: Hook, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Count what sending one report to a webhook calls; the first time only loads what is loaded once."""
    monkeypatch.setenv("ACCA_TEST_SECRET", "a-secret")
    for name in ("loaded", "counted"):
        (tmp_path / name).mkdir()
        desk = Newsdesk(tmp_path / name)
        config = desk.configure(
            f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\n'
            'secret_env = "ACCA_TEST_SECRET"\n[[rule]]\nname = "all"\nchannels = ["hook"]\n'
        )
        desk.tell(victim="Officers", place="Zhana")
        with counted() as found:
            (done,) = send_all(desk.db, config, desk.clock)
        assert done.sent == 1
        desk.db.close()
    return found


def test_the_way_is_short_and_never_turns_back(calls: Calls) -> None:
    print(f"sending: {calls}")  # the figures in docs/architecture.md
    steps = [name for name in calls.steps_of("_send_channel") if name not in ("Newsdesk.clock", "stamp")]
    assert [name for name in steps if not name.endswith(".targets")] == STEPS
    assert not calls.back
    assert len(calls.functions) <= 52 and len(calls.modules) <= 20
