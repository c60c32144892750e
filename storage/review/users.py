"""Users, sessions, one-time links, and rate limiting of failed sign-ins.

Times are passed by the caller as UTC stamps (`2026-11-22T06:30:00Z`); they compare as text. Passwords arrive hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args
from zoneinfo import available_timezones

from storage.exceptions import UserError
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

Role = Literal["reader", "monitor", "lead"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From lowest to highest: each role includes the permissions of those before it."""


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may sign in. `has_password` is False if they sign in only by printed links.

    `time_zone` is the IANA name of the zone in which they read times; None means UTC.
    """

    name: str
    role: Role
    language: str | None
    created_at: str
    disabled_at: str | None
    has_password: bool
    time_zone: str | None = None

    def may(self, role: Role) -> bool:
        """Return True if this user's role includes `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


_USER = """
    SELECT name, role, language, created_at, disabled_at, password_hash IS NOT NULL AS has_password, time_zone
    FROM users
"""


def _user(row: object) -> User:
    values = dict(row)  # type: ignore[call-overload]
    return User(**values | {"has_password": bool(values["has_password"])})


def is_user_name(name: str) -> bool:
    """Return whether a text can be a user's name."""
    return bool(name.strip()) and len(name) <= 64 and name.isprintable() and name == name.strip()


def add_user(db: ReviewDb, name: str, role: Role, password_hash: str | None, at: str) -> None:
    """Add a user. Raises `UserError` if the name is taken or invalid."""
    if not is_user_name(name):
        raise UserError(f"{name!r} can't be a user's name: 1 to 64 printable characters")
    if find_user(db, name):
        raise UserError(f"there is a user {name} already")
    db.execute(
        "INSERT INTO users (name, role, password_hash, created_at) VALUES (?, ?, ?, ?)",
        [name, role, password_hash, at],
    )


def find_user(db: ReviewDb, name: str) -> User | None:
    """Return the user with this name (case-insensitive), or None."""
    row = db.execute(f"{_USER} WHERE name = ?", [name]).fetchone()
    return _user(row) if row else None


def all_users(db: ReviewDb) -> list[User]:
    """Return all users by name."""
    return [_user(row) for row in db.execute(f"{_USER} ORDER BY name").fetchall()]


def reviewers(db: ReviewDb) -> list[str]:
    """Return the names of those who may review, sorted."""
    sql = "SELECT name FROM users WHERE role IN ('monitor', 'lead') AND disabled_at IS NULL ORDER BY name"
    return [row[0] for row in db.execute(sql).fetchall()]


def anyone_can_sign_in(db: ReviewDb) -> bool:
    """Return True if some user has a password and is not disabled."""
    sql = "SELECT 1 FROM users WHERE password_hash IS NOT NULL AND disabled_at IS NULL"
    return db.execute(sql).fetchone() is not None


def password_hash(db: ReviewDb, name: str) -> str | None:
    """Return the hash of an enabled user's password, or None."""
    row = db.execute("SELECT password_hash FROM users WHERE name = ? AND disabled_at IS NULL", [name]).fetchone()
    return row["password_hash"] if row else None


def set_password(db: ReviewDb, name: str, password_hash: str) -> None:
    """Change a password, end the user's sessions and cancel their link, to shut out anyone who knew the old one.

    Inside the caller's transaction. Raises `UserError`.
    """
    _must_change(db, "UPDATE users SET password_hash = ? WHERE name = ?", [password_hash, name], name)
    _shut_out(db, name)


def reset(db: ReviewDb, name: str) -> None:
    """Remove a user's password, sessions and link, so that only a new link signs them in. Raises `UserError`.

    Inside the caller's transaction.
    """
    _must_change(db, "UPDATE users SET password_hash = NULL WHERE name = ?", [name], name)
    _shut_out(db, name)


