"""Every text of the pages is there in every language, with the same places to fill in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from acca_crawler import detect
from acca_crawler.cli.review_command import REASONS, VERDICTS
from acca_crawler.detect.agencies import kinds
from acca_crawler.detect.article import FEATURES
from acca_crawler.i18n import catalogue, labels
from storage.review import reviews
from storage.review.users import ROLES

OURS = Path(catalogue.__file__).parents[1]
SPEAKING = (OURS / "web", OURS / "alerts")
KEYWORDS = {"_": None, "n_": (1, 2), "text": None, "plural": (1, 2)}
PLACE = re.compile(r"\{\w+\}")


def texts() -> set[tuple[str, ...]]:
    """Every text that templates and code hand over for translation, with its plural where it has one."""
    methods = [("**.html", "jinja2"), ("**.py", "python")]
    pages = [found for folder in SPEAKING for found in extract_from_dir(str(folder), methods, keywords=KEYWORDS)]
    shared = [
        found[1:]
        for file in (
            *(OURS / "i18n").glob("*.py"),
            *(OURS / "reports/casebook").glob("*.py"),
            *(OURS / "packing").glob("*.py"),
        )
        for found in extract_from_file("python", file, keywords=KEYWORDS)
    ]
    return {as_tuple(found[2]) for found in pages} | {as_tuple(found[0]) for found in shared}


def as_tuple(texts: Any) -> tuple[str, ...]:
    """One text or several, always as several."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


@pytest.mark.parametrize("code", [code for code in catalogue.LANGUAGES if code != "en"])
def test_nothing_is_left_in_english(code: str) -> None:
    with (catalogue.LOCALES / f"{code}.po").open("rb") as file:
        translated = {as_tuple(found.id): as_tuple(found.string) for found in read_po(file, locale=code) if found.id}
    assert texts() - set(translated) == set(), "without a translation"
    assert set(translated) - texts() == set(), "translated, but no longer used"
    for wanted, given in translated.items():
        places = set(PLACE.findall("".join(wanted)))
        for result in given:
            assert result, wanted
            assert set(PLACE.findall(result)) == places, wanted


def test_every_code_has_a_name() -> None:
    assert set(labels.VERDICTS) == set(reviews.VERDICTS) == set(VERDICTS)
    assert set(labels.REASONS) == set(reviews.REASONS) == set(REASONS)
    assert set(labels.STATUSES) == set(reviews.STATUSES)
    assert set(labels.ROLES) == set(ROLES)


def test_every_problem_can_be_translated() -> None:
    files = (*Path(reviews.__file__).parent.glob("*.py"), *(OURS / "web").glob("*.py"))
    sources = [file.read_text(encoding="utf-8") for file in files]
    raised = {text for source in sources for text in re.findall(r'(?:ReviewError|ChangedSince)\(\s*"([^"]+)"', source)}
    assert raised == set(labels.PROBLEMS)


def test_plurals_follow_the_language() -> None:
    russian = catalogue.language("ru")
    counted = [russian.plural("{n} story", "{n} stories", number) for number in (1, 2, 5, 21, 1000)]
    assert [text.replace("\xa0", " ") for text in counted] == [
        "1 сюжет", "2 сюжета", "5 сюжетов", "21 сюжет", "1 000 сюжетов",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "cookie", "accepted", "chosen"),
    [
        (None, None, "", "en"), (None, None, "ru-RU,ru;q=0.9", "ru"), (None, None, "de, ru;q=0.5", "ru"),
        (None, "en", "ru", "en"), ("ru", "en", "en", "ru"), ("xx", "../x", "*", "en"), (None, None, ";;;,,,", "en"),
        (None, None, "en;q=0.1, ru;q=0.9", "ru"),
    ],
)  # fmt: skip
def test_the_language_is_chosen(kept: str | None, cookie: str | None, accepted: str, chosen: str) -> None:
    assert catalogue.choose(kept, cookie, accepted).code == chosen


def said_by_detection() -> set[str]:
    """Every gloss of every lexicon, every rule's reason, and the reasons that stand in the detector."""
    folder = Path(detect.__file__).parent
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in (folder / "lexicons").glob("??.toml")]
    groups = [group for table in tables for group in table.values() if isinstance(group, dict)]
    rules = tomllib.loads((folder / "rules.toml").read_text(encoding="utf-8"))["rule"]
    detector = (folder / "detector.py").read_text(encoding="utf-8")
    return {
        *(term["gloss"] for group in groups for term in group.get("terms", []) if term.get("gloss")),
        *(rule["why"] for rule in rules),
        *filter(None, FEATURES.values()),
        *kinds().values(),
        *re.findall(r'\(\s*"([a-z ]+)",\)', detector),
    }


@pytest.mark.parametrize("code", [code for code in catalogue.LANGUAGES if code != "en"])
def test_every_gloss_and_every_reason_is_told_in_the_readers_language(code: str) -> None:
    """A new term or rule needs its line in `acca_crawler/locale/ru.lexicon.po`."""
    spoken = catalogue.language(code)
    assert sorted(text for text in said_by_detection() if not spoken.gloss(text)) == []
    assert spoken.reason("+2.0 violence and custody in one sentence") == (
        "+2.0 насилие и заключение в одном предложении"
    )
    assert spoken.reason("+2.0 something else") is None
    heard = spoken.reason(f"+1.4 {FEATURES['voice']}: пытки, сизо")
    assert heard == "+1.4 слова, обычные для сообщений о насилии и задержаниях: пытки, сизо"
    assert catalogue.language("en").reason("-1.0 opinion") == "-1.0 opinion"
