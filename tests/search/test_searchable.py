"""Index words: the same text gives the same words, and nothing in a text breaks the index."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.exceptions import QueryError
from acca_crawler.search.query import expression, parse
from acca_crawler.text import kindred
from acca_crawler.text.searchable import MAX_STEMMED, STEMMED, fold_word, joined, searchable, stem_word, words_of
from acca_crawler.text.word_lists import read_word_lists

ANY = st.text(max_size=80)


def test_stems_and_folds_by_language() -> None:
    words = searchable("Суд в Оше", "Рузахунова пытали, ёлка", "ru")
    assert words.title_stems == "суд в ош" and words.title_folds == "sud oshe"
    assert words.body_stems.split()[-1] == stem_word("елка") and words.body_folds == "ruzahunova"
    words = searchable("Qiynoq", "qamoqqa olindi", "uz")
    assert (words.title_stems, words.body_stems) == ("", "") and words.body_folds == "kamoka olindi"


@given(ANY, st.sampled_from(["ru", "en", "uz", None]))
def test_any_text_is_one_line_of_lower_case_words(text: str, language: str | None) -> None:
    words = searchable(text, text, language)
    assert words == searchable(text, text, language)
    for field in (words.title_stems, words.body_folds):
        assert field == " ".join(field.split())


@given(st.text("aбВёİIı\u0301'’_ \t\n-.,ýÝáж1²ßσς", max_size=30), st.sampled_from(["ru", "en", "uz", "kk-Latn", None]))
def test_a_text_has_the_words_of_its_words(text: str, language: str | None) -> None:
    words = [match[0] for match in words_of(joined(text))]
    stems = [stem_word(word) for word in words] if language in STEMMED else []
    folds = [fold_word(word, language) for word in words if language not in STEMMED or word[0].isupper()]
    found = searchable("", text, language)
    assert found.body_stems == " ".join(filter(None, stems))
    assert found.body_folds == " ".join(filter(None, folds))


@given(ANY)
def test_any_query_is_an_expression_or_a_clear_error(text: str) -> None:
    try:
        asked = expression(parse(text), "20261")
    except QueryError as error:
        assert str(error)
        return
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE s USING fts5(title_stems, body_stems, title_folds, body_folds, tokenize = 'ascii')"
    )
    db.execute("SELECT count(*) FROM s WHERE s MATCH ?", [asked]).fetchone()
    db.close()


def test_a_word_without_an_end_is_stemmed_by_its_beginning() -> None:
    assert len(stem_word("x" * 1_000_000)) <= MAX_STEMMED
    assert stem_word("ж" * 300) == stem_word("ж" * 400)


def test_forms_of_one_word_are_in_one_line() -> None:
    """And begin alike, as the marks of a passage expect."""
    lines = [line.split() for listed in read_word_lists(kindred.__file__, "kindred.toml").values() for line in listed]
    stems = [{stem_word(form) for form in line} for line in lines]
    assert sum(map(len, stems)) == len(set().union(*stems)) == len([form for line in lines for form in line])
    assert all(len({form[0] for form in line}) == 1 < len(line) for line in lines)
