"""Hostile titles, names to withhold, and secrets that nobody sees."""

from __future__ import annotations

import logging
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from acca_crawler.alerts.message import one_line, safe_link
from acca_crawler.alerts.redaction import WITHHELD, NameRedactor, is_protected
from acca_crawler.alerts.secrets import SecretScrubber
from acca_crawler.alerts.sending import send_all, send_test
from acca_crawler.config.loading import Config
from storage.alerts.entries import Person
from storage.alerts.status import channel_statuses
from tests.support.newsdesk import Newsdesk, Sample
from tests.support.servers import Hook, Post, post_office

PASSWORD = "correct/horse?battery"


def mailing(desk: Newsdesk, post: Post, more: str = "", rule: str = "") -> Config:
    os.environ["ACCA_TEST_PASSWORD"] = PASSWORD
    return desk.configure(
        f'[[channel]]\nname = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
        f'sender = "acca@example.org"\nto = ["asel@example.net", "timur@example.net"]\n{more}\n'
        f'[[rule]]\nname = "all"\nchannels = ["mail"]\n{rule}\n'
    )


class Tags(HTMLParser):
    """Collects tags and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def parts(post: Post, number: int = -1) -> tuple[str, str]:
    """Text and HTML of a mail."""
    mail = post.mails[number]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return str(plain.get_content()), str(html.get_content())


def test_a_subject_keeps_its_spaces(desk: Newsdesk, post: Post) -> None:
    """However long, and wherever a line of the header ends."""
    rest = " смерть в заключении, 1 исчезновение, 3 случая пыток, 3 задержания (KG 3, TJ 2)"
    titles = ["а" * length + rest for length in range(1, 12)]
    config = mailing(desk, post)
    for number, title in enumerate(titles):
        desk.tell(title=title, text=f"Beaten {number}.", language="ru")
    send_all(desk.db, config, desk.clock)
    assert {mail["Subject"] for mail in post.mails} == {f"KG torture: {title}" for title in titles}


def test_a_mail_goes_to_each_receiver_alone_in_text_and_html(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post)
    desk.tell(title="Задержанного избили", language="ru")
    send_all(desk.db, config, desk.clock)
    assert [mail["To"] for mail in post.mails] == ["asel@example.net", "timur@example.net"]
    assert [address for address, _ in post.arrived] == ["asel@example.net", "timur@example.net"]
    mail = post.mails[0]
    key = desk.db.execute("SELECT key FROM messages").fetchone()[0]
    assert mail["Message-ID"] == f"<{key}@example.org>"
    assert mail["Subject"] == "KG torture: Задержанного избили"
    plain, html = parts(post)
    for part in (plain, html):
        assert "Задержанного избили" in part
        assert "https://review.example.org/reports/1" in part
    tags = Tags()
    tags.feed(html)
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in tags.tags
    assert any(attributes.get("lang") == "ru" for _, attributes in tags.tags)


def test_a_refused_receiver_is_tried_again_alone_under_the_same_message_id(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post)
    post.refused = {"timur@example.net"}
    desk.tell()
    send_all(desk.db, config, desk.clock)
    post.refused = set()
    desk.wait(hours=1)
    send_all(desk.db, config, desk.clock)
    assert [address for address, _ in post.arrived] == ["asel@example.net", "timur@example.net"]
    assert len({mail["Message-ID"] for mail in post.mails}) == 1


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\r\nBcc: everyone@example.net\r\n\r\nbody "
    "\u202egnorw\u202c \x00\x1b[31m \u2028 &amp; \"quoted\" 'too' ]]>"
)


def test_a_hostile_title_stays_text_and_adds_no_header(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post)
    desk.tell(title=HOSTILE, text=f"{HOSTILE} beaten {HOSTILE}", word="beaten")
    send_all(desk.db, config, desk.clock)
    mail = post.mails[0]
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    assert "<script>" in mail["Subject"]
    raw_headers = post.arrived[0][1].partition(b"\r\n\r\n")[0]
    assert not re.search(rb"^Bcc", raw_headers, re.M | re.I)
    plain, html = parts(post, 0)
    tags = Tags()
    tags.feed(html)
    assert {tag for tag, _ in tags.tags} <= {"html", "head", "meta", "title", "body", "p", "strong", "br", "span", "a"}
    assert not [name for _, attributes in tags.tags for name in attributes if name.startswith("on") or name == "src"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", plain + html)


def test_a_link_is_of_the_web_or_none() -> None:
    assert safe_link("https://acca.example/x?y=1") == "https://acca.example/x?y=1"
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "urn:sha256:00",
        "https://",
        "http://a b/",
        "http://[",
        'http://a/"\n',
    ):
        assert safe_link(url) is None


def test_one_line_keeps_letters_of_every_script() -> None:
    assert one_line("  Ҳуқуқ\n\tӯ‘zbek\u200d ") == "Ҳуқуқ ӯ‘zbek\u200d"


VICTIM = Sample(
    title="Азамата Турдалиева избили, говорит мать Турдалиева",
    text="Азамат Турдалиев рассказал, что его избили. Азамату угрожали.",
    victim="Азамат Турдалиев",
    word="избили",
    language="ru",
)


@pytest.mark.parametrize("withhold", ["victims", "all"])
def test_a_victims_name_goes_out_in_no_case_form_and_no_address(desk: Newsdesk, post: Post, withhold: str) -> None:
    config = mailing(desk, post, f'withhold = "{withhold}"')
    desk.tell(VICTIM)
    send_all(desk.db, config, desk.clock)
    plain, html = parts(post)
    for said in (plain, html, post.mails[0]["Subject"]):
        assert "Азамат" not in said
        assert "Турдалиев" not in said
        assert "azamat" not in said
    assert f"{WITHHELD} избили, говорит мать {WITHHELD}" in plain
    assert "https://review.example.org/reports/1" in plain


def test_a_name_that_one_outlet_gives_is_withheld_in_the_others_report_too(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post, 'withhold = "victims"\nceiling = 1')
    desk.tell(VICTIM)
    desk.tell(VICTIM, title="Турдалиев подал жалобу", victim="", outlet="other", same_as=1)
    send_all(desk.db, config, desk.clock)
    assert "Турдалиев" not in "".join(parts(post))
    assert f"{WITHHELD} подал жалобу" in parts(post)[0]


def test_without_a_rule_the_name_stays(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post)
    desk.tell(VICTIM)
    send_all(desk.db, config, desk.clock)
    assert "Азамата Турдалиева избили" in parts(post)[0]


def test_names_are_withheld_in_digests_and_in_what_changed_since(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post, 'withhold = "victims"', 'when = "daily"\nat = "00:00"')
    desk.tell(VICTIM)
    desk.wait(days=1)
    send_all(desk.db, config, desk.clock)
    desk.revise(1, "addition", title="Турдалиева отпустили", text="Новое.", same_as=9)
    desk.tell(title="Other")
    desk.wait(days=1)
    send_all(desk.db, config, desk.clock)
    assert len(post.arrived) == 4
    said = "".join(plain + html for plain, html in (parts(post, number) for number in range(4)))
    assert "Азамат" not in said
    assert "Турдалиев" not in said
    assert f"{WITHHELD} отпустили: extended" in said


@pytest.mark.parametrize(
    ("role", "sentence", "protected"),
    [
        ("victim", "", True),
        ("", "", True),
        ("suspect", "", True),
        ("relative", "", True),
        ("official", "The chief denied it.", False),
        ("lawyer", "", False),
        ("official", "The 15-year-old was beaten.", True),
        ("official", "Избили 16-летнего школьника.", True),
        ("lawyer", "The officer is 45 years old.", False),
        ("official", "17 жаштагы өспүрүм.", True),
    ],
)
def test_who_is_protected(role: str, sentence: str, protected: bool) -> None:
    assert is_protected(Person("Some One", role, sentence)) is protected


def test_an_officials_name_stays_and_small_words_do_too() -> None:
    persons = (Person("Али Примеров", "victim", ""), Person("Nurlan Sadykov", "official", ""))
    cleaned = NameRedactor.for_persons(persons, "victims").clean("Али Примерову отказали в алиментах: Nurlan Sadykov")
    assert cleaned == f"{WITHHELD} отказали в алиментах: Nurlan Sadykov"


@pytest.mark.parametrize(
    "title",
    [
        "Турдалиевды кыйнашты",  # another language's case
        "Turdaliyevning onasi shikoyat qildi",  # another script
        "Azamat Turdaliev beaten",
        "Tűrdaliev and his mother, AZAMAT",
        "«Турдалиев-младший» избит",
        "Полиция: Turdalieff избит",
    ],
)
def test_a_name_is_withheld_in_every_script_and_form(desk: Newsdesk, post: Post, title: str) -> None:
    config = mailing(desk, post, 'withhold = "victims"')
    desk.tell(VICTIM)
    desk.tell(VICTIM, title=title, victim="", outlet="other", same_as=1)
    send_all(desk.db, config, desk.clock)
    for number in range(len(post.mails)):
        for said in (*parts(post, number), post.mails[number]["Subject"]):
            assert not re.search("t[uű]rdal|турдал|azamat|азамат", said, re.IGNORECASE)


@pytest.mark.parametrize(
    ("title", "text", "report"),
    [
        ("Задержан Марат Примеров", "Его задержали у дома.", f"Задержан {WITHHELD}"),
        ("Примерова избили в СИЗО", "Его избили в сизо.", f"{WITHHELD} избили в СИЗО"),
        ("Maral Misalova Detained In Zhana", "She was detained in a town.", f"{WITHHELD} Detained In {WITHHELD}"),
        ("16-летнего Тимура избили", "Школьника избили.", f"16-летнего {WITHHELD} избили"),
        ("Police deny it: Asel, 15, fell", "The police deny it.", f"Police deny it: {WITHHELD}, 15, fell"),
        ("ИЗБИТ ПОДРОСТОК ТИМУР", "Он избит, это подросток. Тимур в больнице.", f"ИЗБИТ ПОДРОСТОК {WITHHELD}"),
    ],
)
def test_a_name_that_nobody_recognised_is_withheld_too(
    desk: Newsdesk, post: Post, title: str, text: str, report: str
) -> None:
    """When it is not sure that a word is not a name, it goes."""
    config = mailing(desk, post, 'withhold = "victims"')
    desk.tell(title=title, text=text, word="a")
    send_all(desk.db, config, desk.clock)
    assert post.mails[0]["Subject"] == f"KG torture: {report}"
    assert parts(post)[0].startswith(report)


def test_what_is_known_to_be_no_person_stays(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post, 'withhold = "victims"')
    desk.tell(title="Officers from Bishkek beat Asel", text="They beat her.", word="They", place="Bishkek")
    send_all(desk.db, config, desk.clock)
    assert post.mails[0]["Subject"] == f"KG torture: {WITHHELD} from Bishkek beat {WITHHELD}"


def test_a_channel_that_may_only_link_tells_nothing_else(desk: Newsdesk, post: Post) -> None:
    config = mailing(desk, post, 'text = "link"')
    desk.tell(VICTIM)
    send_all(desk.db, config, desk.clock)
    plain, html = parts(post)
    for said in (plain, html, post.mails[0]["Subject"]):
        assert not re.search("избили|Азамат|Турдалиев|acca.example", said)
    assert "https://review.example.org/reports/1" in plain
    assert "KG torture" in post.mails[0]["Subject"]


def test_a_webhook_gets_no_more_than_its_channel_may_tell(desk: Newsdesk, receiver: Hook) -> None:
    os.environ["ACCA_TEST_SECRET"] = "a-secret"
    config = desk.configure(
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\nsecret_env = "ACCA_TEST_SECRET"\n'
        'withhold = "victims"\n[[rule]]\nname = "all"\nchannels = ["hook"]\n'
    )
    desk.tell(VICTIM)
    send_all(desk.db, config, desk.clock)
    assert not re.search("Азамат|Турдалиев|azamat", receiver.posted[0].body.decode())


def test_a_wrong_password_is_in_no_error_and_no_log(desk: Newsdesk, caplog: pytest.LogCaptureFixture) -> None:
    with post_office(password="another") as post:
        config = mailing(desk, post, 'user = "acca"\npassword_env = "ACCA_TEST_PASSWORD"')
        desk.tell()
        with caplog.at_level(logging.DEBUG):
            done = send_all(desk.db, config, desk.clock)
    assert done[0].failed == 2
    seen = f"{done} {caplog.text} {channel_statuses(desk.db)} {everything(desk)}"
    assert "535" in seen
    assert not leaks(seen, PASSWORD)


def test_the_right_password_from_a_file_lets_in(desk: Newsdesk) -> None:
    (desk.directory / "smtp.secret").write_text(f"{PASSWORD}\n")
    with post_office(password=PASSWORD) as post:
        config = mailing(desk, post, 'user = "acca"\npassword_file = "smtp.secret"')
        desk.tell()
        send_all(desk.db, config, desk.clock)
        assert len(post.arrived) == 2
    assert not leaks(everything(desk), PASSWORD)


def test_apprise_reaches_a_server_and_its_token_is_seen_nowhere(
    desk: Newsdesk, receiver: Hook, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    token = "bot123456:AAtokenAA"
    place = receiver.url.removeprefix("http://").removesuffix("/hook")
    (tmp_path / "apprise.secret").write_text(f"json://user:{token}@{place}/{token}/path\n")
    config = desk.configure(
        '[[channel]]\nname = "phones"\nkind = "apprise"\nurls_file = "apprise.secret"\n'
        '[[rule]]\nname = "all"\nchannels = ["phones"]\n'
    )
    receiver.answer = lambda number: (200 if number == 2 else 500, None)
    desk.tell(title="Beaten")
    with caplog.at_level(logging.DEBUG):
        done = send_all(desk.db, config, desk.clock)
        assert done[0].failed == 1
        desk.wait(minutes=1)
        assert send_all(desk.db, config, desk.clock)[0].sent == 1
        receiver.answer = lambda number: (404, None)
        errors = send_test(desk.db, config, config.channel[0], desk.now)
    assert all(errors.values())
    document = receiver.posted[1].document
    assert document["title"] == "KG torture: Beaten"
    key = desk.db.execute("SELECT key FROM messages").fetchone()[0]
    assert f"Reference {key}" in document["message"]
    seen = f"{done} {errors} {caplog.text} {everything(desk)}"
    assert not leaks(seen, token)
    assert not leaks(seen, token.partition(":")[2])


def test_a_long_digest_is_cut_for_phones_and_says_how_many_are_left_out(desk: Newsdesk, receiver: Hook) -> None:
    place = receiver.url.removeprefix("http://")
    os.environ["ACCA_TEST_URLS"] = f"json://{place}"
    config = desk.configure(
        '[[channel]]\nname = "phones"\nkind = "apprise"\nurls_env = "ACCA_TEST_URLS"\nceiling = 1\nlisted = 200\n'
        '[[rule]]\nname = "all"\nchannels = ["phones"]\n'
    )
    for number in range(60):
        desk.tell(title=f"Report {number:03} of a long day")
    send_all(desk.db, config, desk.clock)
    (posted,) = receiver.posted
    body = posted.document["message"]
    more = re.search(r"and (\d+) more: https://review\.example\.org/queue", body)
    assert more
    assert len(body) <= 3600
    assert body.count("of a long day") + int(more[1]) == 60


def everything(desk: Newsdesk) -> str:
    """All that the archive holds of sending."""
    tables = ("channels", "messages", "routes", "deliveries")
    return str([tuple(row) for table in tables for row in desk.db.execute(f"SELECT * FROM {table}").fetchall()])


def leaks(seen: str, secret: str) -> bool:
    """Whether the secret stands there in any form that the redactor knows."""
    return any(form in seen for form in SecretScrubber.of([secret]).forms)
