"""Problems of an outlet that an operator needs to know without reading logs: changed layout, runaway rule, bad runs."""

from __future__ import annotations

from collections.abc import Iterator

from storage.schema.kinds import ArchiveDb

AGREEMENT_FALL = 0.2
"""Fall in text agreement between page and REST at which the layout is reported as changed."""

HABIT_ARTICLES = 500
"""Newest revisions of earlier runs that show an outlet's usual agreement."""

MIRROR_AGREES = 0.8
"""Below this agreement, a mirror's text is not the origin's."""

SHORT_CHARACTERS = 60
SHORT_SHARE = 0.5
ENOUGH_ARTICLES = 3
"""Minimum number of a run's articles for judging the lengths of their texts."""

SURGE = 10
"""A boilerplate rule that fires this many times as often as before strips articles, not boilerplate."""

BAD_RUNS = 2
RUNS_READ = 5000
"""Newest runs of an outlet that are searched for the last good one."""

FIELDS = {"no_date": "date", "no_author": "author", "no_language": "language", "no_category": "category"}
"""Counts of articles without a field, and the field."""

ENOUGH_READ = 5
"""Minimum number of a run's articles for judging the share that lacks a field."""

ENOUGH_PARAGRAPHS = 20
"""Minimum number of paragraphs in a run's articles for judging the share of a kind."""

SHARE_JUMP = 0.4
"""Increase in the share of articles without a field, or of a kind of paragraph, reported as a changed layout."""


def complaints(db: ArchiveDb, outlet: str, run_id: int) -> tuple[str, ...]:
    """Return an outlet's problems as of one of its runs, one sentence each; empty if there are none."""
    found = [
        _bad_runs(db, outlet, run_id),
        *_mirrors(db, outlet, run_id),
        *_surges(db, outlet, run_id),
        *_layout(db, outlet, run_id),
        _doubtful(db, outlet),
        _template(db, outlet, run_id),
    ]
    return tuple(complaint for complaint in found if complaint)


def layout_changes(db: ArchiveDb, outlet: str) -> tuple[str, ...]:
    """Return why an outlet's layout seems to have changed, as of the last run with enough articles to judge."""
    row = db.execute(
        "SELECT max(run_id) FROM run_counts WHERE outlet = ? AND name = 'read' AND value >= ?",
        [outlet, ENOUGH_ARTICLES],
    ).fetchone()
    return tuple(_layout(db, outlet, row[0])) if row[0] else ()


def _layout(db: ArchiveDb, outlet: str, run_id: int) -> Iterator[str]:
    for complaint in (_agreement(db, outlet, run_id), _short_texts(db, outlet, run_id)):
        if complaint:
            yield complaint
    yield from _missing_fields(db, outlet, run_id)
    yield from _odd_roles(db, outlet, run_id)


def _bad_runs(db: ArchiveDb, outlet: str, run_id: int) -> str | None:
    rows = db.execute(
        "SELECT run_outlets.status, started_at FROM run_outlets JOIN runs ON runs.id = run_id "
        "WHERE outlet = ? AND run_id <= ? AND run_outlets.status NOT IN ('running', 'killed') "
        "ORDER BY run_id DESC LIMIT ?",
        [outlet, run_id, RUNS_READ],
    ).fetchall()
    bad = next((number for number, row in enumerate(rows) if row[0] == "ok"), len(rows))
    if bad < BAD_RUNS:
        return None
    since = rows[bad - 1][1][:10]
    well = f"last ok on {rows[bad][1][:10]}" if bad < len(rows) else "never ok so far"
    return f"{rows[0][0]} in {bad} runs in a row, since {since}; {well}"


def _agreement(db: ArchiveDb, outlet: str, run_id: int) -> str | None:
    now = db.execute(
        "SELECT avg(rest_agreement) FROM revisions JOIN articles ON articles.id = article_id "
        "WHERE +outlet = ? AND run_id = ?",  # the plus: a run has few revisions, an outlet many
        [outlet, run_id],
    ).fetchone()[0]
    before = db.execute(
        "SELECT avg(rest_agreement) FROM (SELECT rest_agreement FROM articles "
        "JOIN revisions ON revisions.article_id = articles.id WHERE outlet = ? AND +first_run_id < ? AND +run_id < ? "
        "ORDER BY articles.id DESC LIMIT ?)",
        [outlet, run_id, run_id, HABIT_ARTICLES],
    ).fetchone()[0]
    if now is None or before is None or now > before - AGREEMENT_FALL:
        return None
    return f"the layout seems to have changed: text agreement of page and REST fell from {before:.0%} to {now:.0%}"


def _mirrors(db: ArchiveDb, outlet: str, run_id: int) -> list[str]:
    """Report the mirrors whose text, when last compared, differed from the origin's or agreed less than before."""
    found = []
    rows = db.execute(
        "SELECT mirror, max(run_id) FROM mirror_comparisons WHERE outlet = ? AND run_id <= ? GROUP BY mirror",
        [outlet, run_id],
    ).fetchall()
    for mirror, last in rows:
        now, before = (
            db.execute(
                "SELECT avg(agreement) FROM mirror_comparisons WHERE outlet = ? AND mirror = ? AND "
                f"run_id {comparison} ?",
                [outlet, mirror, last],
            ).fetchone()[0]
            for comparison in ("=", "<")
        )
        if now < MIRROR_AGREES or (before is not None and now <= before - AGREEMENT_FALL):
            earlier = f" ({before:.0%} before)" if before is not None else ""
            found.append(f"the text of the mirror {mirror} differs from the origin's: agreement {now:.0%}{earlier}")
    return found


