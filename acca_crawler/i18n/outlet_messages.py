"""What was written down about an outlet, an address or a capture, in the reader's language: the archive has English.

A message may have several parts, and a part may give the reason of another program in that program's words: these stay.
"""

from __future__ import annotations

import re
from functools import cache

from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import _

OF_RUNS = (
    _("stopped by a signal"),
    _("the archive can't be written to: {why}"),
    _("pages can't be read: {why}; the rest waits for the next run"),
    _("{n} answers in a row were blocks; the rest waits for the next run"),
    _("a host asks us to wait until {why}; the rest waits until then"),
    _("the outlet's share of this run is used up ({why}); the rest waits for the next run"),
    _("{n} pages in a row were too heavy to read; the rest waits for the next run"),
    _("{n} requests in a row failed; the rest waits for the next run"),
    _("the rest waits for the next run"),
    _("every article request failed"),
    _("{n} article could not be stored"),
    _("{n} articles could not be stored"),
    _("{n} of {all} pages have the same short text, a notice perhaps"),
    _("of {all} articles asked for {n} were refused, {other} were other pages"),
    _("of {all} articles asked for {n} were refused, {other} were other pages, {dead} were never there"),
    _("of {all} articles asked for {n} were refused (the last: {why}), {other} were other pages"),
    _(
        "of {all} articles asked for {n} were refused (the last: {why}), {other} were other pages, "
        "{dead} were never there"
    ),
    _("ended: {why}"),
    _("pages too heavy to read: {n}"),
    _("{n} of {all} articles have fewer than {least} words"),
    _("{n} of {all} articles have no date"),
    _("{n} of {all} articles have no author"),
    _("{n} article was listed in the last 7 days, about {usual} are usual"),
    _("{n} articles were listed in the last 7 days, about {usual} are usual"),
    _("the import was stopped by a signal; run it again for the rest"),
    _("the import ended before its last file; run it again for the rest"),
)
"""Messages of `crawl.run`, `crawl.expected` and `importing.outlet_status`."""

OF_DISCOVERY = (
    _("{way} failed: {why} (last worked on {day})"),
    _("{way} failed: {why} (has never worked so far)"),
    _("{way} blocked: {why} (last worked on {day})"),
    _("{way} blocked: {why} (has never worked so far)"),
    _("{way} silent: {why} (last worked on {day})"),
    _("{way} silent: {why} (has never worked so far)"),
    _("{way} answered in part, {why}"),
    _("{way} was not read to its end: {why}"),
    _("the outlet declares no way of discovery"),
    _("the newest item is from {day}, more than {n} days ago"),
    _("none of the {n} addresses listed is an article of the outlet: {url}"),
    _("not read: {why}"),
    _("and {n} more"),
    _("refused"),
    _("{host} asks us to wait until {why}"),
    _("a host can't be reached"),
    _("{host} can't be reached: {why}"),
    _("{host} can't be reached through the proxy: {why}"),
    _("challenge ({why})"),
    _("challenge page (HTTP {n})"),
    _("too heavy to read: {why}"),
    _("can't be read: {why}"),
    _("more than {n} seconds"),
    _("more than {n} MiB of memory"),
    _("its process ended"),
    _("no period to read"),
    _("no section matches {why}"),
    _("no link matches {why}"),
    _("no catalogue at {url}: {why}"),
    _("a feed that can't be read: {why}"),
    _("HTML instead of a feed"),
    _("not a feed but JSON that can't be read: {why}"),
    _("not a feed but other JSON"),
    _("not a feed"),
    _("a feed without items"),
    _("a feed without items that have an address: {why}"),
    _("a sitemap without addresses"),
    _("HTML instead of a sitemap"),
    _("not a sitemap"),
    _("not a sitemap but <{why}>"),
    _("not a sitemap: {why}"),
    _("only {n} addresses could be read: {why}"),
    _("only {n} parts could be read: {why}"),
    _("it breaks off in the middle"),
    _("sitemap indexes nested too deeply"),
    _("gzip can't be unpacked: {why}"),
    _("more than {n} bytes"),
    _("{url} lists {n}: the page does not go back"),
    _("a blank page"),
    _("no posts on the page"),
    _("REST error: {why}"),
    _("not a list of posts: {why}"),
    _("no JSON: {why}"),
    _("HTML instead of JSON"),
    _("no JSON list of posts"),
    _("an object, not a list"),
)
"""Messages of `crawl.discovery`, `crawl.fetching`, `discovery` and `extract.block_pages`."""

OF_ADDRESSES = (
    _("names no place of the region in its title, lead or address"),
    _("leads off the outlet's hosts, to {host}"),
    _("no longer listed"),
    _("listed again"),
    _("listed as changed"),
    _("the rules of the outlet changed"),
    _("refused before: {why}"),
    _("could not be stored: {why}"),
    _("could not be read: {why}"),
    _("part {n} of {url}"),
    _("a post without words of its own"),
    _("a page that lists articles, and not an article"),
    _("the answer that listed it does not hold its text"),
    _("redirected to the front page or a section"),
    _("redirected to {url}, which is not an article's address"),
    _("not a page but {why}"),
)
"""Why an address gave no article, by `crawl.discovery` and `crawl.fetching`."""

OF_PARTS = (
    _("refused: {why}"),
    _("blocked: {why}"),
    _("redirected to {url}"),
    _("more than {n} parts"),
    _("no page gives its address"),
    _("not in the archive"),
    _("not the part but {why}"),
)
"""Why a further page of an article is missing, by `crawl.fetching.parts` and `ingest.parts`."""

