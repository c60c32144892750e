"""An outlet's template: what is learned from its pages, what it drops, and what happens when the layout changes."""

from __future__ import annotations

from dataclasses import replace

from acca_crawler.extract import extract
from acca_crawler.extract.template import MIN_PAGES, SeenPage, learn, see
from acca_crawler.outlets import Outlet, Selectors

OUTLET = Outlet(
    title="An outlet without selectors",
    home="https://outlet.example/",
    hosts=("outlet.example",),
    countries=("KG",),
    languages=("en",),
    article_path=r"/news/\d+",
)
WORDS = (
    "guards", "court", "village", "prisoner", "lawyer", "doctor", "road", "winter", "council", "witness", "market",
    "school", "river", "letter", "night",
)  # fmt: skip


def text(number: int, paragraph: int) -> str:
    """A paragraph that no other page has."""
    first, second, third = (
        WORDS[at % len(WORDS)] for at in (number + paragraph, number * 7 + paragraph * 3, number * 3)
    )
    return (
        f"The {first} of invented town {number} was heard again about the {second} on hearing {paragraph}, and the "
        f"judge adjourned it until the {third} could be found by the officers of post {number}."
    )


def headline(number: int) -> str:
    """The headline of an article."""
    return f"{WORDS[number % len(WORDS)].title()} of invented town {'abcdefghijklmnopqrstuvwxyz'[number]} is heard"


def body(number: int) -> str:
    """The markup of an article's paragraphs."""
    return "".join(f"<p>{text(number, paragraph)}</p>" for paragraph in range(1, 6))


def page(number: int, inside: str = "") -> str:
    """A page with the rate of the day, the same plea, and teasers of other articles in the middle of the text."""
    others = "".join(f"<p>{headline((number + step) % 20)}</p>" for step in (1, 2, 3))
    rate = f"<p>One dollar costs {80 + number} soms today, the national bank of the country says this morning.</p>"
    plea = "<p>We write about what others keep silent about, and we can only do it because you read us every day.</p>"
    return (
        f"<html><head><title>{headline(number)}</title></head><body><h1>{headline(number)}</h1>"
        f"<div class='xa'>{inside or body(number)}<div class='xb'>{others}</div>"
        f"<div class='xc'>{rate}{plea}</div></div></body></html>"
    )


def pages(count: int) -> list[SeenPage]:
    """What learning sees of the outlet's pages."""
    seen = [see(page(number), f"https://outlet.example/news/{number}") for number in range(count)]
    return [one for one in seen if one]


def template() -> frozenset[str]:
    """The outlet's template."""
    return frozenset(place.path for place in learn(pages(MIN_PAGES + 5), [headline(number) for number in range(20)]))


def outlet(places: frozenset[str]) -> Outlet:
    """The outlet with a template."""
    return replace(OUTLET, template=places)


def test_places_of_repeated_texts_and_of_headlines_are_learned_and_no_others() -> None:
    places = learn(pages(MIN_PAGES + 5), [headline(number) for number in range(20)])
    assert {(place.path.split(" > ")[-2], place.reason) for place in places} == {
        ("div.xb", "headlines"),
        ("div.xc", "repeated"),
    }
    assert all(place.pages == MIN_PAGES + 5 and place.example for place in places)


def test_fewer_pages_than_ten_teach_nothing() -> None:
    assert learn(pages(MIN_PAGES - 1), [headline(number) for number in range(20)]) == ()


def test_template_drops_what_its_places_hold_and_nothing_else() -> None:
    number = 17
    got = extract(page(number), f"https://outlet.example/news/{number}", outlet=outlet(template()))
    assert list(got.paragraphs) == [text(number, paragraph) for paragraph in range(1, 6)]
    assert got.doubts == ()


def test_layout_that_puts_the_article_into_a_place_of_the_template_is_read_whole_and_doubtful() -> None:
    number = 18
    moved = page(number, "<p>All news of the day</p>").replace("<div class='xc'>", f"<div class='xc'>{body(number)}")
    got = extract(moved, f"https://outlet.example/news/{number}", outlet=outlet(template()))
    assert all(text(number, paragraph) in got.paragraphs for paragraph in range(1, 6))
    assert "template_unfit" in {doubt.kind for doubt in got.doubts}


def test_text_that_a_selector_chose_is_never_dropped() -> None:
    chosen = replace(outlet(template()), selectors=Selectors(body="div.xa"))
    got = extract(page(17), "https://outlet.example/news/17", outlet=chosen)
    assert got.method == "selectors"
    assert any("One dollar costs" in paragraph for paragraph in got.paragraphs)
