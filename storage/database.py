"""Engine and sessions, the same for SQLite and PostgreSQL. Reading and writing are asked for by name."""

import sqlite3
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from storage.errors import RegisterAway, RegisterFull, RegisterUnsure

# A line that went dead without a word is given up after this.
_LINE = {"tcp_user_timeout": 800, "keepalives_idle": 5, "keepalives_interval": 1, "keepalives_count": 3}
# Bolt's ten threads and some; PostgreSQL admits a hundred in all, and each process of the Procfile has a pool.
POOL_SIZE = 10
# An error would else carry what was to be stored, people's words among it, into the log.
_HIDE = True
CONNECT_SECONDS = 2
_LINE_SECONDS = 0.05
_PG_DISK_FULL = "53100"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait for a connection and for a lock before somebody is told to try again, in seconds.

    PostgreSQL counts `lock` for each lock anew, and who queues for a row that others queue for takes two.
    """

    connection: float
    lock: float
    file: float


# All together stay inside Slack's three seconds, so that the person is still told.
WITHIN_SLACKS_TIME = Waits(connection=0.9, lock=0.8, file=1.0)


class Database:
    """One database and its connections. `url` is SQLAlchemy's; a bare `postgres://` or `postgresql://` means psycopg 3."""

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE, waits: Waits = WITHIN_SLACKS_TIME) -> None:
        self.url = make_url(url)
        if self.url.drivername in {"postgres", "postgresql"}:
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._waits = waits
        make = _sqlite if self.is_sqlite else _postgresql
        self.engine = make(self.url, pool_size, waits)
        # SQLite takes the write lock when a transaction begins, or two readers that both go on to write lose an update.
        self._reader = (
            self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._writer = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        # SQLite lets waiting writers try again at random, and one may be passed over many times; in a queue each has its turn.
        self._turn = threading.Lock() if self.is_sqlite else None
        self._asking = threading.Lock()
        # Asked of the engine, so that who runs on SQLite need not hold PostgreSQL's driver in memory, a fifth of what we add.
        self._refuses: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        self._line: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that is committed at the end, or rolled back whole when anything is raised.

        Raises RegisterAway when the database can't be reached or stays locked; RegisterFull when there is no room left;
        RegisterUnsure when it went away while saving.
        """
        if self._turn is None:
            yield from self._session(self._writer, writing=True)
            return
        if not self._turn.acquire(timeout=self._waits.connection):
            raise RegisterAway
        try:
            yield from self._session(self._writer, writing=True)
        finally:
            self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look. Raises RegisterAway when the database can't be reached."""
        yield from self._session(self._reader, writing=False)

    def _session(self, engine: Engine, *, writing: bool) -> Iterator[Session]:
        committing = False
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
                # Whatever the database refuses is refused before the commit; after it, only a lost line is left to go wrong.
                session.flush()
                committing = writing
        except (OperationalError, InterfaceError, PoolTimeout) as problem:
            raise away(problem, committing=committing) from problem
        except DBAPIError as problem:
            if problem.connection_invalidated:
                raise away(problem, committing=committing) from problem
            raise

    def state(self) -> Hashable | None:
        """Is the same at two moments only if nothing was committed between them, by anybody; None when it can't be told now.

        SQLite counts what others commit (sqlite.org, PRAGMA data_version); PostgreSQL tells the snapshot a statement would see
        (pg_current_snapshot). Costs some microseconds, or one short question.
        """
        # Whoever waits for the line longer than that has no use for it.
        if not self._asking.acquire(timeout=_LINE_SECONDS):
            return None
        try:
            if self._line is None:
                # Kept for as long as the process lives, so it is none of the pool's.
                self._line = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._line.detach()
            cursor: Any = self._line.connection.cursor()
            cursor.execute("PRAGMA data_version" if self.is_sqlite else "SELECT CAST(pg_current_snapshot() AS text)")
            found: Hashable = cursor.fetchone()[0]
            cursor.close()
        except (SQLAlchemyError, self._refuses):
            self._drop_line()
            return None
        finally:
            self._asking.release()
        return found

    def _drop_line(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(SQLAlchemyError, self._refuses):
                line.close()

    def ping(self) -> None:
        """Raises RegisterAway unless the database answers."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        with self._asking:
            self._drop_line()
        self.engine.dispose()


def away(problem: Exception, *, committing: bool = False) -> RegisterAway:
    """What to say of a failure. Where there is no room for it both engines undo a transaction whole, in its commit too."""
    said = getattr(problem, "orig", problem)
    if (
        getattr(said, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(said, "sqlstate", None) == _PG_DISK_FULL
    ):
        return RegisterFull()
    return RegisterUnsure() if committing else RegisterAway()


def inserting(session: Session, table: Table) -> Any:
    """An INSERT in the dialect of the session's database, so that it can say what to do ON CONFLICT."""
    return inserting_in(dialect(session), table)


def dialect(session: Session) -> str:
    """What the session's database speaks: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def inserting_in(dialect: str, table: Table) -> Any:
    """The same where the statement is built once and kept."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def _sqlite(url: Any, pool_size: int, waits: Waits) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=_HIDE,
        pool_size=pool_size,
        max_overflow=pool_size // 2,
        pool_timeout=waits.connection,
        connect_args={"check_same_thread": False, "timeout": waits.file, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(waits.file * 1000)}")
        _keep_a_log_ahead(cursor, waits.file)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What retention clears is overwritten in the file too; not every build of SQLite does so by itself.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    return engine


def _keep_a_log_ahead(cursor: Any, seconds: float) -> None:
    """Write-ahead logging, so that readers don't wait for the writer; a setting of the file, not of the connection.

    Turning it on needs the file alone and doesn't wait its turn, so processes that open a new file at once try again.
    """
    give_up = time.monotonic() + seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _postgresql(url: Any, pool_size: int, waits: Waits) -> Engine:
    return create_engine(
        url,
        hide_parameters=_HIDE,
        pool_size=pool_size,
        max_overflow=pool_size // 2,
        pool_timeout=waits.connection,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c timezone=UTC -c lock_timeout={round(waits.lock * 1000)}",
            **_LINE,
        },
    )
