"""Every spelling of a page's address leads to one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.dedup.address import canonical_address, host_key, host_of, resolved

SLUG = "https://birduino.example/kg/press/%D0%B0%D0%B1%D0%B0%D0%BA"
CURLY = "https://birduino.example/kg/press/%E2%80%9Cout%E2%80%9D%20of%20court"


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("HTTPS://Outlet.Example/a/B", "https://outlet.example/a/B"),
        ("https://outlet.example./2024/06/slug", "https://outlet.example/2024/06/slug"),
        ("https://outlet.example.:443/slug", "https://outlet.example/slug"),
        ("http://outlet.example:80/slug", "http://outlet.example/slug"),
        ("http://outlet.example:8080/slug", "http://outlet.example:8080/slug"),
        ("http://127.0.0.1:9001/en/slug/", "http://127.0.0.1:9001/en/slug"),
        ("https://user:word@outlet.example/slug", "https://outlet.example/slug"),
        ("https://outlet.example/slug#comments", "https://outlet.example/slug"),
        ("https://outlet.example/slug;jsessionid=0A1B.node2?id=3", "https://outlet.example/slug?id=3"),
        ("https://outlet.example/slug?PHPSESSID=0a1b&id=3&_=1795752000", "https://outlet.example/slug?id=3"),
        ("https://outlet.example", "https://outlet.example/"),
        ("https://outlet.example/", "https://outlet.example/"),
        ("https://outlet.example/en/slug/", "https://outlet.example/en/slug"),
        ("https://outlet.example//en//slug", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/slug;/", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/../ru/./slug", "https://outlet.example/ru/slug"),
        ("https://outlet.example/../../slug", "https://outlet.example/slug"),
        ("  https://outlet.example/slug\n", "https://outlet.example/slug"),
        ("https://www.outlet.example/slug", "https://www.outlet.example/slug"),
        ("https://m.outlet.example/slug", "https://m.outlet.example/slug"),
        # encoded exactly once
        ("https://birduino.example/kg/press/абак", SLUG),
        (SLUG, SLUG),
        (SLUG.lower(), SLUG),
        ("https://birduino.example/kg/press/“out” of court", CURLY),
        (CURLY, CURLY),
        ("https://outlet.example/%7Eann/%61bc", "https://outlet.example/~ann/abc"),
        ("https://outlet.example/a%2Fb", "https://outlet.example/a%2Fb"),
        ("https://outlet.example/50%25-of", "https://outlet.example/50%25-of"),
        ("https://outlet.example/%25D0", "https://outlet.example/%25D0"),
        # queries
        ("https://bureau.example/?p=50790", "https://bureau.example/?p=50790"),
        ("https://f18.example/archive.php?article_id=3067", "https://f18.example/archive.php?article_id=3067"),
        ("https://outlet.example/?b=2&a=1", "https://outlet.example/?a=1&b=2"),
        (
            "https://outlet.example/s?utm_source=tg&UTM_Medium=x&id=7&fbclid=A_b&yclid=1",
            "https://outlet.example/s?id=7",
        ),
        ("https://outlet.example/s?gclid=1&ysclid=2&_ga=3&ref=home&utm_campaign=", "https://outlet.example/s"),
        ("https://outlet.example/?q=а б", "https://outlet.example/?q=%D0%B0+%D0%B1"),
        # AMP twins
        ("https://outlet.example/en/slug/amp/", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/slug/amp", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/slug?amp=1", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/slug/?amp", "https://outlet.example/en/slug"),
        ("https://outlet.example/en/slug?outputType=amp", "https://outlet.example/en/slug"),
        ("https://rferl.example/amp/32912345.html", "https://rferl.example/a/32912345.html"),
        ("https://rferl.example/amp/some-slug/32912345.html", "https://rferl.example/a/some-slug/32912345.html"),
        ("https://outlet.example/amp/news/slug", "https://outlet.example/news/slug"),
        ("https://outlet-example.cdn.ampproject.org/c/s/outlet.example/en/slug/amp/", "https://outlet.example/en/slug"),
        ("https://www.google.com/amp/s/outlet.example/en/slug/amp/", "https://outlet.example/en/slug"),
        ("https://outlet.example/amplifier/slug", "https://outlet.example/amplifier/slug"),
    ],
)
def test_a_spelling_leads_to_the_canonical_one(spelling: str, canonical: str) -> None:
    assert canonical_address(spelling) == canonical


def test_a_parameter_that_is_an_identity_stays() -> None:
    url = "https://outlet.example/read?ref=1123&utm_source=x"
    assert canonical_address(url, keep_query=("ref",)) == "https://outlet.example/read?ref=1123"


@pytest.mark.parametrize(
    "url", ["", "/en/slug", "mailto:ann@outlet.example", "javascript:void(0)", "https://", "ftp://outlet.example/a"]
)
def test_what_is_no_page_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        canonical_address(url)


ODD_SEGMENTS = ["amp", "..", ".", "%2e%2e", "%D0%B0", "%25", "%", "a b", "абак", "“x”", "32912345.html", ""]
SEGMENTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(ODD_SEGMENTS), max_size=5
)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["utm_source", "p", "id", "amp", "Ref", "ё"]), st.text(max_size=6)), max_size=4
)


@given(SEGMENTS, PAIRS, st.sampled_from(["outlet.example", "Outlet.Example.", "пример.kz", "outlet.example:443"]))
def test_a_canonical_address_is_its_own(segments: list[str], pairs: list[tuple[str, str]], host: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    try:
        once = canonical_address(f"https://{host}/{'/'.join(segments)}?{query}")
    except ValueError:
        return
    assert canonical_address(once) == once
    assert once.isascii()


def test_a_host_has_one_spelling() -> None:
    assert host_key("Vestnik.Example.") == "vestnik.example"
    assert host_key("газета.қаз") == host_key("xn--80aahjj1e.xn--80ao21a") == host_of("https://ГАЗЕТА.қаз./x")
    assert host_of("http://vestnik.example:port/x") == host_of("http://[bad/x") == ""


@pytest.mark.parametrize(
    ("ref", "url"),
    [
        ("valley.example/news/1?a=1", "https://valley.example/news/1?a=1"),
        ("https://valley.example/https://www.valley.example/news/1", "https://www.valley.example/news/1"),
        ("/valley.example/news/1", "https://valley.example/news/1"),
        ("/sites/valley.example/files/a.png", "https://valley.example/sites/valley.example/files/a.png"),
        (
            "/resized/w=9/https://valley.example/a.png",
            "https://valley.example/resized/w=9/https://valley.example/a.png",
        ),
    ],
)
def test_a_sites_own_host_before_a_path_is_left_out_but_not_within_it(ref: str, url: str) -> None:
    assert resolved("https://valley.example/news/", ref) == url
