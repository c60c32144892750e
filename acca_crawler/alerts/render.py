"""Renders messages in their channel's language: a subject, plain text, and HTML that works on phones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from acca_crawler.alerts.digest import DigestStory, chapters, stories_of, substance
from acca_crawler.alerts.message import Decided, DigestChange, DigestNote, Message, OperatorNotice, RedactedReport
from acca_crawler.i18n.catalogue import Language, language
from acca_crawler.i18n.labels import ALERT_KINDS, CATEGORIES, CHANGES, COUNTRIES, STATUSES, _

UNTITLED = _("A report (open the link to read it)")
SUBJECT_LENGTH = 150


def subject(message: Message) -> str:
    """Return one line, truncated to 150 characters."""
    say = language(message.language)
    if message.kind == "test":
        line = say.text("acca: channel test")
    elif message.kind == "alarm":
        line = _alarm_subject(say, message)
    elif message.kind == "digest" and message.digest:
        digest = say.text("digest {name}, {day}", name=message.digest.rule, day=_local_day(message))
        line = f"{substance(stories_of(message.reports, message.digest), say)} · {digest}"
    elif len(message.reports) == 1:
        report = message.reports[0]
        happened = "" if report.kind == "new" else f" ({_named(say, ALERT_KINDS, report.kind)})"
        line = f"{_place(say, report)}: {_title(say, report.title)}{happened}"
    else:
        line = say.text("acca: {count} at once", count=_reports(say, len(message.reports)))
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def text(message: Message, most: int | None = None) -> str:
    """Return plain text of at most `most` characters, if given: drops whole entries and states how many."""
    say = language(message.language)
    stories = _stories(message)
    total = len(stories) if message.digest else len(message.reports)
    for listed in range(min(message.listed, total), -1, -1):
        body = "\n".join(_text_lines(say, message, stories[:listed], message.reports[:listed], total - listed))
        if most is None or len(body) <= most:
            return body
    return body[:most]


def _stories(message: Message) -> tuple[DigestStory, ...]:
    """Return the stories that a digest lists, the gravest first; empty for other messages, which list reports."""
    return stories_of(message.reports, message.digest) if message.digest else ()


def _alarm_subject(say: Language, message: Message) -> str:
    raised = [notice for notice in message.alarms if notice.event == "raised"]
    if raised:
        more = f" (+{len(message.alarms) - 1})" if len(message.alarms) > 1 else ""
        return say.text("acca: {what}", what=raised[0].what) + more
    return say.text("acca resolved: {what}", what=message.alarms[0].what if message.alarms else "")


def _alarm_heading(say: Language, notice: OperatorNotice) -> str:
    return notice.what if notice.event == "raised" else say.text("Resolved: {what}", what=notice.what)


def _alarm_lines(say: Language, notice: OperatorNotice) -> Iterator[str]:
    yield say.text("since {time}", time=notice.since)
    if notice.event == "raised":
        yield say.text("What to try: {advice}", advice=notice.advice)


def _text_lines(
    say: Language, message: Message, stories: Sequence[DigestStory], reports: Sequence[RedactedReport], left_out: int
) -> Iterator[str]:
    yield from _intro(say, message)
    for notice in message.alarms:
        yield _alarm_heading(say, notice)
        yield from (f"  {line}" for line in _alarm_lines(say, notice))
        yield ""
    if message.digest:
        for heading, found in chapters(stories, say):
            yield f"== {heading} =="
            yield ""
            for story in found:
                yield from _story_text(say, story)
        yield from _since_text(say, message.digest)
    else:
        for report in reports:
            yield from _report_text(say, report)
    if left_out:
        yield _more(say, message, left_out) + (f": {message.queue_url}" if message.queue_url else "")
        yield ""
    yield say.text("Reference {key}. A repeated message carries the same reference.", key=message.key)


def report_text(report: RedactedReport, say: Language) -> str:
    """Return one report as plain text."""
    return "\n".join(_report_text(say, report)).strip()


def _report_text(say: Language, report: RedactedReport) -> Iterator[str]:
    yield _title(say, report.title)
    yield f"  {_facts(say, report)}"
    if report.words:
        yield "  " + " · ".join(f"“{word}”" for word in report.words)
    if report.excerpt:
        yield f"  {report.excerpt}"
    if report.diff:
        yield f"  {_diff_text(say, report)}"
    yield from (f"  {label}: {url}" for label, url in _links(say, report))
    yield ""


def _diff_text(say: Language, report: RedactedReport) -> str:
    """Return a diff in the notation of word diffs: [-removed-] {+added+}."""
    forms = {"gone": "[-{}-]", "new": "{{+{}+}}", "same": "{}"}
    heading = say.text("What changed:")
    return f"{heading} {''.join(forms[piece.sign].format(piece.text) for piece in report.diff if piece.text)}"


def _story_text(say: Language, story: DigestStory) -> Iterator[str]:
    yield from (f"({mark})" for mark in _marks(say, story))
    yield from list(_report_text(say, story.lead))[:-1]
    for other in story.reports[1:]:
        line = say.text("also: {what}", what=_brief(say, other))
        yield f"  {line}"
        if other.diff:
            yield f"    {_diff_text(say, other)}"
        yield from (f"    {url}" for _label, url in _links(say, other)[:1])
    yield ""


def _brief(say: Language, report: RedactedReport) -> str:
    """Return a further report of a story in one line: outlet, title, what happened to it."""
    return f"{report.outlet_title}, {_named(say, ALERT_KINDS, report.kind)}: {_title(say, report.title)}"


def _marks(say: Language, story: DigestStory) -> Iterator[str]:
    """Yield a story's labels: included in an earlier digest, and its review status."""
    if story.known:
        yield say.text("also in an earlier digest")
    if story.status:
        yield say.text("reviewed: {status}", status=_named(say, STATUSES, story.status))


