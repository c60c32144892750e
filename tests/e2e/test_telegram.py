"""A Telegram channel as an outlet: read in full, edited, deleted, private, and turned on in acca.toml."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.demo import configuration
from acca_crawler.newsroom.sites import telegram
from tests.support.desk import Desk
from tests.support.packs import run_verify

CHANNEL = '[[outlet]]\nname = "{name}"\nbase = "telegram"\nhome = "{home}"\ncountries = ["KG", "KZ"]\n' + (
    'languages = ["ru", "ky"]\n'
)


@pytest.fixture(scope="session")
def open_newsroom() -> Iterator[Newsroom]:
    """The channel and the site it belongs to, open for all tests of a worker."""
    with Newsroom(sites=["semdorog", "telegram"]) as started:
        yield started


@pytest.fixture
def newsroom(open_newsroom: Newsroom) -> Iterator[Newsroom]:
    """Both on their first day."""
    open_newsroom.reset()
    yield open_newsroom
    assert open_newsroom.errors == []


def follow(directory: Path, newsroom: Newsroom) -> Desk:
    """A desk that follows the channel."""
    home = f"{newsroom.sites['telegram'].url}/s/{telegram.CHANNEL}"
    (directory / "acca.toml").write_text("[crawl]\ndelay = 0\nretries = 0\n" + CHANNEL.format(name="posts", home=home))
    return Desk(directory)


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """A desk that follows the channel."""
    return follow(tmp_path, newsroom)


@pytest.fixture(scope="session")
def first_crawl(open_newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a desk that crawled the channel on the first day: change a copy of it."""
    open_newsroom.reset()
    desk = follow(tmp_path_factory.mktemp("channel"), open_newsroom)
    desk.acca("crawl", "posts")
    return desk.directory


@pytest.fixture
def crawled(tmp_path: Path, first_crawl: Path, newsroom: Newsroom) -> Desk:
    """A desk that has crawled the channel on its first day."""
    return Desk(Path(shutil.copytree(first_crawl, tmp_path, dirs_exist_ok=True)))


def asked(newsroom: Newsroom) -> list[str]:
    """The kinds of the pages that the channel's site was asked for since this was last called."""
    kinds: list[str] = [record.kind for record in newsroom.sites["telegram"].requests]
    newsroom.requests.clear()
    return kinds


def counts(desk: Desk) -> dict[str, int]:
    """What the last run counted."""
    rows = desk.rows("SELECT name, sum(value) AS value FROM run_counts WHERE run_id = (SELECT max(id) FROM runs) "
                     "GROUP BY name")  # fmt: skip
    return {row["name"]: row["value"] for row in rows}


def test_every_post_is_stored_from_the_list_without_a_request_of_its_own(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "posts")
    posts = {f"sem_dorog/{post.id}": post for post in newsroom.posts("telegram")}
    rows = desk.rows("SELECT identity, title, text, published_at, published_source FROM articles "
                     "JOIN revisions ON revisions.id = revision_id")  # fmt: skip
    assert {row["identity"] for row in rows} == set(posts)
    for row in rows:
        post = posts[row["identity"]]
        assert (row["title"], row["text"]) == (post.title, post.text)
        assert (row["published_at"], row["published_source"]) == (f"{post.published:%Y-%m-%dT%H:%M:%SZ}", "telegram")
    assert "article" not in asked(newsroom)
    counted = counts(desk)
    assert {name: counted[f"post:{name}"] for name in ("service", "poll", "sticker", "no_text")} == dict.fromkeys(
        ("service", "poll", "sticker", "no_text"), 1
    )
    assert counted["stripped:telegram-invitation"] == counted["stripped:telegram-emoji"] == len(posts)
    assert counted["stripped:telegram-hashtags"] == len(posts)


