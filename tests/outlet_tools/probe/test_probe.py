"""`acca outlet probe` and `verify` on the sample newsroom, over HTTP."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.support.desk import ROOT, Desk


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The newsroom on its first day."""
    with Newsroom(1) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """An operator's directory."""
    home = f"{newsroom.sites['acca'].url}/en/"
    (tmp_path / "acca.toml").write_text(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{home}"\n')
    return Desk(tmp_path)


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
def test_a_site_of_each_family_is_recognised(desk: Desk, newsroom: Newsroom, site: str, family: str, way: str) -> None:
    url = newsroom.sites[site].url + "/"
    output = desk.acca("outlet", "probe", url)
    assert f"family: {family};" in output
    assert re.search(rf"^  {way} \(.*\): lists [1-9]", output, re.M)
    assert len(re.findall(r", \d+ words by ", output)) == 3
    proposed = tomllib.loads(output[output.index("[[outlet]]") :])["outlet"][0]
    assert (proposed["base"], proposed["home"]) == (family, url)


def test_what_a_probe_proposes_can_be_crawled(desk: Desk, newsroom: Newsroom) -> None:
    output = desk.acca("outlet", "probe", newsroom.sites["semdorog"].url + "/")
    table = output[output.index("[[outlet]]") :]
    (desk.directory / "acca.toml").write_text(f"[crawl]\ndelay = 0\n{table}")
    name = tomllib.loads(table)["outlet"][0]["name"]
    assert re.search(rf"{name}: ok: discovered [1-9]\d*, fetched [1-9]", desk.acca("crawl", name))


def test_a_spider_file_is_written_and_never_over_another(desk: Desk, newsroom: Newsroom) -> None:
    url = newsroom.sites["karlygash"].url + "/"
    desk.acca("outlet", "probe", url, "--spider", "karlygash.py")
    text = (desk.directory / "karlygash.py").read_text()
    scope: dict[str, object] = {"__name__": "karlygash"}
    sys.path.insert(0, str(ROOT))
    exec(compile(text, "karlygash.py", "exec"), scope)
    assert any(isinstance(value, type) and getattr(value, "name", None) == "site_127_0_0_1" for value in scope.values())
    desk.acca("outlet", "probe", url, "--spider", "karlygash.py", code=1)
    assert (desk.directory / "karlygash.py").read_text() == text


def test_a_blocked_site_is_called_blocked(desk: Desk, newsroom: Newsroom) -> None:
    assert "blocked" in desk.acca("outlet", "probe", newsroom.sites["chashma"].url + "/", code=1)


def test_robots_txt_is_asked_for_once_and_first(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.requests.clear()
    desk.acca("outlet", "probe", newsroom.sites["tolkun"].url + "/")
    paths = [request.path for request in newsroom.requests]
    assert paths[0] == "/robots.txt" and paths.count("/robots.txt") == 1


def test_an_outlet_is_verified_and_the_date_recorded(desk: Desk) -> None:
    output = desk.acca("outlet", "verify", "acca")
    assert "to correct" not in output
    assert re.search(r"acca: checked \d{4}-\d\d-\d\dT\S+Z: as declared", desk.acca("outlet", "verify", "--list"))


def test_what_is_wrong_in_a_declaration_is_named(desk: Desk, newsroom: Newsroom) -> None:
    home = newsroom.sites["tolkun"].url + "/"
    (desk.directory / "acca.toml").write_text(
        f'[crawl]\ndelay = 0\n[[outlet]]\nname = "wrong"\nbase = "wordpress"\nhome = "{home}"\ncountries = ["KG"]\n'
        'languages = ["ru"]\narticle_path = "^/nowhere/(?P<slug>.+)$"\nfeeds = ["/rss/", "/feed/"]\n'
    )
    output = desk.acca("outlet", "verify", "wrong", code=1)
    assert "article_path does not match" in output
    assert "selectors.body finds nothing" in output
    assert "to correct" in desk.acca("outlet", "verify", "--list")


def test_an_unknown_outlet_is_wrong_usage(desk: Desk) -> None:
    assert "no outlet named nowhere" in desk.acca("outlet", "verify", "nowhere", code=2)
