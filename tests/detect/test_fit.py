"""What fitting shares between the models of several folds."""

from __future__ import annotations

from pathlib import Path

from acca_crawler.detect.dataset import read_labelled
from acca_crawler.detect.rules import read_rules

TAUGHT = Path(__file__).parents[2] / "benchmarks" / "data" / "short_taught.jsonl"


def test_models_of_two_folds_share_the_layers_below_and_are_the_same_for_it() -> None:
    from acca_crawler.detect.fit import FOLDS, Lower, example_of, fit_model  # imports scikit-learn, for a second

    book = read_rules()
    examples = [example_of(item, book) for item in read_labelled([TAUGHT])[:40]]
    parts = [[example for example in examples if example.fold != fold] for fold in (0, 1)]
    known: dict[tuple[str, ...], Lower] = {}
    fit_model(parts[0], book, known)
    assert len(known) == FOLDS  # all of it, and without each of the four folds left
    shared, alone = fit_model(parts[1], book, known), fit_model(parts[1], book)
    assert len(known) == 2 * FOLDS - 1  # without folds 0 and 1 is fitted once
    assert shared.alert_judge == alone.alert_judge
    assert shared.digest_judge == alone.digest_judge