def _since_text(say: Language, note: DigestNote) -> Iterator[str]:
    for heading, lines in _became(say, note):
        yield f"== {heading} =="
        yield ""
        for title, what, review_url in lines:
            yield f"{title}: {what}"
            if review_url:
                yield f"  {say.text('Review')}: {review_url}"
        yield ""


def _became(say: Language, note: DigestNote) -> Iterator[tuple[str, list[tuple[str, str, str | None]]]]:
    """Yield headings with lines: changes since the previous digest to what it and earlier digests reported."""

    def lines(changes: Iterable[DigestChange | Decided], names: Mapping[str, str]) -> list[tuple[str, str, str | None]]:
        return [(_title(say, change.title), _named(say, names, change.change), change.review_url) for change in changes]

    if note.changes:
        yield say.text("Changes to reports of the last digest"), lines(note.changes, CHANGES)
    if note.decided:
        yield _decisions(say, note), lines(note.decided, STATUSES)
    elif note.decisions:
        yield _decisions(say, note), []
    if note.followed:
        followed: list[tuple[str, str, str | None]] = [
            (f"★ {say.text(label)}", say.plural("{n} report", "{n} reports", count), None)
            for label, count in note.followed
        ]
        yield say.text("Followed"), followed


def _decisions(say: Language, note: DigestNote) -> str:
    counts = ", ".join(f"{_named(say, STATUSES, status)} {count}" for status, count in note.decisions)
    return say.text("What you decided since the last digest: {counts}", counts=counts)


def html(message: Message) -> str:
    """Return a complete HTML page without scripts, images or any other external resources."""
    say = language(message.language)
    stories = _stories(message)
    parts = [f"<p>{escape(line)}</p>" for line in _intro(say, message) if line]
    for notice in message.alarms:
        parts.append(_heading(_alarm_heading(say, notice)))
        parts += [f"<p>{escape(line)}</p>" for line in _alarm_lines(say, notice)]
    if message.digest:
        for heading, found in chapters(stories[: message.listed], say):
            parts.append(_heading(heading))
            parts += [_story_html(say, story) for story in found]
        parts += _since_html(say, message.digest)
    else:
        parts += [_report_html(say, report) for report in message.shown]
    left_out = (len(stories) if message.digest else len(message.reports)) - message.listed
    if left_out > 0:
        more = _more(say, message, left_out)
        parts.append(f"<p>{_link(more, message.queue_url) if message.queue_url else escape(more)}</p>")
    reference = say.text("Reference {key}", key=message.key)
    parts.append(f'<p style="color:#595959;font-size:0.8em">{escape(reference)}</p>')
    return (
        f'<!DOCTYPE html><html lang="{say.code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject(message))}</title></head>"
        '<body style="margin:0 auto;padding:1em;max-width:36em;font:16px/1.5 sans-serif;color:#1a1a1a;'
        f'background:#fff;overflow-wrap:anywhere">{"".join(parts)}</body></html>'
    )


def _heading(line: str) -> str:
    return f'<h2 style="font-size:1.1em">{escape(line)}</h2>'


def _story_html(say: Language, story: DigestStory) -> str:
    marks = "".join(f"<p><em>{escape(mark)}</em></p>" for mark in _marks(say, story))
    also = say.text("also: {what}", what="")
    others = "".join(
        f'<br><span style="font-size:0.9em">{escape(also)}{_brief_html(say, other)} {_diff_html(say, other)}</span>'
        for other in story.reports[1:]
    )
    return marks + _report_html(say, story.lead, others)


def _brief_html(say: Language, report: RedactedReport) -> str:
    links = _links(say, report)
    return _link(_brief(say, report), links[0][1]) if links else escape(_brief(say, report))


def _report_html(say: Language, report: RedactedReport, others: str = "") -> str:
    """Return a report, then `others` (HTML) of its story; what is not an alert is grey."""
    spoken = f' lang="{escape(report.language)}"' if report.language and report.title else ""
    links = " · ".join(_link(label, url) for label, url in _links(say, report))
    lines = [
        f'<strong dir="auto"{spoken}>{escape(_title(say, report.title))}</strong>',
        escape(_facts(say, report)),
        f"<span{spoken}>{escape(' · '.join(f'“{word}”' for word in report.words))}</span>" if report.words else "",
        f'<span dir="auto"{spoken}>{escape(report.excerpt)}</span>' if report.excerpt else "",
        _diff_html(say, report),
        links,
    ]
    inner = "<br>".join(line for line in lines if line) + others
    look = "4px solid #b00020" if report.level == "alert" else "4px solid #bdbdbd;color:#595959;font-size:0.92em"
    return f'<p style="border-left:{look};padding-left:0.7em">{inner}</p>'


