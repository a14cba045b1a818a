"""How long the posts of a stage were empty, and which are now: the gaps in which councils lose days. Pure.

Days are working days of the procedure's calendar.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.procedures import Post
from storage.workdays import WorkingDays


@dataclass(frozen=True, slots=True)
class Term:
    """The time somebody held a post: from this day, and until the other when they stood down. `key` says whose it is."""

    key: Hashable
    appointed_on: date
    stood_down_on: date | None

    def holds(self, day: date) -> bool:
        return self.appointed_on <= day and self.holds_after(day)

    def holds_after(self, day: date) -> bool:
        """Whether they hold it on this day or hold it still on a later one."""
        return self.stood_down_on is None or day < self.stood_down_on


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post of which `missing` seats are empty, the longest of them `since` this day and for `days_empty` working days.

    It was expected to be filled by the end of `expected_by`; `overdue_since` is the first working day after that, once it came.
    """

    post: Post
    missing: int
    since: date
    days_empty: int
    expected_by: date
    overdue_since: date | None


def vacancy(post: Post, terms: Sequence[Term], *, began: date, today: date, calendar: WorkingDays) -> Vacancy | None:
    """What is empty of a post today, or None. A seat is empty from the day the stage began, or from when somebody stood down."""
    _waits, free = _seats(post, terms, began)
    if not free:
        return None
    since = min(free)
    expected_by = calendar.due(since, post.within)
    overdue_since = calendar.next_working(expected_by)
    return Vacancy(
        post=post,
        missing=len(free),
        since=since,
        days_empty=max(calendar.between(since, today), 0),
        expected_by=expected_by,
        overdue_since=overdue_since if overdue_since <= today else None,
    )


def waits(post: Post, terms: Sequence[Term], *, began: date, calendar: WorkingDays) -> dict[Hashable, int]:
    """Working days for which the seat was empty before each appointment to a post, by the term's key."""
    empty_from, _free = _seats(post, terms, began)
    return {term.key: max(calendar.between(empty_from[term.key], term.appointed_on), 0) for term in terms}


def most_at_once(terms: Sequence[Term], since: date) -> int:
    """The most people who hold a post on any one day from `since` on."""
    days = [since, *(term.appointed_on for term in terms if term.appointed_on > since)]
    return max(sum(term.holds(day) for term in terms) for day in days)


def _seats(post: Post, terms: Sequence[Term], began: date) -> tuple[dict[Hashable, date], list[date]]:
    """Since when each appointee's seat had been empty, and since when those are that are empty now."""
    free = [began] * post.count
    taken: dict[Hashable, date] = {}
    for term in sorted(terms, key=lambda term: (term.appointed_on, term.stood_down_on or date.max)):
        seat = min(free, default=began)
        if free:
            free.remove(seat)
        taken[term.key] = seat
        if term.stood_down_on is not None:
            free.append(term.stood_down_on)
    return taken, free
