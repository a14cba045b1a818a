"""What a backup says of itself. Pure."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

NAME = "manifest.json"
KIND = "backup of a complaints register"
# Rises when a program that knows only what came before could no longer read the file.
FORMAT = 1


def member(table: str) -> str:
    """What a table's text is called in the file."""
    return f"tables/{table}.jsonl"


class Part(BaseModel):
    """One table: how many rows, and the SHA-256 of its text as hex."""

    model_config = ConfigDict(frozen=True)

    name: str
    rows: int
    sha256: str


class Manifest(BaseModel):
    """`made_at`: everything that was recorded before is in the file. `revision`: the last migration its tables had seen."""

    model_config = ConfigDict(frozen=True)

    kind: str = KIND
    format: int = FORMAT
    made_at: AwareDatetime
    revision: str
    tables: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables)

    def count(self, table: str) -> int:
        """Rows of one table; none of one that there was not yet."""
        return sum(part.rows for part in self.tables if part.name == table)
