import numpy as np

from acca_crawler.text.language import MODELS
from acca_crawler.text.language_model import FILE, read, shipped


def test_the_file_is_what_py3langid_ships_for_these_languages() -> None:
    expected = shipped(MODELS)
    with np.load(FILE, allow_pickle=False) as found:
        assert found.files == list(expected)
        for name, values in expected.items():
            assert np.array_equal(found[name], values), name


def test_the_model_ranks_each_language_once() -> None:
    ranked = read().rank("Жители села собрались у здания суда")
    assert ranked[0][0] == "ru"
    assert sorted(code for code, _ in ranked) == sorted(MODELS)
