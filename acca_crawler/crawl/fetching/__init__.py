"""Between us and an outlet: robots.txt, throttling, mirrors, proxies, evidence."""
