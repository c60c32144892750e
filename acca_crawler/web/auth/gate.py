"""Middleware that every request passes before it reaches Datasette, and every response on the way back.

It checks host and origin, looks up the session, checks that the user's role may use the path and method, and adds
the headers that keep browsers from running foreign scripts, framing the pages or sending a referrer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote, urlsplit

from acca_crawler.exceptions import TooLarge
from acca_crawler.web.auth import access
from acca_crawler.web.site import Site
from storage.review import users
from storage.review.users import User

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Show = Callable[[Scope, int, str], Awaitable[str]]
"""Renders the HTML page of a refusal, given the request, the status and a translatable English text."""

MAX_BODY = 256 * 1024
RESUME = "/sign-in/resume"
"""Internal path that handles forms submitted after their session ended; not reachable from outside."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
HSTS = (b"strict-transport-security", b"max-age=31536000")


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


def cookie_name(https: bool) -> str:
    """Return the session cookie's name; over HTTPS its prefix makes browsers require Secure, this host and path `/`."""
    return "__Host-acca" if https else "acca_session"


def is_https(scope: Scope) -> bool:
    """Return whether the browser uses HTTPS to reach us or a trusted proxy."""
    return bool(scope.get("scheme") == "https")


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the request's headers by lower-case name; the last of duplicates wins."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def address_of(scope: Scope) -> str:
    """Return the path that Datasette's router matches: as received, without the query."""
    raw: bytes | None = scope.get("raw_path")
    path: str = raw.decode("latin-1") if raw else scope["path"]
    return path.partition("?")[0]


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """Return the request's cookies; empty if the header can't be parsed."""
    try:
        parsed: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in parsed.items()}


def _page_of(address: str) -> str:
    """Return the page that has the form which is sent to this address: `/reports/5` for `/reports/5/decide`."""
    return f"/{quote(address.rpartition('/')[0].strip('/'), safe='/')}"


