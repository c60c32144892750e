"""Queries that stand ready on the archive's page, each over documented tables and with its parameters as a form."""

from __future__ import annotations

from typing import Any

QUERIES: dict[str, dict[str, Any]] = {
    "alerts_by_month": {
        "title": "Alerts by month and country",
        "sql": """
select substr(coalesce(revisions.published_at, articles.first_seen_at), 1, 7) as month, flags.country,
       count(distinct articles.id) as reports
from alerts
join articles on articles.id = alerts.article_id
join flags on flags.id = alerts.flag_id
join revisions on revisions.id = alerts.revision_id
group by 1, 2 order by 1 desc, 3 desc
""",
    },
    "reports_about": {
        "title": "Reports that name a person, place or agency",
        "sql": """
select distinct articles.id, articles.outlet, revisions.published_at, revisions.title, flag_facts.kind,
       flag_facts.value, flag_facts.sentence, articles.url
from flag_facts
join flags on flags.id = flag_facts.flag_id and flags.current = 1
join revisions on revisions.id = flags.revision_id
join articles on articles.revision_id = revisions.id
where flag_facts.value like '%' || :name || '%'
order by revisions.published_at desc limit 500
""",
    },
    "softened_or_gone": {
        "title": "Reports that were softened or removed",
        "sql": """
select alerts.created_at, alerts.kind, articles.id, articles.outlet, revisions.title, articles.url
from alerts
join articles on articles.id = alerts.article_id
join revisions on revisions.id = alerts.revision_id
where alerts.kind in ('softened', 'removed', 'edited')
order by alerts.id desc limit 500
""",
    },
    "deciding_words": {
        "title": "Words that decide most alerts",
        "sql": """
select flag_spans.rule, count(distinct flag_spans.flag_id) as alerts, min(flag_spans.quote) as example
from flag_spans
join alerts on alerts.flag_id = flag_spans.flag_id
where flag_spans.side = 'for'
group by 1 order by 2 desc limit 200
""",
    },
    "outlets_by_week": {
        "title": "New articles by outlet and week",
        "sql": """
select outlet, date(first_seen_at, 'weekday 0', '-6 days') as week, count(*) as articles
from articles where first_seen_at >= :since
group by 1, 2 order by 2 desc, 1
""",
        "params": ["since"],
    },
}
