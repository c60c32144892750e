"""The Telegram family: a channel's public web preview, without an account or an API key."""

import re
from dataclasses import replace
from typing import ClassVar

from scrapy.http import Response

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import TelegramChannel, Way
from acca_crawler.discovery.telegram import channel_of
from acca_crawler.outlets import BoilerplateRule, Expected, Outlet, Poll
from acca_crawler.text.word_lists import any_of, read_word_lists

_LANGUAGES = read_word_lists(__file__, "_telegram.toml")
_NETWORKS, _INVITATIONS = (any_of(_LANGUAGES, group) for group in ("networks", "invitations"))

RULES = (
    BoilerplateRule(
        "telegram-signature",
        "the channel's own name or address under every post",
        pattern=r"(?i)(?:[^\w@]|_)*+(?:канал[^\s@:]{0,4}:?\s|telegram:\s|сайт:\s)?+"
        r"(?:(?:@\w{4,32}|(?:https?://)?t\.me/[\w/+]++)(?:[^\w@]|_)*+)++",
    ),
    BoilerplateRule(
        "telegram-invitation",
        "an invitation to subscribe, to follow, or to send news",
        pattern=rf"(?i)[\W_]*+(?:{_INVITATIONS})[^\n]{{0,160}}",
    ),
    BoilerplateRule(
        "telegram-networks",
        "a row of the outlet's other pages",
        pattern=rf"(?i)[\W_]*+(?:{_NETWORKS})\b(?:[\W_]++(?:{_NETWORKS})\b)*+[\W_]*+",
    ),
    BoilerplateRule(
        "telegram-hashtags",
        "a row of hashtags, which are kept as the post's tags",
        pattern=r"(?:[^\w#]|_)*+(?:#\w++(?:[^\w#]|_)*+)++",
    ),
    BoilerplateRule(
        "telegram-link",
        "an address on a line of its own, which is kept as the post's link",
        pattern=r"[\W_]*+(?:https?://\S++[\W_]*+)++",
    ),
    BoilerplateRule("telegram-emoji", "a row of emoji or dashes", pattern=r"[\W_]++"),
)  # fmt: skip


class TelegramSpider(OutletSpider):
    """Base of every channel. The identity is the channel and the message's number.

    Posts are read from the channel's list. A later visit asks for the post alone, which also tells when it is gone.
    """

    family: ClassVar[str] = "telegram"
    ways: tuple[Way, ...] = (TelegramChannel(),)
    reads_listed = True
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=r"^/(?:s/)?(?P<channel>[A-Za-z]\w{3,31})/(?P<id>\d{1,12})(?:\?.*)?$",
        identity=("{channel}/{id}",),
        reader="telegram",
        verified="family",
        expected=Expected(min_words=4, max_silence_days=14),
        poll=Poll(min_minutes=20, max_minutes=12 * 60),
        boilerplate=RULES,
    )

    @classmethod
    def adapted(cls, outlet: Outlet) -> Outlet:
        """Return the declaration for the channel that its home names, whose posts alone are its articles."""
        channel = channel_of(outlet.home)
        path = rf"^/(?:s/)?(?i:{re.escape(channel)})/(?P<id>\d{{1,12}})(?:\?.*)?$"
        return replace(outlet, article_path=path, identity=(f"{channel.lower()}/{{id}}",))

    def page_address(self, url: str) -> str:
        """Return the address of a post alone: the channel's list has no page of one post."""
        return f"{url}?embed=1&mode=tme"

    def article_address(self, url: str) -> str:
        """Return the post's address without what asks for it alone."""
        return url.partition("?")[0]

    def _led_home(self, response: Response, pending: object) -> bool:
        """Tell nothing by a redirect to the channel's card: the whole channel lost its preview, not this post."""
        return False

    def check(self, response: Response) -> None:
        """Check nothing with `scrapy check`: channels share the family's markup, which its own tests read."""
