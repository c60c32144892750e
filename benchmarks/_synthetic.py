"""News as an index meets it, generated: seven languages, Zipf's law, inflected words, names that come seldom, copies.

Article number n is the same on every machine, whatever was generated before it. Its words are taken from reports
written for this project and inflected at random, so that there are as many different ones as in years of news; its
length is log-normal around 300 words. Sentences are its own, as in life, but for three kinds that many texts share:
standing phrases ("subscribe to ..."), and every twelfth article, which is a copy or an excerpt of an earlier one in
another outlet under another title.

The same words are given as the index wants them, so that a million articles need no reading: `check` holds that against
the code that reads.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.keys import consonant_key, index_keys, key_of
from acca_crawler.dedup.signature import KEYS_WANTED, MAX_KEYS_A_SENTENCE, MAX_SENTENCES
from acca_crawler.detect import detect
from acca_crawler.items import Article, Dated, Detection, Extraction, Fact, Level, SearchText, Span
from acca_crawler.text.searchable import STEMMED, fold_word, searchable, stem_word
from storage.articles.story_index import Fingerprint

DATA = Path(__file__).parent / "data" / "language"
SHARES = {"ru": 40, "en": 15, "kk": 12, "ky": 10, "uz": 12, "tg": 7, "tk": 4}
"""Percent of the articles by language."""
CYRILLIC = frozenset({"ru", "kk", "ky", "tg"})
OUTLETS = 50
START = datetime(2016, 1, 1, tzinfo=UTC)

VOCABULARY, SURNAMES, STANDING_PHRASES = 60_000, 20_000, 40
READ_IN_FULL = 10
"""Every so manieth text of a page has words of arrests and violence: of streams of news, detection reads one in 60
(a government's news in English) to one in 7 (posts of a newspaper's channel) in full."""
READY = 20_000
"""Sentences of a language from which the articles are made whose keys are not read from the text."""
SIGNED = 40
"""Every so manieth article has its true keys in the index of copies, the others random ones: to an index they are the
same. Copies are made of these."""
COPIED = 12
COPIES_WITHIN = 2_000

_SYLLABLES = [
    first + second
    for first in re.findall(r"\w+", "ruz bek sad tur nur mam kar dav rah jul shar ibr tosh kod jum az ish bol tem er")
    for second in ("a", "u", "i", "o", "an")
]
_ENDINGS_OF_NAMES = ("khunov", "bekov", "liev", "tova", "dinov", "rova", "shev", "galiev")
_LATIN_TO_CYRILLIC = (
    ("kh", "х"), ("sh", "ш"), ("ye", "е"), *zip("abdeghijklmnorstuvz", "абдегхижклмнорстувз", strict=True)
)  # fmt: skip
_CASES = {True: ("", "", "а", "ом"), False: ("", "", "ning", "ga")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its index words, and the index keys of its names and figures."""

    text: str
    stems: str
    folds: str
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Synthetic:
    """An article, and its words and keys as the archive's indexes hold them."""

    article: Article
    words: SearchText
    fingerprint: Fingerprint
    copy_of: int | None = None


class Words:
    """The words of one language, the most frequent first, each with its stem and fold; only of the texts `taken`."""

    def __init__(self, language: str, chance: random.Random, taken: Callable[[str], bool] = lambda text: True) -> None:
        lines = (DATA / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        texts = filter(taken, (json.loads(line)["text"] for line in lines))
        known = {word.strip('.,:;«»“”"()–-!?').lower() for text in texts for word in text.split()}
        roots = sorted(word for word in known if len(word) > 2 and word.isalpha())
        letters = sorted(set("".join(roots)))
        chance.shuffle(roots)
        forms = dict.fromkeys(roots)
        while len(forms) < VOCABULARY:
            forms[chance.choice(roots)[:6] + "".join(chance.choices(letters, k=chance.randint(1, 5)))] = None
        self.language = language
        self.forms = list(forms)
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.forms))))
        self._range = range(len(self.forms))
        self.stems = [stem_word(form) if language in STEMMED else "" for form in self.forms]
        self.folds = [fold_word(form, language) for form in self.forms]
        self._ready = [self.sentence(chance, (), chance.randint(7, 20)) for _ in range(READY)]
        self.standing = [self.sentence(chance, (), chance.randint(8, 14)) for _ in range(STANDING_PHRASES)]
        self.standing_keys = [Document("", phrase.text).signature.keys[0] for phrase in self.standing]

    def sentence(self, chance: random.Random, names: Sequence[tuple[str, str]], count: int) -> Sentence:
        """A sentence of `count` words of the language with these names and figures, each inflected and in base form."""
        forms, stems, folds = self.forms, self.stems, self.folds
        drawn = chance.choices(self._range, cum_weights=self.weights, k=count)
        text = [forms[at] for at in drawn]
        text[0] = text[0].capitalize()
        stemmed = self.language in STEMMED
        stem = [stems[at] for at in drawn] if stemmed else []
        fold = [folds[drawn[0]]] if stemmed else [folds[at] for at in drawn]
        keys: list[int] = []
        for name, base in names:
            stem_of, fold_of = _index_word(name)
            place = chance.randint(1, len(text))
            text.insert(place, name)
            if stemmed:
                stem.insert(place, stem_of)
                if name[0].isalpha():
                    fold.append(fold_of)
            else:
                fold.insert(place, fold_of)
            keys.extend(_keys(base))
        return Sentence(f"{' '.join(text)}.", " ".join(stem), " ".join(fold), tuple(keys))

    def ready(self, chance: random.Random) -> Sentence:
        """One of the sentences that were made beforehand."""
        return self._ready[int(chance.random() * READY)]


