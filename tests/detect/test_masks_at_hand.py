"""A match is compared with the masks beside it, not with all before it: a text may be nothing but homonyms."""

from __future__ import annotations

import pytest

from acca_crawler.detect import annotate
from acca_crawler.detect.annotate import annotate as read

UNIT = "СУД АРЕСТ "


def test_masks_far_before_a_match_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [few_times(monkeypatch, number) for number in (200, 400)]
    assert 0 < seen[1] <= 2.3 * seen[0]


def few_times(monkeypatch: pytest.MonkeyPatch, units: int) -> int:
    """How many masks are looked at in a text of so many units."""
    counted = 0
    original = annotate._is_masked

    class Counted(list):  # type: ignore[type-arg]
        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            nonlocal counted
            found = super().__getitem__(key)
            counted += len(found) if isinstance(key, slice) else 1
            return found

    monkeypatch.setattr(annotate, "_is_masked", lambda hit, masks, starts: original(hit, Counted(masks), starts))
    read(UNIT * units, language="ru")
    monkeypatch.setattr(annotate, "_is_masked", original)
    return counted
