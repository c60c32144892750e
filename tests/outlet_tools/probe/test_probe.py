"""`acca outlet probe` and `verify` on the sample newsroom, over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import ROOT


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The newsroom on its first day."""
    with Newsroom(1) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Path:
    """An operator's directory."""
    home = f"{newsroom.sites['acca'].url}/en/"
    (tmp_path / "acca.toml").write_text(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{home}"\n')
    return tmp_path


def acca(desk: Path, *arguments: str, code: int = 0) -> str:
    """What the command printed."""
    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", *arguments],
        cwd=desk, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("site", "family", "way"),
    [
        ("acca", "wordpress", "rest"),
        ("semdorog", "generic", "feed"),
        ("kopuro", "pangea", "feed"),
        ("tolkun", "generic", "feed"),
        ("karlygash", "drupal", "feed"),
    ],
)
def test_a_site_of_each_family_is_recognised(desk: Path, newsroom: Newsroom, site: str, family: str, way: str) -> None:
    url = newsroom.sites[site].url + "/"
    told = acca(desk, "outlet", "probe", url)
    assert f"family: {family};" in told
    assert re.search(rf"^  {way} \(.*\): lists [1-9]", told, re.M)
    assert len(re.findall(r", \d+ words by ", told)) == 3
    proposed = tomllib.loads(told[told.index("[[outlet]]") :])["outlet"][0]
    assert (proposed["base"], proposed["home"]) == (family, url)


def test_what_a_probe_proposes_can_be_crawled(desk: Path, newsroom: Newsroom) -> None:
    told = acca(desk, "outlet", "probe", newsroom.sites["semdorog"].url + "/")
    table = told[told.index("[[outlet]]") :]
    (desk / "acca.toml").write_text(f"[crawl]\ndelay = 0\n{table}")
    name = tomllib.loads(table)["outlet"][0]["name"]
    assert re.search(rf"{name}: ok: discovered [1-9]\d*, fetched [1-9]", acca(desk, "crawl", name))


def test_a_spider_file_is_written_and_never_over_another(desk: Path, newsroom: Newsroom) -> None:
    url = newsroom.sites["karlygash"].url + "/"
    acca(desk, "outlet", "probe", url, "--spider", "karlygash.py")
    text = (desk / "karlygash.py").read_text()
    scope: dict[str, object] = {"__name__": "karlygash"}
    sys.path.insert(0, str(ROOT))
    exec(compile(text, "karlygash.py", "exec"), scope)
    assert any(isinstance(value, type) and getattr(value, "name", None) == "site_127_0_0_1" for value in scope.values())
    acca(desk, "outlet", "probe", url, "--spider", "karlygash.py", code=1)
    assert (desk / "karlygash.py").read_text() == text


def test_a_blocked_site_is_called_blocked(desk: Path, newsroom: Newsroom) -> None:
    assert "blocked" in acca(desk, "outlet", "probe", newsroom.sites["chashma"].url + "/", code=1)


def test_robots_txt_is_asked_for_once_and_first(desk: Path, newsroom: Newsroom) -> None:
    newsroom.requests.clear()
    acca(desk, "outlet", "probe", newsroom.sites["tolkun"].url + "/")
    paths = [request.path for request in newsroom.requests]
    assert paths[0] == "/robots.txt" and paths.count("/robots.txt") == 1


def test_an_outlet_is_verified_and_the_date_recorded(desk: Path) -> None:
    told = acca(desk, "outlet", "verify", "acca")
    assert "to correct" not in told
    assert re.search(r"acca: checked \d{4}-\d\d-\d\dT\S+Z: as declared", acca(desk, "outlet", "verify", "--list"))


def test_what_is_wrong_in_a_declaration_is_named(desk: Path, newsroom: Newsroom) -> None:
    home = newsroom.sites["tolkun"].url + "/"
    (desk / "acca.toml").write_text(
        f'[crawl]\ndelay = 0\n[[outlet]]\nname = "wrong"\nbase = "wordpress"\nhome = "{home}"\ncountries = ["KG"]\n'
        'languages = ["ru"]\narticle_path = "^/nowhere/(?P<slug>.+)$"\nfeeds = ["/rss/", "/feed/"]\n'
    )
    told = acca(desk, "outlet", "verify", "wrong", code=1)
    assert "article_path does not match" in told
    assert "selectors.body finds nothing" in told
    assert "to correct" in acca(desk, "outlet", "verify", "--list")


def test_an_unknown_outlet_is_wrong_usage(desk: Path) -> None:
    assert "no outlet named nowhere" in acca(desk, "outlet", "verify", "nowhere", code=2)
