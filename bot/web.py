"""What is answered over HTTP: Slack's signed requests, and what a platform asks about health."""

import hmac
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from bot.health import Health

log = structlog.get_logger()

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


def application(app: App, pages: Pages, *, secret: str) -> Wsgi:
    """WSGI: Slack at /slack/events, the pages about health anywhere else.

    Nothing of a request is read before it was seen that it is signed with `secret`; without one, nobody is listened to.
    """
    slack = SlackRequestHandler(app, path=EVENTS_PATH)
    verifier = SignatureVerifier(secret) if secret else None

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return (listen if environ.get("PATH_INFO", "") == EVENTS_PATH else pages)(environ, start_response)

    def listen(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        body = _body(environ)
        if body is None:
            return _say(start_response, "413 Payload Too Large", {"ok": False})
        if verifier is None or not _is_signed(verifier, environ, body):
            return _say(start_response, "401 Unauthorized", {"ok": False})
        try:
            return slack({**environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}, start_response)
        except Exception as problem:  # noqa: BLE001 - Bolt takes the body apart before it calls anything that could answer
            log.error("a request could not be read", error=type(problem).__name__)
            return _say(start_response, "400 Bad Request", {"ok": False})

    return serve


def _body(environ: dict[str, Any]) -> bytes | None:
    """What was sent, whatever it says of its length; None when it is too much."""
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
        return None
    # A body in chunks has no length; not every server tells where it ends.
    most = LARGEST_BODY + 1 if environ.get("wsgi.input_terminated") else int(length)
    body: bytes = environ["wsgi.input"].read(most)
    return body if len(body) <= LARGEST_BODY else None


def _is_signed(verifier: SignatureVerifier, environ: dict[str, Any], body: bytes) -> bool:
    """docs.slack.dev, Verifying requests from Slack: signed with our secret, and not more than five minutes ago."""
    stamp, signature = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP"), environ.get("HTTP_X_SLACK_SIGNATURE")
    try:
        return verifier.is_valid(body, stamp, signature)
    except (ValueError, TypeError):
        # A time that is no number, a body or a signature that is no text.
        return False


def _say(start_response: StartResponse, status: str, body: dict[str, Any]) -> list[bytes]:
    return _answer(start_response, status, "application/json", json.dumps(body).encode())


def _answer(start_response: StartResponse, status: str, kind: str, written: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(written)))])
    return [written]
