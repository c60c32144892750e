"""Canned queries over the analysts' views, offered on the archive's page with a form for their parameters."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


QUERIES: dict[str, dict[str, str]] = {
    "alerts_by_month": {
        "title": _("Alerts by month and country"),
        "sql": """
select substr(date, 1, 7) as month, country, count(distinct article_id) as reports
from v_alerts
group by month, country
order by month desc, reports desc""",
    },
    "reports_about": {
        "title": _("Reports that name a person, place or agency"),
        "sql": """
select date, country, outlet, kind, value, sentence, article_id
from v_facts
where value like '%' || :name || '%' and level != 'ignore'
order by date desc""",
    },
    "reports_of_category": {
        "title": _("Reports of one category in one country (such as torture, KG)"),
        "sql": """
select date, outlet, title, words, persons, agencies, url
from v_reports join v_report_categories using (article_id, level, country, date, outlet, language)
where category = :category and country = :country and level = 'alert'
order by date desc""",
    },
    "softened_or_gone": {
        "title": _("Reports that were softened, edited or removed"),
        "sql": """
select created_at, kind, country, outlet, title, url, article_id
from v_alerts
where kind in ('softened', 'removed', 'edited')
order by alert_id desc""",
    },
    "timeline": {
        "title": _("What happened with one article (its number)"),
        "sql": """
select at, event, detail, run_id
from v_timeline
where article_id = :article
order by at""",
    },
    "outlets_by_week": {
        "title": _("New articles by outlet and week since a day (such as 2026-01-01)"),
        "sql": """
select outlet, date(date, 'weekday 0', '-6 days') as week, count(*) as articles
from v_articles
where date >= :since
group by outlet, week
order by week desc, outlet""",
    },
}