class AccessMiddleware:
    """ASGI middleware that guards Datasette."""

    def __init__(self, app: App, site: Site, show: Show) -> None:
        self._app = app
        self._site = site
        self._show = show

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; pass events other than HTTP (server startup and shutdown) through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _guarded(send, is_https(scope), kept=access.open_to_anyone(_kept(scope), "GET"))
        headers = headers_of(scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await _answer(send, *refusal)
            return
        session = cookies_of(headers).get(cookie_name(is_https(scope)), "")
        user = await self._user(session)
        rules = access.rules_for(address_of(scope))
        if not access.allowed(rules, scope["method"], user):
            if user is None and access.keeps_a_draft(address_of(scope), scope["method"]):
                await self._pass_on(_resumed(scope), receive, send)
            else:
                await self._turn_away({**scope, "acca_user": user}, headers, send, rules)
            return
        actor = {"id": user.name, "role": user.role} if user else None
        scope = {**scope, "actor": actor, "acca_user": user, "acca_session": session}
        await self._pass_on(scope, receive, send)

    async def _user(self, session: str) -> User | None:
        if not session:
            return None
        site = self._site
        idle_since = site.stamp(minutes=-site.config.web.idle_minutes)
        return await site.store.run(users.session_user, session, site.stamp(), idle_since)

    async def _turn_away(
        self, scope: Scope, headers: dict[str, str], send: Send, rules: list[access.AccessRule]
    ) -> None:
        """Explain why a request is refused: a page with navigation for people, one line for programs."""
        signed_in = scope["acca_user"] is not None
        page = _wants_page(scope, headers)
        allow = ", ".join(sorted({method for rule in rules for method in rule.methods}))
        extra: list[tuple[bytes, bytes]] = []
        if not signed_in and page and scope["method"] in access.READ:
            query = scope.get("query_string", b"").decode("latin-1")
            target = quote(address_of(scope) + (f"?{query}" if query else ""), safe="/")
            await _answer(send, 303, "Sign in first.", [(b"location", f"/sign-in?next={target}".encode())])
            return
        if not signed_in:
            status, text = 401, _("Your session has ended. Sign in again.")
        elif not rules:
            status, text = 404, _("Check the address, or search for the article.")
        elif not any(scope["method"] in rule.methods for rule in rules):
            if page and scope["method"] in access.READ:
                # The page of a refused form has the form's address: it is reloaded, or read in the other language.
                await _answer(send, 303, "See the page.", [(b"location", _page_of(address_of(scope)).encode())])
                return
            status, text = 405, _("This address does not accept that method.")
            extra = [(b"allow", allow.encode())]
        else:
            status, text = 403, _("You don't have access to this page. Ask a lead to change your role.")
        if page:
            await _answer(send, status, await self._show(scope, status, text), extra, b"text/html")
        else:
            await _answer(send, status, text, extra)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_our_host(host):
            return 421, "This server does not answer for that host."
        if scope["method"] in access.READ:
            return None
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return 413, "The form is too large."
        return self._foreign(headers, host)

    def _is_our_host(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and ":" in host else host
        return name in LOOPBACK or (host != "" and host == urlsplit(self._site.config.web.url).netloc)

    @staticmethod
    def _foreign(headers: dict[str, str], host: str) -> tuple[int, str] | None:
        """Return why a write can't come from our own forms, or None. Datasette checks the form's token later."""
        foreign = 403, "This form was not sent from this site."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return foreign
        origin = headers.get("origin", "null")
        if origin != "null" and urlsplit(origin).netloc != host:
            return foreign
        # Datasette's token check lets requests through that have no cookies or an Authorization header.
        if "ds_csrftoken" not in cookies_of(headers) or "authorization" in headers:
            return 403, "This form is too old, or your browser keeps no cookies. Go back, reload and try again."
        return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0
        started = False

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise TooLarge
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, bounded, noting)
        except TooLarge:
            if not started:
                await _answer(send, 413, "The form is too large.")


def _kept(scope: Scope) -> list[access.AccessRule]:
    """Return the rules of a path whose responses may be cached, as their own headers say; empty for other paths."""
    address = address_of(scope)
    return access.rules_for(address) if address.startswith(("/static/", "/-/static/", "/favicon", "/feeds/")) else []


def _resumed(scope: Scope) -> Scope:
    """Redirect the request internally to the sign-in form that keeps the typed note."""
    return {
        **scope,
        "path": RESUME,
        "raw_path": RESUME.encode(),
        "query_string": b"",
        "acca_resumes": address_of(scope),
    }


def _wants_page(scope: Scope, headers: dict[str, str]) -> bool:
    machine = address_of(scope).endswith((".json", ".csv", ".db", ".xml"))
    return not machine and "text/html" in headers.get("accept", "*/*text/html")


async def _answer(
    send: Send, status: int, text: str, headers: Iterable[tuple[bytes, bytes]] = (), kind: bytes = b"text/plain"
) -> None:
    body = text.encode()
    start = [(b"content-type", kind + b"; charset=utf-8"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send, https: bool, kept: bool) -> Send:
    """Wrap `send`: add our headers to responses, and HttpOnly, SameSite and (over HTTPS) Secure to cookies."""
    ours = [*HEADERS, *([HSTS] if https else [])]
    names = {name for name, _ in ours}

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [
                (name, _tight(value, https) if name.lower() == b"set-cookie" else value)
                for name, value in message.get("headers", [])
                if name.lower() not in names and (kept or name.lower() != b"cache-control")
            ]
            cache = [] if kept else [(b"cache-control", b"private, no-store")]
            message = {**message, "headers": [*others, *ours, *cache]}
        await send(message)

    return guarded


def _tight(cookie: bytes, https: bool) -> bytes:
    attributes = {part.strip().partition(b"=")[0].lower() for part in cookie.split(b";")[1:]}
    wanted = [(b"httponly", b"HttpOnly"), (b"samesite", b"SameSite=Lax"), *([(b"secure", b"Secure")] if https else [])]
    return b"; ".join([cookie, *(text for name, text in wanted if name not in attributes)])
