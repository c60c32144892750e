"""Operators' own terms: checked by `acca lexicon check`, read by whatever judges reports, refused where broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from acca_crawler.cli import main
from acca_crawler.config.loading import load
from acca_crawler.crawl.run import open_run
from acca_crawler.detect import Detector
from acca_crawler.exceptions import ConfigError
from acca_crawler.ingest.page import process_extraction
from acca_crawler.items import Extraction
from acca_crawler.outlets import Outlet
from tests.support.own_words import OWN

TEXT = "Officers kept the man in the swallow pose in Osh for an hour, his mother said."


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.toml").write_text(OWN, encoding="utf-8")
    file = tmp_path / "acca.toml"
    file.write_text('[detect]\nlexicon_directory = "words"\n', encoding="utf-8")
    return file


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.jsonl"
    file.write_text(
        json.dumps({"id": "one", "lang": "en", "level": "alert", "title": "In Osh", "text": TEXT}) + "\n",
        encoding="utf-8",
    )
    return file


def acca(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_our_own_files_are_sound() -> None:
    result = acca("lexicon", "check")
    assert result.exit_code == 0, result.output
    assert "7 files, 0 problems" in result.output


def test_the_configured_directory_is_checked_and_its_effect_shown(configured: Path, labelled: Path) -> None:
    result = acca("--config", configured, "lexicon", "check", "--labelled", labelled)
    assert result.exit_code == 0, result.output
    assert "8 files, 0 problems" in result.output
    assert "one: " in result.output
    assert "-> alert (now right) In Osh" in result.output
    assert "1 of 1 items at the level that a person assigned" in result.output


def test_a_broken_term_is_named_and_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(OWN.replace("swallow pose", "the pose"), encoding="utf-8")
    result = acca("lexicon", "check", "--lexicons", tmp_path)
    assert result.exit_code == 1
    assert "en.toml: [torture] ok example 'the pose' is matched by no term" in result.output


def test_a_labelled_line_that_is_no_item_is_named(configured: Path, labelled: Path) -> None:
    labelled.write_text('{"id": "one"}\n', encoding="utf-8")
    result = acca("--config", configured, "lexicon", "check", "--labelled", labelled)
    assert result.exit_code == 1
    assert "line 1" in result.output


def test_reports_are_judged_by_the_operators_terms_too(configured: Path) -> None:
    outlet = Outlet(
        "Example", "https://example.org/", ("example.org",), countries=("KG",), languages=("en",), article_path="/a/"
    )
    extraction = Extraction(text=TEXT, title="In Osh", url="https://example.org/a/1", method="dom")
    article = process_extraction(extraction, "example", outlet, Detector(load(configured).lexicon_directories))
    assert article.detection.level == "alert"
    assert "swallow pose" in [span.quote for span in article.detection.spans]
    assert process_extraction(extraction, "example", outlet).detection.score < article.detection.score


@pytest.mark.parametrize("broken", ["kind = 1", OWN.replace("swallow\\W+pose", "(")])
def test_no_run_begins_with_broken_terms(configured: Path, broken: str) -> None:
    (configured.parent / "words" / "en.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"en\.toml"), open_run(load(configured), "crawl", {}):
        pass


def test_a_missing_directory_is_reported(configured: Path) -> None:
    configured.write_text('[detect]\nlexicon_directory = "elsewhere"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="elsewhere"), open_run(load(configured), "crawl", {}):
        pass