def test_the_evidence_of_a_post_is_the_page_as_received(crawled: Desk, newsroom: Newsroom) -> None:
    kinds = crawled.rows("SELECT DISTINCT captures.kind, captures.url FROM revisions "
                      "JOIN captures ON captures.id = capture_id")  # fmt: skip
    assert {row["kind"] for row in kinds} == {"posts"}
    assert all("/s/sem_dorog" in row["url"] for row in kinds)
    assert crawled.value("SELECT count(*) FROM revisions WHERE capture_id IS NULL") == 0
    crawled.acca("verify")
    assert "0 would be read differently; 0 would be judged differently" in crawled.acca("reprocess", "--dry-run")


def test_the_list_that_a_post_was_read_from_opens_in_its_pack(crawled: Desk) -> None:
    (post,) = crawled.rows(
        "SELECT articles.id, title FROM articles JOIN revisions ON revisions.id = revision_id LIMIT 1"
    )
    crawled.acca("pack", str(post["id"]), "-o", "pack.zip")
    with zipfile.ZipFile(crawled.directory / "pack.zip") as pack:
        pack.extractall(crawled.directory / "pack")
    with zipfile.ZipFile(crawled.directory / "pack/captures.wacz") as captures:
        pages = [json.loads(line) for line in captures.read("pages/pages.jsonl").decode().splitlines()[1:]]
    assert [(page["url"].rpartition("/s/")[2], page["title"]) for page in pages] == [(telegram.CHANNEL, post["title"])]
    assert run_verify(crawled.directory / "pack").returncode == 0


def test_what_telegram_shows_beside_the_text_is_kept_apart(crawled: Desk) -> None:
    posts = {
        row["identity"]: row for row in crawled.rows("SELECT * FROM posts JOIN articles ON articles.id = article_id")
    }
    assert posts["sem_dorog/24"]["forwarded_from"] == "Школы Нарына"
    assert posts["sem_dorog/24"]["forwarded_url"] == "https://t.me/naryn_mektep/310"
    assert posts["sem_dorog/33"]["reply_to"] == "https://t.me/sem_dorog/30"
    assert posts["sem_dorog/30"]["views"] == 12_500 and posts["sem_dorog/5"]["views"] == 987
    assert json.loads(posts["sem_dorog/14"]["media"]) == ["photo"]
    authors = crawled.value("SELECT authors FROM revisions JOIN articles ON articles.id = article_id "
                         "WHERE identity = 'sem_dorog/30'")  # fmt: skip
    assert json.loads(authors) == ["Айжан, дежурный редактор"]
    links = crawled.rows("SELECT post_links.url FROM post_links JOIN articles ON articles.id = article_id "
                      "WHERE identity = 'sem_dorog/41' AND post_links.url LIKE '%taraz%'")  # fmt: skip
    assert len(links) == 1
    shown = crawled.acca("show", str(posts["sem_dorog/24"]["article_id"]))
    assert "forwarded from Школы Нарына" in shown and "3,400 views" in shown


def test_an_unchanged_channel_costs_one_request(crawled: Desk, newsroom: Newsroom) -> None:
    before = crawled.value("SELECT count(*) FROM revisions")
    asked(newsroom)
    crawled.acca("crawl", "posts")
    assert asked(newsroom) == ["listing"]
    assert crawled.value("SELECT count(*) FROM revisions") == before


def test_the_second_day_brings_new_posts_an_edit_and_a_deletion(crawled: Desk, newsroom: Newsroom) -> None:
    newsroom.set_day(2)
    crawled.acca("crawl", "posts", "--since", "2020-01-01")
    changes = newsroom.changes("telegram")
    counted = counts(crawled)
    assert (counted["new"], counted["changed"], counted["missing"]) == (len(changes.new), 1, 1)
    (edited,) = changes.edited
    rows = crawled.rows("SELECT text FROM revisions JOIN articles ON articles.id = article_id WHERE identity = ? "
                     "ORDER BY number", f"sem_dorog/{edited.id}")  # fmt: skip
    assert [row["text"] for row in rows][-1] == edited.text and len(rows) == 2
    assert crawled.value("SELECT is_edited FROM posts JOIN articles ON articles.id = article_id WHERE identity = ?",
                      f"sem_dorog/{edited.id}") == 1  # fmt: skip
    (gone,) = crawled.rows("SELECT identity FROM articles WHERE missing_since IS NOT NULL")
    assert gone["identity"] == f"sem_dorog/{changes.removed[0].id}"
    assert crawled.value("SELECT reason FROM visits WHERE outcome = 'gone'") == "the page says “Post not found”"


