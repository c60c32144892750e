"""What no honest page has is cut before it is parsed; what a page says stays whole."""

from __future__ import annotations

import pytest

from acca_crawler.extract.bounds import MAX_ATTRIBUTES, MAX_DEPTH, bound_markup
from acca_crawler.extract.document import parse
from acca_crawler.extract.segments import _named, read_layout

MANY = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES + 1))


@pytest.mark.parametrize(
    "html",
    [
        b"<p>A village council met on Monday.</p>",
        b"<p " + b" ".join(b"a%d=1" % number for number in range(MAX_ATTRIBUTES - 1)) + b">text</p>",
        b'<div data-page="' + b"x" * 100_000 + b'">one long attribute</div>',
        b"<div>" * MAX_DEPTH + b"deep" + b"</div>" * MAX_DEPTH,
        b"<p><b>short</b></p>" * (2 * MAX_DEPTH),
    ],
)
def test_an_honest_page_stays_as_it_is(html: bytes) -> None:
    assert bound_markup(html) == (html, ())


def test_a_tag_with_too_many_attributes_keeps_its_name_alone() -> None:
    html = f"<p>before</p><div {MANY}>inside</div><p>after</p>".encode()
    assert bound_markup(html) == (b"<p>before</p><div>inside</div><p>after</p>", ("attributes",))


def test_elements_nested_too_deeply_go_and_their_text_stays() -> None:
    count = 3 * MAX_DEPTH
    html, cut = bound_markup(b"<div>" * count + b"bottom" + b"</div>" * count + b"<p>after</p>")
    assert cut == ("depth",)
    assert html.count(b"<div>") == html.count(b"</div>") == MAX_DEPTH
    assert b"bottom" in html
    assert html.endswith(b"</div><p>after</p>")


def test_what_is_parsed_is_bounded() -> None:
    root = parse(f"<html><body><div {MANY}><p>text</p></div></body></html>")
    assert root is not None
    assert not root.xpath("//div/@*")
    assert root.xpath("string(//p)") == "text"


def test_endless_classes_are_not_remembered() -> None:
    before = _named.cache_info().currsize
    root = parse("<html><body>" + "".join(f'<p class="{"x" * 9000}{n}">text</p>' for n in range(20)) + "</body></html>")
    assert root is not None
    read_layout(root)
    assert _named.cache_info().currsize <= before + 3, "html, body and a plain p at most"
