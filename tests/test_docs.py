"""The docs say what the program does: their generated parts are fresh, and every command has its place."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import chain
from pathlib import Path

import click
import pytest

from acca_crawler.alerts.message import DigestNote, Message, OperatorNotice, RedactedReport
from acca_crawler.cli import COMMANDS, main
from tests.support import warm
from tests.support.desk import TIMEOUT

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
GENERATED = [path for path in sorted((ROOT / "docs").glob("*.md")) if "[[[cog" in path.read_text()]


@pytest.mark.parametrize("page", GENERATED, ids=lambda path: path.name)
def test_the_generated_parts_are_fresh(page: Path) -> None:
    check = ["--check", "--diff", "-P", "-I", ".", str(page.relative_to(ROOT))]
    process = warm.Started(check, ROOT, merged=True, module="cogapp")
    printed, _ = process.communicate(TIMEOUT)
    assert process.returncode == 0, f"run `make docs`\n{printed}"


def test_the_architecture_names_every_folder_and_every_module_beside_them() -> None:
    shown = (ROOT / "docs/architecture.md").read_text().partition("```text\n")[2].partition("```")[0]
    named = sorted(line.split()[0] for line in shown.splitlines())
    there = ["tests/", "benchmarks/"]
    for package in (ROOT / "acca_crawler", ROOT / "storage", ROOT / "spiders"):
        there += [f"{init.parent.name}/" for init in package.rglob("__init__.py")]
    for package in (ROOT / "acca_crawler", ROOT / "storage"):
        there += [module.name for module in package.glob("*.py") if not module.name.startswith("__")]
    assert named == sorted(there)
    assert "(undocumented)" not in shown


def test_every_command_is_documented() -> None:
    headings = [line for line in (ROOT / "docs/commands.md").read_text().splitlines() if line.startswith("## ")]
    assert headings == [f"## acca {name}" for name in COMMANDS]


def test_the_reason_for_every_dependency_is_given() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    table = (ROOT / "docs/architecture.md").read_text().partition("## Dependencies")[2]
    explained = [name for line in table.splitlines()[4:] for name in line.split("|")[1].strip().split(", ")]
    assert sorted(explained) == sorted(re.split("[<>=]", requirement)[0] for requirement in declared)


def invocations(page: Path) -> Iterator[list[str]]:
    """The words of every call of `acca` that a page shows: in code, up to a pipe, a comment or an ellipsis."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [*re.findall(r"`(acca [^`]+)`", text), *(line for block in blocks for line in block.splitlines())]
    for line in lines:
        if line.lstrip().startswith("acca "):
            yield shlex.split(re.split(r" [|>#]|\.\.\.", " ".join(line.split()))[0])[1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_call_that_a_page_shows_is_a_command_with_these_options(page: Path) -> None:
    assert [words for words in invocations(page) if not is_a_call(words)] == []


def is_a_call(words: list[str]) -> bool:
    """Whether words are a command, its subcommand and options that they have; placeholders and values may be any."""
    command: click.Command = main
    context = click.Context(main)
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            name = word.split("=")[0]
            option = next((one for one in command.params if name in (*one.opts, *one.secondary_opts)), None)
            if option is None and name != "--help":
                return False
            if isinstance(option, click.Option) and not option.is_flag and "=" not in word:
                next(rest, None)
        elif isinstance(command, click.Group) and not word.isupper():
            found = command.get_command(context, word)
            if found is None:
                return False
            command = found
    return True


@pytest.mark.parametrize("words", ["nonsense", "crawl --nonsense", "alerts nonsense", "status --count-of"])
def test_a_call_of_what_does_not_exist_is_found(words: str) -> None:
    assert not is_a_call(words.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_to_another_page_leads_to_a_heading(page: Path) -> None:
    missing = []
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            missing.append(f"{target}#{anchor}")
    assert missing == []


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page get."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("kind", [Message, DigestNote, OperatorNotice, RedactedReport], ids=lambda kind: kind.__name__)
def test_every_field_of_a_webhook_is_documented(kind: type) -> None:
    described = (ROOT / "docs/alerts.md").read_text(encoding="utf-8").partition("The body has `form`")[2]
    named = set(re.findall(r"`(\w+)`", described))
    assert {field.name for field in fields(kind)} - named - {"listed"} == set()


def test_every_count_of_a_run_is_documented() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "acca_crawler").rglob("*.py")]
    counted = set(re.findall(r'run\.count\(f?"([a-z_]+)[:"]', "\n".join(sources)))
    page = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
    assert len(counted) > 20
    assert [name for name in sorted(counted) if not re.search(f"`{name}[`:]", page)] == []
