"""One signed POST to an app's request URL."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

_CHUNK = 65536


@dataclass(frozen=True)
class HttpAnswer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's request signature, version 0. Source: docs.slack.dev, Verifying requests from Slack."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


async def post(url: str, body: bytes, *, content_type: str, secret: str, headers: Mapping[str, str]) -> HttpAnswer:
    """Send `body`, signed with `secret`, on a connection of its own.

    Waits as long as it takes: the caller sets the limit. Raises OSError when nobody listens or the connection
    breaks, h11.RemoteProtocolError when the answer is no HTTP.
    """
    parts = urlsplit(url)
    timestamp = str(int(time.time()))
    sent = {
        "Host": parts.netloc,
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "*/*",
        "Connection": "close",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
        **headers,
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if secure else 80), ssl=True if secure else None
    )
    try:
        http = h11.Connection(h11.CLIENT)
        request = h11.Request(method="POST", target=target, headers=list(sent.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(http.send(event) or b"")
        await writer.drain()
        return await _read(http, reader)
    finally:
        writer.close()


async def _read(http: h11.Connection, reader: asyncio.StreamReader) -> HttpAnswer:
    status, headers, body = 0, dict[str, str](), b""
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode().lower(): value.decode("latin-1") for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return HttpAnswer(status, headers, body)
        elif isinstance(event, h11.ConnectionClosed):
            msg = "the app closed the connection without an answer"
            raise ConnectionResetError(msg)
