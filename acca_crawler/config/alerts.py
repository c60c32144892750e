"""The alerting tables of acca.toml: [alerts], [[channel]] and [[rule]]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from acca_crawler.config.section import Section
from acca_crawler.config.values import Count, Seconds, Zone
from acca_crawler.items import AlertKind, Category, ShownText, Withhold

Hold = Literal["first_crawl", "backfill", "import", "reprocess"]
Timing = Literal["now", "daily", "weekly"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("expected a time of day such as 08:00")
    return text


def _quiet(text: str) -> str:
    start, dash, end = text.partition("-")
    if text and not (dash and _CLOCK.fullmatch(start) and _CLOCK.fullmatch(end) and start != end):
        raise ValueError("expected quiet hours such as 22:00-07:00")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"\x00-\x1f]+@[^\s@<>,;:\"\x00-\x1f]+", text):
        raise ValueError("expected a single address such as name@example.org")
    return text


Address = Annotated[str, AfterValidator(_address)]
HttpAddress = Annotated[str, Field(pattern=r"^https?://[^/?#\s@]+[^\s]*$")]


class AlertsSection(Section):
    """Which reports are sent, and how often a failed delivery is retried.

    A report published (or, without a date, first seen) more than `max_age_days` before it was found is not sent, nor
    is one found in a kind of run listed in `hold`: it waits in the review queue. After `tries` attempts, a delivery is
    parked.
    """

    max_age_days: Count = 14
    hold: tuple[Hold, ...] = ("first_crawl", "backfill", "import")
    tries: Annotated[int, Field(ge=1, le=100)] = 10


class _Channel(Section):
    """Settings common to all channels. `timezone` is the recipients'; `ceiling` is the hourly limit of messages.

    `withhold` redacts names: those of victims (and of anybody who may be one, including minors), or all. `text` is how
    much of a report is sent: title, deciding words and an excerpt; only the title; or only a link to the review page.
    `listed` is how many reports a message lists before "and 14 more". `language` is the recipients' language.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    language: Literal["en", "ru"] = "en"
    timezone: Zone = "UTC"
    quiet: Annotated[str, AfterValidator(_quiet)] = ""
    ceiling: Count = 20
    listed: Count = 30
    withhold: Withhold = "none"
    text: ShownText = "full"

    @property
    def zone(self) -> ZoneInfo:
        """Return the recipients' time zone."""
        return ZoneInfo(self.timezone)

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """Return the start and end of the quiet hours, in the recipients' time zone."""
        if not self.quiet:
            return None
        start, _, end = self.quiet.partition("-")
        return time.fromisoformat(start), time.fromisoformat(end)


class EmailChannel(_Channel):
    """Email over SMTP; each recipient gets a separate email."""

    kind: Literal["email"]
    host: str
    port: Annotated[int, Field(gt=0, lt=65536)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_env: str = ""
    password_file: Path | None = None
    sender: Address
    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    timeout: Annotated[Seconds, Field(gt=0)] = 30


class WebhookChannel(_Channel):
    """Our own signed JSON, posted to a URL."""

    kind: Literal["webhook"]
    url: HttpAddress
    secret_env: str = ""
    secret_file: Path | None = None
    timeout: Annotated[Seconds, Field(gt=0)] = 30


class AppriseChannel(_Channel):
    """Any service that Apprise supports; its URLs contain tokens, so they are secret as a whole."""

    kind: Literal["apprise"]
    urls_env: str = ""
    urls_file: Path | None = None


class AtomChannel(_Channel):
    """Atom feeds as files in `directory`, which the operator's web server serves at `url`."""

    kind: Literal["atom"]
    directory: Path
    url: HttpAddress
    author: str = "acca-crawler"
    entries: Annotated[int, Field(gt=0, le=1000)] = 200


Channel = Annotated[EmailChannel | WebhookChannel | AppriseChannel | AtomChannel, Field(discriminator="kind")]


class AlertRule(Section):
    """Which reports go to which channels, and when.

    An empty filter matches everything, and a value unknown for a report matches every filter. For each channel, the
    first matching rule applies. `at` and `day` are in the channel's time zone.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    levels: Annotated[tuple[Literal["alert", "digest"], ...], Field(min_length=1)] = ("alert",)
    kinds: tuple[AlertKind, ...] = ()
    categories: tuple[Category, ...] = ()
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-(Cyrl|Latn))?$")], ...] = ()
    outlets: tuple[str, ...] = ()
    when: Timing = "now"
    at: Annotated[str, AfterValidator(_clock)] = "08:00"
    day: Weekday = "monday"

    @property
    def time(self) -> time:
        """Return the time of day at which a digest is composed."""
        return time.fromisoformat(self.at)


def alert_mistakes(channels: Sequence[Channel], rules: Sequence[AlertRule], web_url: str) -> Iterator[str]:
    """Yield inconsistencies between these tables, each as `key: problem`."""
    yield from _twice("channel", [channel.name for channel in channels])
    yield from _twice("rule", [rule.name for rule in rules])
    by_name = {channel.name: channel for channel in channels}
    for channel in channels:
        yield from _channel_mistakes(f"channel.{channel.name}", channel, web_url)
    for rule in rules:
        for name in rule.channels:
            if name not in by_name:
                yield f"rule.{rule.name}.channels: there is no channel named {name}"
            elif rule.when != "now" and by_name[name].kind == "atom":
                yield f"rule.{rule.name}.when: a feed has no digests, {name} is one"


def _channel_mistakes(key: str, channel: Channel, web_url: str) -> Iterator[str]:
    if channel.withhold != "none" and not web_url:
        yield f"{key}.withhold: needs web.url: a report's own address often contains the name"
    if channel.text == "link" and not web_url:
        yield f"{key}.text: a link to the review page needs web.url"
    for name in ("password", "secret", "urls"):
        given = [end for end in ("env", "file") if getattr(channel, f"{name}_{end}", None)]
        if len(given) > 1:
            yield f"{key}.{name}_env: give either this or {name}_file"
        if f"{name}_env" in type(channel).model_fields and not given:
            if name != "password":
                yield f"{key}.{name}_env: missing (or give {name}_file)"
            elif isinstance(channel, EmailChannel) and channel.user:
                yield f"{key}.password_env: missing for the user (or give password_file)"
    if isinstance(channel, EmailChannel) and channel.user and channel.security == "none" and not _local(channel.host):
        yield f"{key}.security: a password is not sent in the clear: starttls or tls"


def _local(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _twice(table: str, names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield f"{table}.#{number + 1}.name: there is another {name}"
