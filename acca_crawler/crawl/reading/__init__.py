"""Reading pages in processes of their own, so that no page can stop or exhaust the crawl."""
