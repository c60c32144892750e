"""The commands beside the crawl: their answers, their exit codes, their complaints."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from acca_crawler.newsroom import Newsroom
from tests.e2e.conftest import DUMP
from tests.support import warm
from tests.support.desk import ROOT, TIMEOUT, Desk


def test_a_text_dump_is_imported_without_its_boilerplate(desk: Desk) -> None:
    (desk.directory / "dump.txt").write_text(DUMP)
    desk.acca("import", "dump.txt")
    assert "unchanged" in desk.acca("import", "dump.txt")
    (row,) = desk.rows("SELECT * FROM revisions")
    assert row["title"] == "Kyrgyzstan: a driver says officers beat him in a police station"
    assert row["text"].endswith("with the prosecutor’s office.")
    assert len(row["text"].split("\n\n")) == 2
    assert json.loads(row["categories"]) == ["Central Asia", "Kyrgyzstan", "News", "Torture", "Torture Kyrgyzstan"]
    assert (row["printed_date"], row["published_at"]) == ("2022-08-21", None)
    assert desk.diff("--since", "0")[0]["level"] == "alert"


@pytest.mark.shared
def test_the_seed_is_stored_whole_and_is_an_alert(desk: Desk, shared: Path) -> None:
    out = desk.acca("import", str(shared / "data" / "seed-article.txt"))
    assert "alert: " in out
    (row,) = desk.rows("SELECT * FROM revisions")
    paragraphs = row["text"].split("\n\n")
    assert len(paragraphs) == 11
    assert paragraphs[-1].endswith("the Ombudsman’s Office of Kazakhstan noted in its statement.")
    assert json.loads(row["categories"]) == ["Central Asia", "Kazakhstan", "News", "Torture", "Torture Kazakhstan"]
    assert (row["printed_date"], row["published_at"]) == ("2022-08-20", None)
    (entry,) = desk.diff()
    assert (entry["level"], entry["country"]) == ("alert", "KZ")
    assert "torture" in entry["categories"]


def test_an_imported_article_is_found_again_on_the_site(desk: Desk, newsroom: Newsroom) -> None:
    post = next(post for post in newsroom.posts("acca") if post.level == "alert" and post.language == "en")
    (desk.directory / "dump.txt").write_text(
        f"{post.title}\n\n"
        + "\n\n".join(block.text for block in post.blocks if block.kind in ("paragraph", "heading", "quote"))
    )
    desk.acca("import", "dump.txt")
    desk.acca("crawl", "acca")
    rows = desk.rows("SELECT articles.url FROM articles JOIN revisions ON revision_id = revisions.id WHERE title = ?",
                     post.title)  # fmt: skip
    assert len(rows) == 1
    assert post.slug in rows[0]["url"]


def test_a_saved_page_and_a_broken_file(crawled: Desk) -> None:
    (crawled.directory / "empty.html").write_text("")
    (crawled.directory / "picture.png").write_bytes(bytes(range(256)) * 10)
    gone = "<title>Страница не найдена</title><h1>Страница не найдена</h1>"
    (crawled.directory / "gone.html").write_text(gone, encoding="utf-8")
    assert "says “Страница не найдена”" in crawled.acca("import", "--outlet", "acca", "gone.html", code=1)
    out = crawled.acca("import", "empty.html", "picture.png", "missing.txt", code=1)
    assert "empty.html: the file is empty" in out
    assert "picture.png: the file is binary" in out
    assert "missing.txt: No such file" in out


def test_the_captures_of_one_archive_import_into_another(crawled: Desk, tmp_path: Path, newsroom: Newsroom) -> None:
    (warc,) = (crawled.directory / "archive" / "warc").rglob("*.warc.gz")
    other = Desk(tmp_path / "other")
    other.directory.mkdir()
    (other.directory / "acca.toml").write_text((crawled.directory / "acca.toml").read_text())
    other.acca("import", str(warc))
    ours = {row[0] for row in crawled.rows("SELECT content_sha256 FROM revisions")}
    assert {row[0] for row in other.rows("SELECT content_sha256 FROM revisions")} == ours


def test_show_tells_all_about_an_article(crawled: Desk) -> None:
    entry = next(entry for entry in crawled.diff() if "Taraz" in entry["title"])
    out = crawled.acca("show", str(entry["article_id"]), "--stripped")
    assert entry["title"] in out
    assert "published: " in out
    assert "stripped by review-widget: Leave feedback about this" in out
    assert "sha256" in out
    assert out == crawled.acca("show", entry["url"], "--stripped")
    record = json.loads(crawled.acca("show", str(entry["article_id"]), "--json"))
    assert record["level"] == "alert"
    assert "has no article 999999" in crawled.acca("show", "999999", code=1)


def test_a_crawl_shows_its_progress_on_a_terminal(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.sites["acca"].faults.slow = 0.02
    shown = desk.on_terminal("crawl", "acca", code=0)
    for column in ("discovered", "fetched", "new", "changed", "failed", "blocked"):
        assert column in shown
    assert shown.count("\x1b[2K") > 1, "the table is drawn again while the crawl runs"
    assert f"fetched {len(newsroom.posts('acca'))}" in shown


def test_a_reader_that_leaves_early_is_no_error(crawled: Desk) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with (crawled.directory / "errors.txt").open("w+b") as errors:
        process = warm.Process(["export", "--format", "jsonl"], crawled.directory, [writer, writer, errors.fileno()])
        os.close(writer)
        process.wait(TIMEOUT)
        errors.seek(0)
        complaint = errors.read().decode()
    assert "acca:" not in complaint
    assert "Traceback" not in complaint


def test_doubles_twins_and_tracked_addresses_are_one_article(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    post = next(post for post in newsroom.posts("acca") if post.language == "en")
    home = newsroom.sites["acca"].url
    desk.execute("UPDATE addresses SET status = 'not_article' WHERE status = 'pending'")
    for number, path in enumerate((
        f"/en/{post.id}/{post.slug}/", f"/en/{post.slug}/", f"/?p={post.id}", f"/en/{post.id}/{post.slug}/amp/",
        f"/en/{post.id}/{post.slug}/?utm_source=tg&fbclid=x",
    )):  # fmt: skip
        desk.execute(
            "INSERT OR IGNORE INTO addresses (outlet, url, listed_url, status, way, first_seen_at, last_listed_at, "
            "status_at) VALUES ('acca', ?, ?, 'pending', 'feed', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', "
            "'2026-01-01T00:00:00Z')",
            f"{home}/double-{number}", home + path,
        )  # fmt: skip
    desk.acca("crawl", "acca")
    rows = desk.rows("SELECT articles.id FROM articles JOIN revisions ON revisions.id = revision_id WHERE title = ?",
                     post.title)  # fmt: skip
    assert len(rows) == 1
    assert desk.value("SELECT count(*) FROM revisions WHERE article_id = ?", rows[0]["id"]) == 1
    doubles = desk.rows("SELECT status, article_id FROM addresses WHERE url LIKE '%/double-%'")
    assert {row["article_id"] for row in doubles} == {rows[0]["id"]}


def test_the_diff_as_csv_is_safe_in_a_spreadsheet(desk: Desk) -> None:
    (desk.directory / "dump.txt").write_text(DUMP.replace("Kyrgyzstan: a driver", "=cmd|' /C calc'!A0 a driver"))
    desk.acca("import", "dump.txt")
    (row,) = csv.DictReader(io.StringIO(desk.acca("diff", "--csv")))
    assert row["title"].startswith("'=cmd")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("crawl", "nobody"), "no outlet named nobody"),
        (("crawl", "--since", "yesterday"), "is not a date"),
        (("crawl", "--limit", "0"), "Invalid value"),
        (("diff", "--since", "next week"), "neither 'last' nor a run's number nor a date"),
    ],
)
def test_wrong_usage_ends_with_2(crawled: Desk, arguments: tuple[str, ...], message: str) -> None:
    assert message in crawled.acca(*arguments, code=2)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[crawl]\ndelai = 1", "crawl.delai: unknown key"),
        ("[crawl]\ndelay = -1", "crawl.delay: "),
        ("[crawl", "not valid TOML"),
        ("[outlets.nobody]\nenabled = true", "outlets.nobody: no outlet of this name"),
        ("[outlets.acca]\nenabled = true", "crawl.contact"),
        ('[[outlet]]\nname = "x"\nbase = "typo3"\nhome = "http://127.0.0.1/"\ncountries = ["KG"]\nlanguages = ["ru"]',
         "no family 'typo3'"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_ends_with_2_and_names_file_and_key(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "acca.toml").write_text(toml)
    out = Desk(tmp_path).acca("crawl", code=2)
    assert message in out
    assert "acca.toml" in out


def test_without_an_archive_there_is_a_hint(tmp_path: Path) -> None:
    assert "there is no archive yet" in Desk(tmp_path).acca("diff", code=1)


def test_init_writes_a_file_that_is_valid_and_never_overwrites(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.acca("init")
    assert "crawl.contact" in desk.acca("crawl", code=2)
    assert "already there" in desk.acca("init", code=1)


@pytest.mark.usefixtures("brief")
def test_scrapy_users_find_what_they_expect(desk: Desk, newsroom: Newsroom) -> None:
    def scrapy(*arguments: str) -> str:
        environment = {"ACCA_CONFIG": str(desk.directory / "acca.toml")}
        process = warm.Started(arguments, ROOT, environment, module="scrapy")
        printed, errors = process.communicate(TIMEOUT)
        assert process.returncode == 0, errors
        return printed

    assert "acca" in scrapy("list").splitlines()
    scrapy("crawl", "acca")
    assert desk.value("SELECT count(*) FROM articles") == len(newsroom.posts("acca"))
    assert desk.value("SELECT status FROM runs") == "ok"


@pytest.mark.usefixtures("brief")
def test_an_operator_adds_a_wordpress_without_code(desk: Desk, newsroom: Newsroom) -> None:
    with (desk.directory / "acca.toml").open("a") as file:
        file.write(
            f'\n[[outlet]]\nname = "mirror_news"\nbase = "wordpress"\nhome = "{newsroom.sites["acca"].url}/"\n'
            'countries = ["KG"]\nlanguages = ["en", "ru"]\n'
        )
    assert "mirror_news" in desk.acca("outlets")
    desk.acca("crawl", "mirror_news")
    stored = desk.value("SELECT count(*) FROM articles WHERE outlet = 'mirror_news'")
    assert stored == len(newsroom.posts("acca"))
    assert desk.value("SELECT min(length(text)) FROM revisions") > 0
