"""The sites of the newsroom. To add one, add a file here, its articles, and an entry in `SITES`."""

from __future__ import annotations

from acca_crawler.newsroom.sites.acca import ACCA
from acca_crawler.newsroom.sites.base import NewsroomSite
from acca_crawler.newsroom.sites.chashma import CHASHMA, CHASHMA_MIRROR
from acca_crawler.newsroom.sites.karlygash import KARLYGASH
from acca_crawler.newsroom.sites.kopuro import KOPURO
from acca_crawler.newsroom.sites.semdorog import SEMDOROG
from acca_crawler.newsroom.sites.telegram import TELEGRAM
from acca_crawler.newsroom.sites.tolkun import TOLKUN

SITES: tuple[NewsroomSite, ...] = (ACCA, SEMDOROG, KOPURO, TOLKUN, KARLYGASH, CHASHMA, CHASHMA_MIRROR, TELEGRAM)
