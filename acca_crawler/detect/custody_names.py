"""Convert the name of a place of custody from its form in a text to the base form."""

from __future__ import annotations

import re
from functools import lru_cache

from acca_crawler.detect.custody import prison_names
from acca_crawler.detect.nominative import noun_phrase

_CASES = {
    "kk": re.compile(
        r"(?<=[ыі])н(?:[ыі]ң?|да|де|дағы|дегі|ан|ен|а|е)?$"
        r"|(?:[дт][ае](?:ғы|гі|н)?|н[ае]н|[ғгқк][ае]|[нтд][ыі]ң?|[мпб]ен)$"
    ),
    "ky": re.compile(
        r"(?<=[ыиуү])н(?:[ыиуү]н?|д[аеоө](?:г[ыиуү])?|[аеоө]н?)?$|(?:[дт][аеоө](?:г[ыиуү]|н)?|н[аеоө]н|[кг][аеоө]|[нтд][ыиуү]н?)$"
    ),
    "uz": re.compile(r"(?:ning|ni|ga|dan|dagi|da)$"),
    "uz-Cyrl": re.compile(r"(?:нинг|ни|га|дан|даги|да)$"),
    "tk": re.compile(r"(?<=[yi])n(?:[yi]ň?|da|de|daky|däki|dan|den|a|e)?$|(?:d[ae](?:ky|n)?|däki|n[yi]ň?|[yi]ň)$"),
}
_SHORTEST = 3


@lru_cache(maxsize=10_000)
def custody_name(name: str, language: str) -> str:
    """Return the name in the base form: "следственный изолятор в Оше" for "следственном изоляторе в Оше"."""
    if language == "ru":
        known = next((prison for stem, prison in prison_names().items() if name.lower().startswith(stem)), "")
        return known or noun_phrase(name)
    cases = _CASES.get(language)
    head, blank, last = name.rpartition(" ")
    if cases is None or not last[-1:].isalpha():
        return name
    bare = cases.sub("", last)
    return f"{head}{blank}{bare}" if len(bare) >= _SHORTEST else name
