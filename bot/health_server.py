"""The pages about health for processes that serve nothing else: a small server in a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client.exposition import ThreadingWSGIServer

from bot.web import Wsgi


class _Quiet(WSGIRequestHandler):
    """A platform asks every few seconds; nobody reads a line of log for each."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@contextmanager
def served(pages: Wsgi, *, host: str, port: int | None) -> Iterator[int | None]:
    """Answers on this port (a free one for 0) until the block ends; gives the port. None: nothing is served.

    Raises OSError when the port is taken.
    """
    if port is None:
        yield None
        return
    server = make_server(host, port, pages, ThreadingWSGIServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
