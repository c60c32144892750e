"""A library that is hidden for a while is missing then, and only then."""

from __future__ import annotations

import importlib
import sys

import pytest

from storage.hiding import without


@pytest.fixture(autouse=True)
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("wsgiref", "wsgiref.validate"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_a_hidden_package_is_missing_with_all_that_is_in_it() -> None:
    with without("wsgiref"):
        for name in ("wsgiref", "wsgiref.validate"):
            with pytest.raises(ModuleNotFoundError):
                importlib.import_module(name)
    assert importlib.import_module("wsgiref").__name__ == "wsgiref"


def test_a_package_that_is_loaded_stays_for_other_threads() -> None:
    loaded = importlib.import_module("wsgiref")
    with without("wsgiref"):
        assert importlib.import_module("wsgiref") is loaded
    assert sys.modules["wsgiref"] is loaded


def test_an_error_leaves_nothing_hidden_and_one_in_another_ends_alone() -> None:
    with pytest.raises(LookupError), without("wsgiref", "a_library_that_nobody_has"):
        with without("wsgiref"):
            pass
        assert sys.modules["wsgiref"] is None
        raise LookupError
    assert not {"wsgiref", "a_library_that_nobody_has"} & set(sys.modules)
