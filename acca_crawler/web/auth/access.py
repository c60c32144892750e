"""Access rules by path, method and role. A path without a rule is denied to everyone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.review.users import Role, User

READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Paths (fully matched, as received, without the query), methods, and the minimum role; None allows anyone."""

    addresses: re.Pattern[str]
    methods: frozenset[str]
    role: Role | None


def _rule(addresses: str, methods: frozenset[str], role: Role | None) -> AccessRule:
    return AccessRule(re.compile(addresses), methods, role)


RULES = (
    _rule(r"/static/[\w.-]+|/-/static/[\w./-]+|/favicon\.ico", READ, None),
    _rule(r"/sign-in(/link)?", READ | WRITE, None),
    _rule(r"/language", WRITE, None),
    _rule(
        r"/feeds/[\w-]+/(all|countries/[a-z]+|categories/[a-z_]+|followed)\.xml", READ, None
    ),  # the token is the permission
    _rule(r"/metrics", READ, None),  # asks for a bearer token
    _rule(r"/sign-out|/account(/feeds|/zone)?", WRITE, "reader"),
    _rule(r"/|/account|/overview|/status|/search(/figures)?|/keys|/reports/\d+|/alerts/\d+", READ, "reader"),
    _rule(r"/queue|/queue/export\.(xlsx|docx|csv|jsonl|uwazi)|/captures/\d+", READ, "monitor"),
    _rule(
        r"(/search|/reports/\d+)/export\.(xlsx|docx|csv|jsonl|uwazi)|/reports/\d+/cite/(text|ris|csl)", READ, "reader"
    ),
    _rule(r"/decisions", READ, "monitor"),
    _rule(r"/team", READ, "lead"),
    _rule(r"/users", READ | WRITE, "lead"),
    _rule(r"/follows|/cases|/cases/\d+", READ | WRITE, "monitor"),
    _rule(r"/about/(prison|place|region|agency)", READ, "monitor"),
    _rule(r"/reports/\d+/(decide|pack|story|translate|opinion)|/queue/decide", WRITE, "monitor"),
    _rule(r"/-/actor(\.json)?", READ, "reader"),
    _rule(r"/-/(versions|plugins|settings|metadata|databases|threads)(\.json)?", READ, "lead"),
    # Datasette's pages on the archive: tables, rows, SQL, canned queries, as HTML, JSON and CSV. Not /acca.db.
    _rule(r"/acca(\.json|\.csv)?|/acca/.+", READ, "reader"),
)


def rules_for(address: str) -> list[AccessRule]:
    """Return the rules that match a path."""
    return [rule for rule in RULES if rule.addresses.fullmatch(address)]


def allowed(rules: list[AccessRule], method: str, user: User | None) -> bool:
    """Return whether any rule lets a user (None: not signed in) use a method."""
    return any(
        method in rule.methods and (rule.role is None or (user is not None and user.may(rule.role))) for rule in rules
    )


def keeps_a_draft(address: str, method: str) -> bool:
    """Return whether a form sent to this path contains a note that is kept if the session has ended."""
    return method == "POST" and re.fullmatch(r"/reports/\d{1,15}/decide", address) is not None


def open_to_anyone(rules: list[AccessRule], method: str) -> bool:
    """Return whether the rules allow a method without signing in."""
    return allowed(rules, method, None)
