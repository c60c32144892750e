"""Review pages, built as a Datasette plugin that serves the archive."""
