"""From a capture to a stored article, the same for a crawl, an import and a reprocess."""
