"""Hashes of an outlet's rules, for marks that something was read: they hold only for the rules it was read with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from acca_crawler.outlets import Outlet


def address_rules(outlet: Outlet) -> str:
    """Return the SHA-256 of what decides which addresses are an outlet's articles."""
    return _sha256(_of_addresses(outlet))


def page_rules(outlet: Outlet) -> str:
    """Return the SHA-256 of what decides which pages are an outlet's articles, and by which selectors they are read."""
    layouts = [asdict(one) for one in (outlet.selectors, *outlet.old_selectors)]
    return _sha256([*_of_addresses(outlet), *layouts, *(asdict(one) for one in outlet.boilerplate)])


def _of_addresses(outlet: Outlet) -> Sequence[object]:
    return (
        outlet.hosts, outlet.mirrors, outlet.shared_hosts, outlet.article_path, outlet.identity, outlet.keep_query,
    )  # fmt: skip


def _sha256(rules: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()
