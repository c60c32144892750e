"""Page reading in separate processes, so that no page can hang the crawl or exhaust its memory."""
