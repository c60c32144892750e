"""Fetching from an outlet: robots.txt, throttling, mirrors, proxies, evidence."""
