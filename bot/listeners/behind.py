"""*Open a number…* under the table of `/complaint status`: the complaints behind one of its numbers, for who may see them."""

from collections.abc import Mapping
from datetime import date

from bot.blocks import behind as drawing
from bot.blocks.behind import Number, Row
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.listeners.status import Asked
from bot.requests import Answer, Open, Pressed, Redraw, Submitted, as_number, unpacked
from storage import figures
from storage.errors import FieldProblems, Refusal
from storage.figures import Behind, TeamTable
from storage.figures.behind import must_see_any
from storage.office import Desk
from storage.periods import Period
from storage.periods.period import FIRST_YEAR, LAST_YEAR


def register(door: Door) -> None:
    """Adds the button, the form, the row that changes its numbers, and the buttons that turn the pages."""

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            must_see_any(desk)
            carries = unpacked(press.value)
            view = _form(desk, read(desk, carries), row=carries.get("row"), chosen=carries.get("figure"))
        # From the list it takes the list's place: Slack stacks three modals and no more.
        return Redraw(view) if press.view else Open(view)

    def row_chosen(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            asked = read(desk, press.carries)
            return Redraw(_form(desk, asked, row=press.values.one("row"), chosen=press.values.one("figure")))

    def submitted(form: Submitted) -> View | None:
        with door.office.look(form.user, door.clock()) as desk:
            return _page(desk, read(desk, form.carries), form.values.one("row"), form.values.one("figure"))

    def turned(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            asked, row, chosen = read(desk, press.carries), press.carries.get("row"), press.carries.get("figure")
            return Redraw(_page(desk, asked, row, chosen, first=as_number(press.value) or 0))

    door.action(Action.OPEN_NUMBER, pressed)
    door.action(Action.NUMBER_ROW, row_chosen)
    door.action(Action.NUMBER_PREVIOUS, turned)
    door.action(Action.NUMBER_NEXT, turned)
    door.form(Form.OPEN_NUMBER, submitted)


def read(desk: Desk, carries: Mapping[str, str]) -> Asked:
    """What a table was asked for, out of what a button or a form carries. Raises Refusal for anything else."""
    try:
        first, last = (date.fromisoformat(carries[name]) for name in ("first", "last"))
        procedure, team = carries["procedure"], carries["team"]
        rules = desk.procedures[procedure]
    except (KeyError, ValueError):
        raise _unreadable() from None
    team_id, stage = as_number(team), as_number(carries.get("stage"))
    known = not team or (team_id is not None and team_id in desk.teams)
    if not known or stage is None or not rules.has_stage(stage):
        raise _unreadable()
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR or last < first:
        raise _unreadable()
    return Asked(team_id, Period.of(first, last), procedure, stage)


def _unreadable() -> Refusal:
    return Refusal(
        "The numbers of this table can't be opened any more. Type /complaint status again, and open them there."
    )


def _form(desk: Desk, asked: Asked, *, row: str | None = None, chosen: str | None = None) -> View:
    table, offered = _table(desk, asked)
    areas = {str(one.team_id): _area(desk, one.team_id) for one in table.rows}
    known = row if row is not None and row in offered else drawing.TOTAL
    return drawing.form(table, offered, areas, _carried(asked), row=known, chosen=chosen)


def _page(desk: Desk, asked: Asked, row: str | None, chosen: str | None, *, first: int = 0) -> View:
    """The page that `first` is on, the last one where there are fewer by now. Raises NotAllowed; FieldProblems."""
    opened = _number(*_table(desk, asked), row, chosen)
    first = min(first, max(opened.count - 1, 0)) // drawing.PAGE * drawing.PAGE
    wanted = Behind(asked.period, asked.procedure, asked.number, opened.key, opened.row.team_ids)
    lines = figures.behind(desk, wanted, limit=drawing.PAGE, offset=first)
    carries = {**_carried(asked), "row": row or "", "figure": chosen or ""}
    return drawing.page(opened, lines, first=first, now=desk.now, carries=carries)


def _number(table: TeamTable, offered: Mapping[str, Row], row: str | None, chosen: str | None) -> Number:
    """The number that was chosen. Raises FieldProblems."""
    where = offered.get(row or "")
    if where is None:
        raise FieldProblems({"row": "Choose a row of the table as it is now."})
    try:
        what = figures.figure(chosen or "")
    except KeyError:
        raise FieldProblems({"figure": "Choose a figure."}) from None
    key = where.opens(what.key)
    if key is None:
        raise FieldProblems({"figure": f"{what.title} has no complaints behind it in this row. Choose another figure."})
    return Number(table, where, figures.figure(key) if where.unallocated else what, key)


def _table(desk: Desk, asked: Asked) -> tuple[TeamTable, dict[str, Row]]:
    table = figures.team_table(
        desk, asked.period, team_id=asked.team_id, procedure=asked.procedure, number=asked.number
    )
    scope = None if asked.team_id is None else desk.teams.subtree(asked.team_id)
    return table, drawing.rows(table, scope)


def _area(desk: Desk, team_id: int) -> str:
    """The heading under which a team is offered: its service area, or itself where it is one."""
    team = desk.teams[team_id]
    if desk.teams.is_area(team_id):
        return team.name
    return desk.teams[team.parent_id].name if team.parent_id else "Teams"


def _carried(asked: Asked) -> dict[str, str]:
    return drawing.carried(asked.team_id, asked.period, asked.procedure, asked.number)
