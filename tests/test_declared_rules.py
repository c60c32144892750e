"""A mark "already read" is void once the outlet's rules say something else, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acca_crawler.declared_rules import address_rules, page_rules
from acca_crawler.outlets import Expected, Outlet, Selectors

OUTLET = Outlet("Paper", "https://paper.example/", ("paper.example",), ("KG",), ("ru",), "^/news/")


@pytest.mark.parametrize(
    ("changed", "addresses", "pages"),
    [
        ({"article_path": "^/notes/"}, True, True),
        ({"mirrors": ("mirror.example",)}, True, True),
        ({"keep_query": ("id",)}, True, True),
        ({"selectors": Selectors(body="div.text")}, False, True),
        ({"old_selectors": (Selectors(body="div.text", valid_until="2025-01-01"),)}, False, True),
        ({"title": "The Paper", "note": "moved", "expected": Expected(5)}, False, False),
    ],
)
def test_the_hash_changes_with_what_it_is_of(changed: dict[str, object], addresses: bool, pages: bool) -> None:
    other = replace(OUTLET, **changed)  # type: ignore[arg-type]
    assert (address_rules(other) != address_rules(OUTLET)) == addresses
    assert (page_rules(other) != page_rules(OUTLET)) == pages
