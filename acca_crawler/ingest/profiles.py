"""Reports' profiles as the archive keeps them; those made or read last are at hand and need no decoding."""

from __future__ import annotations

from functools import lru_cache

from acca_crawler.dedup.profile import Profile

_MOST_REMEMBERED = 512
_JUST_MADE: dict[bytes, Profile] = {}
"""Profiles not compared with another report yet since they were made, by their bytes in the archive."""


def remembered(profile: Profile) -> bytes:
    """Return a profile as the archive keeps it; this process compares the next reports with it as it is."""
    packed = profile.packed_up()
    stored = packed.to_bytes()
    if len(_JUST_MADE) >= _MOST_REMEMBERED:
        _JUST_MADE.clear()
    _JUST_MADE[stored] = packed
    return stored


@lru_cache(maxsize=_MOST_REMEMBERED)
def opened(stored: bytes) -> Profile:
    """Decode a profile; those of recent reports are compared again and again.

    Raises `ValueError` for one of another release.
    """
    return _JUST_MADE.pop(stored, None) or Profile.from_bytes(stored)
