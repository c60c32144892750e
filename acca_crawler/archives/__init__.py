"""Web archives: clients for the Wayback Machine and Common Crawl."""
