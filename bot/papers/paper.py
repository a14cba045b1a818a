"""What a document says, before it is a spreadsheet, a page or a CSV file: sections with text, tables and charts. Pure."""

from dataclasses import dataclass, field
from datetime import date

from storage.figures import Value

# None is printed as a dash: there was nothing to count.
Cell = Value | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the definition that is printed with the table."""

    title: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's heading and its cells, one for each column."""

    heading: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`first` is what the rows are: Team, Theme, Quarter. `total` is the last row, set apart; `note` is printed under it."""

    caption: str
    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""

    def definitions(self) -> list[tuple[str, str]]:
        """Title and definition of every column that has one."""
        return [(column.title, column.definition) for column in self.columns if column.definition]


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars; a point that is None had no cases."""

    name: str
    points: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars or lines over labels. `text` says in a sentence what is to be seen; `unit` what the numbers are, such as %;
    `first` what the labels are, as in a table.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    text: str
    unit: str = ""
    lines: bool = False
    first: str = "Label"


@dataclass(frozen=True, slots=True)
class Section:
    """Text, then charts, then tables, under one heading. Sections inside it are one level below."""

    heading: str
    text: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `about` is its opening paragraph; `name` what its files are called, without an ending."""

    name: str
    title: str
    about: tuple[str, ...]
    made_on: date
    sections: tuple[Section, ...] = field(default_factory=tuple)
