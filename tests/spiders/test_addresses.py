"""The forms of address that the sites really use, with invented slugs: which outlet and article they are."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.address import canonical_address
from acca_crawler.importing.hosts import HostIndex
from tests.support.known import outlets

ARTICLES = [
    ("https://acca.media/uzbekistan-zhitelyam-otkazali-v-vode/", "acca", "uzbekistan-zhitelyam-otkazali-v-vode"),
    ("https://acca.media/en/5555/three-guards-of-a-town/", "acca", "en/three-guards-of-a-town"),
    ("https://asiaplustj.info/news/society/20240428/doroga-k-seleniyu", "asiaplus", "ru/20240428/doroga-k-seleniyu"),
    ("https://asiaplustj.info/ru/news/society/20240428/doroga-k-seleniyu", "asiaplus", "ru/20240428/doroga-k-seleniyu"),
    ("https://asiaplustj.info/tj/news/society/20240428/roh", "asiaplus", "tj/20240428/roh"),
    ("https://24.kg/english/315140/", "24kg", "315140"),
    ("https://24.kg/english/315140_The_road_is_closed/", "24kg", "315140"),
    ("https://www.iphronline.org/the-road-is-closed.html", "iphr", "the-road-is-closed"),
    ("https://www.iphronline.org/the-road-is-closed-20190428.html", "iphr", "the-road-is-closed-20190428"),
    ("https://iphronline.org/articles/the-road-is-closed/", "iphr", "the-road-is-closed"),
    ("https://eurasia.amnesty.org/2024/03/19/doroga-zakryta/", "amnesty", "2024/03/19/doroga-zakryta"),
    ("https://eurasia.amnesty.org/kyrgyzstan-2022/", "amnesty", "kyrgyzstan-2022"),
    ("https://www.amnesty.org/en/documents/eur57/1234/2024/en/", "amnesty", "documents/eur57/1234/2024/en"),
    ("https://azattyq.org/a/doroga/31234567.html", "azattyq_kk", "31234567"),
    ("https://rus.azattyq.org/a/doroga/31234567.html", "azattyq_ru", "31234567"),
    ("https://azattyk.org/a/31234567.html", "azattyk_ky", "31234567"),
    ("https://currenttime.tv/a/doroga/31234567.html", "currenttime", "31234567"),
    ("https://ozodi.mobi/a/31234567.html", "ozodi_tg", "31234567"),
    ("https://www.ozodlik.org/a/yol/31234567.html", "ozodlik_uz", "31234567"),
    ("https://knews.kg/2026/03/14/doroga-zakryta/", "knews", "2026/03/14/doroga-zakryta"),
    ("https://kaktus.media/doc/510001_doroga_zakryta.html", "kaktus", "510001"),
    ("https://kaktus.media/doc/510001", "kaktus", "510001"),
    ("https://m.akipress.org/news:2000001/", "akipress", "2000001"),
    ("https://pressroom.rferl.org/a/a-statement/31234567.html", "rferl", "31234567"),
    ("https://about.rferl.org/a/a-statement/31234567.html", "rferl", "31234567"),
]
NO_ARTICLES = [
    ("https://acca.media/date/2024/04", "acca"),
    ("https://acca.media/date/2024/04/page/2", "acca"),
    ("https://www.ozodlik.org/z/1234", "ozodlik_uz"),
    ("https://kaktus.media/?lable=8&order=time", "kaktus"),
    ("https://24.kg/english/", "24kg"),
    ("https://eurasia.amnesty.org/2024/03/", "amnesty"),
    ("https://www.azattyq.org/z/330/2024/4/28", "azattyq_kk"),
]


@pytest.mark.parametrize(("url", "name", "identity"), ARTICLES)
def test_an_articles_address_is_its_outlets_and_gives_its_identity(url: str, name: str, identity: str) -> None:
    declared = {one: spider.outlet for one, spider in outlets().items()}
    assert HostIndex(declared).outlet_at(url) == name
    assert declared[name].identify(canonical_address(url, keep_query=declared[name].keep_query)) == identity


@pytest.mark.parametrize(("url", "name"), NO_ARTICLES)
def test_archives_and_sections_are_no_articles(url: str, name: str) -> None:
    assert outlets()[name].outlet.identify(canonical_address(url)) is None
