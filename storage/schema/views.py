"""The archive's views, each defined only here: opening an archive for writing updates it to these.

`storage.reports.view_columns` documents each column; `docs/schema.md` is made from that.
"""

from __future__ import annotations

from storage.schema.country import COUNTRY
from storage.schema.kinds import ArchiveDb

VIEWS = {
    "v_articles": f"""
        CREATE VIEW v_articles AS
        SELECT articles.id AS article_id, articles.outlet, outlets.kind AS outlet_kind, articles.url,
               revisions.title, revisions.lead, revisions.text, revisions.authors, revisions.language,
               revisions.published_at, revisions.published_certainty,
               substr(coalesce(revisions.published_at, articles.first_seen_at), 1, 10) AS date,
               articles.first_seen_at, articles.last_seen_at, revisions.number AS revision,
               coalesce(flags.level, 'ignore') AS level,
               {COUNTRY} AS country,
               coalesce(flags.categories, '[]') AS categories, flags.score,
               articles.missing_since, articles.removed_at, revisions.content_sha256
        FROM articles
        JOIN outlets ON outlets.name = articles.outlet
        JOIN revisions ON revisions.id = articles.revision_id
        LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
    """,
    "v_reports": f"""
        CREATE VIEW v_reports AS
        SELECT articles.id AS article_id, flags.level,
               {COUNTRY} AS country,
               substr(coalesce(revisions.published_at, articles.first_seen_at), 1, 10) AS date,
               revisions.published_at, articles.outlet, outlets.kind AS outlet_kind, revisions.title, articles.url,
               revisions.language, flags.categories, flags.score,
               (SELECT group_concat(quote, '; ') FROM (SELECT DISTINCT quote FROM flag_spans
                WHERE flag_id = flags.id AND side = 'for' ORDER BY position)) AS words,
               (SELECT group_concat(value, '; ') FROM (SELECT DISTINCT value FROM flag_facts
                WHERE flag_id = flags.id AND kind = 'person' ORDER BY position)) AS persons,
               (SELECT group_concat(value, '; ') FROM (SELECT DISTINCT value FROM flag_facts
                WHERE flag_id = flags.id AND kind = 'agency' ORDER BY position)) AS agencies,
               articles.first_seen_at, revisions.number AS revision, articles.missing_since, articles.removed_at
        FROM flags
        JOIN revisions ON revisions.id = flags.revision_id
        JOIN articles ON articles.id = revisions.article_id AND articles.revision_id = revisions.id
        JOIN outlets ON outlets.name = articles.outlet
        WHERE flags.current = 1 AND flags.level IN ('alert', 'digest')
    """,
    "v_report_categories": """
        CREATE VIEW v_report_categories AS
        SELECT v_reports.article_id, json_each.value AS category, level, country, date, outlet, language
        FROM v_reports, json_each(v_reports.categories)
    """,
    "v_facts": """
        CREATE VIEW v_facts AS
        SELECT v_articles.article_id, v_articles.level, v_articles.country, v_articles.date, v_articles.outlet,
               v_articles.language, flag_facts.kind, flag_facts.value, flag_facts.detail, flag_facts.quote,
               flag_facts.sentence
        FROM v_articles
        JOIN articles ON articles.id = v_articles.article_id
        JOIN flags ON flags.revision_id = articles.revision_id AND flags.current = 1
        JOIN flag_facts ON flag_facts.flag_id = flags.id
    """,
    "v_alerts": f"""
        CREATE VIEW v_alerts AS
        SELECT alerts.id AS alert_id, alerts.kind, alerts.created_at, substr(alerts.created_at, 1, 10) AS date,
               alerts.run_id, alerts.article_id, articles.outlet, revisions.title, articles.url, revisions.language,
               flags.level, {COUNTRY} AS country,
               flags.categories
        FROM alerts
        JOIN articles ON articles.id = alerts.article_id
        JOIN outlets ON outlets.name = articles.outlet
        JOIN revisions ON revisions.id = alerts.revision_id
        JOIN flags ON flags.id = alerts.flag_id
    """,
    "v_revisions": """
        CREATE VIEW v_revisions AS
        SELECT revisions.article_id, revisions.number AS revision, articles.outlet, revisions.stored_at,
               substr(revisions.stored_at, 1, 10) AS date, revisions.change, revisions.title, revisions.text,
               revisions.language, revisions.published_at, flags.level, flags.country, revisions.run_id,
               revisions.capture_id, revisions.content_sha256
        FROM revisions
        JOIN articles ON articles.id = revisions.article_id
        LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
    """,
    "v_timeline": """
        CREATE VIEW v_timeline AS
        SELECT events.at, substr(events.at, 1, 10) AS date, events.event, events.detail, events.article_id,
               articles.outlet, revisions.title, articles.url, events.run_id
        FROM (
            SELECT stored_at AS at, CASE number WHEN 1 THEN 'stored' ELSE 'revised' END AS event, change AS detail,
                   article_id, run_id FROM revisions
            UNION ALL
            SELECT visited_at, 'visited', outcome || coalesce(': ' || reason, ''), article_id, run_id
            FROM visits WHERE outcome != 'changed'
            UNION ALL
            SELECT created_at, 'alert', kind, article_id, run_id FROM alerts
            UNION ALL
            SELECT removed_at, 'removed', missing_tries || ' tries since ' || missing_since, id, removed_run_id
            FROM articles WHERE removed_at IS NOT NULL
        ) AS events
        JOIN articles ON articles.id = events.article_id
        JOIN revisions ON revisions.id = articles.revision_id
    """,
    "v_outlets": """
        CREATE VIEW v_outlets AS
        SELECT outlets.name AS outlet, outlets.title, outlets.kind AS outlet_kind, outlets.home, outlets.countries,
               outlets.languages,
               (SELECT count(*) FROM articles WHERE outlet = outlets.name) AS articles,
               (SELECT count(*) FROM v_reports WHERE outlet = outlets.name AND level = 'alert') AS alerts,
               (SELECT count(*) FROM v_reports WHERE outlet = outlets.name AND level = 'digest') AS digests,
               (SELECT count(*) FROM articles WHERE outlet = outlets.name AND removed_at IS NOT NULL) AS removed,
               (SELECT max(first_seen_at) FROM articles WHERE outlet = outlets.name) AS last_new_at,
               run_outlets.run_id AS last_run_id, run_outlets.status AS last_status, run_outlets.way AS last_way
        FROM outlets
        LEFT JOIN run_outlets ON run_outlets.outlet = outlets.name AND run_outlets.run_id =
             (SELECT max(run_id) FROM run_outlets WHERE outlet = outlets.name)
    """,
    "v_addresses": """
        CREATE VIEW v_addresses AS
        SELECT outlet, url, status, reason, way, article_id, first_seen_at, last_listed_at, status_at,
               substr(first_seen_at, 1, 10) AS date, tries
        FROM addresses
    """,
    "v_evidence": """
        CREATE VIEW v_evidence AS
        SELECT revisions.article_id, revisions.number AS revision, articles.outlet, captures.fetched_at,
               substr(captures.fetched_at, 1, 10) AS date, captures.url, captures.status, captures.route,
               captures.ip_address, captures.payload_sha256, captures.warc_file, captures.warc_offset,
               captures.warc_length, captures.run_id, 1 AS part
        FROM captures
        JOIN revisions ON revisions.capture_id = captures.id
        JOIN articles ON articles.id = revisions.article_id
        UNION ALL
        SELECT revisions.article_id, revisions.number, articles.outlet, captures.fetched_at,
               substr(captures.fetched_at, 1, 10), captures.url, captures.status, captures.route,
               captures.ip_address, captures.payload_sha256, captures.warc_file, captures.warc_offset,
               captures.warc_length, captures.run_id, json_extract(further.value, '$.number')
        FROM revisions
        JOIN json_each(revisions.parts) AS further
        JOIN captures ON captures.id = json_extract(further.value, '$.capture_id')
        JOIN articles ON articles.id = revisions.article_id
        WHERE revisions.parts IS NOT NULL
    """,
}
"""By name, ordered so that each refers only to views before it."""


def recreate_views(db: ArchiveDb) -> None:
    """Replace each view that differs from this release's definition; leaves the others untouched."""
    if not _stale(db):
        return
    db.execute("BEGIN IMMEDIATE")
    for name in _stale(db):  # asked again: another process may have replaced them
        db.execute(f"DROP VIEW IF EXISTS {name}")
        db.execute(VIEWS[name])
    db.conn.commit()


def _stale(db: ArchiveDb) -> list[str]:
    found = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    return [name for name, sql in VIEWS.items() if _plain(found.get(name, "")) != _plain(sql)]


def _plain(sql: str) -> str:
    return " ".join(sql.split())
