"""Detect challenge and block pages by markers that news articles do not have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from acca_crawler.text.word_lists import any_of, read_word_lists

BLOCKING_STATUSES = frozenset({401, 403, 407, 429, 451})

HEADERS = {
    "cf-mitigated": r"challenge|block",
    "x-amzn-waf-action": r"challenge|captcha|block",
    "x-vercel-mitigated": r"challenge|deny",
    "x-sucuri-block": r".+",
    "x-dd-b": r".+",
}
"""Headers sent only with a mitigated response: Cloudflare, AWS WAF, Vercel, Sucuri, DataDome."""

TITLES = re.compile(
    r"\W*+(?:"
    # generic titles: only if they are the whole title
    rf"(?:{any_of(read_word_lists(__file__, 'block_pages.toml'), 'titles')})"
    r"\W*+(?:please|before accessing.*)?\W*+(?:403)?\W*+$"
    # titles that name the vendor
    r"|.*\b(?:cloudflare|ddos-guard|incapsula|imperva|sucuri website firewall|stormwall|qrator|datadome|imunify360|"
    r"servicepipe|vercel security checkpoint|bitninja|wordfence)\b.*$)",
    re.IGNORECASE,
)

MACHINERY = (
    b"window._cf_chl_opt challenge-form challenge-running challenge-error-text challenge-stage "
    b"cf-error-details /.well-known/ddos-guard/ check.ddos-guard.net _incapsula_resource "
    b"sucuri_cloudproxy_js aws-waf-token .awswaf.com/ /captcha/v1/ qrator.net/ __qrator/ stormwall.pro "
    b"captcha-delivery.com px-captcha errors.edgesuite.net sec-if-cpt-container wsidchk imunify360 "
    b"anubis_challenge servicepipe.ru begetok /showcaptcha? bitninja"
).split()
"""Scripts that run challenge pages, in lower case. Other pages behind the same protection can contain some of them."""

ARTICLE = re.compile(
    rb"<article|itemprop=[\"']articleBody|\"@type\"\s*:\s*\"(?:News|Report)?Article\"|"
    rb"og:type[\"'][^>]*content=[\"']article",
    re.I,
)
MAX_CHALLENGE = 80_000
"""Bytes. Challenge pages are small, including their scripts."""

MAX_WORDS = 150
"""Maximum words on a challenge or block page, including advice to the visitor; even a short report's page has more."""

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
_UNSEEN = re.compile(
    rb"<(script|style|noscript|template|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S
)


def blocked_by(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Describe what blocked us; None if the response is not a block. Header names are in lower case.

    A page is a challenge by its title or its scripts, and only if it shows few words and has no article markup: an
    article about a blocked site contains the same words, and an article behind the same protection the same script.
    """
    for name, values in HEADERS.items():
        if re.match(values, headers.get(name, ""), re.I):
            return f"challenge ({name})"
    if _is_challenge(body):
        return f"challenge page (HTTP {status})"
    if status in BLOCKING_STATUSES:
        return f"HTTP {status}"
    return None


def _is_challenge(body: bytes) -> bool:
    if len(body) > MAX_CHALLENGE:
        return False
    lower = body.lower()
    if not (any(mark in lower for mark in MACHINERY) or TITLES.match(_title(body, lower))):
        return False
    return not ARTICLE.search(body) and len(_UNSEEN.sub(b" ", body).split()) <= MAX_WORDS


def _title(body: bytes, lower: bytes) -> str:
    start = lower.find(b"<title")
    found = _TITLE.match(body, start) if start >= 0 else None
    if found is None:
        return ""
    try:
        return found[1].decode("utf-8").strip()
    except UnicodeDecodeError:
        return found[1].decode("windows-1251", errors="replace").strip()
