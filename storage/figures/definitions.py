"""The figures of the team table, one definition each (FIGURES.md), in the order in which they are printed."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.figures.counts import Counts
from storage.figures.values import Mean, Median, Rate, Share, Value


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of the team table, with the definition that is printed wherever it is; `wanted` says when it is shown.

    One that is not `brief` is for documents: a table in Slack has twenty columns at most.
    """

    key: str
    title: str
    definition: str
    value: Callable[[Counts], Value]
    wanted: Callable[[Counts], bool] = lambda _total: True
    brief: bool = True


# A new figure is a row here: the table, the digest and whatever prints figures next take it from this list.
FIGURES: tuple[Figure, ...] = (
    Figure("received", "Received", "stages whose clock started in the period", lambda c: c.received),
    Figure("closed", "Closed", "stages whose response went out in the period", lambda c: c.closed),
    Figure(
        "on_time",
        "On time",
        "within the limit or within an extension agreed before the due date, as a share of closed",
        lambda c: Share(c.on_time, c.closed),
    ),
    Figure(
        "within_limit", "Within limit", "closed, days taken ≤ the limit, as a share of closed",
        lambda c: Share(c.within_limit, c.closed),
    ),
    Figure(
        "agreed_extension",
        "In agreed extension",
        "closed over the limit, within an extension approved before the original due date passed",
        lambda c: c.agreed_extension,
    ),
    Figure(
        "within_maximum",
        "Late, within maximum",
        "closed over the limit, within the maximum, without such an approval",
        lambda c: c.within_maximum,
    ),
    Figure("over_maximum", "Over maximum", "closed later than the maximum", lambda c: c.over_maximum),
    Figure("average_days", "Average days", "mean working days taken by the closed", lambda c: Mean(c.days, c.closed)),
    Figure(
        "average_net",
        "Average net days",
        "the same without the days on which the clock was stopped; shown when any pause exists",
        lambda c: Mean(c.days_net, c.closed),
        wanted=lambda total: total.days_net != total.days,
    ),
    Figure(
        "not_proceeded",
        "Not proceeded",
        "withdrawn, refused or handled informally in the period; in received, in nothing else",
        lambda c: c.not_proceeded,
    ),
    Figure(
        "days_to_allocate",
        "Days to allocate",
        "mean working days from receipt to the first named manager, over those received that have had one",
        lambda c: Mean(c.days_to_allocate, c.allocated),
        wanted=lambda total: total.allocated > 0,
    ),
    Figure(
        "recorded_late",
        "Recorded late",
        "recorded too many working days after receipt, as a share of those received whose recording is known",
        lambda c: Share(c.recorded_late, c.recorded),
        wanted=lambda total: total.recorded > 0,
    ),
    Figure(
        "recording_delay",
        "Recording delay",
        "median working days from receipt to recording, where that is known",
        lambda c: Median(c.median_recording()),
        wanted=lambda total: total.recorded > 0,
    ),
    Figure(
        "escalated",
        "Escalated so far",
        "of the stages received in the period, how many have gone to the next stage by now (the same complaints followed)",
        lambda c: Share(c.went_on, c.received),
        wanted=lambda total: total.went_on + total.next_received > 0,
        brief=False,
    ),
    Figure(
        "escalation",
        "Escalation in the period",
        "next stages received in the period, as a share of this stage received in it (not the same complaints)",
        lambda c: Share(c.next_received, c.received),
        wanted=lambda total: total.went_on + total.next_received > 0,
        brief=False,
    ),
    Figure(
        "caseload",
        "Caseload",
        "open cases on the day of the latest snapshot dated inside the period",
        lambda c: c.caseload,
        wanted=lambda total: total.caseload > 0,
        brief=False,
    ),
    Figure(
        "rate",
        "Of caseload",
        "received by the teams whose caseload is known, as a share of it",
        lambda c: Rate(c.received_of_caseload, c.caseload),
        wanted=lambda total: total.caseload > 0,
        brief=False,
    ),
    Figure("open", "Open", "not yet closed, now", lambda c: c.open),
    Figure("on_track", "On track", "open, neither due soon nor overdue, now", lambda c: c.on_track),
    Figure("due_soon", "Due soon", "open, with few working days left, now", lambda c: c.due_soon),
    Figure("overdue", "Overdue", "open after the due date, now", lambda c: c.overdue),
    Figure("unallocated", "Unallocated", "open without a named manager, now", lambda c: c.unallocated),
)  # fmt: skip


# These are counted at the moment of asking; nobody kept how they stood a year, or a month, before.
NOW_ONLY = frozenset({"open", "on_track", "due_soon", "overdue", "unallocated"})


def columns(total: Counts, *, brief: bool = True) -> tuple[Figure, ...]:
    """The figures that a table with this total shows; with those for documents unless it has to be `brief`."""
    return tuple(figure for figure in FIGURES if figure.wanted(total) and (figure.brief or not brief))


def figure(key: str) -> Figure:
    """The figure with this key. Raises KeyError."""
    return _BY_KEY[key]


_BY_KEY = {one.key: one for one in FIGURES}
