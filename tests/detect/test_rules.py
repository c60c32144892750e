"""The rules file refuses what would never hold, and a flag says which words, rules and weights made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.lexicon import read_lexicon
from acca_crawler.detect.rules import RULES, read_rules
from acca_crawler.exceptions import LexiconError
from tests.support.own_words import OWN


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('all = ["violence", "state"]', 'all = ["violense", "state"]', "'violense' is not a group"),
        ('all = ["death:3"]', 'all = ["death:4"]', "'death:4' is not a group"),
        ('all = ["death:3"]', 'all = ["deaht:3"]', "'deaht:3' is not a group"),
        ('none = ["concrete"]', 'none = ["concret"]', "'concret' is not a group"),
        ('violence = ["torture:2"', 'violence = ["tortura:2"', "set violence: 'tortura:2'"),
        ('in = "opening"\nall', 'in = "openning"\nall', "must be one of"),
        ('category = "ill_treatment"', 'category = "illtreatment"', "category must be one of"),
        ("against = true", "againts = true", "unknown key againts"),
        ('why = "animals, not people"', "", "needs why"),
    ],
)
def test_a_misspelt_rule_is_refused(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    text = RULES.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "rules.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_rules(tmp_path / "rules.toml")


def test_a_role_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(OWN.replace('role = "act"', 'role = "acts"'), encoding="utf-8")
    with pytest.raises(LexiconError, match="role must be one of"):
        read_lexicon(tmp_path / "en.toml")


def test_weights_are_not_fitted_where_data_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from acca_crawler.detect.fit import main as fit  # scikit-learn takes a second to import

    with pytest.raises(SystemExit):
        fit([str(tmp_path / "dev.jsonl"), "--out", str(tmp_path / "weights.json")])
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "weights.json").exists()


def test_a_detection_names_the_words_rules_and_weights_that_made_it(tmp_path: Path) -> None:
    text = "Police beat a detainee in Osh."
    (tmp_path / "en.toml").write_text(OWN, encoding="utf-8")
    ours = detect(text, language="en").detector
    theirs = detect(text, language="en", lexicons=(tmp_path,)).detector
    assert len(ours) == len(theirs) == 16
    assert ours != theirs
    assert detect("Bees like lime trees.", language="en").detector == ours
