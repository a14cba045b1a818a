"""`make bench`: measures, and what they are held against in the same run. Nothing here passes or fails; it prints a table."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import pyperf
from rich.console import Console
from rich.table import Table

from bot import collector
from tests.bench import calendar, deliveries, figures, imports, outbox, over_http, over_socket, page, starting, ticks
from tests.bench.lines import Line
from tests.conftest import database_made, server_of_the_wheel

Measure = Callable[[Path, Callable[[], str]], list[Line]]
ALL: dict[str, Measure] = {
    "calendar": lambda _folder, _new: calendar.measure(),
    "starting": lambda folder, _new: starting.measure(folder),
    "imports": lambda folder, _new: imports.measure(folder),
    "figures": figures.measure,
    "ticks": ticks.measure,
    "outbox": lambda _folder, new: outbox.measure(new),
    "over_http": lambda folder, _new: over_http.measure(folder),
    "over_socket": lambda folder, _new: over_socket.measure(folder),
    "deliveries": lambda folder, _new: deliveries.measure(folder),
    "page": lambda folder, _new: page.measure(folder),
}
WITH = (
    "slack_bolt",
    "sqlmodel",
    "sqlalchemy",
    "psycopg",
    "granian",
    "apscheduler",
    "numpy",
    "procrastinate",
    "pgqueuer",
)


def main() -> None:
    """Measures what is named on the command line, or everything."""
    console = Console(width=150)
    lines: list[Line] = []
    for name in sys.argv[1:] or ALL:
        with tempfile.TemporaryDirectory(prefix="complaints-bench-") as folder, _postgres() as new:
            console.print(f"{name} …", style="dim")
            # What earlier measures left behind would be looked through in the middle of this one.
            collector.spare_what_stays()
            found = ALL[name](Path(folder), new)
        lines += found
        for line in found:
            console.print(f"  {line.measure}: {line.ours} / {line.reference} = {line.ratio:.2f} ({line.goal})")
    console.print(_table(lines))
    console.print(_machine())
    (Path("build")).mkdir(exist_ok=True)
    with (Path("build") / "bench.txt").open("w") as file:
        written = Console(file=file, width=150)
        written.print(_table(lines))
        written.print(_machine())


def _table(lines: list[Line]) -> Table:
    table = Table("Measure", "Ours", "Held against", "Ratio", "Goal", "Met", title="Ratios of one run")
    for line in lines:
        table.add_row(
            line.measure, line.ours, line.reference, f"{line.ratio:.2f}", line.goal, "yes" if line.met else "no"
        )
    return table


def _machine() -> str:
    metadata = pyperf.Run([1.0]).get_metadata()
    cpu = metadata.get("cpu_model_name", platform.processor())
    packages = ", ".join(f"{name} {version(name)}" for name in WITH)
    return f"{cpu}, {os.cpu_count()} CPUs, Linux {platform.release()}, Python {platform.python_version()}; {packages}"


@contextmanager
def _postgres() -> Iterator[Callable[[], str]]:
    """Makes databases on a server that is started when the first is asked for.

    It waits for no disk, so that commits are held to processors and a long history is filled in minutes.
    """
    with ExitStack() as stack:
        servers: list[str] = []

        def new() -> str:
            if not servers:
                servers.append(os.environ.get("TEST_DATABASE_URL") or stack.enter_context(server_of_the_wheel()))
            return stack.enter_context(database_made(servers[0], f"bench_{uuid4().hex[:12]}"))

        yield new


if __name__ == "__main__":
    main()
