"""`complaints procedure …`: the rules that complaints go by, each with its source, and a council's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.blocks import words
from bot.cli.opening import office, refusing, say, text_of
from bot.cli.wiring import real_clock
from storage import council, procedures, register
from storage.dates import in_words
from storage.errors import Refusal
from storage.office import Desk
from storage.procedures import Certainty, CountedFrom, Limit, Procedure, StageRules
from storage.procedures.rules import Sourced
from storage.texts import storable

_SURE = {
    Certainty.LAW: "law",
    Certainty.GUIDE: "a reputable account of the law",
    Certainty.PRACTICE: "what councils do",
    Certainty.OPEN: "believed, not confirmed",
}
_COUNTED = {
    CountedFrom.START: "from the start",
    CountedFrom.ACKNOWLEDGEMENT: "from the acknowledgement",
    CountedFrom.STATEMENT: "from the agreed statement",
    CountedFrom.SETTING: "from the request or the agreed statement, as the setting stage2_clock says",
}
_CURRENT = "new complaints begin under it"
File = Annotated[Path, typer.Argument(help="a procedure, as TOML")]


@dataclass(frozen=True, slots=True)
class _Line:
    """One rule in words; `sourced` is where it comes from, None for what has no source of its own."""

    said: str
    sourced: Sourced | None = None


def build() -> typer.Typer:
    """`complaints procedure` with its commands."""
    group = typer.Typer(help="Procedures: the rules that complaints go by.", no_args_is_help=True)
    group.command("list")(list_them)
    group.command("show")(show)
    group.command("check")(check)
    group.command("load")(load)
    return group


def list_them() -> None:
    """Lists the procedures and their versions, and how many open complaints go by each."""
    with office() as place, place.look(None, real_clock()) as desk:
        for name, procedure in desk.procedures.items():
            typer.echo(f"{name}: {procedure.title}")
            counts = council.open_by_version(desk.session, name)
            for version in council.versions(desk.session, desk.shipped_procedures, name):
                current = f", {_CURRENT}" if version == procedure.version else ""
                typer.echo(f"  version {version}{current}: {_open(counts.get(version, 0))}")


def show(
    name: Annotated[str, typer.Argument(help="such as statutory")],
    version: Annotated[str, typer.Option("--version", help="an older one; else the one in force")] = "",
) -> None:
    """Prints every rule of a procedure with its source and how sure it is."""
    with office() as place, place.look(None, real_clock()) as desk:
        procedure = _found(desk, storable(name), storable(version))
    _print(procedure)


def check(file: File) -> None:
    """Says whether a procedure's file will do, and what is wrong with it line by line. Changes nothing."""
    with refusing():
        procedure = procedures.parse(text_of(file))
    say(
        f"{procedure.title}, version {procedure.version}, can be loaded: {len(procedure.stages)} "
        f"stage{'' if len(procedure.stages) == 1 else 's'} and {len(procedure.outcomes)} outcomes. "
        "To put it in force, run complaints procedure load."
    )


def load(file: File) -> None:
    """Puts a procedure in force for new complaints. Open ones keep the version they began under."""
    with office() as place:
        procedure = procedures.parse(text_of(file))
        with place.change(None, real_clock()) as desk:
            is_new = register.council.load_procedure(desk, procedure)
            older = council.open_by_version(desk.session, procedure.name)
    older.pop(procedure.version, None)
    said = f"version {procedure.version} of {procedure.name}"
    typer.echo(f"New complaints begin under {said} now." if is_new else f"New complaints begin under {said} already.")
    for version, count in older.items():
        typer.echo(f"  {_open(count)} on version {version}, which they began under")
    if not older:
        typer.echo("  No open complaint goes by another version.")