def _diff_html(say: Language, report: RedactedReport) -> str:
    if not report.diff:
        return ""
    forms = {
        "gone": '<del style="background:#ffdcd6">{}</del>', "new": '<ins style="background:#d7f0dd">{}</ins>',
        "same": "{}",
    }  # fmt: skip
    pieces = "".join(forms[piece.sign].format(escape(piece.text)) for piece in report.diff if piece.text)
    heading = say.text("What changed:")
    return f'{escape(heading)} <span dir="auto">{pieces}</span>'


def _since_html(say: Language, note: DigestNote) -> Iterator[str]:
    for heading, lines in _became(say, note):
        items = "".join(
            f'<li><span dir="auto">{escape(title)}</span>: {escape(what)}'
            f"{' · ' + _link(say.text('Review'), review_url) if review_url else ''}</li>"
            for title, what, review_url in lines
        )
        yield f"{_heading(heading)}<ul>{items}</ul>"


def _link(label: str, url: str) -> str:
    return (
        f'<a href="{escape(url)}" rel="noopener noreferrer" '
        f'style="display:inline-block;padding:0.4em 0">{escape(label)}</a>'
    )


def _country(say: Language, report: RedactedReport) -> str:
    if not report.country:
        return say.text("Country unknown")
    return _named(say, COUNTRIES, report.country)


def _intro(say: Language, message: Message) -> Iterator[str]:
    if message.kind == "test":
        yield say.text("This is a test. This channel will receive what its rules select.")
    elif message.digest:
        yield _counted(say, message.reports)
        yield _since(say, message, message.digest)
    elif message.kind == "bundle":
        count = _reports(say, len(message.reports))
        yield say.text("{count} arrived at once, more than this channel sends one by one in an hour.", count=count)
    else:
        return
    yield ""


def _since(say: Language, message: Message, note: DigestNote) -> str:
    if note.since is None:
        return say.text("This is the first digest in this channel.")
    known = sum(report.story in note.told_stories for report in message.reports)
    since = datetime.fromisoformat(note.since).astimezone(ZoneInfo(note.zone))
    return say.text(
        "Since the digest of {time} ({zone}): {fresh} on new stories, {known} on known stories; "
        "changed: {changed}; decided: {decided}.",
        time=f"{since:%Y-%m-%d %H:%M}", zone=note.zone, fresh=len(message.reports) - known, known=known,
        changed=len(note.changes), decided=len(note.decided),
    )  # fmt: skip


def _counted(say: Language, reports: Sequence[RedactedReport]) -> str:
    """Format counts, e.g. `7 reports: 5 new, 2 softened ...`, including reports not listed below."""
    counts: dict[str, int] = {}
    for report in reports:
        counts[report.kind] = counts.get(report.kind, 0) + 1
    listed = ", ".join(
        say.text("{n} {kind}", n=say.number(count), kind=_named(say, ALERT_KINDS, kind))
        for kind, count in counts.items()
    )
    return f"{_reports(say, len(reports))}: {listed}."


def _reports(say: Language, count: int) -> str:
    return say.plural("{n} report", "{n} reports", count)


def _more(say: Language, message: Message, count: int) -> str:
    if message.digest:
        return say.plural("and {n} more story", "and {n} more stories", count)
    return say.text("and {n} more", n=count)


def _local_day(message: Message) -> str:
    zone = message.digest.zone if message.digest else "UTC"
    return f"{datetime.fromisoformat(message.composed_at).astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _title(say: Language, title: str) -> str:
    return title or say.text(UNTITLED)


def _named(say: Language, names: Mapping[str, str], code: str) -> str:
    known = names.get(code)
    return say.text(known) if known else code.replace("_", " ")


def _categories(say: Language, report: RedactedReport) -> str:
    return ", ".join(_named(say, CATEGORIES, category).lower() for category in report.categories)


def _place(say: Language, report: RedactedReport) -> str:
    return " ".join((report.country or "??", _categories(say, report))).strip()


def _facts(say: Language, report: RedactedReport) -> str:
    official = say.text("official source")
    outlet = f"{report.outlet_title}, {official}" if report.official else report.outlet_title
    published = say.text("date unknown")
    if report.published_at:
        published = say.text("published {day}", day=report.published_at[:10])
    happened = _named(say, ALERT_KINDS, report.kind)
    no_alert = say.text("not an alert")
    if report.level == "digest":
        happened = f"{happened}, {no_alert}"
    categories = _categories(say, report) or report.level
    return f"{_country(say, report)}: {categories}; {outlet}, {published}; {happened}"


def _links(say: Language, report: RedactedReport) -> list[tuple[str, str]]:
    found = ((say.text("Review"), report.review_url), (say.text("Source"), report.source_url))
    return [(label, url) for label, url in found if url]
