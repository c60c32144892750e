"""Who gets what."""

from __future__ import annotations

import os
from typing import Any

import pytest

from acca_crawler.alerts.sending import send_all
from acca_crawler.exceptions import ConfigError
from tests.support.newsdesk import Newsdesk
from tests.support.servers import Hook


@pytest.mark.parametrize(
    ("rule", "report", "wanted"),
    [
        ("", {}, True),
        ("", {"level": "digest"}, False),
        ('levels = ["digest"]', {"level": "digest"}, True),
        ('levels = ["digest"]', {}, False),
        ('countries = ["KG", "UZ"]', {}, True),
        ('countries = ["TJ"]', {}, False),
        ('countries = ["TJ"]', {"country": None}, True),
        ('categories = ["torture"]', {"categories": ("detention", "torture")}, True),
        ('categories = ["torture"]', {"categories": ("detention",)}, False),
        ('categories = ["torture"]', {"categories": ()}, True),
        ('languages = ["ru"]', {}, False),
        ('languages = ["ru"]', {"language": "ru"}, True),
        ('languages = ["ru"]', {"language": None}, True),
        ('languages = ["uz"]', {"language": "uz-Cyrl"}, True),
        ('languages = ["uz-Latn"]', {"language": "uz-Cyrl"}, False),
        ('languages = ["uz-Latn"]', {"language": "uz"}, True),
        ('outlets = ["other"]', {}, False),
        ('outlets = ["other"]', {"outlet": "other"}, True),
        ('kinds = ["removed"]', {}, False),
        ('countries = ["KG"]\ncategories = ["torture"]\nlanguages = ["kk"]', {}, False),
    ],
)
def test_a_rule_wants_what_it_says_and_never_misses_the_unknown(
    desk: Newsdesk, receiver: Hook, rule: str, report: dict[str, Any], wanted: bool
) -> None:
    os.environ["ACCA_TEST_SECRET"] = "a-secret"
    config = desk.configure(
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        f'[[rule]]\nname = "r"\nchannels = ["hook"]\n{rule}'
    )
    desk.tell(**report)
    send_all(desk.db, config, desk.clock)
    assert bool(receiver.posted) is wanted


CHANNEL = '[[channel]]\nname = "mail"\nkind = "email"\nhost = "h"\nsender = "a@example.org"\nto = ["b@example.org"]\n'


@pytest.mark.parametrize(
    ("tables", "named"),
    [
        ('[alerts]\nmax_age = 3', "alerts.max_age: unknown key"),
        ('[alerts]\nhold = ["everything"]', "alerts.hold.0: "),
        ('[[channel]]\nname = "x"\nkind = "pigeon"', "channel.x: "),
        (CHANNEL + 'password = "never-in-acca-toml"', "channel.mail.email.password: unknown key"),
        (CHANNEL + 'timezone = "Asia/Nowhere"', "channel.mail.email.timezone: "),
        (CHANNEL + 'quiet = "22-7"', "channel.mail.email.quiet: "),
        (CHANNEL + 'user = "u"', "channel.mail.password_env: missing for the user"),
        (CHANNEL + 'user = "u"\npassword_env = "A"\nsecurity = "none"', "channel.mail.security: "),
        (CHANNEL + 'password_env = "A"\npassword_file = "b"', "channel.mail.password_env: give either"),
        (CHANNEL.replace("b@example.org", "b@example.org\\nBcc: c@example.org"), "channel.mail.email.to.0: "),
        (CHANNEL + CHANNEL, "channel.#2.name: there is another mail"),
        ('[[channel]]\nname = "x"\nkind = "webhook"\nurl = "https://example.org/"', "channel.x.secret_env: missing"),
        ('[[channel]]\nname = "x"\nkind = "webhook"\nurl = "ftp://example.org/"', "channel.x.webhook.url: "),
        ('[[channel]]\nname = "x"\nkind = "apprise"', "channel.x.urls_env: missing"),
        ('[[rule]]\nname = "r"\nchannels = ["nobody"]', "rule.r.channels: there is no channel named nobody"),
        (CHANNEL + '[[rule]]\nname = "r"\nchannels = ["mail"]\nwhen = "hourly"', "rule.r.when: "),
        (CHANNEL + '[[rule]]\nname = "r"\nchannels = ["mail"]\nat = "8:00"', "rule.r.at: "),
        (CHANNEL + '[[rule]]\nname = "r"\nchannels = ["mail"]\ncountries = ["Kyrgyzstan"]', "rule.r.countries.0: "),
        (
            '[[channel]]\nname = "f"\nkind = "atom"\ndirectory = "feeds"\nurl = "https://example.org/f"\n'
            '[[rule]]\nname = "r"\nchannels = ["f"]\nwhen = "daily"',
            "rule.r.when: a feed has no digests",
        ),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_file_and_key(desk: Newsdesk, tables: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        desk.configure(tables)
    assert f"{desk.directory / 'acca.toml'}: {named}" in str(caught.value)
    assert "never-in-acca-toml" not in str(caught.value)


@pytest.mark.parametrize("wish", ['withhold = "victims"', 'text = "link"'])
def test_hiding_something_needs_the_review_pages_address(desk: Newsdesk, wish: str) -> None:
    with pytest.raises(ConfigError, match=r"needs web\.url"):
        desk.configure(CHANNEL + wish, web="")


def test_the_example_is_valid_and_every_commented_line_of_it_too(desk: Newsdesk) -> None:
    from importlib.resources import files

    text = files("acca_crawler").joinpath("acca.example.toml").read_text(encoding="utf-8")
    begin = text.index("# [alerts]")
    lines = [line.removeprefix("# ") for line in text[begin:].splitlines()]
    tables = "\n".join(line for line in lines if line.startswith("[") or " = " in line)
    config = desk.configure(tables)
    assert {channel.kind for channel in config.channel} == {"email", "apprise", "webhook", "atom"}
    assert {rule.when for rule in config.rule} == {"now", "daily", "weekly"}
