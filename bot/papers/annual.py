"""The annual report of a financial year, with the contents that the guidance asks for (DOMAIN.md, section 6).

It names no complainant, no child and no member of staff, and carries no free text of any complaint.
"""

from collections.abc import Iterator

from bot.blocks.status import escalation_line, outcome_line, recording_line
from bot.papers import parts
from bot.papers.paper import Chart, Column, Paper, Row, Section, Table
from bot.papers.sections import PROMPT, learning, stages_with_anything, themed
from storage import figures
from storage.dates import in_words, in_words_range
from storage.errors import Refusal
from storage.figures import Share, TeamTable, yearly
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation
from storage.procedures import Procedure
from storage.vocabulary import OmbudsmanDecision

NOT_RECORDED = "Not recorded, or cleared since"


def annual_report(desk: Desk, year: Period, *, small: bool = False) -> Paper:
    """The report of a financial year, 1 April to 31 March; with `small`, numbers that could point to somebody are withheld.

    Raises Refusal when the period is no financial year, or has not begun; NotAllowed.
    """
    desk.require(Operation.FIGURES)
    if not year.is_financial_year:
        raise Refusal(
            f"The annual report covers a financial year, and {year.label} is not one. Choose a year such as 2025/26."
        )
    if year.first > desk.today:
        raise Refusal(f"{year.label} begins on {in_words(year.first)}. Choose a year that has begun.")
    begun = "" if year.last < desk.today else " The year is not over: the figures are those so far."
    return Paper(
        name=f"complaints-annual-report-{year.label.replace('/', '-')}",
        title=f"Complaints about children's social care: annual report {year.label}",
        about=(
            f"This report covers {in_words_range(year.first, year.last)}.{begun}",
            "Every stage is counted once, with its lead team, and what a figure counts is said under its table. "
            "“–” means that there was nothing to count.",
        ),
        made_on=desk.today,
        sections=tuple(_sections(desk, year, small=small)),
    )


def _sections(desk: Desk, year: Period, *, small: bool) -> Iterator[Section]:
    for procedure in desk.procedures.values():
        stages = list(stages_with_anything(desk, procedure, year))
        if stages or procedure.statutory:
            yield _procedure(desk, procedure, year, stages, small=small)
    yield _who(desk, year, small=small)
    yield themed(desk, year, small=small)
    yield _at_the_ombudsman(desk, year, small=small)
    yield learning(desk, year, small=small)
    yield _compliments(desk, year, small=small)
    yield Section(
        "How well the procedure works",
        text=(
            *([] if small else [recording_line(figures.team_table(desk, year))]),
            f"Figures are those that the register held on {in_words(desk.today)}.",
            f"{PROMPT} advocacy that was provided, what was learned, and how well the procedure works.",
        ),
    )


def _procedure(
    desk: Desk, procedure: Procedure, year: Period, stages: list[tuple[TeamTable, TeamTable]], *, small: bool
) -> Section:
    return Section(
        procedure.title,
        text=() if stages else (f"Nothing was received or closed in {year.label}.",),
        sections=tuple(_stage(desk, procedure, now, before, small=small) for now, before in stages),
    )


def _stage(desk: Desk, procedure: Procedure, now: TeamTable, before: TeamTable, *, small: bool) -> Section:
    quarters = [
        (f"Q{place} {now.period.label}", figures.team_table(desk, quarter, procedure=procedure.name, number=now.number))
        for place, quarter in enumerate(now.period.quarters(), start=1)
        if quarter.first <= desk.today
    ]
    said = [] if small else [line for line in (escalation_line(now), outcome_line(now)) if line]
    return Section(
        f"Stage {now.number}: {procedure.stage(now.number).title}",
        text=tuple(said),
        charts=() if small else tuple(_charts(quarters)),
        tables=(
            parts.year_on_year(now, before, small=small),
            parts.team_table(now, small=small),
            parts.over_time(f"Stage {now.number} by quarter, {now.period.label}", "Quarter", quarters, small=small),
            *_outcomes(now, small=small),
        ),
    )


def _charts(quarters: list[tuple[str, TeamTable]]) -> Iterator[Chart]:
    labels = [label for label, _ in quarters]
    totals = [table.total for _, table in quarters]
    yield parts.line_chart(
        "Received and closed by quarter",
        "complaints",
        labels,
        [("Received", [total.received for total in totals]), ("Closed", [total.closed for total in totals])],
        first="Quarter",
    )
    yield parts.line_chart(
        "Closed on time by quarter",
        "%",
        labels,
        [("On time", [Share(one.on_time, one.closed) for one in totals])],
        first="Quarter",
    )


def _outcomes(table: TeamTable, *, small: bool) -> Iterator[Table]:
    found = [
        (label, table.total.outcomes[key]) for key, label in table.outcome_labels.items() if table.total.outcomes[key]
    ]
    if found:
        caption = f"Outcomes of stage {table.number}, {table.period.label}"
        definition = "stages closed in the period with this outcome"
        yield parts.counted(caption, "Outcome", "Closed", found, definition=definition, small=small)


def _who(desk: Desk, year: Period, *, small: bool) -> Section:
    first = next(iter(desk.procedures.values()))
    found = yearly.groups(desk, year, procedure=first.name)
    definition = f"complaints received at stage 1 of {first.title[0].lower()}{first.title[1:]}"

    def table(caption: str, heading: str, counts: dict[str | None, int]) -> Table:
        ordered = sorted(counts.items(), key=lambda one: (one[0] is None, -one[1], one[0] or ""))
        told = [(label or NOT_RECORDED, count) for label, count in ordered]
        return parts.counted(f"{caption}, {year.label}", heading, "Received", told, definition=definition, small=small)

    return Section(
        "Who complained, and how",
        text=(
            "A complaint that came through an advocate is among those below; advocacy that was offered and not taken up is not "
            "recorded here.",
        ),
        tables=(
            table("Who complained", "Group", dict(found.customers)),
            table("How complaints came in", "Way", dict(found.methods)),
        ),
    )


def _at_the_ombudsman(desk: Desk, year: Period, *, small: bool) -> Section:
    now, before = (yearly.ombudsman(desk, period) for period in (year, year.so_far(desk.today).year_earlier()))
    counts = [
        ("Enquiries received", now.enquiries, before.enquiries),
        ("Decided after an investigation", now.investigated, before.investigated),
        *((one.label, now.decided.get(one, 0), before.decided.get(one, 0)) for one in OmbudsmanDecision),
    ]
    told = parts.small_cell if small else lambda count: count
    return Section(
        "The Ombudsman",
        tables=(
            Table(
                caption=f"Enquiries and decisions of the Ombudsman, {year.label}",
                first="",
                columns=(
                    Column(year.label, "enquiries by the day they came, decisions by the day they were made"),
                    Column(year.so_far(desk.today).year_earlier().label),
                ),
                rows=tuple(Row(label, (told(one), told(other))) for label, one, other in counts),
            ),
        ),
    )


def _compliments(desk: Desk, year: Period, *, small: bool) -> Section:
    found = yearly.compliments(desk, year)
    counts = [(team.name, found[team.id]) for team in desk.teams if team.id in found]
    definition = "compliments received in the period"
    caption = f"Compliments by team, {year.label}"
    return Section(
        "Compliments",
        text=() if counts else (f"No compliment was recorded in {year.label}.",),
        tables=(parts.counted(caption, "Team", "Received", counts, definition=definition, small=small),)
        if counts
        else (),
    )
