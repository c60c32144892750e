"""The content hash sees letters and nothing else."""

from __future__ import annotations

import unicodedata

from acca_crawler.dedup.content import content_sha256

TITLE = "Ошто эки адам кармалды"
TEXT = "Ички иштер бөлүмү муну ырастады.\n\nТергөө жүрүп жатат, й тамгасы да бар."


def test_layout_and_composition_do_not_count() -> None:
    same = content_sha256(f"  {TITLE}\n", unicodedata.normalize("NFD", TEXT).replace("\n\n", "\u00a0 \u200b"))
    assert same == content_sha256(TITLE, TEXT)
    assert len(same) == 64


def test_letters_title_and_quotes_count() -> None:
    digests = {
        content_sha256(TITLE, TEXT),
        content_sha256(TITLE, TEXT.replace("ырастады", "ырастаган жок")),
        content_sha256(TITLE.lower(), TEXT),
        content_sha256("", f"{TITLE} {TEXT}"),
        content_sha256(TITLE, TEXT.replace(",", ";")),
    }
    assert len(digests) == 5
