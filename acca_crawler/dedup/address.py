"""Canonical form of a page's URL, so that duplicates get the same one."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that only track where the reader came from. Families by prefix, the rest in full: a looser pattern
# (such as courlan's, which also matches `cid`, `uid` and `source`) would drop parameters that identify the page.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "matomo_", "hsa_", "ns_", "itm_", "vero_", "oly_", "at_")
_TRACKING = """
fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid ysclid igshid igsh li_fat_id
_ga _gl _gid _hsenc _hsmi _openstat ref ref_src ref_url referrer referer share shared from_share
fb_action_ids fb_action_types fb_ref fb_source spm xtor cmpid ocid rss nocache
ga_source ga_medium ga_term ga_content ga_campaign withmediaplayer replytocom
phpsessid jsessionid sessid cfid cftoken _
"""
TRACKING_NAMES = frozenset(_TRACKING.split())
AMP_NAMES = frozenset({"amp", "noamp", "nonamp", "outputtype"})
DEFAULT_PORTS = {"http": 80, "https": 443}

_OWN_SCHEME = re.compile(r"https?:/*", re.IGNORECASE)
_AMP_CACHE = re.compile(
    r"https?://(?:[^/]+\.cdn\.ampproject\.org/[a-z]/|(?:www\.)?google\.[a-z.]+/amp/)(?P<tls>s/)?(?P<rest>[^/]+\.[^/]+/.*)",
    re.IGNORECASE | re.DOTALL,
)
_SESSION = re.compile(r";jsessionid=[^/;]{0,200}", re.IGNORECASE)
_PANGEA_AMP = re.compile(r"/amp/(?P<rest>(?:[^/]+/)?\d{6,9}\.html)")


@lru_cache(maxsize=2048)  # a page's own address is asked for by every step that compares it
def canonical_address(url: str, *, keep_query: tuple[str, ...] = ()) -> str:
    """Canonicalise an absolute http(s) URL.

    Lower-cases scheme and host, drops the host's trailing dot, default ports, credentials, fragments, tracking
    parameters and AMP markers, resolves dot segments, percent-encodes each character exactly once (encoded ones
    are left alone), sorts the query and drops a trailing slash below the root. Scheme and subdomain (`m.`, `www.`,
    `amp.`) stay: only the outlet's configuration knows whether those are one site. Parameters named in
    `keep_query` stay even if they look like tracking. Idempotent. The result identifies a page; fetch the
    original URL. Raises `ValueError` if `url` is not an absolute http(s) URL.
    """
    from w3lib.url import canonicalize_url  # it loads the HTTP client, which who only detects does without

    url = _out_of_amp_cache(url.strip())
    parts = urlsplit(canonicalize_url(url, keep_blank_values=True))
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise ValueError(f"not an absolute http(s) address: {url!r}")
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in (None, DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{parts.port}"
    return urlunsplit((parts.scheme, host, _canonical_path(parts.path), _canonical_query(parts.query, keep_query), ""))


def host_key(host: str) -> str:
    """Normalise a host: lower case, without the final dot, international names in ASCII (IDNA).

    A host that is not a valid name is returned unchanged.
    """
    name = host.strip().rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def host_of(url: str) -> str:
    """Return the normalised host of a URL; empty if it has none or can't be parsed."""
    try:
        parts = urlsplit(url)
        return host_key(parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""


def resolved(base: str, ref: str) -> str:
    """Resolve a reference as browsers do, and as it is meant where the site's own address is put below a page.

    Backslashes are slashes. "example.org/news/1" on a page of example.org, or https://example.org/https://example.org/,
    is not below that page: a path does not begin with its own host. Further in it may name it, as folders of Drupal and
    addresses of resized images do. Raises `ValueError` for what is no address.
    """
    ref = ref.strip()
    path = re.split(r"[?#]", ref, maxsplit=1)[0]
    slashed = path.replace("\\", "/")
    url: str = urljoin(base, slashed + ref[len(path) :])
    parts = urlsplit(url)
    if "." not in parts.netloc:
        return url
    if _site(slashed.partition("/")[0]) == _site(parts.netloc):
        own: str = urljoin(base, f"//{slashed}{ref[len(path) :]}")
        return own
    beginning = _OWN_SCHEME.sub("", parts.path.lstrip("/"))
    host, slash, rest = beginning.partition("/")
    if not slash or _site(host) != _site(parts.netloc):
        return url
    rooted: str = urlunsplit((parts.scheme, host, f"/{rest}", parts.query, parts.fragment))
    return rooted


def _site(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _out_of_amp_cache(url: str) -> str:
    """Return the publisher's URL behind a Google AMP cache URL."""
    match = _AMP_CACHE.fullmatch(url)
    if match is None:
        return url
    return f"{'https' if match['tls'] else 'http'}://{match['rest']}"


def _canonical_path(path: str) -> str:
    path = _SESSION.sub("", path)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    while segments and (segments[-1].lower() == "amp" or segments[-1].endswith(";")):
        if (last := segments.pop().rstrip(";")).lower() not in ("", "amp"):
            segments.append(last)
    path = "/" + "/".join(segments)
    pangea = _PANGEA_AMP.fullmatch(path)
    if pangea:
        return f"/a/{pangea['rest']}"
    while path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    return path


def _canonical_query(query: str, keep: tuple[str, ...]) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, encoding="utf-8", errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if name in keep or not _is_noise(name.lower())]
    return urlencode(sorted(kept), encoding="utf-8", errors="surrogateescape")


def _is_noise(name: str) -> bool:
    return name in TRACKING_NAMES or name in AMP_NAMES or name.startswith(TRACKING_PREFIXES)
