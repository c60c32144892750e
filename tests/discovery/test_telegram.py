"""Walks through a channel: paging, blocks that survive an interruption, the end, and answers that are not a channel."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from acca_crawler.discovery import Batch, Fetched, StopPolicy
from acca_crawler.discovery.telegram import TelegramChannel, channel_of
from acca_crawler.exceptions import DiscoveryError, NoChannel
from acca_crawler.items import CaptureKind
from tests.support.channel import page, post

HOME = "https://t.me/s/sem_dorog"


@dataclass
class Channel(StopPolicy):
    """A channel with these numbers, `size` a page; remembers what was asked and what an earlier walk passed."""

    numbers: list[int]
    size: int = 20
    asked: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    empty: int = 0

    def passed(self, url: str) -> bool:
        return url in self.known

    async def fetch(self, url: str, kind: CaptureKind) -> Fetched:
        assert kind == "posts"
        self.asked.append(url)
        before = int(parse_qs(urlsplit(url).query).get("before", ["1000000"])[0])
        shown = [number for number in self.numbers if number < before][-self.size :]
        if self.empty and before < 1_000_000:
            self.empty -= 1
            shown = []
        older = shown[0] if shown and shown[0] > self.numbers[0] else None
        return Fetched(url, 200, {}, page((post(number, f"Пост {number}") for number in shown), older), "utf-8")

    def walk(self, since: str | None = None) -> list[Batch]:
        async def batches() -> list[Batch]:
            return [batch async for batch in TelegramChannel().walk(self.fetch, HOME, since, self)]

        return asyncio.run(batches())


def numbers(batches: list[Batch]) -> list[int]:
    return [int(one.url.rpartition("/")[2]) for batch in batches for one in batch.listed]


@pytest.mark.parametrize("size", [4, 7, 20])
def test_a_walk_lists_every_post_once_and_asks_in_blocks(size: int) -> None:
    channel = Channel([*range(1, 60), *range(75, 131, 3)], size)
    found = channel.walk()
    assert sorted(numbers(found)) == channel.numbers
    assert len(channel.asked) <= len(channel.numbers) / size * 1.5 + 3
    sources = [batch.source for batch in found[1:]]
    assert all(int(source.rpartition("=")[2]) % 20 == 0 for source in sources)


@pytest.mark.parametrize("size", [5, 20])
def test_an_interrupted_walk_reads_the_rest_and_what_is_new(size: int) -> None:
    channel = Channel(list(range(1, 201)), size)
    first = channel.walk()[:4]
    channel.known = {source for batch in first for source in (batch.source, *batch.covers)}
    channel.known.discard(HOME)
    channel.numbers += range(201, 251)
    channel.asked.clear()
    again = channel.walk()
    assert set(numbers(first)) | set(numbers(again)) == set(range(1, 251))
    assert not channel.known & set(channel.asked)


def test_a_walk_ends_at_a_date() -> None:
    channel = Channel(list(range(1, 101)))
    channel.walk(since="2026-11-21T00:00:00Z")
    assert len(channel.asked) == 1


def test_an_empty_page_is_asked_for_again_before_it_is_the_end() -> None:
    channel = Channel(list(range(1, 61)), empty=1)
    assert sorted(numbers(channel.walk())) == channel.numbers
    channel = Channel(list(range(1, 61)), empty=9)
    assert channel.walk()[-1].passed_over == ("post:doubtful_end",)


async def _answer(body: str | bytes) -> list[Batch]:
    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        return Fetched(url, 200, {}, body if isinstance(body, bytes) else body.encode(), "utf-8")

    return [batch async for batch in TelegramChannel().walk(fetch, HOME, None)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html><body><div>Welcome</div></body></html>", "has the markup changed"),
        (page([post(1, "x", channel="other_name")]), "is called other_name today"),
        (page([]), "has no posts, or Telegram is overloaded"),
        ('<div class="tgme_page"><div class="tgme_page_extra">7 members</div></div>', "it is a group"),
    ],
)
def test_an_answer_without_posts_is_told_from_a_quiet_day(body: str | bytes, said: str) -> None:
    with pytest.raises(NoChannel, match=said):
        asyncio.run(_answer(body))


def test_a_server_that_does_not_go_back_ends_the_walk() -> None:
    with pytest.raises(DiscoveryError, match="does not go back"):
        asyncio.run(_answer(page([post(number, "x") for number in range(90, 95)], older=90)))


def test_a_message_with_an_unreadable_number_is_skipped() -> None:
    batch = asyncio.run(_answer(page([post(5, "ok"), post(6, "x").replace("sem_dorog/6", "sem_dorog/six")])))[0]
    assert numbers([batch]) == [5] and "six" in batch.skipped[0]


def test_counts_and_the_time_of_the_request_are_no_edit() -> None:
    one = asyncio.run(_answer(page([post(5, "Текст")])))[0].listed[0]
    other = asyncio.run(_answer(page([post(5, "Текст").replace("1K", "9K").replace("x5", "y5")])))[0].listed[0]
    edited = asyncio.run(_answer(page([post(5, "Текст, и ещё")])))[0].listed[0]
    assert one.digest == other.digest != edited.digest


def test_the_channel_is_named_by_the_home() -> None:
    assert channel_of("https://t.me/s/Sem_Dorog/") == channel_of("https://t.me/Sem_Dorog") == "Sem_Dorog"
    with pytest.raises(NoChannel, match=r"https://t\.me/s/NAME"):
        channel_of("https://t.me/")