OF_CAPTURES = (
    _("capture {n}: {why}"),
    _("capture {n} at offset {all}: {why}"),
    _("the bytes are not those that were stored"),
    _("the payload is not the one that was stored"),
    _("its file can't be read"),
    _("pruned by rule {way} on {moment}"),
    _("too large to be checked here; `acca verify` does"),
)
"""Why a capture can't be read or is not what was stored, by `storage.evidence` and `web.evidence_downloads`."""

OF_DELIVERIES = (
    _("acca.toml names this receiver no more"),
    _("could not be made: {why}"),
    _("HTTP {n}"),
    _("Apprise could not send it and does not say why"),
    _("channel {way}: {why}"),
    _("the environment variable {way} is empty"),
    _("Apprise does not know the form of address {n}"),
)
"""Why a message was not delivered, or a channel can't be used, by `alerts`."""

OF_ARCHIVES = (
    _("wayback: {why}"),
    _("archive.today: {why}"),
    _("search: {why}"),
    _("HTTP {n}, and no copy"),
    _("HTTP {n}, and no copy (it may ask for a CAPTCHA)"),
    _("the copy was not ready after {n} looks"),
    _("answered with something other than JSON: {why}"),
    _("answered with JSON that is not an object: {why}"),
    _("{why} in {n} tries"),
    _("{why}, and asks us to wait {n} seconds: try again later"),
    _("the answer is larger than {n} bytes"),
    _("the index answered HTTP {n}: {why}"),
    _("the index answered with something other than JSON: {why}"),
    _("the index answered with something other than rows: {why}"),
    _("the index repeats the key {why} and would not end"),
)
"""Why another archive made no copy or was not searched, by `archives`."""

OF_TIMESTAMPS = (
    _("no answer: {why}"),
    _("no promise: {why}"),
    _("its answer has more than {n} bytes"),
    _("its time-stamp is not valid: {why}"),
    _("the authority's certificate is not PEM: {why}"),
    _("{url} is not a calendar that may be asked"),
    _("not an OpenTimestamps proof: {why}"),
    _("the proof is of another hash"),
    _("{url}: the authority's certificate can't be read: {why}"),
)
"""Why there is no outside time-stamp, by `timestamping`."""

OF_HEALTH = (
    _("{status} in {n} runs in a row, since {day}"),
    _("last ok on {day}"),
    _("never ok so far"),
    _("the layout seems to have changed: text agreement of page and REST fell from {n}% to {all}%"),
    _("the layout seems to have changed: {n} of {all} articles of the last run have hardly any text"),
    _("the text of the mirror {host} differs from the origin's: agreement {n}%"),
    _("the text of the mirror {host} differs from the origin's: agreement {n}% ({all}% before)"),
    _("the rule {way} strips {n} pieces from a page, before {all}: is it still right?"),
    _("{n}% of the articles have no {way}, before {all}%: has the layout changed?"),
    _("{n}% of the paragraphs are of the kind “{way}”, before {all}%: has the layout changed?"),
    _("the template learned from {n} pages has changed: {all} places are new, {gone} gone"),
    _("`acca template {way}` shows it"),
    _("{n} article may not be read well: {why}"),
    _("{n} articles may not be read well: {why}"),
    _("`acca reprocess --doubtful` reads them again"),
)
"""Problems by `storage.reports.health`."""

MESSAGES = (
    *OF_RUNS, *OF_DISCOVERY, *OF_ADDRESSES, *OF_PARTS, *OF_CAPTURES, *OF_DELIVERIES, *OF_ARCHIVES, *OF_TIMESTAMPS,
    *OF_HEALTH,
)  # fmt: skip
"""`{why}` is any text, which may be a message itself; `_KINDS` says what the other names stand for."""

_KINDS = {
    "why": ".+", "way": r"[\w-]+", "status": r"[a-z]+", "host": r"[^\s/]+", "url": r"\S+", "day": r"\d{4}-\d\d-\d\d",
    "moment": r"\d{4}-\d\d-\d\d\S*",
}  # fmt: skip
_NUMBER = r"[0-9][0-9,.]*"
_ADDRESS = re.compile(r"(https?://\S+): (.+)", re.DOTALL)
_BETWEEN = "; "
MAX_PARTS, MAX_DEPTH = 20, 6
"""Parts of a message that are looked at, as each may begin a longer one, and messages within messages."""


def outlet_message(message: str, say: Language) -> str | None:
    """Return a message in a language, with the parts that have no translation as they are; None if none has one."""
    return _parts_of(message, say, MAX_DEPTH)


def _parts_of(message: str, say: Language, depth: int) -> str | None:
    if not depth:
        return None
    parts = message.split(_BETWEEN, MAX_PARTS)
    found: list[str] = []
    known = False
    while parts:
        for count in range(1, len(parts) + 1):
            if said := _whole(_BETWEEN.join(parts[:count]), say, depth):
                known = True
                break
        else:
            said, count = parts[0], 1
        found.append(said)
        del parts[:count]
    return _BETWEEN.join(found) if known else None


def _whole(text: str, say: Language, depth: int) -> str | None:
    """Return a message of one part in a language; None if it has no translation."""
    for message, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            if why := values.get("why"):
                values["why"] = _parts_of(why, say, depth - 1) or why
            return say.text(message, **values)
    if (found := _ADDRESS.fullmatch(text)) and (said := _parts_of(found[2], say, depth - 1)):
        return f"{found[1]}: {said}"
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the messages with their patterns, those with the fewest letters of any text first."""
    ordered = sorted(MESSAGES, key=lambda text: ("{why}" in text, -len(text)))
    return tuple((text, re.compile(_pattern(text), re.DOTALL)) for text in ordered)


def _pattern(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    names = (f"(?P<{name}>{_KINDS.get(name, _NUMBER)})" for name in parts[1::2])
    return "".join(re.escape(words) + next(names, "") for words in parts[::2])
