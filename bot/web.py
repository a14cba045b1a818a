"""What is answered over HTTP: Slack's signed requests, and what a platform asks about health."""

import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.health import Health

EVENTS_PATH = "/slack/events"
# Slack's largest payload is a 250 KB view; more than this is not Slack.
LARGEST_BODY = 2_000_000

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Pages:
    """`/healthz` (alive), `/readyz` (503 with what keeps this process from its work) and `/metrics` (Prometheus).

    `token`: what has to be shown as a bearer token for the metrics, for a port that the world can reach; None for nothing.
    """

    health: Callable[[], Health]
    registry: CollectorRegistry
    token: str | None = None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        match environ.get("PATH_INFO", ""):
            case "/healthz":
                return _say(start_response, "200 OK", {"ok": True})
            case "/readyz":
                found = self.health()
                body = {"ok": not found.problems, "problems": found.problems, "warnings": found.warnings}
                return _say(start_response, "503 Service Unavailable" if found.problems else "200 OK", body)
            case "/metrics":
                if not self._permitted(str(environ.get("HTTP_AUTHORIZATION") or "")):
                    return _say(start_response, "401 Unauthorized", {"ok": False})
                return _answer(start_response, "200 OK", CONTENT_TYPE_LATEST, generate_latest(self.registry))
        return _say(start_response, "404 Not Found", {"ok": False})

    def _permitted(self, shown: str) -> bool:
        return self.token is None or hmac.compare_digest(shown.encode(), f"Bearer {self.token}".encode())


def application(app: App, pages: Pages) -> Wsgi:
    """WSGI: Slack at /slack/events, the pages about health anywhere else."""
    slack = SlackRequestHandler(app, path=EVENTS_PATH)

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "") != EVENTS_PATH:
            return pages(environ, start_response)
        if _length(environ) > LARGEST_BODY:
            return _say(start_response, "413 Payload Too Large", {"ok": False})
        return slack(environ, start_response)

    return serve


def _length(environ: dict[str, Any]) -> int:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdigit() else LARGEST_BODY + 1


def _say(start_response: StartResponse, status: str, body: dict[str, Any]) -> list[bytes]:
    return _answer(start_response, status, "application/json", json.dumps(body).encode())


def _answer(start_response: StartResponse, status: str, kind: str, written: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(written)))])
    return [written]
