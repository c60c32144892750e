"""An outlet without selectors: its template is learned from imported pages, shown, and used by the next import."""

from __future__ import annotations

import json
from pathlib import Path

from tests.extract.test_template import page, text
from tests.support.desk import Desk

HOME = "https://gazette.example/"


def save(directory: Path, number: int) -> str:
    """Save one page of the outlet, with its address in it."""
    canonical = f'<head><link rel="canonical" href="{HOME}news/a-report-of-the-day-{number}">'
    (directory / f"{number}.html").write_text(page(number).replace("<head>", canonical), encoding="utf-8")
    return f"{number}.html"


def test_template_is_learned_shown_and_used(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure(
        f'[[outlet]]\nname = "gazette"\nbase = "generic"\nhome = "{HOME}"\ncountries = ["KG"]\nlanguages = ["en"]\n'
    )
    desk.acca("import", "--outlet", "gazette", *(save(tmp_path, number) for number in range(20)))
    assert "No template of gazette" in desk.acca("template", "gazette")
    shown = desk.acca("template", "gazette", "--learn")
    assert "2 places, learned" in shown
    assert "div.xb > p." in shown
    places = json.loads(desk.acca("template", "gazette", "--json"))["places"]
    assert {place["reason"] for place in places} == {"headlines", "repeated"}

    desk.acca("import", "--outlet", "gazette", save(tmp_path, 21))
    article = desk.value("SELECT max(id) FROM articles")
    stored = desk.value(f"SELECT text FROM revisions WHERE article_id = {article}")
    assert stored == "\n\n".join(text(21, paragraph) for paragraph in range(1, 6))
    assert "no articles of an outlet named nobody" in desk.acca("template", "nobody", "--learn", code=2)
