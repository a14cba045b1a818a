"""Everything that people may have to be nudged about. One module a kind; a new kind is a module and a line here."""

from collections.abc import Iterable, Mapping

from jobs.nudges import Matter
from jobs.sources import actions, commitments, notes, ownership, remedies, stages
from jobs.sources.source import Source
from jobs.staff import Staff
from storage.office import Desk

SOURCES: Mapping[str, Source] = {
    one.kind: one
    for one in (stages.SOURCE, remedies.SOURCE, actions.SOURCE, notes.SOURCE, ownership.SOURCE, commitments.SOURCE)
}


def waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """All that a rung may concern today."""
    return [matter for source in SOURCES.values() for matter in source.waiting(desk, staff)]


def these(desk: Desk, staff: Staff, subjects: Iterable[str]) -> dict[str, Matter]:
    """These matters as they are now, by subject; those that aren't there any more are left out."""
    wanted: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        wanted.setdefault(kind, set()).add(int(number.partition("/")[0]))
    return {
        matter.subject: matter
        for kind, ids in wanted.items()
        if kind in SOURCES
        for matter in SOURCES[kind].these(desk, staff, sorted(ids))
    }
