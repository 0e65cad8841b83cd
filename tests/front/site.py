"""A very small web site on 127.0.0.1: pages made from the real shell, and answers that a test decides."""

import contextlib
import json
import mimetypes
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.template import engines

BUILD = settings.BASE_DIR / "static" / "build"
OFFICER = {"pk": 7, "is_authenticated": True}
NOBODY = {"is_authenticated": False}

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

Answer = tuple[int, str, str]


def shell(content: str, *, base: str = "base.html", **context: Any) -> str:
    """A page as our templates draw it."""
    source = f"{{% extends '{base}' %}}{{% block content %}}<h1>Test</h1>{content}{{% endblock %}}"
    return engines["django"].from_string(source).render({"user": OFFICER, "csrf_token": "token", **context})


class Site:
    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.answers: dict[str, Callable[[dict[str, str]], Answer]] = {}
        self.posts: list[SimpleNamespace] = []
        self.signed_in = True
        self.url = ""

    def page(self, path: str, content: str, **context: Any) -> None:
        self.pages[path] = shell(content, **context)

    def answer(self, path: str, make: Callable[[dict[str, str]], Any]) -> None:
        """What is posted there is answered by `make(fields)`: HTML as text, or anything else as JSON."""

        def answered(fields: dict[str, str]) -> Answer:
            made = make(fields)
            if isinstance(made, int):
                return made, "text/plain", ""
            if isinstance(made, str):
                return 200, "text/html", made
            return 200, "application/json", json.dumps(made)

        self.answers[path] = answered

    def sent_to(self, path: str) -> list[dict[str, str]]:
        return [post.fields for post in self.posts if post.path == path]


class Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, *_args: object) -> None:
        """Quiet."""

    def reply(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        headers |= {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def sent_away(self) -> bool:
        if self.site.signed_in or self.path.startswith(("/login", "/static/")):
            return False
        self.reply(302, "text/plain", b"", Location=f"/login?next={self.path}")
        return True

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.sent_away():
            return
        file = BUILD / path.removeprefix("/static/")
        if path in self.site.pages:
            self.reply(200, "text/html; charset=utf-8", self.site.pages[path].encode())
        elif path.startswith("/static/") and file.is_file():
            self.reply(200, mimetypes.guess_type(file.name)[0] or "text/plain", file.read_bytes())
        else:
            self.reply(404, "text/plain", b"")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        fields = read(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.site.posts.append(SimpleNamespace(path=path, fields=fields, headers=dict(self.headers)))
        if self.sent_away():
            return
        if path in self.site.answers:
            status, kind, text = self.site.answers[path](fields)
            self.reply(status, kind, text.encode())
        else:
            self.reply(303, "text/plain", b"", Location="/after")


def read(body: bytes) -> dict[str, str]:
    """Both ways in which browsers send forms; enough for fields without files."""
    text = body.decode()
    if not text.startswith("--"):
        return dict(parse_qsl(text, keep_blank_values=True))
    parts = text.split(text.splitlines()[0])
    pairs = (part.strip("\r\n").split("\r\n\r\n", 1) for part in parts if "name=" in part)
    return {head.split('name="')[1].split('"')[0]: (rest[0] if rest else "") for head, *rest in pairs}


@contextlib.contextmanager
def running() -> Iterator[Site]:
    site = Site()
    handler = type("BoundHandler", (Handler,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
