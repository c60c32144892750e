"""The shipped lexicons keep their contract, operators' own terms count, and stems and matcher agree with `re`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acca_crawler.detect import Detector, detect, stems
from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.lexicon import GazetteerPlace, places_for, read_lexicon, terms_for
from acca_crawler.detect.literal_prefixes import branches_of, later_stems_of, stems_of
from acca_crawler.detect.matcher import Matcher
from acca_crawler.detect.validate import Change, changes_made, check_lexicons, summary
from acca_crawler.exceptions import LexiconError, PatternError
from acca_crawler.items import LANGUAGES
from tests.support.own_words import OWN


@pytest.fixture
def own_lexicon(tmp_path: Path) -> Path:
    (tmp_path / "en.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_shipped_lexicons_keep_the_contract() -> None:
    assert check_lexicons() == []


def test_every_language_has_terms_of_every_kind_of_evidence() -> None:
    for language in LANGUAGES:
        roles = {term.role for term in terms_for(language)}
        assert {"act", "deprivation", "place", "agent", "victim", "outcome", "denial", "mask", "frame"} <= roles


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("pattern = 'swallow\\W+pose'", "matched by no term"),
        ("pattern = '(?:swallow'", "not a pattern"),
        ("pattern = '(?:swallow+)+\\W+pose'", "backtrack"),
        ("pattern = '\\w+pose|swallow\\W+pose'", "no literal"),
        ("pattern = 'ласточка|swallow\\W+pose'", "Cyrillic"),
    ],
)
def test_a_broken_term_is_named(tmp_path: Path, broken: str, message: str) -> None:
    text = OWN.replace("pattern = 'swallow\\W+pose'", broken)
    if message == "matched by no term":
        text = text.replace('must_match = ["swallow pose"]', 'must_match = ["the pose"]')
    (tmp_path / "en.toml").write_text(text, encoding="utf-8")
    problems = check_lexicons([tmp_path])
    assert any(message in problem.message and problem.group == "torture" for problem in problems)


def test_the_keys_of_earlier_releases_are_read_with_a_warning(tmp_path: Path) -> None:
    old = OWN.replace("pattern =", "re =").replace("strength =", "s =").replace("must_match", "ok")
    (tmp_path / "en.toml").write_text(old.replace("must_not_match", "no"), encoding="utf-8")
    with pytest.warns(FutureWarning, match="en.toml uses old keys.*re -> pattern"):
        groups = read_lexicon(tmp_path / "en.toml")
    (tmp_path / "new.toml").write_text(OWN, encoding="utf-8")
    assert groups == read_lexicon(tmp_path / "new.toml")


def test_a_file_without_its_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    path.write_text("[x]\nrole = 'act'\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="kind"):
        read_lexicon(path)
    assert check_lexicons([tmp_path])[0].file == "en.toml"


def test_operators_terms_are_read_after_ours(own_lexicon: Path) -> None:
    text = "In Osh police officers put the detainee Aman Asanov into the swallow pose for hours, his lawyer said."
    without = detect(text, language="en")
    detection = detect(text, language="en", lexicons=(own_lexicon,))
    assert "swallow pose" in [span.quote for span in detection.spans]
    assert detection.score > without.score


def test_the_change_a_lexicon_makes_is_shown(own_lexicon: Path) -> None:
    text = "Officers kept the man in the swallow pose in Osh for an hour, his mother said."
    item = Labelled("1", "", text, "alert", "en", "KG", "positive", 0, ())
    changes = changes_made([item], Detector(), Detector((own_lexicon,)))
    assert [(change.item, change.after) for change in changes] == [("1", "alert")]
    printed = summary([Change("1", "Title", "ignore", "alert", "alert"), Change("2", "", "digest", "ignore", "digest")])
    assert "1: ignore -> alert (now right) Title" in printed
    assert printed.endswith("2 items change: 1 now right, 1 no longer right")


def test_branches_are_cut_only_outside_brackets() -> None:
    assert branches_of(r"a(?:b|c)|[|]d\|e|f") == [r"a(?:b|c)", r"[|]d\|e", "f"]
    with pytest.raises(PatternError):
        branches_of("(?:a")


def test_the_stems_worked_out_beforehand_are_those_of_the_patterns() -> None:
    assert stems.FILE.read_text(encoding="utf-8") == stems.stems_file(stems.shipped_patterns()), "run `make stems`"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"пыточн\w+", {"пыточн"}),
        (r"пыт(?:к(?:а|и)|ок)", {"пытка ", "пытки ", "пыток "}),
        (r"не\W+пуст\w+", {"не пуст"}),
        (r"в[\s-](?:\w+\W+)?ивс", {"в "}),
        (r"\d+\W+(?:жалоб|факт)\w*", {"0 жалоб", "0 факт"}),
        (r"193[78]", {"0 "}),
        (r"y?echin\w*", {"yechin", "echin"}),
        (r"kar[ct]er", {"karcer ", "karter "}),
    ],
)
def test_stems_begin_every_match(pattern: str, expected: set[str]) -> None:
    assert stems_of(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"не\W+пуст\w+", {"пуст"}),
        (r"за\W+(?:\w+\W+)?(?:пост|лайк)\w*", {"пост", "лайк"}),
        (r"(?:in|to)(?:\W+\w+){0,1}?\W+asylum(?!\W*seek)", {"asylum "}),
        (r"в[\s-](?:\w+\W+)?ивс", {"ивс "}),
        (r"взял\w*\W+под\W+стражу", {"под стражу "}),
        (r"(?:бить|бил\w*)\W*током", set()),
        (r"пыт(?:к(?:а|и)|ок)", set()),
        (r"бил\w*\W+\w+", set()),
    ],
)
def test_a_later_word_of_every_match_begins_with_one_of_these_stems(pattern: str, expected: set[str]) -> None:
    assert later_stems_of(pattern) == expected


def test_the_matcher_finds_what_the_patterns_find_one_after_another() -> None:
    text = (
        "вчера в бишкеке милиционеры избили задержанного журналиста, надели на голову пакет и били током в ровд. "
        "адвоката к нему не пустили, а мвд опровергло пытки; суд продлил арест на 15 суток."
    )
    terms = [term for term in terms_for("ru") if term.strength]
    hits = Matcher((term, term.pattern) for term in terms).find(text, [(0, len(text))])
    found = {(hit.key.name, hit.start) for hit in hits}
    expected = {
        (term.name, match.start()) for term in terms for match in re.finditer(rf"(?<!\w)(?:{term.pattern})(?!\w)", text)
    }
    assert expected <= found


def test_every_language_knows_all_five_countries() -> None:
    for language in LANGUAGES:
        countries = {place.country for place, _ in places_for(language) if isinstance(place, GazetteerPlace)}
        assert {"KZ", "KG", "TJ", "UZ", "TM"} <= countries
