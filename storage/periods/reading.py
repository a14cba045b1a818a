"""Reads what somebody typed into a period. Pure.

The year is the financial year, April to March, and so is "this year". Nothing is guessed: what could mean two
things is refused with both of them named.
"""

import re
from collections.abc import Callable
from datetime import date

from storage.dates import in_words
from storage.periods.forms import DAY_ALONE, ENDS_WITH_MONTH, WITHOUT_YEAR, form_of, simple, without_year
from storage.periods.period import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    NotAPeriod,
    Period,
    Span,
    out_of_range,
    shown,
    start_of,
)

_MOST_WORDS = 12  # “from the 1st of April 2026 to the 30th of June 2026”


def parse(text: str, today: date) -> Period:
    """The period that `text` names on the day `today`; without text, this financial year to date.

    today, yesterday, 3 January 2027 · this or last week, month, quarter, year · month, quarter or year to date ·
    Q1 to Q4 (of this financial year), Q2 2026/27 · 2017/18 · 2026-11, November 2026, November (the latest that has
    begun) · since D · D to D, from D to D, between D and D, where D may also be a month, a quarter or a year.
    "This month" is the whole month, its days to come included. "Last 12 months" are the 12 whole months before this
    one, and weeks, quarters and years likewise; only "last 7 days" ends today. A week starts on Monday.

    Raises `NotAPeriod`, and nothing else, for anything else.
    """
    if len(text) > LONGEST:
        raise _not_understood(text)
    if not text.strip():
        return Period.of(start_of("year", today), today)
    words = _plain(text)
    span = simple(_hyphens(words), today) or _range(words, today) or _since(words, today)
    if span is None:
        raise _not_understood(text)
    first, last = span
    if last < first:
        raise NotAPeriod(f"{in_words(first)} is after {in_words(last)}: type the earlier date first.")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise out_of_range()
    return Period.of(first, last)


def split_period(words: str, today: date, *, is_team: Callable[[str], bool] | None = None) -> tuple[str, Period | None]:
    """The team and the period in `words`, in either order, as in `First Response last month` or `2022/23 East`.

    The longest reading as a period at either end wins, at the end rather than at the start when both are as long.
    A month or a day without a year counts only at the end (`East November`) or after "in" (`in November East`), so
    that a team called May Street stays whole. With `is_team` (is this text a team's name?), a split that leaves a
    known team, or nothing, comes before any other.

    Raises `NotAPeriod` when the words at one end are meant as a period but cannot be one, as with 31 November.
    """
    tokens = words.split()
    readings: list[tuple[str, str, bool]] = []  # team, period, and whether it can stand without is_team
    for length in range(min(len(tokens), _MOST_WORDS), 0, -1):
        cut = len(tokens) - length
        readings.append((_team(tokens[:cut]), " ".join(tokens[cut:]), True))
        if cut:
            front = " ".join(tokens[:length])
            readings.append((_team(tokens[length:]), front, not WITHOUT_YEAR.fullmatch(front.casefold())))
    whole = " ".join(tokens)
    found = [(team, _attempt(text, today), certain) for team, text, certain in readings]
    meant = [(team, result, certain) for team, result, certain in found if result is not None]
    if is_team is not None:
        for team, result, _ in meant:
            if isinstance(result, Period) and (not team or is_team(team)):
                return team, result
        if is_team(whole):
            return whole, None
    for team, result, certain in meant:
        if certain and isinstance(result, NotAPeriod):
            raise result
        if certain and isinstance(result, Period):
            return team, result
    return whole, None


def _attempt(text: str, today: date) -> Period | NotAPeriod | None:
    """The period, the error when one was clearly meant, or None."""
    try:
        return parse(text, today)
    except NotAPeriod as error:
        return error if error.understood else None


def _team(tokens: list[str]) -> str:
    """What is left for the team, without what joined it to the period: `last month for East`, `East - last month`."""
    joined = " ".join(tokens).strip(" ,;:-–—")
    return joined[4:] if joined.casefold().startswith("for ") else joined


_LEADING = re.compile(r"(?:(?:in|for|during|over|the) )+(?=\S)")
_DASHES = re.compile(r"[–—]")
_HYPHENS = re.compile(r"[‐‑‒−]")


def _plain(text: str) -> str:
    """Lower case, single spaces, no commas, nothing that only leads up to a period; long dashes stay."""
    words = re.sub(r"\s*/\s*", "/", _HYPHENS.sub("-", text.casefold()).replace(",", " "))
    spaced = " ".join(words.split()).strip(" .;:!?")
    leading = _LEADING.match(spaced)
    return spaced[leading.end() :] if leading else spaced


def _hyphens(words: str) -> str:
    return _DASHES.sub("-", words)


_BETWEEN = re.compile(r"(?:from |between )?(?P<left>.+?) (?:to|until|till|and|-) (?P<right>.+)")


def _range(words: str, today: date) -> Span | None:
    """`D to D`. A long dash is a hyphen if that makes sense (2017–18), otherwise a "to"."""
    for text in (_hyphens(words), " ".join(_DASHES.sub(" to ", words).split())):
        if (match := _BETWEEN.fullmatch(text)) is None:
            continue
        left, right = match["left"], match["right"].removeprefix("the ")
        if tail := ENDS_WITH_MONTH.fullmatch(right):  # 1 to 30 November 2026, 1 April to 30 June 2026
            if DAY_ALONE.fullmatch(left):
                left = f"{left} {tail['month']} {tail['year']}"
            elif WITHOUT_YEAR.fullmatch(left):
                left = f"{left} {tail['year']}"
        start, end = form_of(left.removeprefix("the ")), form_of(right)
        if start is None or end is None:
            continue  # before either is read, so that "2017 to West" is not taken for a wrong date
        yearless = WITHOUT_YEAR.fullmatch(right)
        if yearless and not WITHOUT_YEAR.fullmatch(left):
            return without_year(yearless, today)
        return start[0](start[1], today)[0], end[0](end[1], today)[1]
    return None


def _since(words: str, today: date) -> Span | None:
    match = re.fullmatch(r"(?:since|from) (?P<start>.+)", _hyphens(words))
    span = simple(match["start"].removeprefix("the "), today) if match else None
    if span is None:
        return None
    if span[0] > today:
        raise NotAPeriod(f"{in_words(span[0])} has not come yet.")
    return span[0], today


def _not_understood(text: str) -> NotAPeriod:
    echoed = shown(text)
    return NotAPeriod(f"“{echoed}” is not a period." if echoed else "That is not a period.", understood=False)
