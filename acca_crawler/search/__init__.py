"""Finding articles: what a person types, in the index's words, and what was found with the passage that matched."""

from acca_crawler.search.finding import SearchHit, search
from acca_crawler.search.indexing import bring_up_to_date, reindex
from acca_crawler.search.query import QueryError, parse

__all__ = ["QueryError", "SearchHit", "bring_up_to_date", "parse", "reindex", "search"]
