"""Article search: from the typed query to matching passages."""

from acca_crawler.exceptions import QueryError
from acca_crawler.search.finding import SearchHit, matching, search
from acca_crawler.search.indexing import bring_up_to_date, reindex
from acca_crawler.search.query import parse

__all__ = ["QueryError", "SearchHit", "bring_up_to_date", "matching", "parse", "reindex", "search"]
