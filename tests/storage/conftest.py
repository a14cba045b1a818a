"""Databases that no migration has touched yet."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage.database import Database
from tests.conftest import _database_made


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _database_made(request.getfixturevalue("postgres_server"), f"empty_{uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()
