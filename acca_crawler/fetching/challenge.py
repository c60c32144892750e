"""Telling a challenge or block page from an article, by marks that a news article does not share."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCKING_STATUSES = frozenset({401, 403, 407, 429, 451})

TITLES = re.compile(
    rb"<title[^>]*>\s*(?:just a moment|attention required! \| cloudflare|access denied|ddos-guard|"
    rb"checking your browser|security check|one moment, please|bot verification|please wait\.\.\. \| cloudflare|"
    rb"\xd0\xbf\xd1\x80\xd0\xbe\xd0\xb2\xd0\xb5\xd1\x80\xd0\xba\xd0\xb0 \xd0\xb1\xd1\x80\xd0\xb0\xd1\x83\xd0\xb7)",
    re.I,
)
"""Titles of the challenge pages of Cloudflare, DDoS-Guard, Akamai, Qrator; the last is "проверка брауз(ера)"."""

MACHINERY = re.compile(
    rb"window\._cf_chl_opt|id=[\"']challenge-(?:form|running|error-text)[\"']|/\.well-known/ddos-guard/|"
    rb"_Incapsula_Resource|qrator\.net/|sucuri_cloudproxy_js|aws-waf-token|/captcha/v1/",
    re.I,
)

LARGEST_CHALLENGE = 40_000
"""Bytes. Challenge pages are small; an article page of any size can carry the same protection's script."""


def blocked_by(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What blocked us, in words, or None where the answer is not a block. Header names are in lower case.

    An article behind the same protection carries its script too, so a page with status 200 counts as a challenge
    only by its title or, where it is small and holds no article, by the challenge's own machinery.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "challenge (cf-mitigated)"
    if _is_challenge(status, body):
        return f"challenge page (HTTP {status})"
    if status in BLOCKING_STATUSES:
        return f"HTTP {status}"
    return None


def _is_challenge(status: int, body: bytes) -> bool:
    title = body.find(b"<title")
    if title >= 0 and TITLES.match(body, title):
        return True
    if len(body) > LARGEST_CHALLENGE or not MACHINERY.search(body):
        return False
    return status != 200 or b"<article" not in body.lower()
