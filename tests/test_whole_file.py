"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acca_crawler.exceptions import FileInUse
from acca_crawler.whole_file import whole_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with earlier content that only its owner may read."""
    path = tmp_path / "reports.csv"
    path.write_bytes(b"earlier")
    path.chmod(0o600)
    return path


def test_the_new_content_appears_at_the_end_and_keeps_the_permissions(file: Path) -> None:
    with whole_file(file) as stream:
        stream.write(b"new")
        assert file.read_bytes() == b"earlier"
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o600
    with whole_file(file, 0o644) as stream:
        stream.write(b"public")
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(file.parent.iterdir()) == [file]


def test_an_error_leaves_the_earlier_content_alone(file: Path) -> None:
    with pytest.raises(ValueError), whole_file(file) as stream:
        stream.write(b"half")
        raise ValueError
    assert file.read_bytes() == b"earlier"
    assert list(file.parent.iterdir()) == [file]


def test_the_beginning_that_a_killed_process_left_is_not_continued(file: Path) -> None:
    file.with_name(".reports.csv.part").write_bytes(b"the longer beginning of a killed process")
    with whole_file(file) as stream:
        stream.write(b"new")
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_two_writers_never_mix(file: Path) -> None:
    with whole_file(file) as stream:
        stream.write(b"first")
        with pytest.raises(FileInUse, match="another process is writing"), whole_file(file):
            pass
    assert file.read_bytes() == b"first"


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.with_name("newest.csv")
    link.symlink_to(file.name)
    with whole_file(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_what_replaces_a_private_file_is_private_from_the_beginning(file: Path) -> None:
    with whole_file(file, 0o644) as stream:
        assert os.fstat(stream.fileno()).st_mode & 0o777 == 0o600
        stream.write(b"new")


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_file(pipe) as stream:
            stream.write(b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
