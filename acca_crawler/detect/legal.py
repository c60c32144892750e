"""Articles of codes on torture, abuse of office and peaceful dissent, from `lexicons/legal.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from acca_crawler.detect.lexicon import BUILT_IN
from acca_crawler.detect.other_laws import OtherLaw

Subject = Literal["torture", "related", "punitive", "other"]
SUBJECTS: tuple[Subject, ...] = ("torture", "related", "punitive", "other")

NUMBER = r"\d{1,3}(?:[-.]\d|\(\d\)|[¹²³]|\s?прим(?:ечани\w*)?\.?\s?\d)?"
"""Article numbers as written in codes and newspapers: 146, 143-1, 143.1, 143(1), 143¹, 143 прим 1."""

_SUPERSCRIPTS = str.maketrans({"¹": "-1", "²": "-2", "³": "-3"})
_ADMINISTRATIVE = "КоАП "
"""Stands before the number of an article of the code of administrative offences."""

_INSERTED = re.compile(r"^(\d+)\D+(\d)\D*$")


@dataclass(frozen=True, slots=True)
class CodeArticle:
    """One article of a country's criminal code, or of its code of administrative offences.

    `title` is as worded by the code or the press.
    """

    country: str
    number: str
    subject: Subject
    title: str
    is_administrative: bool


def plain_number(number: str) -> str:
    """Normalise an article's number: `143-1` for 143.1, 143(1), 143¹ and 143 прим 1."""
    number = number.translate(_SUPERSCRIPTS)
    inserted = _INSERTED.match(number)
    return f"{inserted[1]}-{inserted[2]}" if inserted else number.strip()


def code_article(country: str | None, number: str, law: OtherLaw | None = None) -> CodeArticle | None:
    """Look up an article in a country's codes, including old editions; None if unknown.

    `law` is the one that the text names if it is not the criminal code; no article of an "other" one is known.
    `number` is as written in the text; a part of an article (146.2) resolves to that article unless it is a separate
    one. Uncertain numbers are excluded; so is Turkmenistan, whose code was renumbered in 2023.
    """
    plain = plain_number(number)
    known = _articles()
    found = known.get((country or "", plain)) or known.get((country or "", plain.partition("-")[0]))
    return found if found and (law is None or (law == "administrative" and found.is_administrative)) else None


@cache
def _articles() -> dict[tuple[str, str], CodeArticle]:
    data = tomllib.loads((BUILT_IN / "legal.toml").read_text(encoding="utf-8"))
    found: dict[tuple[str, str], CodeArticle] = {}
    for code in data["code"]:
        for subject in SUBJECTS:
            for entry in code.get(subject, ()):
                if code["c"] == "TM" or entry["sure"].startswith("low"):
                    continue
                for number in re.findall(rf"(?<![\w-]){NUMBER}(?![\w-])", entry["art"]):
                    administrative = entry["art"].startswith(_ADMINISTRATIVE)
                    article = CodeArticle(code["c"], plain_number(number), subject, entry["title"], administrative)
                    found.setdefault((article.country, article.number), article)
    return found
