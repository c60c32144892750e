"""Password hashing (Argon2id at the library's recommended cost) and delays after failed sign-ins.

`now` is an aware time.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from acca_crawler.clock import parse_stamp
from storage.review.users import FailedSignIns

MIN_LENGTH = 12
"""Characters: NIST SP 800-63B asks for 8 with a second factor and 15 without; people here type it every morning."""
REMEMBERED = timedelta(hours=1)

_hasher = PasswordHasher()
_one_at_a_time = threading.Semaphore(2)  # each check takes 64 MiB
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$IxPI9qeJwfly56Eku+suVw$9BKBoK3dfsvGTGhS1Wd02C8WL9RerPOr68xcOJK7Kh0"
"""Hash of a random password that was thrown away, at the same cost as every other."""


def hash_password(password: str) -> str:
    """Return the hash to store. Raises `ValueError` if the password is too short."""
    if len(password) < MIN_LENGTH:
        raise ValueError(f"a password needs at least {MIN_LENGTH} characters")
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Return whether the password matches the stored hash; takes just as long if the user does not exist."""
    with _one_at_a_time:
        try:
            return _hasher.verify(kept or _NOBODY, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def wait(failures: FailedSignIns, now: datetime) -> float:
    """Return the seconds until the next attempt is accepted.

    After three failures of a name from one address, the delay doubles from 2 seconds up to 15 minutes. A name tried
    from many addresses is delayed by at most 30 seconds, so that nobody can lock its owner out; an address that
    tries many names is delayed by up to 15 minutes.
    """
    return max(
        _left(failures.pair, failures.pair_at, now, free=3, most=900),
        _left(failures.name, failures.name_at, now, free=10, most=30),
        _left(failures.address, failures.address_at, now, free=10, most=900),
    )


def _left(count: int, last: str, now: datetime, free: int, most: int) -> float:
    if count < free:
        return 0
    pause = min(2 ** (count - free + 1), most) if count - free < 12 else most
    return max((parse_stamp(last) + timedelta(seconds=pause) - now).total_seconds(), 0)
