"""What a cell may refer to: the register's teams, people, themes and words, found by the names that people write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import col

from storage.importing import words
from storage.models import Person, Theme
from storage.office import Desk
from storage.procedures import Outcome, Procedure
from storage.vocabulary import Finding

T = TypeVar("T")

_LIST_ALL = 12  # so many names can be read in one sentence
_NEAREST = 3
_LONGEST = 75


class NotKnown(ValueError):
    """A name that the register doesn't have; the message says what to write instead, without repeating it."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as owner; `here` is whether they can take work today."""

    id: int
    here: bool


@dataclass(frozen=True)
class Known:
    """Everything by its name in lower case. `people` has several under one name when they share it."""

    teams: Mapping[str, int]
    themes: Mapping[str, int]
    people: Mapping[str, tuple[Colleague, ...]]
    customer_groups: Mapping[str, str]
    contact_methods: Mapping[str, str]
    procedures: Mapping[str, Procedure]
    names: Mapping[str, tuple[str, ...]]

    def team(self, written: str) -> int:
        return self._one(self.teams, written, "teams", "Write the team’s name as it is in the register.")

    def theme(self, written: str) -> int:
        return self._one(self.themes, written, "themes", "One of the themes is not in the register.")

    def customer_group(self, written: str) -> str:
        return self._one(
            self.customer_groups, written, "customer groups", "Write one of the council’s groups, never a name."
        )

    def contact_method(self, written: str) -> str:
        return self._one(self.contact_methods, written, "ways", "Write one of the council’s ways of getting in touch.")

    def procedure(self, written: str) -> Procedure:
        return self._one(
            self.procedures, written, "procedures", "Leave this blank for the children’s statutory procedure."
        )

    def person(self, written: str, *, must_be_here: bool) -> int:
        found = self.people.get(written.casefold(), ())
        if not found:
            raise NotKnown(
                "Nobody in the register has this Slack id or this name. Write the Slack id, or the exact name, "
                "of a member of staff, or leave it blank."
            )
        if len(found) > 1:
            raise NotKnown("Several people in the register have this name. Write the Slack id instead.")
        if must_be_here and not found[0].here:
            raise NotKnown(
                "This person has left and the complaint is not closed yet. "
                "Write who has it now, or leave it blank so that it is offered to the team."
            )
        return found[0].id

    def outcome(self, written: str, procedure: Procedure) -> Outcome:
        try:
            return procedure.outcome(written)
        except KeyError:
            finding = words.OUTCOMES.get(written.casefold())
        found = ending(procedure, finding) if finding is not None else None
        if found is None:
            labels = tuple(outcome.label for outcome in procedure.outcomes)
            raise NotKnown(f"This is not an outcome of the {procedure.title}. {_instead(written, labels, 'outcomes')}")
        return found

    def _one(self, among: Mapping[str, T], written: str, what: str, advice: str) -> T:
        found = among.get(written.casefold())
        if found is None:
            raise NotKnown(f"{advice} {_instead(written, self.names[what], what)}")
        return found


def load(desk: Desk) -> Known:
    """One look at the register. Teams that have closed, people who have left and retired themes are in it."""
    teams = {team.name: team.id for team in desk.teams}
    themes = {row.name: row.id for row in desk.session.execute(select(col(Theme.name), col(Theme.id)))}
    policy, procedures = desk.policy, desk.procedures
    by_title = {procedure.title.casefold(): procedure for procedure in procedures.values()}
    return Known(
        teams=_folded(teams),
        themes=_folded(themes),
        people=_people(desk),
        customer_groups=_with_words(policy.customer_groups, words.CUSTOMER_GROUPS),
        contact_methods=_with_words(policy.contact_methods, words.CONTACT_METHODS),
        procedures=by_title | _folded(procedures),
        names={
            "teams": tuple(teams),
            "themes": tuple(sorted(themes)),
            "customer groups": policy.customer_groups,
            "ways": policy.contact_methods,
            "procedures": tuple(procedure.title for procedure in procedures.values()),
        },
    )


def ending(procedure: Procedure, finding: Finding) -> Outcome | None:
    """The procedure's first outcome with this finding, or None."""
    return next((outcome for outcome in procedure.outcomes if outcome.finding is finding), None)


def _people(desk: Desk) -> dict[str, tuple[Colleague, ...]]:
    found: dict[str, tuple[Colleague, ...]] = {}
    rows = desk.session.execute(
        select(
            col(Person.id), col(Person.slack_id), col(Person.name), col(Person.leaves_on), col(Person.deactivated_at)
        )
    )
    for row in rows:
        here = row.deactivated_at is None and (row.leaves_on is None or row.leaves_on >= desk.today)
        one = Colleague(row.id, here)
        for name in {row.slack_id.casefold(), " ".join(row.name.split()).casefold()}:
            found[name] = (*found.get(name, ()), one)
    return found


def _folded(named: Mapping[str, T]) -> dict[str, T]:
    return {" ".join(name.split()).casefold(): value for name, value in named.items()}


def _with_words(labels: Iterable[str], others: Mapping[str, str]) -> dict[str, str]:
    known = {label.casefold(): label for label in labels}
    return {word: known[label.casefold()] for word, label in others.items() if label.casefold() in known} | known


@lru_cache(maxsize=1024)
def _instead(written: str, names: tuple[str, ...], what: str) -> str:
    if not names:
        return f"The register has no {what} yet."
    if len(names) <= _LIST_ALL:
        return f"The {what} are: {', '.join(names)}."
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(written[:_LONGEST].casefold(), folded, n=_NEAREST, cutoff=0.5)
    if not near:
        return f"None of the {len(names)} {what} has a name like it."
    return f"The nearest {what} are: {', '.join(folded[name] for name in near)}."
