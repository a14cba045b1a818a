"""Reads a promise as somebody types it: what, by when, to whom. Pure.

`"update on recording of complaints" in six months to Children and Families committee`: the text in quotes, then the date and the
origin in either order. Nothing is guessed: what can be read two ways comes back with its readings, each ready to be typed.
"""

import re
from dataclasses import dataclass
from datetime import date

from storage.dates import in_words
from storage.spoken_dates import Said, find
from storage.workdays import WorkingDays

EXAMPLE = '"update on recording of complaints" in six months to Children and Families committee'
_HOW = f"Type the text in quotes, then the date, then “to” and who it was promised to, such as: {EXAMPLE}"


@dataclass(frozen=True, slots=True)
class Promised:
    """A complete promise. `owner` is the Slack id of whoever was named as its owner; None for the one who typed it."""

    body: str
    origin: str
    due_on: date
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed with one of its readings. `words` is as Slack sends it, `typed` as people type it."""

    due_on: date
    words: str
    typed: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A promise whose date has to be asked back. `question` ends as a sentence; `readings` may be one, and are never past."""

    question: str
    body: str
    origin: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """What can't be understood: `problem` says why, and how it is typed. It repeats nothing of what was typed but figures."""

    problem: str


@dataclass(frozen=True, slots=True)
class _Parts:
    body: str
    rest: str
    mention: str
    owner: str | None


def read(words: str, today: date, calendar: WorkingDays | None = None) -> Promised | Ambiguous | Unclear:
    """What these words promise on the day `today`. `calendar` is needed to count working days."""
    parts = _parts(" ".join(words.split()))
    if isinstance(parts, Unclear):
        return parts
    # What an origin in quotes says of dates is its own.
    bare = _QUOTED.sub(lambda match: "_" * len(match[0]), parts.rest)
    dates = [one for one in find(bare, today, calendar) if not _OF.search(bare[: one.start])]
    if len(dates) != 1:
        return Unclear(_dates_problem(len(dates)))
    said = dates[0]
    origin = _origin(f"{parts.rest[: said.start]} {parts.rest[said.end :]}")
    if origin is None:
        return Unclear(f"Say who it was promised to. {_HOW}")
    return _judged(parts, origin, said, today)


def _judged(parts: _Parts, origin: str, said: Said, today: date) -> Promised | Ambiguous | Unclear:
    if said.question is None:
        due_on = said.days[0]
        if due_on < today:
            return Unclear(f"{in_words(due_on)} has passed. Give a day that is still to come. {_HOW}")
        return Promised(_plain(parts.body), _plain(origin.strip(_QUOTES)), due_on, parts.owner)
    ahead = [day for day in said.days if day >= today]
    if not ahead:
        return Unclear(f"{said.question} Give a day that is still to come. {_HOW}")
    given, shown = _owners(parts)
    readings = tuple(
        Reading(
            day,
            f"{_sentence(parts.body, day, origin)}{given}",
            f"{_sentence(_plain(parts.body), day, _plain(origin))}{shown}",
        )
        for day in ahead
    )
    return Ambiguous(said.question, _plain(parts.body), _plain(origin.strip(_QUOTES)), readings)


def _parts(words: str) -> _Parts | Unclear:
    quoted = _TEXT.search(words)
    if quoted is None:
        return Unclear(f"Put what is promised in quotes. {_HOW}")
    body = next(group for group in quoted.groups() if group is not None).strip()
    rest = f"{words[: quoted.start()]} {words[quoted.end() :]}"
    owners = list(_OWNER.finditer(rest))
    if _ANY_MENTION.search(body):
        return Unclear("Leave people out of the text. To name its owner, add “by” and @name after the text.")
    if not body:
        return Unclear(f"Put what is promised in quotes. {_HOW}")
    if len(owners) > 1:
        return Unclear("A commitment has one owner. Name one person, or nobody to own it yourself.")
    rest = _OWNER.sub(" ", rest)
    if _RAW_NAME.search(rest):
        return Unclear("Choose the owner from the list that Slack shows after you type @, or leave the owner out.")
    mention = owners[0].group("mention") if owners else ""
    return _Parts(body, " ".join(rest.split()), mention, owners[0].group("id") if owners else None)


def _origin(rest: str) -> str | None:
    """What follows "to" or "for"; None when nothing does."""
    match = _TO.fullmatch(" ".join(rest.split()).strip(" ,;.-–—"))
    if match is None:
        return None
    return _DANGLING.sub("", match["origin"]).strip(" ,;.-–—") or None


def _dates_problem(count: int) -> str:
    if count == 0:
        return f"Say by when. {_HOW}"
    return (
        "There are two dates in it, and either could be the due date. Put quotes around the name of a meeting that has one, "
        "such as: "
        '"update on recording of complaints" in six months to "Scrutiny, 3 March 2027"'
    )


def _sentence(body: str, day: date, origin: str) -> str:
    marks = "“”" if '"' in body else '""'
    return f"{marks[0]}{body}{marks[1]} by {in_words(day)} to {origin}"


def _owners(parts: _Parts) -> tuple[str, str]:
    """Its owner at the end of a sentence: as Slack sends it, and as it is typed."""
    if not parts.mention:
        return "", ""
    name = parts.mention.strip("<>").partition("|")[2]
    return f" by {parts.mention}", f" by @{name}" if name else ""


def _plain(text: str) -> str:
    """Channels as they are called, and not as Slack refers to them."""
    return _CHANNEL.sub(lambda match: f"#{match['label'] or 'channel'}", text)


_QUOTES = "\"“”„' ‘’"
_TEXT = re.compile(r"“([^”]*)”|\"([^\"]*)\"|[“”„]([^“”„\"]*)[“”\"]|(?<!\w)[‘'](.+?)[’'](?!\w)")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_OWNER = re.compile(
    r"(?:\b(?:owned\s+by|owner|by|for|with)\s*:?\s*)?(?P<mention><@(?P<id>[UW][A-Z0-9]{2,})(?:\|[^>]*)?>)",
    re.IGNORECASE,
)
_ANY_MENTION = re.compile(r"<@[^>]*>")
_RAW_NAME = re.compile(r"(?<!\S)@\S")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|(?P<label>[^>]*))?>")
_TO = re.compile(r"(?:promised\s+)?(?:to|for)\s+(?:the\s+)?(?P<origin>.+)", re.IGNORECASE)
_DANGLING = re.compile(r"\s+(?:by|on|for|at|in|due|and)$", re.IGNORECASE)
# "the committee of 3 March 2027": a date that names a meeting is not when something is due.
_OF = re.compile(r"\b(?:of|from|since|dated|minute)\s*$", re.IGNORECASE)
