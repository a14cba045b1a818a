"""The schema's version: bringing a database up to date, and saying whether it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.database import Database, away
from storage.errors import Refusal

# Any fixed number will do: two processes that both migrate on start must wait for each other.
_LOCK = 2006_1738
# Another process may migrate for as long as it takes.
_MIGRATION_WAIT_MS = 600_000


def upgrade(database: Database, to: str = "head") -> None:
    """Runs the migrations that are missing. Safe to run again and from several processes at once."""
    with alone(database) as connection:
        command.upgrade(_config(connection), to)


def go_to(connection: Connection, revision: str) -> None:
    """Brings the database of a connection from `alone` to one of `revisions`, forward or back, as part of its transaction."""
    # The look begins a transaction, and Alembic commits none that it did not begin.
    known, present = revisions(), revision_of(connection)
    if present is not None and known.index(present) > known.index(revision):
        command.downgrade(_config(connection), revision)
    else:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, to: str) -> None:
    """Takes migrations back, for trying them; data that only newer tables hold is lost."""
    with alone(database) as connection:
        command.downgrade(_config(connection), to)


def check(database: Database) -> None:
    """Raises alembic's CommandError when the models say something that no migration does."""
    with alone(database) as connection:
        command.check(_config(connection))


def revise(database: Database, message: str, revision: str) -> None:
    """Writes a new migration from what the models say and the database doesn't have; for developers."""
    with alone(database) as connection:
        command.revision(_config(connection), message=message, rev_id=revision, autogenerate=True)


def is_current(database: Database) -> bool:
    """Whether every migration that this program knows has run. Raises sqlalchemy's errors when the database is away.

    One that a newer program has migrated is current too: while it takes over, the older one goes on. Migrations only add
    what an older program can do without.
    """
    with database.engine.connect() as connection:
        present, known = revision_of(connection), revisions()
    return present is not None and (present == known[-1] or present not in known)


def revision_of(connection: Connection) -> str | None:
    """The last migration that has run; None in a database without a register."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> tuple[str, ...]:
    """Every migration that this program knows, the oldest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_located()).walk_revisions())[::-1]


def heads() -> tuple[str, ...]:
    """The newest migrations that exist; more than one means that two branches have to be joined."""
    return tuple(ScriptDirectory.from_config(_located()).get_heads())


@contextmanager
def unchanged(database: Database) -> Iterator[None]:
    """Migrations wait meanwhile, and nobody else does. Raises Refusal while one runs; RegisterAway."""
    if database.is_sqlite:
        # A look goes on seeing the tables it began with.
        yield
        return
    try:
        with database.engine.connect() as connection:
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock_shared({_LOCK})")):
                raise Refusal("The database is being brought up to date or restored. Try again when that is done.")
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock_shared({_LOCK})"))
                connection.commit()
    except (OperationalError, InterfaceError, PoolTimeout) as problem:
        raise away(problem) from problem


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """A connection that nobody migrates beside, committed at the end; waits for its turn as long as it takes.

    On SQLite foreign keys are not looked at meanwhile, and nobody else writes.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            # Nobody in Slack waits for this one.
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            connection.commit()
        try:
            # Batch migrations rebuild tables, which SQLite permits only while foreign keys are not enforced.
            if database.is_sqlite:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_MIGRATION_WAIT_MS}")
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
        finally:
            if database.is_sqlite:
                connection.rollback()
                connection.invalidate()
            else:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
                # Others get this connection next, and somebody in Slack may wait for them.
                connection.execute(text("RESET lock_timeout"))
                connection.commit()


def _located() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage").joinpath("migrations")))
    return config


def _config(connection: Connection) -> Config:
    config = _located()
    config.attributes["connection"] = connection
    return config
