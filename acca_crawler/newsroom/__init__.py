"""The sample newsroom: invented newspapers, served on loopback for the demo and the tests.

    with Newsroom(day=1) as newsroom:
        newsroom.sites["acca"].url          # http://127.0.0.1:<a free port>
        newsroom.sites["acca"].faults.rest_off = 403
        newsroom.set_day(2)
        newsroom.requests                   # every request, oldest first

All people and events are invented; places are real. The articles are in `acca_crawler/newsroom/articles/`.
"""

from __future__ import annotations

from acca_crawler.newsroom.exchange import RequestRecord
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.served import ServedSite
from acca_crawler.newsroom.server import Changes, Newsroom

__all__ = ["Changes", "Faults", "Newsroom", "Post", "RequestRecord", "ServedSite"]
