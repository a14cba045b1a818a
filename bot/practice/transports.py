"""Reaches the network connection under a request, to break it without an answer."""

import asyncio
import socket
import struct
from typing import Any

from starlette.requests import HTTPConnection, Request
from uvicorn.protocols.http.h11_impl import H11Protocol

_Address = tuple[str, int]
_RESET = struct.pack("ii", 1, 0)  # linger on, for 0 seconds: close with a reset


class Transports:
    """The open connections by the client's address."""

    def __init__(self) -> None:
        self._open: dict[_Address, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """uvicorn's HTTP protocol, which tells of its connections here."""
        known = self._open

        class Watched(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
                known[tuple(transport.get_extra_info("peername")[:2])] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    known.pop(self.client, None)
                super().connection_lost(exc)

        return Watched

    def cut(self, connection: HTTPConnection) -> None:
        """Break the connection now: no answer, no farewell, only a reset, which the other side notices at once."""
        client: Any = connection.client
        transport = self._open.pop((client.host, client.port), None)
        if transport is None:
            return
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()


async def gone(request: Request, stopping: asyncio.Event, most: float) -> None:
    """Wait until the client gives up, the server stops, or `most` seconds have passed."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    waits = [asyncio.create_task(left()), asyncio.create_task(stopping.wait())]
    try:
        await asyncio.wait(waits, timeout=most, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
