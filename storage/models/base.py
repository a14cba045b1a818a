"""What every table has in common."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, MetaData
from sqlalchemy import Enum as SAEnum
from sqlmodel import Field, SQLModel

# Constraints need names before the first model loads, or Alembic can't alter them on SQLite.
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def enumerated(kind: type[StrEnum], *, nullable: bool = False, checked: bool = True) -> Any:
    """A text column that holds one of `kind`'s values, held to them by the database itself unless not `checked`.

    Kinds that grow with every release are not checked, since SQLite would have to build the whole table anew each time.
    """
    stored = SAEnum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=checked,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )
    return Field(default=None if nullable else ..., sa_column=Column(stored, nullable=nullable))
