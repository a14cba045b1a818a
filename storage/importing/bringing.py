"""A sheet against the register: tried without writing, or brought in batch by batch. Both say the same of every row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from storage.importing import known
from storage.importing.judging import Judge, Rejected
from storage.importing.sheet import Row, Sheet
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import bulk
from storage.register.bulk import Here
from storage.register.past import Checked

Progress = Callable[[int, int], None]
_TRIED_AT_ONCE = 500


@dataclass
class Counts:
    """What became, or would become, of the rows. `new` is open + closed + not_proceeded.

    `already_here` counts rows that the register has, and a row that stands in the file twice. `without_reference` counts
    new rows that are recognised by what is in them alone: edited and brought in again, such a row is another complaint.
    """

    new: int = 0
    already_here: int = 0
    open: int = 0
    closed: int = 0
    not_proceeded: int = 0
    without_reference: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, checked: Checked) -> None:
        """Counts one new complaint."""
        past = checked.past
        self.new += 1
        self.open += past.ended_on is None
        self.closed += past.responded_on is not None
        self.not_proceeded += past.responded_on is None and past.withdrawn_on is not None
        self.without_reference += past.reference is None


class Preview(Counts):
    """What bringing a sheet in would do."""


class Outcome(Counts):
    """What bringing a sheet in did."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A batch of rows, judged: those that may come in, and their numbers in the file."""

    good: list[tuple[int, Checked]]

    @property
    def keys(self) -> list[str]:
        return [key for _number, checked in self.good for key in {checked.past.key, checked.past.former_key}]


def check(desk: Desk, sheet: Sheet, *, progress: Progress) -> Preview:
    """What `bring_in` would do; nothing is written. Raises NotAllowed; CannotRead when the file changes meanwhile."""
    desk.require(Operation.IMPORT)
    preview, judge, names = Preview(), Judge(sheet), known.load(desk)
    for rows in _batches(sheet, _TRIED_AT_ONCE, progress):
        judged = _judge(desk, names, judge, rows, preview)
        _sort_out(judge, judged, bulk.already_here(desk, judged.keys), preview)
    preview.rejected.sort(key=_in_order)
    return preview


def bring_in(office: Office, sheet: Sheet, now: datetime, *, progress: Progress, batch: int = 500) -> Outcome:
    """Writes the rows that are good, `batch` of them in a transaction, and says why the others were left out.

    After any interruption it can be run again: rows that are here are recognised and left as they are. Raises NotAllowed;
    RegisterAway when the database goes, CannotRead when the file changes, each with the batches before it kept.
    """
    outcome, judge = Outcome(), Judge(sheet)
    for rows in _batches(sheet, batch, progress):
        with office.look(None, now) as desk:
            judged = _judge(desk, known.load(desk), judge, rows, outcome)
        if judged.good:
            with office.change(None, now) as desk:
                bulk.one_at_a_time(desk)
                new = _sort_out(judge, judged, bulk.already_here(desk, judged.keys), outcome)
                bulk.bring_in(desk, new)
    outcome.rejected.sort(key=_in_order)
    return outcome


def _batches(sheet: Sheet, size: int, progress: Progress) -> Iterator[list[Row]]:
    """Rows by the batch; after each is dealt with, how far it got is told."""
    rows, done = iter(sheet), 0
    progress(done, sheet.total)
    while batch := list(islice(rows, size)):
        yield batch
        done += len(batch)
        progress(done, max(done, sheet.total))
    progress(done, done)


def _judge(desk: Desk, names: known.Known, judge: Judge, rows: list[Row], counts: Counts) -> _Judged:
    good = []
    for row in rows:
        judged = judge.judge(desk, names, row)
        if judged is None:
            counts.already_here += 1
        elif isinstance(judged, Rejected):
            counts.rejected.append(judged)
        else:
            good.append((row.number, judged))
    return _Judged(good)


def _sort_out(judge: Judge, judged: _Judged, here: dict[str, Here], counts: Counts) -> list[Checked]:
    """Counts each row, and returns those that are new."""
    new = []
    for number, checked in judged.good:
        past = checked.past
        found = here.get(past.key) or here.get(past.former_key)
        if found is None:
            counts.add(checked)
            new.append(checked)
        elif found.content in {past.content, past.former_content}:
            counts.already_here += 1
        else:
            counts.rejected.append(judge.differs(number, found.reference))
    return new


def _in_order(rejected: Rejected) -> int:
    return rejected.row_number
