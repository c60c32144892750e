"""Whatever is written at any key of acca.toml, loading it succeeds or names file and key; it never fails otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from acca_crawler.config.loading import Config, load
from acca_crawler.crawl.start import load_outlets
from acca_crawler.exceptions import AccaError, ConfigError

VALUES = (
    "inf", "nan", "-1", "0", "100000000000000000000", "true", '""', '"a\\u0000b"', '"http://[bad/"', '"a\\r\\nB: c"',
    '"../../../etc/passwd"', '"("', '"{x}"', "[]", '[""]', "[[1]]", "{}", '{a = 1}', "2026-11-28", "25:00",
    '"' + "x" * 5000 + '"',
)  # fmt: skip
OWN = '[[outlet]]\nname = "valley"\nbase = "generic"\nhome = "https://valley.example/"\ncountries = ["KG"]\n'


def sections(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every key of the configuration, as the header of its table and its name."""
    for name, field in model.model_fields.items():
        inner = [one for one in (field.annotation, *_within(field.annotation)) if _is_model(one)]
        many = "dict" in str(field.annotation)
        for one in inner:
            yield from sections(one, f"{prefix}{name}{'.acca' if many else ''}.")
        if not inner:
            yield prefix.rstrip("."), name


def _within(annotation: Any) -> Iterator[Any]:
    for one in get_args(annotation):
        yield one
        yield from _within(one)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


KEYS = sorted(set(sections(Config)))


def test_the_keys_of_all_sections_are_here() -> None:
    assert {"archive", "crawl", "web", "outlet", "outlets.acca"} <= {table for table, _ in KEYS}


@pytest.mark.parametrize(("table", "key"), KEYS, ids=[f"{table}.{key}" for table, key in KEYS])
def test_any_value_is_taken_or_named(tmp_path: Path, table: str, key: str) -> None:
    file = tmp_path / "acca.toml"
    for value in VALUES:
        if table == "outlet":
            text = OWN.replace("[[outlet]]\n", f"[[outlet]]\n{key} = {value}\n")
            lines = text.splitlines()
            text = "\n".join([*lines[:2], *(line for line in lines[2:] if not line.startswith(f"{key} ="))])
        else:
            text = f"[{table}]\n{key} = {value}" if table else f"{key} = {value}"
        file.write_text(text + "\n", encoding="utf-8")
        try:
            config = load(file)
        except ConfigError as error:
            assert str(error).startswith(str(file)), (value, error)
            continue
        if table.startswith("outlet"):
            try:
                load_outlets(config)
            except AccaError as error:
                assert str(error), value