def set_role(db: ReviewDb, name: str, role: Role) -> None:
    """Change a user's role. Raises `UserError`."""
    _must_change(db, "UPDATE users SET role = ? WHERE name = ?", [role, name], name)


def set_language(db: ReviewDb, name: str, language: str) -> None:
    """Save a user's interface language. Raises `UserError`."""
    _must_change(db, "UPDATE users SET language = ? WHERE name = ?", [language, name], name)


def set_time_zone(db: ReviewDb, name: str, time_zone: str) -> None:
    """Save the time zone in which a user reads times: an IANA name such as Asia/Bishkek. Raises `UserError`."""
    if time_zone not in available_timezones():
        raise UserError(f"{time_zone!r} is not a time zone such as Asia/Bishkek")
    _must_change(db, "UPDATE users SET time_zone = ? WHERE name = ?", [time_zone, name], name)


def disable(db: ReviewDb, name: str, at: str) -> None:
    """Disable a user's sign-in, end their sessions and cancel their link; their reviews are kept.

    Inside the caller's transaction. Raises `UserError`.
    """
    _must_change(db, "UPDATE users SET disabled_at = ? WHERE name = ?", [at, name], name)
    _shut_out(db, name)


def enable(db: ReviewDb, name: str) -> None:
    """Let a disabled user sign in again. Raises `UserError`."""
    _must_change(db, "UPDATE users SET disabled_at = NULL WHERE name = ?", [name], name)


def _must_change(db: ReviewDb, sql: str, arguments: list[str], name: str) -> None:
    if db.execute(sql, arguments).rowcount == 0:
        raise UserError(f"there is no user {name}")


def _shut_out(db: ReviewDb, name: str) -> None:
    """Sign a user out everywhere, and cancel a link that they have not used.

    Sessions and links know a user by the name as it was given, whatever its case is here.
    """
    for table in ("sessions", "sign_in_links"):
        db.execute(f"DELETE FROM {table} WHERE user = (SELECT name FROM users WHERE name = ?)", [name])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_SESSION = """
    SELECT name, role, language, users.created_at, disabled_at, password_hash IS NOT NULL AS has_password, time_zone,
           seen_at
    FROM sessions JOIN users ON name = user
    WHERE token_sha256 = ? AND expires_at > ? AND seen_at > ? AND disabled_at IS NULL
"""


def begin_session(db: ReviewDb, user: str, token: str, at: str, expires_at: str) -> None:
    """Sign a user in under a fresh random token; deletes expired sessions."""
    with transaction(db):
        db.execute("DELETE FROM sessions WHERE expires_at <= ?", [at])
        db.execute(
            "INSERT INTO sessions (token_sha256, user, created_at, seen_at, expires_at) "
            "SELECT ?, name, ?, ?, ? FROM users WHERE name = ?",
            [_digest(token), at, at, expires_at, user],
        )


def session_user(db: ReviewDb, token: str, at: str, idle_since: str) -> User | None:
    """Return the user signed in with this token; None if it expired or was not used since `idle_since`."""
    row = db.execute(_SESSION, [_digest(token), at, idle_since]).fetchone()
    if row is None:
        return None
    values = dict(row)
    if values.pop("seen_at")[:16] != at[:16]:  # at most one write a minute
        db.execute("UPDATE sessions SET seen_at = ? WHERE token_sha256 = ?", [at, _digest(token)])
    return _user(values)


def end_session(db: ReviewDb, token: str) -> None:
    """Sign out."""
    db.execute("DELETE FROM sessions WHERE token_sha256 = ?", [_digest(token)])


def add_link(db: ReviewDb, user: str, token: str, expires_at: str) -> None:
    """Let the bearer of `token` sign in once as `user`, inside the caller's transaction; invalidates earlier links."""
    name = "(SELECT name FROM users WHERE name = ?)"
    db.execute(f"DELETE FROM sign_in_links WHERE user = {name} OR used_at IS NOT NULL", [user])
    db.execute(
        f"INSERT INTO sign_in_links (token_sha256, user, expires_at) VALUES (?, {name}, ?)",
        [_digest(token), user, expires_at],
    )


