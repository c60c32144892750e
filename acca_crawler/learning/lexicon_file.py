"""The operator's lexicon file of learnt terms, one per language: `ru-learned.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from acca_crawler.detect.lexicon import Term, read_lexicon
from acca_crawler.whole_file import whole_file

HEADER = """# Terms that `acca lexicon learn` proposed from this newsroom's decisions and a person accepted.
# Delete a line to take it back; `acca lexicon check` tests the file.
"""
NOTE = "Learnt from decisions."


def learned_file(directory: Path, language: str) -> Path:
    """Return the file of a language's learnt terms."""
    return directory / f"{language}-learned.toml"


def write_terms(directory: Path, terms: Iterable[Term]) -> list[Path]:
    """Add terms to the learnt ones, each replacing one of its name, and return the files written.

    Raises `OSError`, `LexiconError` for a file that can't be read, `FileInUse` if another process is writing it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    by_language: dict[str, list[Term]] = {}
    for term in terms:
        by_language.setdefault(term.language, []).append(term)
    written = []
    for language, fresh in sorted(by_language.items()):
        path = learned_file(directory, language)
        with whole_file(path) as file:
            groups = read_lexicon(path) if path.exists() else ()
            kept = {term.name: term for group in groups for term in group.terms}
            kept |= {term.name: term for term in fresh}
            file.write(_document(language, kept.values()).encode())
        written.append(path)
    return written


def _document(language: str, terms: Iterable[Term]) -> str:
    by_group: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        by_group.setdefault((term.group, term.role), []).append(term)
    parts = [HEADER, f'kind = "lexicon"\nlang = "{language}"\n']
    for (group, role), members in sorted(by_group.items()):
        lines = "".join(f"  {_line(term)},\n" for term in members)
        parts.append(f'\n[{group}]\nrole = "{role}"\ncertainty = "medium"\nnote = "{NOTE}"\nterms = [\n{lines}]\n')
    return "".join(parts)


def _line(term: Term) -> str:
    return (
        f"{{ lemma = {_quoted(term.lemma)}, pattern = {_quoted(term.pattern)}, strength = {term.strength}, "
        f"gloss = {_quoted(term.gloss)} }}"
    )


def _quoted(text: str) -> str:
    """Return a TOML string; a pattern has no line breaks."""
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
