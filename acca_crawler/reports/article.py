"""Prints an article on a terminal, with the deciding words highlighted and what the archive knows about it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from acca_crawler.reports.story_labels import news_label
from storage.articles.posts import StoredPost
from storage.articles.read import ArticleRecord


def print_article(record: ArticleRecord, *, stripped: bool = False, console: Console | None = None) -> None:
    """Print an article; with `stripped`, also the text removed as boilerplate."""
    console = console or Console(soft_wrap=True, highlight=False)
    console.print(_marked(record, "title", record.title, "bold"))
    console.print(f"{_source(record)}\n{record.url}")
    for detail in _details(record):
        console.print(detail)
    console.print()
    console.print(_marked(record, "text", record.text, ""))
    console.print()
    for reason in _why(record):
        console.print(reason)
    _print_story(record, console)
    _print_history(record, console)
    if stripped:
        for rule, text in record.stripped:
            console.print(Text(f"stripped by {rule}: {text}", style="dim"))


def _source(record: ArticleRecord) -> str:
    official = ", official source" if record.outlet_kind == "state" else ""
    return f"article {record.id}, {record.outlet}{official}, {record.language or 'language unknown'}"


def _details(record: ArticleRecord) -> list[str]:
    published = "published: unknown"
    if record.published_at:
        published = f"published: {record.published_at} ({record.published_source}, {record.published_certainty})"
    found = [published]
    found += [f"modified: {record.modified_at}"] if record.modified_at else []
    found += [f"printed date: {record.printed_date}"] if record.printed_date else []
    for label, values in (
        ("authors", record.authors), ("categories", record.categories), ("tags", record.tags),
        ("captions", record.captions),
    ):  # fmt: skip
        found += [f"{label}: {', '.join(values)}"] if values else []
    found += list(_post(record.post)) if record.post else []
    found += (
        [f"text agreement of page and REST: {record.rest_agreement:.0%}"] if record.rest_agreement is not None else []
    )
    if missing := [str(part.number) for part in record.parts if part.missing]:
        found.append(f"INCOMPLETE: page {', '.join(missing)} of the article is missing")
    if record.removed_at:
        found.append(f"removed: gone in {record.missing_tries} tries since {record.missing_since}")
    elif record.missing_since:
        found.append(f"missing since {record.missing_since}, tries so far: {record.missing_tries}")
    return found


def _post(post: StoredPost) -> Iterator[str]:
    """Yield what was shown beside a post's text when it was last seen."""
    if post.forwarded_from:
        source = f", {post.forwarded_url}" if post.forwarded_url else ""
        yield f"forwarded from {post.forwarded_from}{source}"
    if post.reply_to:
        yield f"answers {post.reply_to}"
    for link in post.links:
        yield f"links to {link}"
    if media := json.loads(post.media):
        yield f"with {', '.join(media)}"
    edited = ", marked as edited" if post.is_edited else ""
    views = f"{post.views:,} views" if post.views is not None else "views unknown"
    yield f"post as last seen at {post.seen_at}: {views}{edited}"


def _marked(record: ArticleRecord, field: str, value: str, style: str) -> Text:
    text = Text(value, style=style)
    for span in record.spans:
        if span.field == field:
            text.stylize("bold red" if span.side == "for" else "yellow", span.start, span.end)
    return text


def _why(record: ArticleRecord) -> list[Text]:
    country = f", {record.country}" if record.country else ""
    found = [Text(f"{record.level}: {', '.join(record.flag_categories) or 'no category'}{country}", style="bold")]
    found += [Text(f"  {reason}") for reason in record.reasons]
    for span in record.spans:
        sign, gloss = ("+" if span.side == "for" else "−"), f" ({span.gloss})" if span.gloss else ""
        found.append(Text(f"  {sign} “{span.quote}”{gloss}: {span.rule}, {span.field} {span.start}–{span.end}"))
    for fact in record.facts:
        detail = f" ({fact.detail})" if fact.detail else ""
        found.append(Text(f"  {fact.kind}: {fact.value}{detail}: “{fact.sentence}”", style="dim"))
    return found


def _print_story(record: ArticleRecord, console: Console) -> None:
    if record.story is None or len(record.story.members) < 2:
        return
    console.print(f"story {record.story.id}:")
    for member in record.story.members:
        relation = "first reporter" if member.relation == "first" else f"{member.relation}, {member.similarity:.0%}"
        line = Text(f"  article {member.article_id}, {member.outlet}, {member.date or 'date unknown'}: {relation}")
        line.append(f"  {member.title}", style="bold" if member.article_id == record.id else "")
        if member.news:
            line.append(f"  (new: {news_label(member.news)})", style="yellow")
        console.print(line)


def _print_history(record: ArticleRecord, console: Console) -> None:
    for revision in record.revisions:
        console.print(f"revision {revision.number}: {revision.stored_at}, {revision.change}, {revision.level}")
    for address in record.addresses:
        reason = f": {address.reason}" if address.reason else ""
        console.print(f"address {address.url} ({address.status}{reason}; by {address.way or 'its page'})")
    if record.capture:
        capture = record.capture
        console.print(
            f"captured {capture.fetched_at} from {capture.ip_address or 'an unknown address'} by {capture.route}, "
            f"sha256 {capture.payload_sha256}, {capture.warc_file} at {capture.warc_offset}"
        )
    for part in record.parts:
        console.print(f"page {part.number} {part.url}: {part.missing or f'capture {part.capture_id}'}")
