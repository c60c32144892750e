"""Load what reading a page needs, before the first page is read."""

from __future__ import annotations

from collections.abc import Iterator

from acca_crawler.detect.detector import Detector
from acca_crawler.ingest.page import process_page
from acca_crawler.items import Article, Page
from acca_crawler.outlets import Outlet

_OUTLET = Outlet("Sample", "https://news.example/", ("news.example",), ("KG",), ("ru", "en"), "^/../a-report$")
_PAGE = """<html lang="{0}"><head><title>{1}</title></head><body><article><h1>{1}</h1><time class="date">{2}</time>
<p>{3}</p><p>{4}</p></article></body></html>"""
_REPORTS = (
    ("ru", "Жителя Нарына избили в отделении милиции", "12 марта 2024, 10:30",
     "Милиционеры били задержанного Азамата Примерова в камере изолятора, требуя признания в краже, сообщил 12 марта "
     "адвокат Бакыт Образцов. Врач нашел у него сломанные ребра.",
     "В управлении внутренних дел Нарынской области начали проверку, родственники написали жалобу прокурору."),
    ("en", "Man from Naryn was beaten at a police station", "12 March 2024, 10:30",
     "Officers beat the detained Azamat Example in his cell to make him confess to a theft, his lawyer Bakyt Example "
     "said on 12 March. A doctor found broken ribs.",
     "The police department of Naryn began an inquiry, and relatives filed a complaint with the prosecutor."),
)  # fmt: skip
"""Invented reports by language: title, date and paragraphs that every step of reading has something to do with."""


def load_tables(detector: Detector) -> None:
    """Load the lexicons, models and date formats of the two most frequent languages (about half a CPU second).

    Processes that are forked afterwards have them; any other loads them during its first page, whose time is limited.
    """
    list(read_samples(detector))


def read_samples(detector: Detector) -> Iterator[Article]:
    """Read a sample report in each of these languages."""
    for language, *report in _REPORTS:
        html = _PAGE.format(language, *report)
        page = Page(f"{_OUTLET.home}{language}/a-report", html.encode(), fetched_at="2024-03-12T12:00:00Z")
        yield process_page(page, "sample", _OUTLET, detector)
