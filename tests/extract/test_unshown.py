"""Scripts, styles and drawings are emptied before a page is parsed, and nothing that a reader sees changes."""

from __future__ import annotations

import time

import pytest

from acca_crawler.extract import extract
from acca_crawler.extract.document import parse
from acca_crawler.extract.unshown import without_unshown

PROSE = "An invented prosecutor has charged three guards of a town with torture, his office said on Monday. "
LD = b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>'


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (b"<p>a</p><script>if (a < b) c()</script><p>b</p>", b"<p>a</p><script></script><p>b</p>"),
        (b'<style media="x">p{}</style>', b'<style media="x"></style>'),
        (b"<a><svg><path d='M0'/><title>x</title></svg>Text</a>", b"<a><svg></svg>Text</a>"),
        (b"<script>a</SCRIPT ><b>b</b>", b"<script></SCRIPT ><b>b</b>"),
        (b"<script>'<!-- <style>'</script>text<style>p{}</style>", b"<script></script>text<style></style>"),
        (b"<!-- <script> --><script>a</script>", b"<!-- <script> --><script></script>"),
        (b"<!--><script>a</script>", b"<!--><script></script>"),
        (b"<svg>a<svg>b</svg>", b"<svg>a<svg></svg>"),
    ],
)  # fmt: skip
def test_what_is_not_shown_is_emptied(html: bytes, left: bytes) -> None:
    assert without_unshown(html) == left


@pytest.mark.parametrize(
    "html",
    [
        LD,
        LD.replace(b"+", b"&#x2B;"),
        b"<p title='<script>'>text</p><script src=x></script>",
        b'<p title="about <svg>">text<svg></svg></p>',
        b"<p>text<script>never closed",
        b"<svg viewBox='0'/><p>text</p><svg/></svg>",
        b"<script data-x='>'>a</script>",
        b"<scripture>text</scripture>",
        b"<script>a</scripture>b",
        b"<!-- <script>a</script>",
        b"",
    ],
)
def test_what_is_doubtful_or_read_stays(html: bytes) -> None:
    assert without_unshown(html) == html


def test_the_text_around_scripts_is_read_as_before() -> None:
    paragraphs = "".join(f"<p>{PROSE}Paragraph {n}.</p><script>show({n} < 3 && '</p>')</script>" for n in range(6))
    html = (
        f"<html><head><title>Three guards charged</title><style>p {{}}</style></head><body><article>{paragraphs}"
        f"<p>{PROSE}<svg><text>drawn</text></svg>The end.</p></article></body></html>"
    )
    text = extract(html, "https://outlet.example/1").text
    assert text.count("An invented prosecutor") == 7
    assert text.endswith("Monday. The end.")
    assert "show" not in text and "drawn" not in text


def test_elements_stay_for_selectors_that_count_them() -> None:
    root = parse("<div><script>let a = 1</script><p>text</p></div>")
    assert root is not None
    assert [element.tag for element in root.iter("script", "p")] == ["script", "p"]


@pytest.mark.parametrize(
    "piece",
    [b"<script>", b"<script", b"<svg><script>", b"<!--", b'<style a="', b"<script></script >", b"<style><svg></style>"],
)
def test_hostile_markup_takes_linear_time(piece: bytes) -> None:
    def seconds(count: int) -> float:
        start = time.thread_time()
        without_unshown(piece * count)
        return time.thread_time() - start

    seconds(10)
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.001)


@pytest.mark.parametrize(
    "page",
    [
        "<body><div id=app></div><noscript><article>{text}</article></noscript></body>",
        "<body><a name=top>{text}</body>",
        "<body><news-page><template shadowrootmode=open><article>{text}</article></template></news-page></body>",
        "<head><title>Frame</title></head></html><html lang=ru><head><title>x</title></head><body>{text}</body></html>",
    ],
)
def test_a_text_that_a_browser_shows_is_read(page: str) -> None:
    text = "".join(f"<p>{PROSE}Paragraph {n}.</p>" for n in range(4))
    got = extract(f"<html>{page.format(text=text)}", "https://outlet.example/1")
    assert got.text.count("Paragraph") == 4
