"""Disguises a saved page, so that no real text about real people enters the project: the markup stays, the words go.

Every word becomes invented letters of the same script, case and length, the same word the same letters all over the
pages that are disguised together. Dates that stand alone, words of one or two letters and what an outlet's boilerplate
rules look for stay; figures in texts and long numbers in addresses become others. Scripts are emptied, but for JSON-LD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from html import escape, unescape
from random import Random
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from acca_crawler.extract import dates
from acca_crawler.extract.boilerplate import RULES
from acca_crawler.extract.words import words
from acca_crawler.outlets import BoilerplateRule

LONGEST_DATE = 60
"""Characters of a text that may be a date alone."""

LONGEST_LABEL = 6
"""Words of furniture that stay where a rule looks for it ("Read also"); the headline behind its colon does not."""

LONG_NUMBER = 5
"""Digits: in an address shorter numbers are years, months and pages, longer ones name an article."""

_POOLS = (
    ("аеёиоуыэюя", "аеиоуыэюя"),
    ("бвгджзйклмнпрстфхцчшщ", "бвгдзклмнпрст"),
    ("aeiou", "aeiou"),
    ("bcdfghjklmnpqrstvwxyz", "bdfgklmnprstvz"),
)
"""Letters and what they are exchanged for: vowels for vowels. Letters of one language alone stay: they tell it."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+")
_PIECE = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<raw>script|style)\b[^>]*>.*?</(?P=raw)\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""(?P<name>[\w:@.-]+)(?P<equals>\s*=\s*)(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.DOTALL)
_ADDRESSES = words("href src action content data-src data-href poster srcset rdf:about rdf:resource url")
_KEPT = words(
    "class id rel type itemprop itemtype property name http-equiv charset lang xml:lang dir role style media sizes "
    "version encoding xmlns method width height datetime hreflang"
)
_TECHNICAL_METAS = re.compile(
    r"viewport|robots|generator|charset|og:type|og:locale|twitter:card|theme-color|content-type|date|time|published|"
    r"modified|x-ua",
    re.IGNORECASE,
)
_LD_KEPT = words("@type @context inLanguage")


