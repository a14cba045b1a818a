"""Which complaint a row of a later stage belongs to: one of the register, or one whose stage 1 stands in the same file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from storage.importing import cells
from storage.importing.sheet import Row
from storage.office import Desk
from storage.register import bulk_later
from storage.register.bulk_later import Candidates, Found
from storage.register.later import CheckedStage, Standing, after
from storage.register.ledger import File

_NOBODY = Candidates({}, {})


class NotJoined(ValueError):
    """The row belongs to no complaint, or to one of two; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The complaint of a row: which it is, whatever the row calls it, and how it stands. `file` None: it isn't written yet."""

    identity: int | str
    standing: Standing
    file: File | None = None

    @property
    def written(self) -> File:
        """The complaint as the register has it, for whoever joined rows to nothing else."""
        assert self.file is not None  # noqa: S101 - nothing of a file that isn't written was given
        return self.file


@dataclass
class Complaints:
    """The complaints that rows may belong to.

    `in_file` are those whose stage 1 this file brings in and nobody has written yet, by the council's own number. `upto` is the
    last complaint that the register had before this file was brought in: a reference given since is in no row on purpose.
    """

    in_file: Mapping[str, Standing] = field(default_factory=dict)
    upto: int | None = None
    _here: Candidates = _NOBODY
    _grown: dict[int | str, Standing] = field(default_factory=dict)

    def look_up(self, desk: Desk, rows: Collection[Row], *, lock: bool = False) -> None:
        """Reads the complaints of these rows from the register, for the calls that follow. `lock`: to change them."""
        self._here = bulk_later.find(desk, {called(row) for row in rows}, upto=self.upto, lock=lock)

    def of(self, row: Row) -> Joined:
        """Raises NotJoined."""
        name = called(row)
        if not name:
            raise NotJoined(
                "This is blank. Put the reference of the complaint that went on to this stage: the one in the row of its "
                "stage 1, or the register's, which looks like CS-2026-0042."
            )
        numbered, registered = self._numbered(name), self._here.by_reference.get(name)
        if numbered and registered and numbered.identity != registered.file.id and not registered.has_own_number:
            raise NotJoined(
                "One complaint has this as the council's own number, another as its reference in the register. "
                "Record the stage in Slack, where they can be told apart."
            )
        found = numbered or (_joined(registered) if registered else None)
        if found is None:
            raise NotJoined(
                "There is no complaint of this reference in the register, and no row of its stage 1 in this file that may come "
                "in. Bring in stage 1 as well, with the same reference."
            )
        return replace(found, standing=self._grown.get(found.identity, found.standing))

    def grow(self, joined: Joined, checked: CheckedStage) -> None:
        """From now on the complaint stands as it will once this stage is written."""
        self._grown[joined.identity] = after(joined.standing, checked)

    def _numbered(self, name: str) -> Joined | None:
        here = self._here.by_number.get(name)
        if here is not None:
            return _joined(here)
        return Joined(name, self.in_file[name]) if name in self.in_file else None


def _joined(here: Found) -> Joined:
    return Joined(here.file.id, here.standing, here.file)


def called(row: Row) -> str:
    """What a row calls its complaint, as import keys are written; empty when it calls it nothing."""
    return cells.text(row.cells.get("reference")).upper()
