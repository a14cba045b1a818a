"""One figure month by month: a line, the same numbers as a table, and as sentences. Pure."""

from bot.blocks import tables
from bot.blocks.message import Block, Message, clip, context, header, safe, section
from bot.blocks.words import NONE, shown
from bot.papers import parts
from bot.papers.paper import Chart
from storage.figures import Mean, Median, Rate, Share, Value
from storage.figures.trend import Trend


def trend(found: Trend) -> tuple[Message, Chart]:
    """The answer of `/complaint trend`, and the chart to be drawn where the workspace draws none."""
    title = heading(found)
    drawn = chart(found)
    rows = [(_month(point.period.label), point.value) for point in found.points]
    defined = f"{found.figure.title}: {found.figure.definition}. {found.procedure}. {NONE} means no cases."
    blocks: list[Block] = [header(title), section(safe(drawn.text))]
    known = [
        (label, value) for label, value in zip(drawn.labels, drawn.series[0].points, strict=True) if value is not None
    ]
    if len(known) > 1:
        blocks.append(tables.chart(found.figure.title, [(found.figure.title, known)], unit=drawn.unit))
    blocks.append(tables.data_table("trend", title, ["Month", found.figure.title], rows))
    blocks.append(context(safe(clip(defined, 3000))))
    text = [title, drawn.text, *(f"{label}: {shown(value)}" for label, value in rows), defined]
    return Message(safe("\n".join(text)), blocks), drawn


def heading(found: Trend) -> str:
    scope = f"{found.scope}: " if found.scope else ""
    first, last = found.points[0].period, found.points[-1].period
    span = first.label if first == last else f"{first.label} to {last.label}"
    figure = found.figure.title
    return clip(
        f"{scope}{figure[0].lower() if scope else figure[0]}{figure[1:]} by month, stage {found.number}, {span}", 150
    )


def chart(found: Trend) -> Chart:
    """The line, with what its numbers are."""
    labels = [_month(point.period.label) for point in found.points]
    values = [point.value for point in found.points]
    return parts.line_chart(heading(found), unit(values[0]), labels, [(found.figure.title, values)], first="Month")


def unit(value: Value) -> str:
    """What the numbers of such a figure are."""
    if isinstance(value, Share | Rate):
        return "%"
    return "working days" if isinstance(value, Mean | Median) else "complaints"


def _month(label: str) -> str:
    """`Nov 2026` of `November 2026`, so that twenty of them fit beside each other; what is no whole month stays as it is."""
    month, _, year = label.partition(" ")
    return f"{month[:3]} {year}" if year.isdigit() and month.isalpha() else clip(label, 20)
