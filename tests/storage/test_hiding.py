"""A library that is hidden for a while is missing then, and only then."""

from __future__ import annotations

import importlib
import sys
import wsgiref

import pytest

from storage.hiding import without


def test_a_hidden_package_is_missing_with_all_that_is_in_it() -> None:
    with without("wsgiref"):
        for name in ("wsgiref", "wsgiref.validate"):
            with pytest.raises(ModuleNotFoundError):
                importlib.import_module(name)
    assert importlib.import_module("wsgiref") is wsgiref


def test_an_error_leaves_what_was_loaded_and_nothing_else() -> None:
    with pytest.raises(LookupError), without("wsgiref", "a_library_that_nobody_has"):
        raise LookupError
    assert sys.modules["wsgiref"] is wsgiref
    assert "a_library_that_nobody_has" not in sys.modules
