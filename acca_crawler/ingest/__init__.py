"""From a captured page to a stored article: the same steps for a crawl, an import and a reprocess."""
