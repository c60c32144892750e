"""Learn which words of two languages mean the same: `python -m benchmarks.fit_concepts DIRECTORY_OF_STREAMS`.

Every language's stems are mapped to Russian ones by IBM's first alignment model (Brown et al. 1993) over parallel
lines: NTREX in all languages, the two editions of a news site for Uzbek, and SIB-200's sentences, whose Uzbek side is
read as Russian by what was learnt before. Only lines and days are used that neither `fit_dedup` fits weights to nor
`benchmarks/dedup.py` measures on. Writes `acca_crawler/dedup/data/concepts/*.txt`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from acca_crawler.dedup.concepts import DATA, PIVOT
from acca_crawler.dedup.profile import STEM
from acca_crawler.text.transliterate import folded_words
from benchmarks.dedup import edition, is_for_concepts, is_line_for_concepts, parallel_texts

ROUNDS = 6
MIN_SEEN = 3
MIN_PROBABILITY = 0.25
_NOTHING = ""
"""Counterpart of a word without one in the other language."""
Line = tuple[list[str], list[str]]
"""The stems of one text in a language and in Russian."""


def stems(text: str, language: str) -> list[str]:
    """Return the distinct stems of a text."""
    return list(dict.fromkeys(word[:STEM] for word in folded_words(text, language=language)))


def parallel_lines(streams: Path, language: str) -> Iterator[Line]:
    """Lines of NTREX's articles in a language and in Russian."""
    texts = parallel_texts(streams)
    for number, (one, russian) in enumerate(zip(texts[language], texts[PIVOT], strict=True)):
        ours, theirs = (document.text.split("\n") for document in (one, russian))
        if is_line_for_concepts(number) and len(ours) == len(theirs):
            yield from ((stems(a, language), stems(b, PIVOT)) for a, b in zip(ours, theirs, strict=True))


def editions(streams: Path) -> Iterator[Line]:
    """Posts of a site's Uzbek edition with their Russian originals."""
    originals = {document.published: document for document in edition(streams, "ru_gazeta")}
    for one in edition(streams, "uz_gazeta"):
        if one.published in originals and is_for_concepts(str(one.published)):
            yield stems(one.text, "uz"), stems(originals[one.published].text, PIVOT)


def sentences_of(streams: Path, language: str) -> dict[str, str]:
    """SIB-200's sentences by number."""
    path = next(streams.glob(f"{language}_sib200*"))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {row["id"].rpartition("-")[2]: row["text"] for row in map(json.loads, lines)}


def through_uzbek(streams: Path, language: str, uzbek: Mapping[str, str]) -> Iterator[Line]:
    """SIB-200's sentences in a language, and the Russian stems of their Uzbek translation."""
    others = sentences_of(streams, "uz")
    for number, text in sentences_of(streams, language).items():
        if number in others:
            yield stems(text, language), [uzbek[s] for s in stems(others[number], "uz") if s in uzbek]


def learn(lines: Sequence[Line]) -> dict[str, str]:
    """Return the Russian stem of each stem that nearly always has the same one beside it."""
    sources, targets = (sorted({stem for line in lines for stem in line[side]} | {_NOTHING}) for side in (0, 1))
    of_source, of_target = ({stem: number for number, stem in enumerate(stems)} for stems in (sources, targets))
    seen = Counter(stem for line in lines for stem in line[0])
    pairs, groups, first = [], [], 0
    for here, there in lines:
        ours = np.array([of_source[stem] for stem in (*here, _NOTHING)])
        theirs = np.array([of_target[stem] for stem in there], dtype=np.int64)
        pairs.append((ours[:, None] * len(targets) + theirs).ravel())
        groups.append(np.tile(np.arange(first, first + len(theirs)), len(ours)))
        first += len(theirs)
    codes, pair = np.unique(np.concatenate(pairs), return_inverse=True)
    group, source = np.concatenate(groups), codes // len(targets)
    chance = np.ones(len(codes))
    for _ in range(ROUNDS):
        shares = chance[pair]
        counts = np.bincount(pair, shares / np.bincount(group, shares)[group])
        chance = counts / np.bincount(source, counts)[source]
    best: dict[str, tuple[float, str]] = {}
    for code, probability in zip(codes.tolist(), chance.tolist(), strict=True):
        stem, target = sources[code // len(targets)], targets[code % len(targets)]
        if stem and probability >= MIN_PROBABILITY and seen[stem] >= MIN_SEEN:
            best[stem] = max(best.get(stem, (0.0, "")), (probability, target))
    return {stem: target for stem, (_, target) in best.items()}


def write(language: str, learnt: Mapping[str, str]) -> None:
    """Write one language's stems with their Russian ones; equal ones need no line."""
    lines = [f"{stem} {russian}" for stem, russian in sorted(learnt.items()) if stem != russian]
    (DATA / f"{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{language}: {len(lines)} stems")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path, help="a directory with ru_gazeta*, uz_gazeta*, *_ntrex* and *_sib200*")
    streams = parser.parse_args().streams
    DATA.mkdir(parents=True, exist_ok=True)
    uzbek = learn([*parallel_lines(streams, "uz"), *editions(streams)])
    write("uz", uzbek)
    write("en", learn(list(parallel_lines(streams, "en"))))
    for language in ("kk", "ky", "tg", "tk"):
        write(language, learn([*parallel_lines(streams, language), *through_uzbek(streams, language, uzbek)]))


if __name__ == "__main__":
    main()
