"""A sheet against the register: tried without writing, or brought in batch by batch. Both say the same of every row."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from storage.importing import known
from storage.importing.joining import Complaints, Joined
from storage.importing.judging import Judge, Rejected
from storage.importing.later import LaterJudge, SetAside, coming
from storage.importing.seen import Seen
from storage.importing.sheet import Row, Sheet
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import bulk, bulk_later, imports
from storage.register.bulk import Here
from storage.register.later import CheckedStage
from storage.register.past import Checked, Past

Progress = Callable[[int, int], None]
_TRIED_AT_ONCE = 500
_SHOWN = 5


@dataclass
class Counts:
    """What became, or would become, of the rows.

    `new` are complaints: open + closed + not_proceeded, each as its row of stage 1 says. `later` are later stages by number, and
    `overtaken` those of them before which a stage was never answered, which therefore ends as late. `already_here` counts rows
    that the register has, and a row that stands in the file twice. `without_reference` counts new complaints that are recognised
    by what is in their row alone: edited and brought in again, such a row is another complaint. `first` are some of the new ones
    as they were understood.
    """

    new: int = 0
    already_here: int = 0
    open: int = 0
    closed: int = 0
    not_proceeded: int = 0
    without_reference: int = 0
    later: Counter[int] = field(default_factory=Counter)
    overtaken: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    first: list[Past] = field(default_factory=list)

    def add(self, checked: Checked) -> None:
        """Counts one new complaint."""
        past = checked.past
        self.new += 1
        self.open += past.ended_on is None
        self.closed += past.responded_on is not None
        self.not_proceeded += past.responded_on is None and past.withdrawn_on is not None
        self.without_reference += past.reference is None
        if len(self.first) < _SHOWN:
            self.first.append(past)

    def add_later(self, checked: CheckedStage) -> None:
        """Counts one later stage."""
        self.later[checked.stage.number] += 1
        self.overtaken += checked.overtakes


class Preview(Counts):
    """What bringing a sheet in would do."""


@dataclass
class Outcome(Counts):
    """What bringing a sheet in did. `run` is the number of the import, to take it back by; None when nothing came in."""

    run: int | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A batch of rows, judged: those that may come in, and their numbers in the file."""

    good: list[tuple[int, Checked]]

    @property
    def keys(self) -> list[str]:
        return [key for _number, checked in self.good for key in {checked.past.key, checked.past.former_key}]


@dataclass
class _Told:
    """How far it got, told after each batch."""

    progress: Progress
    total: int
    done: int = 0

    def more(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, max(self.done, self.total))

    def end(self) -> None:
        self.progress(self.done, self.done)


def check(desk: Desk, sheet: Sheet, *, progress: Progress) -> Preview:
    """What `bring_in` would do; nothing is written. Raises NotAllowed; CannotRead when the file changes meanwhile."""
    desk.require(Operation.IMPORT)
    preview, names = Preview(), known.load(desk)
    aside, told = SetAside(), _Told(progress, sheet.total)
    with Seen() as seen:
        judge = Judge(sheet, seen)
        for rows in _batches(sheet, _TRIED_AT_ONCE, aside, told):
            judged = _judge(desk, names, judge, rows, preview)
            _sort_out(judge, judged, bulk.already_here(desk, judged.keys), preview)
    complaints = Complaints(coming(desk, names, sheet, aside.names()))
    later_judge = LaterJudge(sheet)
    for rows in aside.batches(_TRIED_AT_ONCE):
        complaints.look_up(desk, rows)
        for joined, checked in _judge_later(desk, names, later_judge, rows, complaints=complaints, counts=preview):
            complaints.grow(joined, checked)
        told.more(len(rows))
    told.end()
    preview.rejected.sort(key=_in_order)
    return preview


def bring_in(office: Office, sheet: Sheet, now: datetime, *, progress: Progress, batch: int = 500) -> Outcome:
    """Writes the rows that are good, `batch` of them in a transaction, and says why the others were left out.

    Later stages are written after all complaints, wherever they stand in the file. After any interruption it can be run again:
    rows that are here are recognised and left as they are. Raises NotAllowed; RegisterAway when the database goes, CannotRead
    when the file changes, each with the batches before it kept.
    """
    outcome, aside, told = Outcome(), SetAside(), _Told(progress, sheet.total)
    with office.look(None, now) as desk:
        upto = bulk_later.newest(desk)
    with Seen() as seen:
        judge = Judge(sheet, seen)
        for rows in _batches(sheet, batch, aside, told):
            with office.look(None, now) as desk:
                judged = _judge(desk, known.load(desk), judge, rows, outcome)
            if judged.good:
                with office.change(None, now) as desk:
                    imports.one_at_a_time(desk)
                    new = _sort_out(judge, judged, bulk.already_here(desk, judged.keys), outcome)
                    if new:
                        outcome.run = _counted(desk, outcome.run, complaints=len(new))
                        bulk.bring_in(desk, new, outcome.run)
    later_judge = LaterJudge(sheet)
    for rows in aside.batches(batch):
        with office.change(None, now) as desk:
            complaints = Complaints(upto=upto)
            complaints.look_up(desk, rows, lock=True)
            new_stages = [
                (joined.written, checked)
                for joined, checked in _judge_later(
                    desk, known.load(desk), later_judge, rows, complaints=complaints, counts=outcome
                )
            ]
            if new_stages:
                outcome.run = _counted(desk, outcome.run, stages=len(new_stages))
                bulk_later.bring_in(desk, new_stages, outcome.run)
        told.more(len(rows))
    told.end()
    outcome.rejected.sort(key=_in_order)
    return outcome


def _counted(desk: Desk, run: int | None, *, complaints: int = 0, stages: int = 0) -> int:
    """The number of this import, which has one from the first that it brings in."""
    number = run or imports.begin(desk)
    imports.count(desk, number, complaints=complaints, stages=stages)
    return number


def _batches(sheet: Sheet, size: int, aside: SetAside, told: _Told) -> Iterator[list[Row]]:
    """Rows of stage 1 and those of no stage, by the batch; what is of a later stage is set aside."""
    rows = iter(sheet)
    told.more(0)
    while batch := list(islice(rows, size)):
        first = [row for row in batch if not aside.take(row)]
        yield first
        told.more(len(first))


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


def _judge_later(
    desk: Desk, names: known.Known, judge: LaterJudge, rows: list[Row], *, complaints: Complaints, counts: Counts
) -> Iterator[tuple[Joined, CheckedStage]]:
    """Counts each row, and yields those that may come in."""
    for row in rows:
        judged = judge.judge(desk, names, row, complaints)
        if judged is None:
            counts.already_here += 1
        elif isinstance(judged, Rejected):
            counts.rejected.append(judged)
        else:
            counts.add_later(judged[1])
            yield judged


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
