"""Processes that read pages with other code or other words have another version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from acca_crawler import __version__
from acca_crawler.ingest.reading_version import PACKAGE, READ_WITH, reader_of, reading_version


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What reads pages, copied, to be changed."""
    for name in READ_WITH:
        source = PACKAGE / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def test_the_same_files_elsewhere_have_the_same_version(copy: Path) -> None:
    assert reading_version(copy) == reading_version()
    assert reading_version().startswith(f"{__version__}+")


@pytest.mark.parametrize("name", ["dedup/roundups.toml", "text/language_model.npz", "extract/bounds.py", "items.py"])
def test_a_changed_file_gives_another_version_of_the_same_release(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b"\n")
    assert reading_version(copy) != reading_version()
    assert reading_version(copy).startswith(f"{__version__}+")


def test_an_operators_lexicon_makes_another_reader(tmp_path: Path) -> None:
    (tmp_path / "ru.toml").write_text('[[term]]\npattern = "застенк\\\\w*"\nstrength = "strong"\n')
    assert reader_of((tmp_path,)) != reader_of(())
    assert reader_of(()).startswith(reading_version())
