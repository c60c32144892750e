"""The feeds hold to RFC 4287, by feedparser and by a reading of its rules here."""

from __future__ import annotations

import re
from datetime import datetime

import feedparser
from lxml import etree

from acca_crawler.alerts.sending import send_all, send_test
from acca_crawler.config.loading import Config
from acca_crawler.whole_file import whole_file
from tests.alerts.test_safety import HOSTILE, VICTIM
from tests.support.newsdesk import Newsdesk

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATTRIBUTES = {
    "link": {"rel", "type", "href"}, "category": {"term", "scheme", "label"}, "content": {"type"},
    "generator": {"version"},
}  # fmt: skip
ONCE = ("id", "title", "updated")


def feeds(desk: Newsdesk, more: str = "") -> Config:
    return desk.configure(
        '[[channel]]\nname = "feeds"\nkind = "atom"\ndirectory = "feeds"\nurl = "https://feeds.example.org/acca/"\n'
        f'{more}\n[[rule]]\nname = "all"\nchannels = ["feeds"]\n'
    )


def violations(feed: bytes, url: str) -> list[str]:
    """What RFC 4287 and the W3C's feed validator demand of a feed document and this one does not do."""
    root = etree.fromstring(feed)
    found = [] if root.tag == f"{ATOM}feed" else ["4.1.1: the root is not atom:feed"]
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for name in ONCE:
            if len(element.findall(ATOM + name)) != 1:
                found.append(f"4.1: {element.tag} has not exactly one {name}")
        if not re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or ""):
            found.append("4.2.6: an id is not an IRI")
        for name in ("updated", "published"):
            for date in element.findall(ATOM + name):
                if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date.text or ""):
                    found.append(f"3.3: {name} is {date.text}")
                datetime.fromisoformat(date.text or "")
        if not (element.findtext(f"{ATOM}author/{ATOM}name") or "").strip():
            found.append("4.2.1: no author has a name")
        relations = [(link.get("rel", "alternate"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        if len(set(relations)) != len(relations):
            found.append("4.1: two links with the same rel and type")
        if any(
            not (link.get("href") or "").startswith(("http://", "https://")) for link in element.iter(f"{ATOM}link")
        ):
            found.append("4.2.7: a link without an address")
        if any(not category.get("term") for category in element.findall(f"{ATOM}category")):
            found.append("4.2.2: a category without a term")
    for entry in root.findall(f"{ATOM}entry"):
        if len(entry.findall(f"{ATOM}content")) != 1 and not entry.findall(f"{ATOM}link[@rel='alternate']"):
            found.append("4.1.2: neither content nor an alternate link")
    if not feed.startswith(b"<?xml version='1.0' encoding='utf-8'?>"):
        found.append("validator: the encoding is not declared")
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", feed):
        found.append("XML 2.2: a control character")
    for element in root.iter():
        if not str(element.tag).startswith(ATOM):
            found.append(f"validator: {element.tag} is undefined")
        allowed = ATTRIBUTES.get(str(element.tag).removeprefix(ATOM), set()) | {XML_LANG}
        if set(element.attrib) - allowed:
            found.append(f"validator: {element.tag} has {sorted(set(element.attrib) - allowed)}")
        language = element.get(XML_LANG)
        if language is not None and not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", language):
            found.append(f"validator: {language} is not a language")
    updated = root.findtext(f"{ATOM}updated") or ""
    if any((entry.findtext(f"{ATOM}updated") or "") > updated for entry in root.findall(f"{ATOM}entry")):
        found.append("validator: an entry is newer than the feed")
    for text in root.iter(f"{ATOM}title", f"{ATOM}content"):
        if not (text.text or "").strip():
            found.append("validator: an empty text")
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    if len(set(ids)) != len(ids):
        found.append("4.1.1: two entries share an id")
    if [link.get("href") for link in root.findall(f"{ATOM}link[@rel='self']")] != [url]:
        found.append("4.1.1: no link to itself")
    return found


def test_every_feed_is_valid_and_holds_what_its_name_says(desk: Newsdesk) -> None:
    config = feeds(desk)
    desk.tell(title="One")
    desk.tell(title="Two", country="UZ", categories=("arbitrary_detention", "torture"), published="2026-11-19")
    desk.tell(title=HOSTILE, country=None, categories=(), published=None, language=None)
    send_all(desk.db, config, desk.clock)
    directory = desk.directory / "feeds"
    names = sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))
    assert names == sorted(
        ["all.xml", "categories", "categories/arbitrary_detention.xml", "categories/torture.xml", "countries"]
        + [f"countries/{country}.xml" for country in ("kg", "kz", "tj", "tm", "uz")]
    )
    titles: dict[str, list[str]] = {}
    for path in directory.rglob("*.xml"):
        name = str(path.relative_to(directory))
        assert violations(path.read_bytes(), f"https://feeds.example.org/acca/{name}") == []
        parsed = feedparser.parse(path.read_bytes())
        assert (parsed.bozo, parsed.version) == (0, "atom10")
        titles[name] = [entry.title.partition(" ")[0] for entry in parsed.entries]
    assert titles["all.xml"][1:] == ["Two", "One"]
    assert titles["countries/uz.xml"] == ["Two"]
    assert titles["countries/tj.xml"] == []
    assert titles["categories/torture.xml"] == ["Two", "One"]


def test_a_hostile_title_is_plain_text_in_the_feed(desk: Newsdesk) -> None:
    config = feeds(desk)
    desk.tell(title=HOSTILE)
    send_all(desk.db, config, desk.clock)
    raw = (desk.directory / "feeds" / "all.xml").read_text()
    assert "<script" not in raw
    assert "<img" not in raw
    entry = etree.fromstring(raw.encode()).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.find(f"{ATOM}title").get("type", "text") == "text"  # type: ignore[union-attr]
    assert "<script>alert(1)</script>" in (entry.findtext(f"{ATOM}title") or "")


def test_ids_stay_and_only_what_is_new_is_added(desk: Newsdesk) -> None:
    config = feeds(desk)
    desk.tell(title="One")
    send_all(desk.db, config, desk.clock)
    file = desk.directory / "feeds" / "all.xml"
    before = feedparser.parse(file.read_bytes())
    desk.wait(hours=1)
    desk.tell(title="Two")
    send_all(desk.db, config, desk.clock)
    after = feedparser.parse(file.read_bytes())
    assert after.feed.id == before.feed.id
    assert [entry.id for entry in after.entries][1:] == [entry.id for entry in before.entries]
    assert after.entries[1].updated == before.entries[0].updated
    assert after.feed.updated > before.feed.updated


def test_names_are_withheld_in_feeds(desk: Newsdesk) -> None:
    config = feeds(desk, 'withhold = "victims"')
    desk.tell(VICTIM)
    send_all(desk.db, config, desk.clock)
    assert not re.search("Азамат|Турдалиев|azamat", (desk.directory / "feeds" / "all.xml").read_text())


def test_a_directory_that_cannot_be_written_is_a_failed_delivery(desk: Newsdesk) -> None:
    config = feeds(desk)
    (desk.directory / "feeds").write_text("in the way")
    desk.tell()
    done = send_all(desk.db, config, desk.clock)
    assert done[0].failed == 1
    (desk.directory / "feeds").unlink()
    desk.wait(hours=1)
    assert send_all(desk.db, config, desk.clock)[0].sent == 1


def test_a_test_writes_the_feeds_before_the_first_alert(desk: Newsdesk) -> None:
    config = feeds(desk)
    assert list(send_test(desk.db, config, config.channel[0], desk.now).values()) == [None]
    file = desk.directory / "feeds" / "all.xml"
    assert violations(file.read_bytes(), "https://feeds.example.org/acca/all.xml") == []


def test_a_feed_whose_reports_are_gone_is_emptied_and_files_of_others_stay(desk: Newsdesk) -> None:
    config = feeds(desk)
    desk.tell(title="One", categories=("torture",))
    send_all(desk.db, config, desk.clock)
    directory = desk.directory / "feeds"
    for old in ("categories/abduction.xml", "countries/af.xml"):
        (directory / old).write_bytes((directory / "categories/torture.xml").read_bytes())
    (directory / "categories/own.xml").write_text("<opml/>")
    desk.wait(hours=1)
    desk.tell(title="Two", categories=("torture",))
    send_all(desk.db, config, desk.clock)
    for old in ("categories/abduction.xml", "countries/af.xml"):
        feed = (directory / old).read_bytes()
        assert violations(feed, f"https://feeds.example.org/acca/{old}") == []
        assert feedparser.parse(feed).entries == []
    assert len(feedparser.parse((directory / "categories/torture.xml").read_bytes()).entries) == 2
    assert (directory / "categories/own.xml").read_text() == "<opml/>"


def test_a_feed_that_another_process_is_writing_is_tried_again(desk: Newsdesk) -> None:
    config = feeds(desk)
    desk.tell(title="One")
    file = desk.directory / "feeds" / "all.xml"
    file.parent.mkdir()
    with whole_file(file) as stream:
        (done,) = send_all(desk.db, config, desk.clock)
        stream.write(b"<feed/>")
    assert (done.sent, done.failed, done.error) == (0, 1, f"{file}: another process is writing this file")
    desk.wait(hours=1)
    assert [one.sent for one in send_all(desk.db, config, desk.clock)] == [1]
    assert len(feedparser.parse(file.read_bytes()).entries) == 1
