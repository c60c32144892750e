"""Mail over STARTTLS and TLS, with a certificate of our own: trusted where named, and refused in every other case."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acca_crawler.alerts.sending import Pass, send_all
from tests.alerts.certificates import certified
from tests.support.newsdesk import Newsdesk
from tests.support.servers import Post, post_office

PASSWORD = "correct/horse?battery"
WAYS = ("starttls", "tls")


def deliver(desk: Newsdesk, post: Post, security: str) -> Pass:
    """One report sent to one receiver; how that went."""
    os.environ["ACCA_TEST_PASSWORD"] = PASSWORD
    config = desk.configure(
        f'[[channel]]\nname = "mail"\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\n'
        f'security = "{security}"\nsender = "acca@example.org"\nto = ["asel@example.net"]\nuser = "acca"\n'
        'password_env = "ACCA_TEST_PASSWORD"\ntimeout = 10\n[[rule]]\nname = "all"\nchannels = ["mail"]\n'
    )
    desk.tell()
    return send_all(desk.db, config, desk.clock)[0]


@pytest.mark.parametrize("security", WAYS)
def test_a_mail_goes_out_encrypted_to_whom_the_operator_trusts(
    desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(PASSWORD, **{security: context}) as post:
        done = deliver(desk, post, security)
        assert (done.sent, done.error) == (1, None)
        assert [address for address, _ in post.arrived] == ["asel@example.net"]


@pytest.mark.parametrize("security", WAYS)
@pytest.mark.parametrize("wrong", ["unknown authority", "another host", "expired"])
def test_nothing_is_said_to_a_server_that_can_not_prove_itself(
    desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, wrong: str
) -> None:
    address = "127.0.0.77" if wrong == "another host" else "127.0.0.1"
    context, certificate = certified(tmp_path, address, -1 if wrong == "expired" else 2)
    if wrong != "unknown authority":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(PASSWORD, **{security: context}) as post:
        done = deliver(desk, post, security)
        assert (done.sent, done.failed) == (0, 1)
        assert "CERTIFICATE_VERIFY_FAILED" in str(done.error)
        assert (post.arrived, post.passwords) == ([], [])


def test_a_server_without_starttls_gets_no_password(desk: Newsdesk) -> None:
    with post_office(PASSWORD) as post:
        done = deliver(desk, post, "starttls")
        assert done.failed == 1
        assert "STARTTLS" in str(done.error)
        assert (post.arrived, post.passwords) == ([], [])
