"""What fitting shares between the models of several folds."""

from __future__ import annotations

import json
from pathlib import Path

from acca_crawler.detect.dataset import FOLDS, read_labelled
from acca_crawler.detect.rules import read_rules

TAUGHT = Path(__file__).parents[2] / "benchmarks" / "data" / "short_taught.jsonl"


def test_models_of_two_folds_share_the_layers_below_and_are_the_same_for_it() -> None:
    from acca_crawler.detect.fit import Lower, example_of, fit_model  # imports scikit-learn, for a second

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


def test_items_of_one_event_share_a_fold_that_no_file_names(tmp_path: Path) -> None:
    rows = [
        {"id": f"a-{number}", "event": f"event {number % 9}", "text": "Текст", "lang": "ru", "level": "ignore"}
        for number in range(36)
    ]
    file = tmp_path / "items.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    folds_of: dict[str, set[int]] = {}
    for item in read_labelled([file]):
        folds_of.setdefault(item.event, set()).add(item.fold)
    assert all(len(folds) == 1 for folds in folds_of.values())
    assert len(set.union(*folds_of.values())) > 2  # not all in the first
