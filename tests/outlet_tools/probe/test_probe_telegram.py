"""`acca outlet probe` and `verify` on a Telegram channel, over HTTP."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import telegram
from tests.support.desk import ROOT, Desk


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The channel on its first day."""
    with Newsroom(sites=["telegram"]) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An operator's directory."""
    (tmp_path / "acca.toml").write_text("[crawl]\ndelay = 0\n")
    return Desk(tmp_path)


@pytest.mark.parametrize("address", [f"/s/{telegram.CHANNEL}", f"/{telegram.CHANNEL}"])
def test_what_is_proposed_for_a_channel_is_crawled_unedited(desk: Desk, newsroom: Newsroom, address: str) -> None:
    site = newsroom.sites["telegram"].url
    output = desk.acca("outlet", "probe", site + address)
    assert "family: telegram;" in output and output.count("words by telegram") == 3
    table = output[output.index("[[outlet]]") :]
    proposed = tomllib.loads(table)["outlet"][0]
    assert (proposed["base"], proposed["name"]) == ("telegram", "sem_dorog_telegram")
    assert proposed["home"] == f"{site}/s/{telegram.CHANNEL}"
    (desk.directory / "acca.toml").write_text(f"[crawl]\ndelay = 0\n{table}")
    posts = len(newsroom.posts("telegram"))
    assert f"sem_dorog_telegram: ok: discovered {posts}, fetched 0, new {posts}" in desk.acca(
        "crawl", "sem_dorog_telegram"
    )
    assert "to correct" not in desk.acca("outlet", "verify", "sem_dorog_telegram")


def test_a_channel_without_a_preview_is_named(desk: Desk, newsroom: Newsroom) -> None:
    output = desk.acca("outlet", "probe", f"{newsroom.sites['telegram'].url}/s/closed_channel")
    assert "whose preview is withheld" in output


def test_a_spider_file_for_a_channel_knows_its_posts(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("outlet", "probe", f"{newsroom.sites['telegram'].url}/s/{telegram.CHANNEL}", "--spider", "channel.py")
    scope: dict[str, object] = {"__name__": "channel"}
    sys.path.insert(0, str(ROOT))
    exec(compile((desk.directory / "channel.py").read_text(), "channel.py", "exec"), scope)
    outlet = scope["SemDorogTelegramSpider"].outlet  # type: ignore[attr-defined]
    assert outlet.identify("https://t.me/Sem_Dorog/7") == "sem_dorog/7"
    assert outlet.identify("https://t.me/other_channel/7") is None
