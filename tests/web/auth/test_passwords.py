"""A name that does not exist takes as long as one that does."""

from __future__ import annotations

from argon2 import PasswordHasher

from acca_crawler.web.auth import passwords


def test_the_hash_of_nobody_costs_what_every_other_does_and_lets_nobody_in() -> None:
    assert not PasswordHasher().check_needs_rehash(passwords._NOBODY)
    assert len(passwords._NOBODY) == len(passwords.hash_password("a password of a user"))
    assert not passwords.matches(None, "a password of a user")
