"""The step in a person's case that a report is about, for a timeline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from acca_crawler.dedup.developments import developments
from acca_crawler.text.word_lists import any_of, read_word_lists

STEPS = (
    "died", "hunger_strike", "acquittal", "release", "verdict", "extended", "torture", "disappeared", "psychiatry",
    "transfer", "trial", "charge", "detained", "denial", "other",
)  # fmt: skip
"""The steps, the weightiest first: a report with several is shown under the first."""
_BY_CATEGORY = {
    "death_in_custody": "died", "torture": "torture", "ill_treatment": "torture",
    "enforced_disappearance": "disappeared",
    "punitive_psychiatry": "psychiatry", "arbitrary_detention": "detained",
}  # fmt: skip
_BY_STAGE = {"verdict": "verdict", "trial": "trial", "charge": "charge", "denial": "denial"}
_LANGUAGES = read_word_lists(__file__, "steps.toml")
_WORDS = {step: re.compile(any_of(_LANGUAGES, step)) for step in ("hunger_strike", "extended")}
_DEVELOPED = {"acquittal": "acquittal", "release": "release", "verdict": "verdict", "transfer": "transfer"}


def steps_of(
    title: str, text: str, language: str | None, categories: Iterable[str], stages: Iterable[str]
) -> list[str]:
    """Return the steps that a report is about, the weightiest first; `["other"]` if none is recognised."""
    lowered = f"{title}\n{text}".lower()
    found = {_BY_CATEGORY[category] for category in categories if category in _BY_CATEGORY}
    found |= {_BY_STAGE[stage] for stage in stages if stage in _BY_STAGE}
    found |= {_DEVELOPED[fact.value] for fact in developments(title, text, language) if fact.value in _DEVELOPED}
    found |= {step for step, words in _WORDS.items() if words.search(lowered)}
    return [step for step in STEPS if step in found] or ["other"]