def _found(desk: Desk, name: str, version: str) -> Procedure:
    if name not in desk.procedures:
        raise Refusal(f"There is no procedure of that name. There are {words.listed(list(desk.procedures))}.")
    if not version:
        return desk.procedures[name]
    try:
        return desk.rules(name, version)
    except KeyError as unknown:
        known = council.versions(desk.session, desk.shipped_procedures, name)
        raise Refusal(f"{name} has no version of that name. It has {words.listed(known)}.") from unknown


def _print(procedure: Procedure) -> None:
    say(f"{procedure.title} ({procedure.name}, version {procedure.version})")
    _rules("", _whole(procedure))
    for stage in procedure.stages:
        _rules(f"Stage {stage.number}: {stage.title}", _stage(stage))
    _rules("Outcomes", _outcomes(procedure))


def _rules(heading: str, lines: Iterator[_Line]) -> None:
    typer.echo(f"\n{heading}" if heading else "")
    for line in lines:
        say(line.said, indent=2)
        if line.sourced is not None:
            say(f"{_sure(line.sourced.certainty)}: {line.sourced.source}", indent=6)


def _sure(certainty: Certainty) -> str:
    return f"! {_SURE[certainty]}" if certainty is Certainty.OPEN else _SURE[certainty].capitalize()


def _whole(procedure: Procedure) -> Iterator[_Line]:
    acknowledgement = words.days(procedure.acknowledgement.working_days)
    yield _Line(f"Acknowledged within {acknowledgement}", procedure.acknowledgement)
    if procedure.closure_days:
        yield _Line(f"Closed, and not counted: {words.listed([in_words(day) for day in procedure.closure_days])}")


def _stage(stage: StageRules) -> Iterator[_Line]:
    yield _Line(f"Starts with the {'receipt' if stage.number == 1 else 'request'}")
    if stage.request_within is not None:
        window = words.days(stage.request_within.working_days)
        yield _Line(
            f"To be asked for within {window} of the response before; later is recorded with a warning",
            stage.request_within,
        )
    before = "the request"
    for leg in stage.legs:
        late = "; lateness needs a reason" if leg.lateness_needs_reason else ""
        yield _Line(f"{leg.title} within {words.days(leg.working_days)}, counted from {before}{late}", leg)
        before = "the step before"
    late = "; lateness needs a reason" if stage.lateness_needs_reason else ""
    yield _Line(f"Response {_limit(stage)}{late}", stage.limit)
    if stage.maximum is not None:
        tells = (
            f"; the complainant is told {words.listed(list(stage.extension_tells))}" if stage.extension_tells else ""
        )
        yield _Line(f"Can be extended to {words.days(stage.maximum.working_days)} in all{tells}", stage.maximum)
    else:
        yield _Line("Can be changed by agreement" if stage.limit.agreed else "Can't be extended")
    for pause in stage.pauses:
        yield _Line(f"May be paused: {pause.title}", pause)
    if not stage.pauses:
        yield _Line("Nothing pauses it")
    for post in stage.posts:
        people = "1 person" if post.count == 1 else f"{post.count} people"
        yield _Line(f"Appointed: {post.title} ({people}), nudged once empty for {words.days(post.within)}", post)
    for step in stage.steps:
        yield _Line(f"Recorded: {step.title}", step)
    if stage.issues:
        yield _Line("Answered issue by issue, where the complaint has issues")


def _outcomes(procedure: Procedure) -> Iterator[_Line]:
    for outcome in procedure.outcomes:
        reason = ", needs a reason" if outcome.needs_reason else ""
        yield _Line(f"{outcome.key}: {outcome.label} ({outcome.finding.value.replace('_', ' ')}{reason})")


def _limit(stage: StageRules) -> str:
    limit: Limit = stage.limit
    if limit.working_days is None:
        return (
            f"by the date agreed with the complainant, {limit.months} months after the start at most without a reason"
        )
    counted = "counted from the step before" if stage.legs else f"counted {_COUNTED[stage.counted_from]}"
    return f"within {words.days(limit.working_days)}, {counted}"


def _open(count: int) -> str:
    return f"{count:,} open complaint{'' if count == 1 else 's'}"