def _short_texts(db: ArchiveDb, outlet: str, run_id: int) -> str | None:
    short, total = db.execute(
        "SELECT coalesce(sum(length(text) < ?), 0), count(*) FROM revisions JOIN articles ON articles.id = article_id "
        "WHERE +outlet = ? AND run_id = ?",
        [SHORT_CHARACTERS, outlet, run_id],
    ).fetchone()
    if total < ENOUGH_ARTICLES or short < SHORT_SHARE * total:
        return None
    return f"the layout seems to have changed: {short} of {total} articles of the last run have hardly any text"


def _surges(db: ArchiveDb, outlet: str, run_id: int) -> list[str]:
    fetched_now, fetched_before = (_count(db, outlet, run_id, "fetched", comparison) for comparison in ("=", "<"))
    if not fetched_now or not fetched_before:
        return []
    found = []
    names = db.execute(
        "SELECT name FROM run_counts WHERE outlet = ? AND run_id = ? AND name LIKE 'stripped:%' ORDER BY name",
        [outlet, run_id],
    ).fetchall()
    for (name,) in names:
        now = _count(db, outlet, run_id, name, "=") / fetched_now
        before = _count(db, outlet, run_id, name, "<") / fetched_before
        if before and now >= SURGE * before:
            rule = name.removeprefix("stripped:")
            found.append(
                f"the rule {rule} strips {now:.1f} pieces from a page, before {before:.1f}: is it still right?"
            )
    return found


def _missing_fields(db: ArchiveDb, outlet: str, run_id: int) -> list[str]:
    read_now, read_before = (_count(db, outlet, run_id, "read", comparison) for comparison in ("=", "<"))
    if read_now < ENOUGH_READ or not read_before:
        return []
    found = []
    for name, field in FIELDS.items():
        now = _count(db, outlet, run_id, name, "=") / read_now
        before = _count(db, outlet, run_id, name, "<") / read_before
        if now >= before + SHARE_JUMP:
            found.append(f"{now:.0%} of the articles have no {field}, before {before:.0%}: has the layout changed?")
    return found


def _odd_roles(db: ArchiveDb, outlet: str, run_id: int) -> list[str]:
    """Report roles of paragraphs that make up much more of the last run's texts than before: lists, say, or tables."""
    now, before = (_roles(db, outlet, run_id, comparison) for comparison in ("=", "<"))
    if now.get("all", 0) < ENOUGH_PARAGRAPHS or not before.get("all"):
        return []
    found = []
    for role, count in sorted(now.items()):
        share, usual = count / now["all"], before.get(role, 0) / before["all"]
        if role != "all" and share >= usual + SHARE_JUMP:
            found.append(
                f"{share:.0%} of the paragraphs are of the kind “{role}”, before {usual:.0%}: has the layout changed?"
            )
    return found


def _roles(db: ArchiveDb, outlet: str, run_id: int, comparison: str) -> dict[str, int]:
    """Return the number of paragraphs by role, and of all of them."""
    rows = db.execute(
        f"SELECT name, sum(value) FROM run_counts WHERE outlet = ? AND run_id {comparison} ? AND name LIKE 'role:%' "
        "GROUP BY name",
        [outlet, run_id],
    ).fetchall()
    counts = {name.removeprefix("role:"): int(value) for name, value in rows}
    return {**counts, "all": sum(counts.values())}


def _template(db: ArchiveDb, outlet: str, run_id: int) -> str | None:
    """Report that the template learned in a run differs from the one before."""
    row = db.execute(
        "SELECT added, gone, pages FROM templates WHERE outlet = ? AND run_id = ? AND added + gone > 0 "
        "AND EXISTS (SELECT 1 FROM templates AS earlier WHERE earlier.outlet = ? AND earlier.run_id < ?)",
        [outlet, run_id, outlet, run_id],
    ).fetchone()
    if row is None:
        return None
    return (
        f"the template learned from {row['pages']} pages has changed: {row['added']} places are new, "
        f"{row['gone']} gone; `acca template {outlet}` shows it"
    )


DOUBTS = {
    "little_text": "too little text for their page",
    "readings_differ": "two readings that differ",
    "rest_differs": "text unlike that of the REST API",
    "template_unfit": "text where the outlet's template has none",
}
"""Kinds of doubts about an article's text, as `acca status` names them."""


def _doubtful(db: ArchiveDb, outlet: str) -> str | None:
    """Report the articles whose current text is doubtful."""
    rows = db.execute(
        "SELECT kind, count(*) FROM doubts JOIN articles ON articles.revision_id = doubts.revision_id "
        "WHERE outlet = ? GROUP BY kind ORDER BY kind",
        [outlet],
    ).fetchall()
    if not rows:
        return None
    total = db.execute(
        "SELECT count(DISTINCT doubts.revision_id) FROM doubts JOIN articles ON articles.revision_id = "
        "doubts.revision_id WHERE outlet = ?",
        [outlet],
    ).fetchone()[0]
    kinds = ", ".join(f"{count} with {DOUBTS[kind]}" for kind, count in rows)
    articles = "article" if total == 1 else "articles"
    return f"{total} {articles} may not be read well: {kinds}; `acca reprocess --doubtful` reads them again"


def _count(db: ArchiveDb, outlet: str, run_id: int, name: str, comparison: str) -> int:
    return int(
        db.execute(
            f"SELECT coalesce(sum(value), 0) FROM run_counts WHERE outlet = ? AND name = ? AND run_id {comparison} ?",
            [outlet, name, run_id],
        ).fetchone()[0]
    )
