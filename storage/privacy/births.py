"""Dates of birth. An ordinary date is allowed: what stands around it makes it a date of birth."""

import re
from collections.abc import Iterator
from datetime import date

from storage.privacy.kinds import Kind

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINAL_WORD = (
    r"(?:twenty[ -]|thirty[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY_TH = rf"{_DAY}\s?(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<!\d)(?=\d)(?:"
    rf"(?P<y1>{_YEAR})[-/.]{_MONTH}[-/.]{_DAY}(?!\d)"
    rf"|{_DAY}\s?[-/.]\s?{_MONTH}\s?[-/.]\s?(?P<y2>{_YEAR}|\d\d)(?!\d)"
    rf"|{_DAY_TH}[\s,-]{{0,2}}(?:of\s)?{_MONTH_NAME}[\s,'-]{{0,3}}(?P<y3>{_YEAR}|\d\d\b)?"
    rf"|{_DAY}[/.-]{_MONTH}(?![\d/.-])"
    rf"|{_DAY}\s{_MONTH}\s(?P<y6>{_YEAR}|\d\d)\b"
    rf"|(?P<solid>\d{{8}}|\d{{6}})(?!\d)"
    rf"|{_MONTH}[/.-](?P<y7>{_YEAR})"
    rf")"
    rf"|\b(?=[a-z])(?:"
    rf"{_ORDINAL_WORD}[\s,-]{{0,2}}(?:of\s)?{_MONTH_NAME}[\s,'-]{{0,3}}(?P<y8>{_YEAR}|\d\d\b)?"
    rf"|{_MONTH_NAME}\s(?:the\s)?(?:{_DAY_TH}|{_ORDINAL_WORD})\b(?!\d)(?:,?\s?(?P<y4>{_YEAR}))?"
    rf"|{_MONTH_NAME}\s(?P<y5>{_YEAR})"
    rf")",
    re.IGNORECASE,
)

_WEEKDAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?"
_LINK = (
    rf"(?:is|was|are|were|on|of|in|the|given|recorded|entered|listed|shown|stated|down|as|at|falls|fell|being|be|should|not|wrongly|incorrectly"
    rf"|prematurely|early|at|home|hospital|to|from|changed|this|year|next|last|that|their|his|her|{_WEEKDAY})"
)
_BIRTH_WORDS = (
    r"(?<![a-z])(?:d\s?\.?\s?o\s?\.?\s?b(?:'?s)?\b\.?|d/o/b|dob|dates? of births?|birth[ -]?dates?|birth[ -]?days?|born"
    r"|b\.|gave birth"
    r"|baby (?:is |was )?(?:due|born|delivered)|edd|unborn (?:is |was )?due)"
)
_AFTER_BIRTH_WORDS = re.compile(
    rf"{_BIRTH_WORDS}(?:'s)?[\s:;=,(\[\"'.-]*(?:{_LINK}[\s:;=,(\[\"'-]+){{0,6}}\Z", re.IGNORECASE
)
# “The date of birth is wrong in the plan: it should be …”
_AFTER_BIRTH_CLAUSE = re.compile(
    r"(?:\bd\.?o\.?b\b|\bdates? of birth\b|\bbirth ?date\b)[^.!?\n]{0,55}?"
    r"\b(?:should (?:be|read|say|have been)|is|was|as|not|says?|shows?|reads?|to)[\s:\"'(]{1,3}\Z",
    re.IGNORECASE,
)
_SPELT = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
)
_AFTER_TURNING = re.compile(
    rf"\b(?:turn(?:s|ed|ing)?|will be|becomes?|became|(?:s?he|they|child|son|daughter|boy|girl|baby) (?:is|was|were)|he's|she's)"
    rf"\s+{_SPELT}(?:\s+years?\s+old)?\s+(?:next\s|this\s)?(?:on|in)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_AFTER_AGE = re.compile(
    rf"(?:\b(?:aged?|age is|age:)\s*:?\s*(?P<a1>{_SPELT})"
    rf"|\b(?P<a2>{_SPELT})\s*-?\s*(?:years?|yrs?|months?|mths?|weeks?)(?:\s|-)*old"
    rf"|\b(?P<a3>\d{{1,2}})\s?y/?o|\bold)\b\s*[(\[,;/-]\s*\Z",
    re.IGNORECASE,
)
_AFTER_CHILD = re.compile(
    r"\b(?P<who>child|son|daughter|boy|girl|baby|brother|sister|twins?|siblings?|infant|newborn|toddler|pupil|student"
    r"|young person"
    r"|granddaughter|grandson|grandchild|nephew|niece|children|stepson|stepdaughter|teenager|eldest|youngest|oldest)\s?[(\[]\s*\Z",
    re.IGNORECASE,
)
_BEFORE_AGE = re.compile(rf"[\s,)\]]{{0,3}}[(\[]?\s?(?:aged?|age)\s?:?\s?(?P<age>{_SPELT})\b", re.IGNORECASE)
_BEFORE_BIRTH_WORDS = re.compile(
    r"\s?[,(\[)\]-]?\s?(?:(?:is|was|as|being|which is|which was)\s+)?"
    r"(?:(?:his|her|their|my|our|the|my son's|my daughter's|the child's)\s+)?"
    r"(?:actual\s|real\s|correct\s)?(?:\(?d\s?\.?o\s?\.?b\b|date of birth|birth[ -]?date"
    r"|birth[ -]?day\b(?!\s(?:contact|party|visit|present|card|treat)))",
    re.IGNORECASE,
)
_AND_ANOTHER = re.compile(
    r"[\s)\],]{0,3}(?:and|&|or|to|not|instead of|rather than|,|;)?\s?(?:not|the)?\s?[(\[]?", re.IGNORECASE
)
_LONGEST_CHILDHOOD = 25  # years: duties to care leavers end at 25


