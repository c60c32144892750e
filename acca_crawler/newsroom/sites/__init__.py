"""The sites of the newsroom. A new one is a file here and a line in `SITES`."""

from __future__ import annotations

from acca_crawler.newsroom.sites.acca import ACCA
from acca_crawler.newsroom.sites.base import Site
from acca_crawler.newsroom.sites.semdorog import SEMDOROG

SITES: tuple[Site, ...] = (ACCA, SEMDOROG)
