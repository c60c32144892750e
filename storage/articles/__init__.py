"""Articles, revisions, stories and the search index."""
