"""Accuracy of names in the nominative: `python benchmarks/names.py [--mistakes]`.

300 mentions in all languages (`benchmarks/data/names.jsonl`), written for this benchmark: a form, its adjacent words
and the nominative a reader would list. The baseline is the form in the text, which was stored before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from acca_crawler.detect.nominative import nominative

MENTIONS = Path(__file__).with_name("data") / "names.jsonl"


def main() -> int:
    """Print a table; exits 0 whatever it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mistakes", action="store_true", help="list every name given wrongly")
    options = parser.parse_args()
    judged: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for line in MENTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = nominative(row["form"], row["lang"], row["before"], row["after"], row["others"])
        right = (row["form"] == row["name"], given == row["name"])
        for language in (row["lang"], "all"):
            judged[language].append(right)
        if options.mistakes and given != row["name"]:
            print(f"{row['lang']}: {row['before']}[{row['form']}]{row['after']} -> {given}, not {row['name']}")
    for language, rights in judged.items():
        before, after = (sum(column) / len(rights) for column in zip(*rights, strict=True))
        print(f"{language:8} {len(rights):4} mentions  as in the text {before:.2f}  nominative {after:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
