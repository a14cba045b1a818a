"""The pack of any period, such as a month for its meeting: how each stage kept its time, themes, and what was promised."""

from collections.abc import Iterator

from bot.blocks.status import caseload_line, escalation_line, outcome_line, rating_line, recording_line
from bot.papers import parts
from bot.papers.annual import annual_report
from bot.papers.paper import Paper, Section
from bot.papers.sections import learning, stages_with_anything, themed
from storage.dates import in_words, in_words_range
from storage.errors import Refusal
from storage.figures import TeamTable
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation


def report(desk: Desk, period: Period, *, small: bool = False) -> Paper:
    """The annual report of a financial year, the pack of any other period. Raises Refusal; NotAllowed."""
    if period.is_financial_year:
        return annual_report(desk, period, small=small)
    return pack(desk, period, small=small)


def pack(desk: Desk, period: Period, *, small: bool = False) -> Paper:
    """Every stage with anything in the period, with the year before; themes and learning actions. Raises Refusal; NotAllowed."""
    desk.require(Operation.FIGURES)
    if period.first > desk.today:
        raise Refusal(f"{period.label} has not begun. Choose a period that has.")
    so_far = "" if period.last < desk.today else " The period is not over: the figures are those so far."
    return Paper(
        name=f"complaints-{period.first.isoformat()}-to-{period.last.isoformat()}",
        title=f"Complaints about children's social care: {period.label}",
        about=(
            f"This pack covers {in_words_range(period.first, period.last)}.{so_far}",
            "Every figure is that of /complaint status for the same period, and what it counts is said under its table.",
        ),
        made_on=desk.today,
        sections=tuple(_sections(desk, period, small=small)),
    )


def _sections(desk: Desk, period: Period, *, small: bool) -> Iterator[Section]:
    for procedure in desk.procedures.values():
        found = list(stages_with_anything(desk, procedure, period))
        if not found and not procedure.statutory:
            continue
        yield Section(
            procedure.title,
            text=() if found else (f"Nothing was received, closed or open in {period.label}.",),
            sections=tuple(
                Section(
                    f"Stage {now.number}: {procedure.stage(now.number).title}",
                    text=() if small else tuple(_said(now)),
                    tables=(parts.year_on_year(now, before, small=small), parts.team_table(now, small=small)),
                )
                for now, before in found
            ),
        )
    yield themed(desk, period, small=small)
    yield learning(desk, period, small=small)


def _said(table: TeamTable) -> Iterator[str]:
    total = table.total
    yield (
        f"On {in_words(table.as_at)}, {total.open:,} were open, {total.overdue:,} of them overdue and {total.unallocated:,} "
        "without a named manager."
    )
    yield from (
        line
        for line in (
            rating_line(table),
            outcome_line(table),
            recording_line(table),
            escalation_line(table),
            caseload_line(table),
        )
        if line
    )
