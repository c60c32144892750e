"""Check the form of what spiders declare in code."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from acca_crawler.exceptions import OutletError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def refuse_strings(declared: DataclassInstance, of: str) -> None:
    """Raise `OutletError` if a tuple of a declaration is a string, whose letters would be taken for its values.

    `of` says whose declaration it is. Knows tuples by their annotations, which have to be strings.
    """
    for one in fields(declared):
        value = getattr(declared, one.name)
        if str(one.type).startswith("tuple[") and isinstance(value, str):
            raise OutletError(f"{of}: {one.name} is a string, not a tuple: write ({value!r},)")
