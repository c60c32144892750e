"""Patterns that Python only warns of are errors where operators write them."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from acca_crawler.config.loading import parse
from acca_crawler.exceptions import ConfigError
from acca_crawler.text.strict_patterns import compile_strictly

OUTLET = {
    "name": "paper", "base": "generic", "home": "https://paper.example/", "countries": ["KG"], "languages": ["ru"],
}  # fmt: skip


@pytest.mark.parametrize("pattern", ["^/[[a-z]+$", "[a||b]", "[a&&b]"])
def test_a_pattern_that_python_may_read_otherwise_is_named(pattern: str) -> None:
    with pytest.raises(re.error, match=r"possible .+ at position \d+: escape"):
        compile_strictly(pattern)


def test_in_the_configuration_it_is_an_error_with_its_key() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConfigError, match=r"article_path.*possible nested set"):
            parse({"outlet": [{**OUTLET, "article_path": "^/[[a-z]+$"}]}, Path("acca.toml"))
