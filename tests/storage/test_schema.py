from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.util import CommandError
from sqlalchemy import inspect, text

from storage import schema
from storage.database import Database
from storage.models import Theme, metadata


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_there_is_one_newest_migration() -> None:
    assert len(schema.heads()) == 1


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    assert tables(empty) == set(metadata.tables)


@pytest.mark.slow
def test_upgrading_again_changes_nothing_and_keeps_what_is_there(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.add(Theme(name="Delay"))
    schema.upgrade(empty)
    with empty.reading() as session:
        assert session.get(Theme, 1) is not None
    assert schema.is_current(empty)


def test_the_models_and_the_migrations_say_the_same(database: Database) -> None:
    schema.check(database)


def test_a_column_that_no_migration_made_is_noticed(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("ALTER TABLE theme DROP COLUMN retired_on"))
    with pytest.raises(CommandError, match="retired_on"):
        schema.check(empty)


@pytest.mark.slow
def test_migrations_can_be_taken_back_and_run_again(empty: Database) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "base")
    assert tables(empty) == set()
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)


def test_foreign_keys_are_kept_again_after_a_migration(empty: Database) -> None:
    schema.upgrade(empty)
    if empty.is_sqlite:
        with empty.reading() as session:
            assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.slow
def test_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str) -> None:
    """Three connections of their own, as web, bot and worker have when they start together."""
    databases = [Database(empty_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(schema.upgrade, databases))
    assert all(schema.is_current(database) for database in databases)
    for database in databases:
        database.close()


def test_a_database_that_a_newer_program_migrated_is_current_and_an_older_one_is_not(empty: Database) -> None:
    schema.upgrade(empty, "0005")
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert schema.is_current(empty)


def test_after_a_migration_nobody_waits_for_a_lock_without_end(empty: Database) -> None:
    """The connection goes back to the others, and somebody in Slack may get it next."""
    question = "PRAGMA busy_timeout" if empty.is_sqlite else "SHOW lock_timeout"
    with empty.reading() as session:
        before = session.execute(text(question)).scalar_one()
    schema.upgrade(empty)
    with empty.reading() as session:
        assert session.execute(text(question)).scalar_one() == before