@lru_cache(1 << 19)
def _index_word(name: str) -> tuple[str, str]:
    """Stem and fold of a name or figure."""
    return stem_word(name), fold_word(name)


@lru_cache(1 << 17)
def _keys(name: str) -> tuple[int, ...]:
    """The index keys of a name or figure: all its forms, in both scripts, have the same."""
    bones = name if name.isdecimal() else consonant_key(fold_word(name))
    return (key_of(bones),) if bones else ()


class Generator:
    """Makes the articles."""

    def __init__(self) -> None:
        chance = random.Random(1)
        self.words = {language: Words(language, chance) for language in SHARES}
        self.surnames = _surnames(chance)
        chance.shuffle(self.surnames)
        self._frequent = list(accumulate(1 / (rank + 20) for rank in range(len(self.surnames))))
        self._cyrillic = {name: in_cyrillic(name) for name in self.surnames}

    def articles(self, first: int) -> Iterator[Synthetic]:
        """Endlessly many, numbered from `first`."""
        number = first
        while True:
            yield self.article(number)
            number += 1

    def article(self, number: int) -> Synthetic:
        """The article of this number."""
        original = _original(number)
        language, title, body, standing = self._text(number if original is None else original)
        if original is not None:
            chance = random.Random(~number)
            title = self.words[language].sentence(chance, (), 8)
            body = body[: max(3, len(body) * 2 // 3)] if chance.random() < 0.5 else body
        text = "\n\n".join(" ".join(one.text for one in body[at : at + 3]) for at in range(0, len(body), 3))
        heading = title.text.rstrip(".")
        url = address(number)
        published = Dated(published_at(number).strftime("%Y-%m-%dT%H:%M:%SZ"), "rest", "high")
        extraction = Extraction(text, heading, url, published=published, method="selectors")
        article = Article(
            outlet_name(number), f"/{number}", url, (url,), extraction, _detection(heading, text, number),
            content_sha256(heading, text), language,
        )  # fmt: skip
        signed = original is not None or number % SIGNED == 0
        keys = Document("", text, language).signature.keys if signed else _any_keys(number, len(body), standing)
        names = dict.fromkeys(key for one in (title, *body) for key in one.keys)
        fingerprint = Fingerprint(
            keys, min(len(body), MAX_SENTENCES), tuple(names), str(published.value)[:10], language,
            outlet_name(number), url, (),
        )  # fmt: skip
        return Synthetic(article, _index_words(title, body), fingerprint, original)

    def _text(self, number: int) -> tuple[str, Sentence, list[Sentence], tuple[int, ...]]:
        """Language, title, body, and the keys of the standing phrases in it."""
        chance = random.Random(number)
        language = chance.choices(list(SHARES), list(SHARES.values()))[0]
        words = self.words[language]
        count = max(3, round(chance.lognormvariate(3.0, 0.5)))
        # Whom an article is about, and two who are only mentioned.
        people = chance.choices(self.surnames, cum_weights=self._frequent, k=2) + chance.choices(self.surnames, k=2)
        title = words.sentence(chance, self._named(chance, language, people[:1]), 8)
        body = []
        for _ in range(count):
            names = self._named(chance, language, [chance.choice(people)]) if chance.random() < 0.25 else []
            if chance.random() < 0.1:
                figure = str(int(10 ** chance.uniform(0.3, 4)))
                names.append((figure, figure))
            fresh = names or number % SIGNED == 0
            body.append(words.sentence(chance, names, chance.randint(7, 20)) if fresh else words.ready(chance))
        if chance.random() >= 0.3:
            return language, title, body, ()
        phrase = chance.randrange(STANDING_PHRASES)
        return language, title, [*body, words.standing[phrase]], (words.standing_keys[phrase],)

    def _named(self, chance: random.Random, language: str, people: Iterable[str]) -> list[tuple[str, str]]:
        """The names as they stand in a text of the language, in any case, and as they are."""
        cyrillic = language in CYRILLIC
        written = [(self._cyrillic[name] if cyrillic else name, name) for name in people]
        return [(name + chance.choice(_CASES[cyrillic]), base) for name, base in written]


class Prose:
    """English text for pages: 36 sentences of about 15 words, every fourth with a person's two names, as in the real
    pages of `../shared/data/extraction`.

    Every tenth text has words of arrests and violence: with such words in all of them, as no outlet has them, detection
    would take most of a page's time.
    """

    def __init__(self) -> None:
        chance = random.Random(2)
        self._words = Words("en", chance)
        self._everyday = Words("en", chance, _is_everyday)
        self._surnames = _surnames(chance)

    def paragraphs(self, number: int) -> list[str]:
        """The twelve paragraphs of the text of this number."""
        chance = random.Random(number)
        words = self._everyday if number % READ_IN_FULL else self._words
        people = [" ".join(chance.choices(self._surnames, k=2)) for _ in range(4)]
        return [" ".join(_prose(words, chance, people) for _ in range(3)) for _ in range(12)]


def _is_everyday(text: str) -> bool:
    """Whether detection finds nothing in a text that would have to be judged."""
    return not detect(text, language="en").score


def _prose(words: Words, chance: random.Random, people: list[str]) -> str:
    names = [(person, person) for person in people[:1]] if chance.random() < 0.25 else []
    chance.shuffle(people)
    return words.sentence(chance, names, chance.randint(8, 22)).text


def _surnames(chance: random.Random) -> list[str]:
    names = {"".join(chance.choices(_SYLLABLES, k=2)) + chance.choice(_ENDINGS_OF_NAMES) for _ in range(2 * SURNAMES)}
    return [name.title() for name in sorted(names)[:SURNAMES]]


def in_cyrillic(name: str) -> str:
    """A generated name in Russian letters."""
    name = name.lower()
    for latin, cyrillic in _LATIN_TO_CYRILLIC:
        name = name.replace(latin, cyrillic)
    return name.capitalize()


def outlet_name(number: int) -> str:
    """The first outlet has half of all articles, as the largest agencies have."""
    return "outlet0" if number % 2 else f"outlet{number // 2 % OUTLETS}"


def published_at(number: int) -> datetime:
    """When an article was published (UTC): one every five minutes."""
    return START + timedelta(minutes=5 * number)


def address(number: int) -> str:
    """The address of an article."""
    return f"https://{outlet_name(number)}.example/news/{number}"


def check(generator: Generator, numbers: Iterable[int]) -> None:
    """Hold the index words and name keys that are given with the articles against the code that reads them.

    Raises `AssertionError`.
    """
    for number in numbers:
        made = generator.article(number)
        found, language = made.article.extraction, made.article.language
        assert made.words == searchable(found.title, found.text, language), number
        read = index_keys(Document(found.title, found.text, language).profile).names
        assert not read or set(made.fingerprint.names) & set(read), number


def _original(number: int) -> int | None:
    """Of which article this one is a copy, None for none."""
    if number % COPIED != COPIED - 5 or number < 2 * COPIES_WITHIN:
        return None
    return (number - 1 - random.Random(~number).randrange(COPIES_WITHIN)) // SIGNED * SIGNED


def _any_keys(number: int, sentences: int, standing: tuple[int, ...]) -> tuple[int, ...]:
    """As many keys as a text of so many sentences has."""
    each = max(1, min(MAX_KEYS_A_SENTENCE, KEYS_WANTED // sentences))
    count = min(sentences, MAX_SENTENCES) * each
    chance = random.Random(number)
    return (*(chance.getrandbits(64) - (1 << 63) for _ in range(count - len(standing))), *standing)


def _index_words(title: Sentence, body: Sequence[Sentence]) -> SearchText:
    return SearchText(
        title_stems=title.stems,
        body_stems=" ".join(one.stems for one in body).strip(),
        title_folds=title.folds,
        body_folds=" ".join(one.folds for one in body),
    )


def _detection(title: str, text: str, number: int) -> Detection:
    if number % 20:
        return Detection("ignore", reasons=("nothing was found",))
    spans = tuple(Span("text", at, at + 10, text[at : at + 10], "torture.verb") for at in (0, 30, 60))
    facts = tuple(Fact(kind, title[:20], spans[0], text[:120]) for kind in ("person", "agency", "place", "event_date"))
    level: Level = "alert" if number % 100 == 0 else "digest"
    return Detection(level, ("torture",), spans, (), facts, "KG", 3.0, ("torture",))