def test_a_deleted_post_is_removed_only_after_a_day_of_tries(crawled: Desk, newsroom: Newsroom) -> None:
    newsroom.set_day(2)
    for _ in range(3):
        crawled.acca("crawl", "posts")
        assert crawled.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == 0
        crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    crawled.execute("UPDATE articles SET missing_since = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    crawled.acca("crawl", "posts")
    assert crawled.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == 1
    assert crawled.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == 1


def test_a_later_visit_reads_the_post_alone(crawled: Desk, newsroom: Newsroom) -> None:
    asked(newsroom)
    crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE identity = 'sem_dorog/14'")
    crawled.acca("crawl", "posts")
    assert [record for record in asked(newsroom) if record == "article"] == ["article"]
    assert crawled.value("SELECT outcome FROM visits") == "unchanged"
    assert crawled.value("SELECT count(*) FROM addresses WHERE url LIKE '%embed%'") == 0


def test_a_backfill_reaches_the_first_message_and_continues_where_it_stopped(desk: Desk, newsroom: Newsroom) -> None:
    site = newsroom.sites["telegram"]
    site.faults.fail_times["/s/sem_dorog"] = 0
    desk.acca("crawl", "posts", "--backfill", "--limit", "1")
    passed = desk.value("SELECT count(*) FROM backfill_pages")
    assert passed > 2
    assert desk.value("SELECT count(*) FROM addresses") == len(newsroom.posts("telegram"))
    asked(newsroom)
    desk.acca("crawl", "posts", "--backfill")
    assert asked(newsroom) == ["listing"]  # only the newest page: all others were passed
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("telegram"))
    assert desk.value("SELECT count(*) FROM backfill_pages") == 0


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("closed_channel", "a channel with 4 211 subscribers, whose preview is withheld"),
        ("some_group", "it is a group (120 members, 7 online)"),
        ("nobody_here", "renamed, deleted, private, or the name of a person"),
        ("empty_channel", "has no posts, or Telegram is overloaded"),
    ],
)
def test_a_channel_without_posts_says_why(desk: Desk, newsroom: Newsroom, channel: str, said: str) -> None:
    home = f"{newsroom.sites['telegram'].url}/s/{channel}"
    config = desk.directory / "acca.toml"
    config.write_text("[crawl]\ndelay = 0\nretries = 0\n" + CHANNEL.format(name="posts", home=home))
    desk.acca("crawl", "posts", code=1)
    assert said in desk.acca("status")


def test_a_channel_that_turns_private_loses_no_post(crawled: Desk, newsroom: Newsroom) -> None:
    home = f"{newsroom.sites['telegram'].url}/s/closed_channel"
    config = crawled.directory / "acca.toml"
    config.write_text("[crawl]\ndelay = 0\nretries = 0\n" + CHANNEL.format(name="posts", home=home))
    crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z'")
    crawled.acca("crawl", "posts", code=1)
    assert crawled.value("SELECT count(*) FROM articles WHERE missing_since IS NOT NULL") == 0


def test_robots_txt_and_blocks_count_as_elsewhere(desk: Desk, newsroom: Newsroom) -> None:
    site = newsroom.sites["telegram"]
    site.faults.robots_disallow = True
    assert "robots.txt" in desk.acca("crawl", "posts", code=1)
    site.faults.robots_disallow = False
    desk.execute("DELETE FROM robots")
    site.faults.challenge["/s/*"] = 403
    assert "posts: blocked" in desk.acca("crawl", "posts", code=1)


