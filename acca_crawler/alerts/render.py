"""Messages for people: a subject, plain text, and HTML that a phone shows well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from acca_crawler.alerts.message import Change, DigestNote, Message, Report
from acca_crawler.reports.diff import COUNTRIES
from storage.queries import CHANGES

HAPPENED = {
    "new": "new",
    "update": "new details",
    "edited": "edited",
    "softened": "softened since it was published",
    "removed": "removed by the outlet",
    "reappeared": "back after it was removed",
}
UNTITLED = "A report (open the link to read it)"
SUBJECT_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one story in one country, the newest first. `known` is whether an earlier digest told of it."""

    reports: tuple[Report, ...]
    known: bool


def subject(message: Message) -> str:
    """One line, cut to 150 characters."""
    if message.kind == "test":
        line = "acca: a test of this channel"
    elif message.kind == "digest" and message.digest:
        line = f"acca digest {message.digest.rule}, {_local_day(message)}: {_reports(len(message.reports))}"
    elif len(message.reports) == 1:
        report = message.reports[0]
        happened = "" if report.kind == "new" else f" ({HAPPENED.get(report.kind, report.kind)})"
        line = f"{_place(report)}: {report.title or UNTITLED}{happened}"
    else:
        line = f"acca: {_reports(len(message.reports))} at once"
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def text(message: Message, most: int | None = None) -> str:
    """Plain text, of at most `most` characters if given: whole reports are left out, and how many is said."""
    for listed in range(len(message.shown), -1, -1):
        body = "\n".join(_text_lines(message, message.reports[:listed]))
        if most is None or len(body) <= most:
            return body
    return body[:most]


def _text_lines(message: Message, shown: Sequence[Report]) -> Iterator[str]:
    yield from _intro(message)
    if message.digest:
        for country, stories in by_country(shown, message.digest):
            yield f"== {country} =="
            yield ""
            for story in stories:
                yield from _story_text(story)
        yield from _changes_text(message.digest.changes)
    else:
        for report in shown:
            yield from _report_text(report)
    if more := len(message.reports) - len(shown):
        yield f"and {more} more" + (f": {message.queue_url}" if message.queue_url else "")
        yield ""
    yield f"Reference {message.key}: the same message never comes under another reference."


def report_text(report: Report) -> str:
    """One report as plain text."""
    return "\n".join(_report_text(report)).strip()


def _report_text(report: Report) -> Iterator[str]:
    yield report.title or UNTITLED
    yield f"  {_facts(report)}"
    if report.words:
        yield "  " + " · ".join(f"“{word}”" for word in report.words)
    if report.excerpt:
        yield f"  {report.excerpt}"
    yield from (f"  {label}: {url}" for label, url in _links(report))
    yield ""


def _story_text(story: Story) -> Iterator[str]:
    if story.known:
        yield "(told of in an earlier digest)"
    for report in story.reports:
        yield from _report_text(report)


def _changes_text(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield "== What became of the reports of the digest before =="
    yield ""
    for change in changes:
        yield f"{change.title or UNTITLED}: {CHANGES.get(change.change, change.change)}"
        if change.review_url:
            yield f"  Review: {change.review_url}"
    yield ""


def html(message: Message) -> str:
    """A whole HTML page without scripts, images or anything else that is fetched when it is opened."""
    parts = [f"<p>{escape(line)}</p>" for line in _intro(message) if line]
    if message.digest:
        for country, stories in by_country(message.shown, message.digest):
            parts.append(f'<h2 style="font-size:1.1em">{escape(country)}</h2>')
            parts += [_story_html(story) for story in stories]
        parts += _changes_html(message.digest.changes)
    else:
        parts += [_report_html(report) for report in message.shown]
    if message.more:
        more = f"and {message.more} more"
        parts.append(f"<p>{_link(more, message.queue_url) if message.queue_url else more}</p>")
    parts.append(f'<p style="color:#595959;font-size:0.8em">Reference {escape(message.key)}</p>')
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject(message))}</title></head>"
        '<body style="margin:0 auto;padding:1em;max-width:36em;font:16px/1.5 sans-serif;color:#1a1a1a;'
        f'background:#fff;overflow-wrap:anywhere">{"".join(parts)}</body></html>'
    )


def _story_html(story: Story) -> str:
    known = "<p><em>Told of in an earlier digest</em></p>" if story.known else ""
    return known + "".join(_report_html(report) for report in story.reports)


