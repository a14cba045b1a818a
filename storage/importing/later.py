"""Rows of later stages: set aside while complaints come in, then judged against them, stage after stage."""

from collections import defaultdict
from collections.abc import Iterator

from storage.errors import FieldProblems
from storage.importing.joining import Complaints, Joined, NotJoined, called
from storage.importing.judging import Judge, Rejected, overflowing, rejected
from storage.importing.known import Known
from storage.importing.seen import Seen
from storage.importing.sheet import Row, Sheet
from storage.importing.values import RowProblems, Values, digest, stage_number
from storage.office import Desk
from storage.procedures import Procedure
from storage.register import later
from storage.register.later import CheckedStage, LaterStage, Standing
from storage.register.past import Checked

# As with complaints: what retention clears is in no digest that stays.
_NEVER_DIGESTED = {"contact_method"}


class SetAside:
    """Rows of later stages by their number, each in the order of the file. They are kept whole: there are few of them."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, list[Row]] = defaultdict(list)

    def take(self, row: Row) -> bool:
        """Whether the row is of a later stage, and was kept."""
        number = stage_number(row)
        if number is None or number == 1:
            return False
        self._rows[number].append(row)
        return True

    def names(self) -> set[str]:
        """What the rows call their complaints."""
        return {called(row) for rows in self._rows.values() for row in rows}

    def batches(self, size: int) -> Iterator[list[Row]]:
        """Rows of one stage at a time, the earlier stages first: a stage is judged by the one before."""
        for _number, rows in sorted(self._rows.items()):
            yield from (rows[start : start + size] for start in range(0, len(rows), size))


def coming(desk: Desk, names: Known, sheet: Sheet, wanted: set[str]) -> dict[str, Standing]:
    """How the complaints of these names will stand that this sheet brings in; goes over the whole of it once more."""
    found: dict[str, Standing] = {}
    with Seen() as seen:
        judge = Judge(sheet, seen)
        for row in sheet if wanted else ():
            name = called(row)
            if name in wanted and stage_number(row) == 1:
                judged = judge.judge(desk, names, row)
                if isinstance(judged, Checked):
                    found[name] = later.first(desk, judged)
    return found


class LaterJudge:
    """Judges rows of later stages; it remembers what it saw, to tell the same row twice from two rows of one stage."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._seen: dict[tuple[int | str, int], tuple[str, int]] = {}

    def judge(
        self, desk: Desk, names: Known, row: Row, complaints: Complaints
    ) -> tuple[Joined, CheckedStage] | Rejected | None:
        """None for a stage that the register, or an earlier row, has with the same content."""
        spread = overflowing(row)
        if spread is not None:
            return spread
        problems: dict[str, str] = {}
        joined: Joined | None = None
        try:
            joined = complaints.of(row)
        except NotJoined as problem:
            problems["reference"] = str(problem)
        try:
            stage = _stage(names, row, joined.standing.procedure if joined else None)
            if joined is not None:
                return self._joined(desk, row, joined, stage)
        except (RowProblems, FieldProblems) as found:
            problems |= found.problems
        return rejected(self._sheet, row.number, problems)

    def _joined(
        self, desk: Desk, row: Row, joined: Joined, stage: LaterStage
    ) -> tuple[Joined, CheckedStage] | Rejected | None:
        """Raises FieldProblems."""
        one = joined.identity, stage.number
        content, first = self._seen.get(one, (joined.standing.contents.get(stage.number), 0))
        if content is None:
            checked = later.check(desk, joined.standing, stage)
            self._seen[one] = stage.content, row.number
            return joined, checked
        if content != stage.content:
            return rejected(self._sheet, row.number, {"stage": _other(joined, stage.number, first)})
        return None


def _stage(names: Known, row: Row, procedure: Procedure | None) -> LaterStage:
    """Raises RowProblems."""
    fields = Values(names, row).later_stage(procedure)
    content = digest({field: value for field, value in fields.items() if field not in _NEVER_DIGESTED})
    return LaterStage(number=stage_number(row) or 1, content=content, **fields)


def _other(joined: Joined, number: int, first: int) -> str:
    if first:
        return f"Row {first} is of stage {number} of the same complaint, with other details. Keep the right one."
    named = f" as {joined.file.complaint.reference}" if joined.file else ""
    return (
        f"Stage {number} of this complaint is in the register already{named}, with other details. "
        "An import adds stages and changes none: make the change in Slack."
    )