def test_two_channels_of_one_host_are_never_asked_at_once(desk: Desk, newsroom: Newsroom) -> None:
    home = f"{newsroom.sites['telegram'].url}/s/{telegram.CHANNEL}"
    other = home.replace("sem_dorog", "Sem_Dorog")
    config = desk.directory / "acca.toml"
    tables = CHANNEL.format(name="posts", home=home) + CHANNEL.format(name="twin", home=other)
    config.write_text("[crawl]\ndelay = 0\nretries = 0\n" + tables)
    newsroom.sites["telegram"].faults.slow = 0.05
    desk.acca("crawl", "posts", "twin")
    at = {row["outlet"]: (row["first"], row["last"]) for row in desk.rows(
        "SELECT outlet, min(fetched_at) AS first, max(fetched_at) AS last FROM captures GROUP BY outlet")}  # fmt: skip
    first, second = sorted(at.values())
    assert first[1] <= second[0]


def follow_both(desk: Desk, newsroom: Newsroom) -> None:
    """Follow the site and its channel."""
    urls = {name: site.url for name, site in newsroom.sites.items()}
    (desk.directory / "acca.toml").write_text(configuration(urls))


def story_of(desk: Desk, outlet: str, identity: str) -> tuple[int, str]:
    """The story of an article, and the kinds of alerts that the article raised."""
    row = desk.rows(
        "SELECT story_id, (SELECT coalesce(group_concat(kind), '') FROM alerts WHERE alerts.article_id = articles.id) "
        "FROM articles JOIN story_members ON story_members.article_id = articles.id "
        "WHERE outlet = ? AND identity LIKE ?", outlet, identity,
    )[0]  # fmt: skip
    return row[0], row[1]


@pytest.mark.parametrize("order", [("semdorog", "semdorog_telegram"), ("semdorog_telegram", "semdorog")])
def test_a_post_that_only_leads_to_an_article_is_one_report_with_it(
    desk: Desk, newsroom: Newsroom, order: tuple[str, str]
) -> None:
    follow_both(desk, newsroom)
    for outlet in order:
        desk.acca("crawl", outlet)
    story, raised = story_of(desk, "semdorog", "%-881%")
    pointer, its = story_of(desk, "semdorog_telegram", "sem_dorog/41")
    assert pointer == story
    assert [raised, its] == (["new", ""] if order[0] == "semdorog" else ["update", "new"])
    bridge, _ = story_of(desk, "semdorog", "%-880%")
    assert story_of(desk, "semdorog_telegram", "sem_dorog/21")[0] == bridge
    newsroom.set_day(2)
    desk.acca("crawl", *order)
    assert story_of(desk, "semdorog_telegram", "sem_dorog/52") == (story, "update")
    prison, _ = story_of(desk, "semdorog", "%-883%")
    assert story_of(desk, "semdorog_telegram", "sem_dorog/55")[0] == prison
    assert story_of(desk, "semdorog_telegram", "sem_dorog/27")[0] != story


def test_outlets_with_a_channel_declare_it_and_the_operator_turns_it_on(desk: Desk, newsroom: Newsroom) -> None:
    listed = {row["name"]: row for row in json.loads(desk.acca("outlets", "--json"))}
    assert listed["telegram_gazetauz"]["home"] == "https://t.me/s/gazetauz"
    home = f"{newsroom.sites['telegram'].url}/s/{telegram.CHANNEL}"
    config = desk.directory / "acca.toml"
    config.write_text(f'[crawl]\ndelay = 0\n[outlets.telegram_gazetauz]\nenabled = true\nhome = "{home}"\n')
    assert "telegram_gazetauz: ok" in desk.acca("crawl", "telegram_gazetauz")


def test_a_home_that_names_no_channel_is_a_mistake_in_acca_toml(desk: Desk) -> None:
    (desk.directory / "acca.toml").write_text(CHANNEL.format(name="posts", home="https://t.me/"))
    said = desk.acca("crawl", "posts", code=2)
    assert "outlet.posts.home" in said and "https://t.me/s/NAME" in said
