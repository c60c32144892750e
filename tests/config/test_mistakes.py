"""Every mistake in acca.toml names the file, the key, what was found and what is expected, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.config.loading import load
from acca_crawler.exceptions import ConfigError

OWN = (
    '[[outlet]]\nname = "valley"\nbase = "generic"\nhome = "https://valley.example/"\n'
    'countries = ["KG"]\nlanguages = ["ru"]\n'
)


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("[crawl]\ndelay = inf", "crawl.delay", "inf"),
        ("[crawl]\ndelay = nan", "crawl.delay", "nan"),
        ("[crawl]\ndelay = -1", "crawl.delay", "-1"),
        ("[crawl]\ntimeout = 0", "crawl.timeout", "0"),
        ("[crawl]\ntimeout = inf", "crawl.timeout", "inf"),
        ("[crawl]\nretries = true", "crawl.retries", "True"),
        ("[crawl]\ndelay = true", "crawl.delay", "True"),
        ("[crawl]\nlargest_page = 100000000000000000000", "crawl.largest_page", "100000000000000000000"),
        ('[crawl]\nlog_level = "LOUD"', "crawl.log_level", "'LOUD'"),
        ('[crawl]\ncontact = "a@example.org\\r\\nX: y"', "crawl.contact", "'a@example.org\\r\\nX: y'"),
        ('[archive]\ndirectory = "a\\u0000b"', "archive.directory", "a\\x00b"),
        ('[web]\ntrusted_proxies = ["nope"]', "web.trusted_proxies.0", "'nope'"),
        ("[web]\nidle_minutes = inf", "web.idle_minutes", "inf"),
        ('[outlets.acca]\nhome = "http://[bad/"', "outlets.acca.home", "'http://[bad/'"),
        ('[outlets.acca]\nhome = "http://a.example:999999/"', "outlets.acca.home", "'http://a.example:999999/'"),
        ('[outlets.acca]\nhome = ""', "outlets.acca.home", "''"),
        ('[outlets.acca]\nhome = "ftp://a.example/"', "outlets.acca.home", "'ftp://a.example/'"),
        ('[outlets.acca]\nmirrors = ["https://m.example/"]', "outlets.acca.mirrors.0", "'https://m.example/'"),
        (OWN + 'timezone = "Asia/Nowhere"', "outlet.valley.timezone", "'Asia/Nowhere'"),
        (OWN + 'timezone = "../../etc/passwd"', "outlet.valley.timezone", "'../../etc/passwd'"),
        (OWN + 'article_path = "("', "outlet.valley.article_path", "'('"),
        (OWN + 'links = "a["', "outlet.valley.links", "'a['"),
        (OWN + 'article_path = "/(?P<number>\\\\d+)"\nidentity = ["{slug}"]', "outlet.valley.identity", "'{slug}'"),
        (OWN.replace('"ru"', '"russian"'), "outlet.valley.languages.0", "'russian'"),
        (OWN.replace('["ru"]', "[]"), "outlet.valley.languages", "[]"),
        (OWN + OWN.replace("valley", "hill") + 'concerns = "all"', "outlet.hill.concerns", "unknown key"),
        (OWN + '[[outlet]]\nbase = "generic"', "outlet.#2.name", "missing"),
        ('[[channel]]\nname = "team"\nkind = "email"\nport = 0', "channel.team.email.host", "missing"),
        (OWN.replace('"KG"', '"Kyrgyzstan", "<script>"'), "outlet.valley.countries.0", "'Kyrgyzstan'"),
    ],
)
def test_a_mistake_names_file_key_and_value(tmp_path: Path, text: str, key: str, found: str) -> None:
    file = tmp_path / "acca.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(file)
    message = str(raised.value).splitlines()[0]
    assert message.startswith(f"{file}: {key}: ")
    assert f"(found: {found}" in message or found in message


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[translation]\nurl = "http://mt.example"\nkey_env = "K"', "translation.url: a key is not sent in the clear"),
        ('[translation]\nurl = "https://mt.example"\nservice = "openai"', "translation.model: missing"),
        ('[opinion]\nurl = "http://127.0.0.1:1/v1"', "opinion.model: missing"),
        ('[opinion]\nkey_env = "K"\nkey_file = "k"', "opinion.key_env: give either this or key_file"),
    ],
)
def test_services_that_do_not_fit_together_are_named(tmp_path: Path, text: str, mistake: str) -> None:
    file = tmp_path / "acca.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(file)
    assert mistake in str(raised.value)


def test_nested_brackets_are_said_so(tmp_path: Path) -> None:
    (tmp_path / "acca.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(tmp_path / "acca.toml")


def test_a_byte_order_mark_and_our_own_example_are_read(tmp_path: Path) -> None:
    own = OWN + 'article_path = "/(?P<number>\\\\d+)"\nidentity = ["{number}"]'
    (tmp_path / "acca.toml").write_text("\ufeff" + own, encoding="utf-8")
    assert load(tmp_path / "acca.toml").outlet[0].identity == ("{number}",)
