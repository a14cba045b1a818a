"""The app behind an HTTP server: Slack's signed requests, and what a platform asks about health."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

EVENTS_PATH = "/slack/events"
# Slack's largest payload is a 250 KB view; more than this is not Slack.
LARGEST_BODY = 2_000_000

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def application(app: App, *, problems: Callable[[], list[str]]) -> Wsgi:
    """WSGI: Slack at /slack/events, `/healthz` (alive) and `/readyz` (503 with what `problems` lists, if anything)."""
    slack = SlackRequestHandler(app, path=EVENTS_PATH)

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == EVENTS_PATH:
            if _length(environ) > LARGEST_BODY:
                return _say(start_response, "413 Payload Too Large", {"ok": False})
            return slack(environ, start_response)
        if path == "/healthz":
            return _say(start_response, "200 OK", {"ok": True})
        if path == "/readyz":
            found = problems()
            return _say(
                start_response, "503 Service Unavailable" if found else "200 OK", {"ok": not found, "problems": found}
            )
        return _say(start_response, "404 Not Found", {"ok": False})

    return serve


def _length(environ: dict[str, Any]) -> int:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdigit() else LARGEST_BODY + 1


def _say(start_response: StartResponse, status: str, body: dict[str, Any]) -> list[bytes]:
    written = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(written)))])
    return [written]