def _report_html(report: Report) -> str:
    title = report.title or UNTITLED
    language = f' lang="{escape(report.language)}"' if report.language and report.title else ""
    links = " · ".join(_link(label, url) for label, url in _links(report))
    lines = [
        f'<strong dir="auto"{language}>{escape(title)}</strong>',
        escape(_facts(report)),
        f"<span{language}>{escape(' · '.join(f'“{word}”' for word in report.words))}</span>" if report.words else "",
        f'<span dir="auto"{language}>{escape(report.excerpt)}</span>' if report.excerpt else "",
        links,
    ]
    inner = "<br>".join(line for line in lines if line)
    return f'<p style="border-left:4px solid #b00020;padding-left:0.7em">{inner}</p>'


def _changes_html(changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    items = "".join(
        f'<li><span dir="auto">{escape(change.title or UNTITLED)}</span>: '
        f"{escape(CHANGES.get(change.change, change.change))}"
        f"{' · ' + _link('Review', change.review_url) if change.review_url else ''}</li>"
        for change in changes
    )
    return [f'<h2 style="font-size:1.1em">What became of the reports of the digest before</h2><ul>{items}</ul>']


def _link(label: str, url: str) -> str:
    return (
        f'<a href="{escape(url)}" rel="noopener noreferrer" '
        f'style="display:inline-block;padding:0.4em 0">{escape(label)}</a>'
    )


def by_country(reports: Iterable[Report], note: DigestNote) -> list[tuple[str, list[Story]]]:
    """The reports by country, and within it by story: new stories first, then the newest first."""
    found: list[tuple[str, list[Story]]] = []
    ordered = sorted(reports, key=lambda report: (_country(report) == UNKNOWN, _country(report)))
    for country, group in groupby(ordered, key=_country):
        stories: dict[int, list[Report]] = {}
        for report in sorted(group, key=lambda report: report.entry_id, reverse=True):
            stories.setdefault(report.story, []).append(report)
        told = [Story(tuple(members), key in note.told_stories) for key, members in stories.items()]
        found.append((country, sorted(told, key=lambda story: story.known)))
    return found


UNKNOWN = "Country unknown"


def _country(report: Report) -> str:
    return COUNTRIES.get(report.country or "", report.country or UNKNOWN)


def _intro(message: Message) -> Iterator[str]:
    if message.kind == "test":
        yield "This is a test: whoever reads it will get what the rules send here."
    elif message.digest:
        yield _counted(message.reports)
        yield _since(message, message.digest)
    elif message.kind == "bundle":
        yield f"{_reports(len(message.reports))} came at once, more than this channel takes one by one in an hour."
    else:
        return
    yield ""


def _since(message: Message, note: DigestNote) -> str:
    if note.since is None:
        return "This is the first digest here."
    known = sum(report.story in note.told_stories for report in message.reports)
    since = datetime.fromisoformat(note.since).astimezone(ZoneInfo(note.zone))
    changed = f"{len(note.changes)} of its reports changed" if note.changes else "none of its reports changed"
    return (
        f"Since the digest of {since:%Y-%m-%d %H:%M} ({note.zone}): {len(message.reports) - known} on new stories, "
        f"{known} on stories told before; {changed}."
    )


def _counted(reports: Sequence[Report]) -> str:
    """`7 reports: 5 new, 2 softened ...`, honest about what is not listed below."""
    counts: dict[str, int] = {}
    for report in reports:
        counts[report.kind] = counts.get(report.kind, 0) + 1
    listed = ", ".join(f"{count} {HAPPENED.get(kind, kind)}" for kind, count in counts.items())
    return f"{_reports(len(reports))}: {listed}."


def _reports(count: int) -> str:
    return f"{count} report" if count == 1 else f"{count} reports"


def _local_day(message: Message) -> str:
    zone = message.digest.zone if message.digest else "UTC"
    return f"{datetime.fromisoformat(message.composed_at).astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _place(report: Report) -> str:
    return " ".join((report.country or "??", ", ".join(report.categories).replace("_", " "))).strip()


def _facts(report: Report) -> str:
    official = ", official source" if report.official else ""
    published = f"published {report.published_at[:10]}" if report.published_at else "date unknown"
    happened = HAPPENED.get(report.kind, report.kind)
    if report.level == "digest":
        happened = f"{happened}, no alert"
    categories = ", ".join(report.categories).replace("_", " ") or report.level
    return f"{_country(report)}: {categories}; {report.outlet_title}{official}, {published}; {happened}"


def _links(report: Report) -> Iterator[tuple[str, str]]:
    if report.review_url:
        yield "Review", report.review_url
    if report.source_url:
        yield "Source", report.source_url
