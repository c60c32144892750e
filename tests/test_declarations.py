"""A string where a spider has to declare a tuple: its letters are never taken for values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.discovery import Feed, FeedCatalogue, Listing, Sitemap, WordPressApi
from acca_crawler.exceptions import OutletError
from tests.support.known import outlets

KAKTUS = outlets()["kaktus"].outlet


@pytest.mark.parametrize("name", ["identity", "hosts", "countries", "languages", "keep_query", "mirrors", "telegram"])
def test_of_an_outlet(name: str) -> None:
    given: dict[str, Any] = {name: "{id}"}
    with pytest.raises(OutletError, match=rf"^{KAKTUS.title}: {name} is a string, .*write \('{{id}}',\)$"):
        replace(KAKTUS, **given)


@pytest.mark.parametrize("way", [Feed, Listing, Sitemap, WordPressApi])
def test_of_a_way(way: Callable[..., object]) -> None:
    with pytest.raises(OutletError, match=r"refs is a string, .*write \('/rss',\)$"):
        way(refs="/rss")


def test_of_a_catalogue() -> None:
    always: Any = "/rss"
    with pytest.raises(OutletError, match="feeds: always is a string"):
        FeedCatalogue("/feeds", "a", always=always)


def test_in_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "acca.toml"
    file.write_text(
        '[[outlet]]\nname = "valley"\nbase = "generic"\nhome = "https://valley.example/"\n'
        'countries = "KZ"\nlanguages = "ru"\nidentity = "{path}"\nfeeds = "/rss"\n',
        encoding="utf-8",
    )
    answer = CliRunner().invoke(main, ["--config", str(file), "fixture", "valley"])
    assert answer.exit_code != 0
    for key, value in (("countries", "KZ"), ("languages", "ru"), ("identity", "{path}"), ("feeds", "/rss")):
        assert f"outlet.valley.{key}: a list, in brackets (found: {value!r})" in answer.output
