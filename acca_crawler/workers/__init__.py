"""A crawl on several machines: workers fetch and read, one writer discovers and stores, Redis is between them."""
