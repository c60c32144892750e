"""Every text of the pages is there in every language, with the same places to fill in."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from acca_crawler import detect, exceptions
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
    pages = {
        as_tuple(found[2])
        for folder in SPEAKING
        for found in extract_from_dir(str(folder), [("**.html", "jinja2")], keywords=KEYWORDS)
    }
    code = (
        file
        for folder in (*SPEAKING, OURS / "i18n", OURS / "reports/casebook", OURS / "packing")
        for file in folder.rglob("*.py")
    )
    return pages.union(*(texts_of_code(file.read_text("utf-8")) for file in code))


def texts_of_code(source: str) -> set[tuple[str, ...]]:
    """The same of Python code. (Babel takes a part of a string, `text[:10]`, for a call of `text`.)"""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            wanted = given[: len(KEYWORDS[name] or (1,))] if name in KEYWORDS else []
            if wanted and all(isinstance(one, str) for one in wanted):
                found.add(tuple(str(one) for one in wanted))
    return found


def as_tuple(texts: Any) -> tuple[str, ...]:
    """One text or several, always as several."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


@pytest.mark.parametrize("code", [code for code in catalogue.INTERFACE_LANGUAGES if code != "en"])
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


def test_every_reason_that_a_page_gives_in_its_language_can_be_translated() -> None:
    kinds = {kind.__name__ for kind in vars(exceptions).values() if _is_for_readers(kind)}
    assert len(kinds) > 3
    raised = {
        str(node.exc.args[0].value)
        for file in OURS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        and getattr(node.exc.func, "id", "") in kinds and isinstance(node.exc.args[0], ast.Constant)
    }  # fmt: skip
    assert raised
    listed = {*labels.QUERY_PROBLEMS, *labels.EXPORT_PROBLEMS, *labels.PACK_PROBLEMS}
    assert raised <= listed


def _is_for_readers(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, exceptions.ReadersError)


def test_every_code_has_a_name() -> None:
    assert set(labels.VERDICTS) == set(reviews.VERDICTS) == set(VERDICTS)
    assert set(labels.REASONS) == set(reviews.REASONS) == set(REASONS)
    assert set(labels.STATUSES) == set(reviews.STATUSES)
    assert set(labels.ROLES) == set(ROLES)


def test_every_problem_can_be_translated() -> None:
    files = (*Path(reviews.__file__).parent.glob("*.py"), *(OURS / "web").glob("*.py"), *(OURS / "assist").glob("*.py"))
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


@pytest.mark.parametrize("code", [code for code in catalogue.INTERFACE_LANGUAGES if code != "en"])
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
