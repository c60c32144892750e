"""Details of a messenger's posts, as they were last seen, and the addresses they link to.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acca_crawler.items import PostDetails
from storage.articles.rows import as_json
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post's details as they were last seen, at `seen_at` (UTC). `media` is a JSON list."""

    forwarded_from: str
    forwarded_url: str | None
    reply_to: str | None
    views: int | None
    is_edited: bool
    media: str
    seen_at: str
    links: tuple[str, ...]


def save_post(db: ArchiveDb, article_id: int, post: PostDetails, links: Sequence[str], at: str) -> None:
    """Save a post's details, inside the caller's transaction; `links` are canonical addresses, in order."""
    db.execute(
        "INSERT INTO posts (article_id, forwarded_from, forwarded_url, reply_to, views, is_edited, media, site, "
        "seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET "
        "forwarded_from = excluded.forwarded_from, forwarded_url = excluded.forwarded_url, "
        "reply_to = excluded.reply_to, views = coalesce(excluded.views, views), is_edited = excluded.is_edited, "
        "media = excluded.media, site = excluded.site, seen_at = excluded.seen_at",
        [
            article_id, post.forwarded_from, post.forwarded_url, post.reply_to, post.views, int(post.is_edited),
            as_json(post.media), post.site, at,
        ],
    )  # fmt: skip
    db.execute("DELETE FROM post_links WHERE article_id = ?", [article_id])
    for position, url in enumerate(links):
        db.execute("INSERT INTO post_links (article_id, position, url) VALUES (?, ?, ?)", [article_id, position, url])


def post_of(db: ArchiveDb, article_id: int) -> StoredPost | None:
    """Return an article's details as a post, or None if it is not a post."""
    row = db.execute("SELECT * FROM posts WHERE article_id = ?", [article_id]).fetchone()
    if row is None:
        return None
    return StoredPost(
        row["forwarded_from"], row["forwarded_url"], row["reply_to"], row["views"], bool(row["is_edited"]),
        row["media"], row["seen_at"], links_of(db, article_id),
    )  # fmt: skip


def links_of(db: ArchiveDb, article_id: int) -> tuple[str, ...]:
    """Return the canonical addresses that a post links to, in order."""
    rows = db.execute("SELECT url FROM post_links WHERE article_id = ? ORDER BY position", [article_id]).fetchall()
    return tuple(row["url"] for row in rows)


def articles_at(db: ArchiveDb, outlet: str, urls: Sequence[str]) -> list[tuple[int, str]]:
    """Return the outlet's stored articles at these canonical addresses, each with its address."""
    found: list[tuple[int, str]] = []
    for url in urls:
        row = db.execute(
            "SELECT article_id FROM addresses WHERE outlet = ? AND url = ? AND article_id IS NOT NULL", [outlet, url]
        ).fetchone()
        if row is not None:
            found.append((row["article_id"], url))
    return found


def pointing_to(db: ArchiveDb, outlet: str, urls: Sequence[str]) -> list[tuple[int, str]]:
    """Return the posts in the outlet's channels that link to one of these addresses, each with the address."""
    found: list[tuple[int, str]] = []
    for url in urls:
        rows = db.execute(
            "SELECT post_links.article_id FROM post_links JOIN posts ON posts.article_id = post_links.article_id "
            "WHERE post_links.url = ? AND posts.site = ? ORDER BY post_links.article_id",
            [url, outlet],
        )
        found += [(row["article_id"], url) for row in rows.fetchall()]
    return found
