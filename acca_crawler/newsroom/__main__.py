"""`python -m acca_crawler.newsroom`: serve the sample newsroom for viewing in a browser."""

from __future__ import annotations

import argparse
import sys
import threading

from acca_crawler.newsroom.server import Newsroom


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m acca_crawler.newsroom", description=__doc__)
    parser.add_argument("--day", type=int, choices=(1, 2), default=1, help="which day's papers (default: 1)")
    parser.add_argument("--port-base", type=int, default=8700, help="the first site's port (default: 8700)")
    arguments = parser.parse_args()
    with Newsroom(arguments.day, port_base=arguments.port_base) as newsroom:
        for site in newsroom.sites.values():
            sys.stdout.write(f"{site.name:10} {site.url}/\n")
        sys.stdout.write(f"Day {newsroom.day}. Stop with Ctrl+C.\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
