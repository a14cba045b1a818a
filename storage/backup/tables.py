"""Which tables a backup has, as the database itself says: it may be at an older migration than the models are."""

from sqlalchemy import Connection, MetaData, Table

from storage import schema
from storage.models import metadata

# Alembic's own; the manifest says what it says.
REVISION = "alembic_version"


def there(connection: Connection) -> list[Table]:
    """Every table in the database, each after those it points to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != REVISION]


def ours(connection: Connection) -> list[Table]:
    """The register's tables: what else somebody keeps in the same database is theirs to look after."""
    found = there(connection)
    if schema.revision_of(connection) not in schema.heads():
        # Of an older migration nobody knows any more which tables it had, so none is left out.
        return found
    return [table for table in found if table.name in metadata.tables]