class Disguise:
    """One disguise for all pages of an outlet. `secret` decides which letters stand for which word; throw it away."""

    def __init__(self, secret: bytes, rules: Iterable[BoilerplateRule] = ()) -> None:
        self._secret = secret
        self._kept = [re.compile(rule.pattern, re.IGNORECASE) for rule in (*rules, *RULES) if rule.pattern]

    def page(self, markup: str) -> str:
        """A page, a feed or a sitemap: the same elements with other words."""
        parts: list[str] = []
        end = 0
        for piece in _PIECE.finditer(markup):
            parts += [self._text(markup[end : piece.start()]), self._piece(piece)]
            end = piece.end()
        return "".join((*parts, self._text(markup[end:])))

    def data(self, text: str) -> str:
        """JSON, such as a REST answer. Raises `ValueError` where it is none."""
        return json.dumps(self._value(json.loads(text), ""), ensure_ascii=False, indent=1)

    def address(self, url: str) -> str:
        """An address of the same shape: its host, its sections and its dates stay, slugs and long numbers do not."""
        parts = urlsplit(url.strip())
        segments = parts.path.split("/")
        path = "/".join(self._segment(segment, number) for number, segment in enumerate(segments))
        query = _NUMBER.sub(self._long_number, parts.query)
        return urlunsplit(parts._replace(path=path, query=query))

    def _segment(self, segment: str, number: int) -> str:
        plain = unquote(segment)
        if number == 1 and _WORD.fullmatch(plain):
            return segment
        stem, dot, ending = plain.rpartition(".")
        named, ending = (stem, dot + ending) if dot and ending.isascii() and len(ending) <= 5 else (plain, "")
        disguised = _NUMBER.sub(self._long_number, self._words(named)) + ending
        return quote(disguised, safe="-_~.:@!$'()*+,;=") if segment != plain else disguised

    def _long_number(self, match: re.Match[str]) -> str:
        number = match[0]
        if len(number) < LONG_NUMBER or (len(number) == 8 and number.startswith(("19", "20"))):
            return number
        return self._figures(number)

    def _piece(self, piece: re.Match[str]) -> str:
        text = piece[0]
        if text.startswith("<!--"):
            return ""
        if text.startswith("<![CDATA["):
            return f"<![CDATA[{self.page(text[9:-3])}]]>"
        raw = (piece["raw"] or "").lower()
        if raw == "script":
            start, _, rest = text.partition(">")
            inside = rest[: rest.lower().rindex("</script")]
            return f"{self._tag(start + '>')}{self._script(start, inside)}</script>"
        return text if raw else self._tag(text)

    def _script(self, start: str, inside: str) -> str:
        if "ld+json" not in start:
            return ""
        try:
            return json.dumps(self._value(json.loads(inside), ""), ensure_ascii=False)
        except ValueError:
            return ""

    def _value(self, value: object, key: str) -> object:
        if isinstance(value, dict):
            return {name: self._value(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, key) for one in value]
        if not isinstance(value, str) or key in _LD_KEPT:
            return value
        if "<" in value:
            return self.page(value)
        if value.startswith(("http://", "https://", "/")) and " " not in value:
            return self.address(value)
        return self._phrase(value)

    def _tag(self, tag: str) -> str:
        technical = tag[:5].lower() == "<meta" and bool(_TECHNICAL_METAS.search(tag.partition("content")[0]))

        def changed(match: re.Match[str]) -> str:
            name, value = match["name"].lower(), unescape(match["value"])
            if name in _KEPT or name.startswith("xmlns") or (technical and name == "content"):
                return match[0]
            if name in _ADDRESSES and re.match(r"\s*(?:https?:/|/|\.)", value):
                return f"{match['name']}{match['equals']}{match['quote']}{self._addresses(value)}{match['quote']}"
            return f"{match['name']}{match['equals']}{match['quote']}{escape(self._phrase(value))}{match['quote']}"

        return _ATTRIBUTE.sub(changed, tag)

    def _addresses(self, value: str) -> str:
        """One address, or several with sizes between them (`srcset`)."""
        return escape(" ".join(self.address(word) if "/" in word else word for word in value.split()))

    def _text(self, text: str) -> str:
        if not text or text.isspace():
            return text
        plain = unescape(text)
        if re.fullmatch(r"\s*https?://\S+\s*", plain):  # a feed's link, a sitemap's loc
            return escape(plain.replace(plain.strip(), self.address(plain)), quote=False)
        return escape(self._phrase(plain), quote=False)

    def _phrase(self, text: str) -> str:
        """Other words and figures, unless it is a date alone or what a boilerplate rule looks for."""
        line = " ".join(text.split())
        if any(pattern.fullmatch(line) for pattern in self._kept):
            label, colon, rest = text.partition(":")
            if len(label.split()) <= LONGEST_LABEL:
                return f"{label}{colon}{self._changed(rest)}"
        if len(line) <= LONGEST_DATE and dates.read(line) is not None and len(_WORD.findall(line)) <= 3:
            return text
        return self._changed(text)

    def _changed(self, text: str) -> str:
        return _NUMBER.sub(lambda match: self._figures(match[0]), self._words(text))

    def _words(self, text: str) -> str:
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        folded = word.lower()
        chance = self._chance(folded)
        exchanged = _exchanged(folded, chance)
        while exchanged == folded and any(letter in pool for letter in folded for pool, _ in _POOLS):
            exchanged = _exchanged(folded, chance)
        return "".join(new.upper() if old.isupper() else new for old, new in zip(word, exchanged, strict=True))

    def _figures(self, number: str) -> str:
        chance = self._chance(number)
        return "".join(str(chance.randint(1, 9)) for _ in number)

    def _chance(self, word: str) -> Random:
        return Random(blake2b(word.encode(), key=self._secret[:64]).digest())


def _exchanged(word: str, chance: Random) -> str:
    """Other letters of the same kind; what no pool holds stays."""
    pick: Callable[[str], str] = chance.choice
    return "".join(next((pick(pool) for letters, pool in _POOLS if letter in letters), letter) for letter in word)
