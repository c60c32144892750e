"""`acca demo`: crawls the sample newsroom on its first and second day and shows what is new."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from acca_crawler.exceptions import DemoError
from acca_crawler.newsroom import Newsroom
from acca_crawler.reports.diff import print_diff
from storage.reports.diff import diff, runs_after
from storage.schema.database import open_read_only

MARK = "# Written by `acca demo`"


def run_demo(directory: Path, console: Console) -> None:
    """Crawl both days into `directory`, which a later demo may replace, and print the results.

    Raises `DemoError`.
    """
    _make_room(directory)
    with Newsroom(day=1) as newsroom:
        config = directory / "acca.toml"
        urls = {name: site.url for name, site in newsroom.sites.items()}
        config.write_text(configuration(urls), encoding="utf-8")
        console.print(f"A newsroom of {len(urls)} invented sites is open on this machine, over real HTTP.\n")
        console.print("The first day", style="bold underline")
        _crawl(config, console)
        _show(directory, console)
        newsroom.set_day(2)
        console.print(
            "The second day: new, edited, removed; and one feed has died while it answers 200", style="bold underline"
        )
        _crawl(config, console)
        _show(directory, console)
    console.print("What next", style="bold underline")
    console.print(_next_steps(directory), highlight=False, soft_wrap=True)


STAND_INS = {
    "acca": ("acca", "/en/"),
    "azattyk_ky": ("kopuro", "/"),
    "24kg": ("tolkun", "/"),
    "eurasianet": ("karlygash", "/"),
}
"""For each of our spiders: the newsroom site that stands in for its outlet, and the site's front page."""


HEAD = f"""{MARK}: it crawls the sample newsroom, whose people and events are invented.
# Without crawl.contact no public site is crawled from here: `acca init` in another directory is for those.

[crawl]
delay = 0.0

"""

SEMDOROG = """[[outlet]]
name = "semdorog"
base = "generic"
title = "Семь дорог"
home = "HOME/"
countries = ["KZ", "KG", "TJ", "UZ", "TM"]
languages = ["ru"]
article_path = '^/news/(?P<slug>[^/?]+)\\.html$'
feeds = ["/rss.xml"]
listings = ["/news/"]
links = "a.feed__link"
pages = "?page={page}\""""

CHASHMA = """[[outlet]]
name = "chashma"  # blocks us; its mirror does not
base = "generic"
home = "HOME/"
mirrors = ["MIRROR"]
countries = ["TJ"]
languages = ["tg", "ru"]
feeds = ["/rss"]"""


CHANNEL = """[[outlet]]
name = "semdorog_telegram"
base = "telegram"
title = "Семь дорог на Telegram"
home = "HOME/s/sem_dorog"
countries = ["KZ", "KG", "TJ", "UZ", "TM"]
languages = ["ru", "ky"]
channel_of = "semdorog\""""


def configuration(urls: dict[str, str]) -> str:
    """Return an acca.toml for the newsroom's sites: our own spiders, and outlets declared without code."""
    tables = [
        f'[outlets.{name}]\nhome = "{urls[site]}{path}"' for name, (site, path) in STAND_INS.items() if site in urls
    ]
    if "semdorog" in urls:
        tables.append(SEMDOROG.replace("HOME", urls["semdorog"]))
    if "chashma-mirror" in urls:
        mirror = urlsplit(urls["chashma-mirror"]).netloc
        tables.append(CHASHMA.replace("HOME", urls["chashma"]).replace("MIRROR", mirror))
    if "telegram" in urls:
        tables.append(CHANNEL.replace("HOME", urls["telegram"]))
    return HEAD + "\n\n".join(tables) + "\n"


def _make_room(directory: Path) -> None:
    config = directory / "acca.toml"
    if config.is_file() and config.read_text(encoding="utf-8").startswith(MARK):
        shutil.rmtree(directory)
    elif directory.exists() and any(directory.iterdir()):
        raise DemoError(f"{directory} is not a demo: give another --directory")
    directory.mkdir(parents=True, exist_ok=True)


def _crawl(config: Path, console: Console) -> None:
    """Run each crawl in its own process, as cron would: Scrapy's reactor can run only once per process."""
    names = [*STAND_INS, "semdorog", "semdorog_telegram", "chashma"]
    ended = subprocess.run(
        [sys.executable, "-m", "acca_crawler", "--config", str(config), "crawl", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    console.print(ended.stdout.rstrip(), style="dim", highlight=False, soft_wrap=True)
    if ended.returncode != 0:
        raise DemoError(f"the crawl ended with {ended.returncode}:\n{ended.stderr[-2000:]}")


def _show(directory: Path, console: Console) -> None:
    db = open_read_only(directory / "archive" / "acca.db")
    try:
        print_diff(diff(db, runs_after(db, "last")), console)
    finally:
        db.close()
    console.print()


def _next_steps(directory: Path) -> str:
    acca = Path(sys.argv[0]).name if shutil.which("acca") else sys.argv[0]
    here = f"{acca} --config {directory / 'acca.toml'}"
    return f"""The archive stays in {directory}. Look around in it:
  {here} diff            the same news again, as long as nobody crawls
  {here} show 2          an article, the words that decided, where it came from
  {here} search Taraz    what tells of a name or a word, in any script
  {here} status          how each outlet fared
  {here} serve           the review pages

Go live:
  {acca} init                 writes acca.toml: put your address into crawl.contact
  {acca} crawl acca           the first crawl of acca.media
  {acca} diff                 what is new, edited or gone, and why it is flagged
"""
