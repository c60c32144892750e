"""The CSV for Uwazi, read as Uwazi's importer reads it (app/api/csv in huridocs/uwazi)."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from acca_crawler.i18n.catalogue import language
from acca_crawler.reports.casebook.rows import CaseRow, NamedPerson
from acca_crawler.reports.casebook.uwazi import FIELDS, as_uwazi

ROW = CaseRow(
    number=432, title="Мужчина | найден мёртвым", language="ru", outlet="kloop", outlet_title="Kloop | Кыргызстан",
    url="https://kloop.example/a?b=1", published="2026-11-27T04:00:00Z", stored="2026-11-27T05:00:00Z", country="KG",
    regions=("chuy", "bishkek"), level="alert", categories=("death_in_custody", "torture"),
    persons=(NamedPerson("Болот Темирбаев", "victim"), NamedPerson("Асель Примерова", "lawyer")),
    agencies=("ГСИН", "prison service"), reports_in_story=3, status="confirmed", verdict="confirm", reason="",
    reviewer="aigul", decided="2026-11-28T05:00:00Z", note="=two\nsources", capture_sha256="ab" * 32,
    fetched="2026-11-27T05:00:00Z", event_date="2026-11-26",
)  # fmt: skip
BARE = CaseRow(
    number=7, title="", language=None, outlet="x", outlet_title="X", url="urn:post:1", published=None,
    stored="2026-11-27T05:00:00Z", country=None, regions=(), level=None, categories=(), persons=(), agencies=(),
    reports_in_story=1, status="", verdict="", reason="", reviewer="", decided="", note="", capture_sha256="",
    fetched="", event_date="--10-03",
)  # fmt: skip

TEMPLATE = {field.name: field.type for field in FIELDS}
"""The properties of the Uwazi template, by name, as docs/monitor.md lists them."""


def safe_name(label: str) -> str:
    """A property's name, as Uwazi makes it from a label or a header."""
    return re.sub(r"^[_|\-+$]", "", re.sub(r'[#\\|/*?"<>=\s:.\[\]%]', "_", label.strip())).lower()


def imported(data: bytes) -> list[dict[str, Any]]:
    """The entities that Uwazi makes of a file: metadata by property, with the values its type parsers give."""
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
    entities = []
    for row in table:
        named = {safe_name(header): value.strip() for header, value in row.items()}
        assert set(named) == set(TEMPLATE), "a column without a property is lost, a property without a column is empty"
        assert not [header for header in named if re.search(r"__(en|ru)$", header)], "a language suffix"
        assert named["title"], "an entity without a title is refused"
        entities.append({name: PARSERS[TEMPLATE[name]](value) for name, value in named.items() if value})
    return entities


def labels_of(value: str) -> list[str]:
    """Thesaurus labels, each once whatever its case; `::` would make a label of two levels."""
    found = {label.strip().lower(): label.strip() for label in value.split("|") if label.strip()}
    assert not [label for label in found if "::" in label]
    return list(found.values())


def select(value: str) -> str:
    (label,) = labels_of(value)
    return label


def date(value: str) -> int:
    """Seconds since 1970, by moment's strict formats of Uwazi."""
    return int(datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())


def link(value: str) -> dict[str, str]:
    label, _, address = value.partition("|")
    assert urlsplit(address).netloc
    return {"label": label, "url": address}


PARSERS: dict[str, Any] = {
    "title": str, "text": str, "numeric": int, "select": select, "multiselect": labels_of, "date": date, "link": link,
}  # fmt: skip


def test_uwazi_reads_every_field() -> None:
    first, bare = imported(as_uwazi([ROW, BARE], language("en")))
    assert first == {
        "title": "Мужчина / найден мёртвым",
        "event_record_number": 432,
        "geographical_term": "Kyrgyzstan",
        "local_geographical_area": ["Chüy", "Bishkek"],
        "initial_date": 1795651200,
        "violation_status": "Confirmed",
        "type_of_act": ["Death in custody", "Torture"],
        "victim": ["Болот Темирбаев"],
        "other_persons": ["Асель Примерова"],
        "type_of_perpetrator": ["ГСИН", "prison service"],
        "source": "Kloop / Кыргызстан",
        "language_of_source_material": "Russian",
        "date_of_source_material": 1795737600,
        "source_address": {"label": "Kloop / Кыргызстан", "url": "https://kloop.example/a?b=1"},
        "archived_page_sha256": "ab" * 32,
        "date_received": 1795737600,
        "entered_by": "aigul",
        "comments": "=two sources",
    }
    assert bare == {"title": "#7", "event_record_number": 7, "source": "X", "date_received": 1795737600}


def test_select_values_are_in_the_users_language() -> None:
    (entity,) = imported(as_uwazi([ROW], language("ru")))
    assert entity["geographical_term"] == "Кыргызстан"
    assert entity["local_geographical_area"] == ["Чуйская область", "Бишкек"]


def test_the_docs_list_the_template() -> None:
    page = (Path(__file__).parents[2] / "docs/monitor.md").read_text(encoding="utf-8")
    assert [f"| `{field.name}` | {field.type} | {field.huridocs} |" in page for field in FIELDS] == [True] * len(FIELDS)