def use_link(db: ReviewDb, token: str, at: str) -> str | None:
    """Return the user that a one-time link signs in, on first use and before it expires; else None."""
    row = db.execute(
        "UPDATE sign_in_links SET used_at = ? WHERE token_sha256 = ? AND used_at IS NULL AND expires_at > ? "
        "RETURNING user",
        [at, _digest(token), at],
    ).fetchone()
    return cast(str, row["user"]) if row else None


@dataclass(frozen=True, slots=True)
class FeedReader:
    """The user of a feed URL, and when the URL was created."""

    user: User
    created_at: str


def set_feed_token(db: ReviewDb, user: str, token: str, at: str) -> None:
    """Let the bearer of `token` read the feeds as `user`; invalidates the earlier URL."""
    db.execute(
        "INSERT OR REPLACE INTO feed_tokens (user, token_sha256, created_at) SELECT name, ?, ? FROM users "
        "WHERE name = ?",
        [_digest(token), at, user],
    )


def revoke_feed_token(db: ReviewDb, user: str) -> None:
    """Disable the user's feeds."""
    db.execute("DELETE FROM feed_tokens WHERE user = ?", [user])


def feed_made_at(db: ReviewDb, user: str) -> str | None:
    """Return when the user's feed URL was created; None if there is none."""
    row = db.execute("SELECT created_at FROM feed_tokens WHERE user = ?", [user]).fetchone()
    return row["created_at"] if row else None


def feed_reader(db: ReviewDb, token: str) -> FeedReader | None:
    """Return the feed reader with this token; None if it is invalid or the user is disabled."""
    row = db.execute("SELECT user, created_at FROM feed_tokens WHERE token_sha256 = ?", [_digest(token)]).fetchone()
    user = find_user(db, row["user"]) if row else None
    return FeedReader(user, row["created_at"]) if user and not user.disabled_at else None


_FAILURES = """
    SELECT count(*) FILTER (WHERE name = :name AND address = :address) AS pair,
           coalesce(max(attempted_at) FILTER (WHERE name = :name AND address = :address), '') AS pair_at,
           count(*) FILTER (WHERE name = :name) AS name,
           coalesce(max(attempted_at) FILTER (WHERE name = :name), '') AS name_at,
           count(*) FILTER (WHERE address = :address) AS address,
           coalesce(max(attempted_at) FILTER (WHERE address = :address), '') AS address_at
    FROM sign_in_attempts WHERE name = :name OR address = :address
"""


@dataclass(frozen=True, slots=True)
class FailedSignIns:
    """Failed sign-ins of the last hour that are relevant to an attempt, each with the time of the latest."""

    pair: int
    pair_at: str
    name: int
    name_at: str
    address: int
    address_at: str


def try_attempt(
    db: ReviewDb, name: str, address: str, at: str, since: str, may: Callable[[FailedSignIns], bool]
) -> FailedSignIns | None:
    """Count an attempt as failed before checking its password, so that a burst can't outrun the count.

    Returns None if `may` allowed the attempt, else the failures because of which it did not.
    """
    with transaction(db):
        db.execute("DELETE FROM sign_in_attempts WHERE attempted_at <= ?", [since])
        found = FailedSignIns(**dict(db.execute(_FAILURES, {"name": name, "address": address}).fetchone()))
        if not may(found):
            return found
        db.execute("INSERT INTO sign_in_attempts (name, address, attempted_at) VALUES (?, ?, ?)", [name, address, at])
    return None


def forgive(db: ReviewDb, name: str, address: str) -> None:
    """Forget the failures of a name from an address, after its owner has signed in."""
    db.execute("DELETE FROM sign_in_attempts WHERE name = ? AND address = ?", [name, address])
