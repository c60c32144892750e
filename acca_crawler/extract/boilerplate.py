"""Boilerplate rules, read from `boilerplate.toml`: each names what it removes and why.

A rule with `css` removes elements before the text is extracted. A rule with `pattern` removes paragraphs that match
in full, so a sentence that only mentions cookies, donations or feedback stays. Whatever a rule removes is stored
with the revision under the rule's name (`Extraction.stripped`), so a wrong rule loses nothing. An outlet adds its
own rules in `Outlet.boilerplate`; they run first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from cssselect.parser import Class, Hash, parse
from lxml.html import HtmlElement

from acca_crawler.extract.document import compiled, select
from acca_crawler.extract.paragraphs import Paragraph, inline
from acca_crawler.extract.scope import HIDDEN, Scope
from acca_crawler.items import Stripped
from acca_crawler.outlets import BoilerplateRule

CAPTIONS = ".wp-caption-text, figcaption, .media-image .caption, .photo-credit"

MAX_LINE = 360  # characters: no general rule's pattern describes a longer paragraph
_FILE = Path(__file__).with_name("boilerplate.toml")
_APOSTROPHES = "[ʻʼ'’‘`]"


def _read_rules() -> tuple[BoilerplateRule, ...]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    parts = {f"<{name}>": _joined(part) for name, part in read["parts"].items()}

    def whole(lines: Iterable[str]) -> str:
        pattern = "|".join(lines)
        for name, part in parts.items():
            pattern = pattern.replace(name, part)
        return f"(?i){pattern}".replace("ʻ", _APOSTROPHES)

    return tuple(
        BoilerplateRule(
            rule["name"], rule["why"], css=", ".join(rule.get("css", ())),
            pattern=whole(rule["lines"]) if "lines" in rule else "",
        )
        for rule in read["rule"]
    )  # fmt: skip


def _joined(part: str | list[str]) -> str:
    return part if isinstance(part, str) else "|".join(part)


RULES = _read_rules()
"""The rules for every outlet, as in `boilerplate.toml`."""
_GENERAL = frozenset(RULES)


class StripLog:
    """What the rules removed from a page, in order."""

    def __init__(self) -> None:
        self.pieces: list[Stripped] = []

    def add(self, rule: str, text: str) -> None:
        """Note what a rule removed, unless it was empty."""
        if text:
            self.pieces.append(Stripped(rule, text))


def strip_elements(
    scope: Scope, rules: Iterable[BoilerplateRule], log: StripLog, keep: tuple[HtmlElement, ...] = ()
) -> None:
    """Remove what the rules' selectors match inside the scope, except elements that contain one of `keep`."""
    protected = _with_ancestors(keep)
    for name, key, css in _element_rules(tuple(rules)):
        if key and key not in scope:
            continue
        for element in scope.with_name(key) if css == key else select(scope.element, css):
            if element is scope.element or element in protected or element.getparent() is None:
                continue
            if _within(element, scope.element):
                log.add(name, inline(element))
                scope.drop(element)


def _with_ancestors(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Return the elements and all their ancestors, each looked at once however deeply they are nested."""
    found: set[HtmlElement] = set()
    for element in elements:
        here: HtmlElement | None = element
        while here is not None and here not in found:
            found.add(here)
            here = here.getparent()
    return found


def strip_paragraphs(found: list[Paragraph], rules: Iterable[BoilerplateRule], log: StripLog) -> list[Paragraph]:
    """Return the paragraphs that no rule's pattern matches in full.

    Links that follow a bare "Read also:" are removed with it.
    """
    matches = _paragraph_rules(tuple(rules))
    kept: list[Paragraph] = []
    listing = ""
    for paragraph in found:
        rule = matches(paragraph.text)
        if not rule and listing and paragraph.linked:
            rule = listing
        if rule:
            log.add(rule, paragraph.text)
        else:
            kept.append(paragraph)
        listing = rule if rule == "read-also" else ""
    return kept


@lru_cache(maxsize=128)
def _paragraph_rules(rules: tuple[BoilerplateRule, ...]) -> Callable[[str], str]:
    """Return a function from a paragraph to the name of the first rule that matches it in full, or ""."""
    own = [(rule.name, re.compile(rule.pattern)) for rule in rules if rule.pattern and rule not in _GENERAL]
    general = [rule for rule in rules if rule.pattern and rule in _GENERAL]
    # All general rules in one pattern: nearly every paragraph is compared, and nearly none matches. In lower case,
    # because `re` skips alternatives by their first letter only where case counts.
    any_general = re.compile("|".join(f"(?:{rule.pattern.removeprefix('(?i)')})" for rule in general))
    compiled_rules = [(rule.name, re.compile(rule.pattern)) for rule in general]

    def name_of(text: str) -> str:
        for name, pattern in own:
            if pattern.fullmatch(text):
                return name
        if len(text) > MAX_LINE or not any_general.fullmatch(text.lower()):
            return ""
        return next((name for name, pattern in compiled_rules if pattern.fullmatch(text)), "")

    return name_of


@lru_cache(maxsize=128)
def _element_rules(rules: tuple[BoilerplateRule, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return (rule, key, selector); the key is what every match must have by which `Scope` finds it, if there is that.

    If the selector is just a class, an id or "[hidden]", the key is the selector.
    """
    return tuple((rule.name, key, css) for rule in rules if rule.css for key, css in _keyed(rule.css))


@cache
def rules_by_name() -> dict[str, str]:
    """Return the general rule of every class (`.name`) and id (`#name`) that a rule removes by itself."""
    found: dict[str, str] = {}
    for name, key, css in _element_rules(RULES):
        if key == css and key.startswith((".", "#")):
            found.setdefault(key, name)
    return found


@cache
def combined_rules() -> dict[str, tuple[str, str]]:
    """Return (rule, selector) of the general rules that need more than one class, by a class that a match has."""
    return {key: (name, css) for name, key, css in _element_rules(RULES) if key and key != css}


def _keyed(css: str) -> Iterator[tuple[str, str]]:
    compiled(css)
    for selector in parse(css):
        tree = selector.parsed_tree
        subject = getattr(tree, "subselector", tree)
        if isinstance(subject, Class):
            key = f".{subject.class_name}"
        elif isinstance(subject, Hash):
            key = f"#{subject.id}"
        else:
            key = HIDDEN if selector.canonical() == HIDDEN else ""
        yield key, selector.canonical()


def _within(element: HtmlElement, scope: HtmlElement) -> bool:
    return any(ancestor is scope for ancestor in element.iterancestors())