def dates_of_birth(text: str, today: date | None) -> Iterator[tuple[int, int, Kind]]:
    """Dates of birth in folded ``text``.

    By the words around: “born”, “DOB”, “birthday”, an age beside it. A bare date counts only where a date of birth
    stands: in brackets straight after a child, “the child (12/03/2019)”. There ``today`` decides: such a date within the last
    year is that of a visit or a letter, except after “baby”; without ``today`` it always counts.
    """
    last_end = -1
    for match in _DATE.finditer(text):
        year = next((group for name, group in match.groupdict().items() if group and name.startswith("y")), None)
        before = text[max(0, match.start() - 70) : match.start()]
        after = text[match.end() : match.end() + 40]
        another = last_end >= 0 and bool(_AND_ANOTHER.fullmatch(text, last_end, match.start()))
        if _told(before, after) or (another and not match["solid"]) or _by_age(year, before, after, today):
            last_end = match.end()
            yield match.start(), match.end(), Kind.DATE_OF_BIRTH


def _told(before: str, after: str) -> bool:
    return bool(
        _AFTER_BIRTH_WORDS.search(before)
        or _AFTER_BIRTH_CLAUSE.search(before)
        or _AFTER_TURNING.search(before)
        or _BEFORE_BIRTH_WORDS.match(after)
    )


def _by_age(year: str | None, before: str, after: str, today: date | None) -> bool:
    """Whether an age or a child stands beside the date, and the date can be that of a birth."""
    if year is None:
        return False
    years_ago = None if today is None else today.year - _full_year(year, today)
    if _AFTER_AGE.search(before) or _BEFORE_AGE.match(after):
        # "On 12/03/2026, aged 7, she was moved": a date of this year, of somebody who is not a baby.
        return years_ago is None or (0 <= years_ago <= 99 and not (years_ago == 0 and _stated_age(before, after) > 1))
    child = _AFTER_CHILD.search(before)
    if child is None:
        return False
    youngest = 0 if child["who"].lower() in {"baby", "infant", "newborn", "twin", "twins"} else 1
    return years_ago is None or youngest <= years_ago <= _LONGEST_CHILDHOOD


def _full_year(year: str, today: date) -> int:
    if len(year) == 4:
        return int(year)
    century = today.year // 100 * 100
    return century + int(year) if century + int(year) <= today.year else century - 100 + int(year)


def _stated_age(before: str, after: str) -> int:
    found = _BEFORE_AGE.match(after)
    written = found["age"] if found else next((g for g in _ages(before) if g), "0")
    return int(written) if written.isdigit() else 2


def _ages(before: str) -> tuple[str | None, ...]:
    found = _AFTER_AGE.search(before)
    return found.group("a1", "a2", "a3") if found else ()
