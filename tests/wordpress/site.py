"""A real WordPress that lives for one test run: its own MariaDB, PHP's built-in server, everything on loopback.

WordPress itself comes from the machine (Debian's package `wordpress`); only theme, plugin and configuration are
ours. Posts are written through WordPress's own functions, in a PHP process of their own, as an editor's click is.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.support import programs
from tests.support.desk import TIMEOUT

PHP = Path(__file__).parent / "php"

Feature = Literal["rest", "feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the site saw it; `target` is path and query."""

    method: str
    target: str
    status: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A post to publish; times are `YYYY-MM-DD HH:MM:SS` in UTC, categories that are missing are made.

    With `written_gmt` it was scheduled: WordPress publishes such a post at `date_gmt` without touching its time of
    modification.
    """

    title: str
    html: str
    date_gmt: str
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    written_gmt: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that exists, and the address WordPress gave it."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class WordPress:
    """A running site. Every method returns once WordPress has done it, and raises RuntimeError if it can't."""

    url: str
    environment: dict[str, str]
    access_log: Path

    def create_post(self, draft: Draft) -> Post:
        """Publish a post."""
        (made,) = self.create_posts([draft])
        return made

    def create_posts(self, drafts: Iterable[Draft]) -> list[Post]:
        """Publish posts, one after the other in one process: to load WordPress takes longer than to write a post."""
        made = self._do_all({"do": "create_post", **asdict(draft)} for draft in drafts)
        return [Post(one["id"], one["url"]) for one in made]

    def edit_post(self, post: Post, *, title: str | None = None, html: str | None = None) -> None:
        """Change a post; its time of modification becomes now."""
        self._do("edit_post", id=post.id, title=title, html=html)

    def trash_post(self, post: Post) -> None:
        """Move a post to the bin, from which an editor could take it back."""
        self._do("trash_post", id=post.id)

    def delete_post(self, post: Post) -> None:
        """Delete a post for good."""
        self._do("delete_post", id=post.id, missing_ok=False)

    def delete_all(self, posts: Iterable[Post]) -> None:
        """Delete posts for good that may have been deleted before."""
        self._do_all({"do": "delete_post", "id": post.id, "missing_ok": True} for post in posts)

    @contextmanager
    def without(self, *features: Feature) -> Iterator[None]:
        """Switch off ways in: REST answers 401, the feed is empty, the sitemap is missing."""
        with ExitStack() as stack:
            for feature in features:
                self._do("switch_feature", feature=feature, on=False)
                stack.callback(self._do, "switch_feature", feature=feature, on=True)
            yield

    def requests(self) -> list[Request]:
        """Everything asked of the site so far, in order."""
        fields = (line.split("\t") for line in self.access_log.read_text().splitlines())
        return [Request(method, target, int(status)) for method, target, status in fields]

    def _do(self, action: str, **arguments: Any) -> None:
        self._do_all([{"do": action, **arguments}])

    def _do_all(self, orders: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        orders = list(orders)
        command = [*_php(self.access_log.parent), "-d", "opcache.file_cache_only=1", "-d", "display_errors=stderr"]
        done = subprocess.run(
            [*command, str(PHP / "console.php")],
            input=json.dumps(orders),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{[order['do'] for order in orders]}: {done.stdout}{done.stderr}")
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results


@contextmanager
def running_wordpress() -> Iterator[WordPress]:
    """Start database and site, install WordPress, and remove every trace of it at the end."""
    with ExitStack() as stack:
        # Not pytest's directory: a socket's path may hold 107 bytes, and nobody wants to keep a database.
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="acca-wp-")))
        database_socket = stack.enter_context(_running_database(home))
        port = _free_port()
        site = WordPress(
            url=f"http://127.0.0.1:{port}/",
            environment={
                "PATH": os.environ["PATH"],
                "ACCA_WP_SOURCE": str(programs.WORDPRESS),
                "ACCA_WP_HOME": f"http://127.0.0.1:{port}",
                "ACCA_WP_SOCKET": str(database_socket),
                "ACCA_WP_ACCESS_LOG": str(home / "access.log"),
            },
            access_log=home / "access.log",
        )
        site.access_log.touch()
        site._do(
            "install",
            title="Steppe Courier",
            permalinks="/en/%post_id%/%postname%/",
            timezone="Asia/Bishkek",
            author="Aliya Testova",
            biography="The desk of an invented paper. Support us if you like what we do.",
            feed_size=10,
            page_size=10,
        )
        web_root = home / "web"
        web_root.mkdir()
        command = [*_php(home), "-S", f"127.0.0.1:{port}", "-t", str(web_root)]
        command += ["-d", "display_errors=0", "-d", "log_errors=1", str(PHP / "front.php")]
        log = home / "php.log"
        stack.enter_context(_running(command, log, lambda: _answers(site.url), site.environment))
        site.access_log.write_text("")
        yield site


@contextmanager
def _running_database(home: Path) -> Iterator[Path]:
    data, database_socket = home / "data", home / "db.sock"
    owner = [f"--user={_output('id', '-un').strip()}"]
    subprocess.run(
        [_program("mariadb-install-db"), "--no-defaults", *owner, f"--datadir={data}", "--skip-test-db"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=TIMEOUT,
        env=os.environ | {"TMPDIR": str(home)},  # a server that starts empties the directory of another's tables
    )
    command = [_program("mariadbd"), "--no-defaults", *owner, f"--datadir={data}"]
    command += [f"--socket={database_socket}", f"--pid-file={home / 'db.pid'}", f"--tmpdir={home}"]
    command += ["--skip-networking", "--skip-log-bin", "--performance-schema=OFF"]
    command += ["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0"]
    with _running(command, home / "db.log", lambda: _accepts(database_socket)):
        yield database_socket


@contextmanager
def _running(
    command: list[str], log: Path, is_ready: Callable[[], bool], environment: dict[str, str] | None = None
) -> Iterator[None]:
    # setpriv ends the server with us, even when a test run is killed and never reaches its clean-up.
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_program("setpriv"), "--pdeathsig=TERM", "--", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + TIMEOUT
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.connect(str(path))
        return True
    return False


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=TIMEOUT):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _php(home: Path) -> list[str]:
    """The command, which keeps compiled scripts for the next: to compile WordPress takes most of its time."""
    compiled = home / "compiled"
    compiled.mkdir(exist_ok=True)
    return [_program("php"), "-d", "opcache.enable_cli=1", "-d", f"opcache.file_cache={compiled}"]


def _program(name: str) -> str:
    found = programs.find(name)
    if found is None:
        raise RuntimeError(f"{name} is missing")
    return found


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT).stdout
