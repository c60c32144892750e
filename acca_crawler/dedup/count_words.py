"""Count document frequencies of words: `python -m acca_crawler.dedup.count_words FILE.jsonl.gz ...`.

Each line is an object with `text`, `lang` (a code of `text.language`) and optionally `title`. Writes
`data/frequencies`, one file per base language, with the stems found in more than one text in a thousand.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from acca_crawler.dedup.profile import STEM
from acca_crawler.dedup.rarity import DATA
from acca_crawler.text.transliterate import name_key

_MIN_COUNT = 3
_MIN_SHARE = 1 / 2000


def main(paths: list[str]) -> None:
    """Count the words of the files' texts and write the frequencies."""
    texts: Counter[str] = Counter()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in map(Path, paths):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                language = row["lang"].split("-")[0]
                texts[language] += 1
                whole = name_key(f"{row.get('title') or ''}\n{row['text']}", language=row["lang"])
                counts[language].update({word[:STEM] for word in whole.split()})
    DATA.mkdir(parents=True, exist_ok=True)
    for language, stems in counts.items():
        least = max(_MIN_COUNT, _MIN_SHARE * texts[language])
        lines_ = [f"{stem} {count}" for stem, count in sorted(stems.items()) if count >= least]
        (DATA / f"{language}.txt").write_text("\n".join([str(texts[language]), *lines_]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
