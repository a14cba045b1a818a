"""Papers that are like those a committee gets, and papers that hold everything a renderer could stumble over."""

from datetime import date

from bot.papers.paper import Cell, Chart, Column, Paper, Row, Section, Series, Table
from storage.figures import Mean, Median, Rate, Share, Withheld

MADE_ON = date(2027, 1, 3)
HIDDEN = Withheld("<5")
SCRIPT = "<script>alert('x')</script>"
NASTY = (
    SCRIPT, '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0", "+44", "-2", "@SUM(A1)", "\t=1", "{{ 7*7 }}", "&amp; & <b>",
    "\x00\x0b\x1f\uffff", "two\nlines", "W" * 200, "Ünïté ☃ 👩‍👩‍👧 漢字 \u202eabc", "$a$ \\frac{1}{2} $", "", "#N/A", "‘ ’ – …",
)  # fmt: skip
TEAMS = (
    "First Response and Assessment",
    "Strengthening Families East",
    "Strengthening Families West",
    "Children Looked After",
    "Fostering and Adoption",
    "Children with Disabilities",
    "Leaving Care",
    "Youth Justice",
)
QUARTERS = tuple(f"Q{quarter} {year}/{year - 1999}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4))


def table(rows: int = 3, columns: int = 3, *, caption: str = "Stage 1 by team", total: bool = True) -> Table:
    """Counts, shares, means and dashes in turn."""
    return Table(
        caption=caption,
        first="Team",
        columns=tuple(Column(f"Column {at + 1}", f"what column {at + 1} means") for at in range(columns)),
        rows=tuple(Row(f"Team {row + 1}", tuple(cell(row, at) for at in range(columns))) for row in range(rows)),
        total=Row("All teams", tuple(cell(rows, at) for at in range(columns))) if total else None,
        note="Figures of fewer than five are withheld.",
    )


def cell(row: int, at: int) -> Cell:
    match at % 5:
        case 0:
            return 1000 * row + at
        case 1:
            return Share(row, row + at) if row % 4 else Share(0, 0)
        case 2:
            return Mean(37 * row, row)
        case 3:
            return HIDDEN if row % 3 == 0 else Rate(row, 900)
        case _:
            return None if row % 2 else Median(row / 2)


def paper(*sections: Section, title: str = "Complaints about children’s social care") -> Paper:
    return Paper("complaints", title, ("What the register says.",), MADE_ON, sections)


def of(*tables: Table, charts: tuple[Chart, ...] = ()) -> Paper:
    """A paper of one section."""
    return paper(Section("Figures", tables=tables, charts=charts))


def chart(
    points: tuple[float | None, ...] = (3, None, 12.5),
    *more: tuple[float | None, ...],
    lines: bool = False,
    unit: str = "",
) -> Chart:
    return Chart(
        title="Received and closed",
        labels=tuple(QUARTERS[at % len(QUARTERS)] for at in range(len(points))),
        series=tuple(Series(f"Series {at + 1}", of) for at, of in enumerate((points, *more))),
        text="More was closed than received.",
        unit=unit,
        lines=lines,
        first="Quarter",
    )


def team_table(caption: str) -> Table:
    """As wide as the real one, with the words of the real one."""
    titles = (
        ("Received", "stages whose clock started in the period"),
        ("Closed", "stages whose response went out in the period"),
        ("On time", "within the limit or within an extension agreed before the due date, as a share of closed"),
        ("Within limit", "closed, days taken ≤ the limit, as a share of closed"),
        (
            "In agreed extension",
            "closed over the limit, within an extension approved before the original due date passed",
        ),
        ("Late, within maximum", "closed over the limit, within the maximum, without such an approval"),
        ("Over maximum", "closed later than the maximum"),
        ("Average days", "mean working days taken by the closed"),
        ("Not proceeded", "withdrawn, refused or handled informally in the period; in received, in nothing else"),
        ("Days to allocate", "mean working days from receipt to the first named manager"),
        ("Recording delay", "median working days from receipt to recording, where that is known"),
        ("Escalation rate", "of stage 1 received in the period, how many have gone to stage 2 so far"),
        ("Open", "not yet closed, now"),
        ("Overdue", "open after the due date, now"),
        ("Unallocated", "open without a named manager, now"),
    )

    def row(name: str, number: int) -> Row:
        received, closed = 7 * number, 6 * number
        cells: tuple[Cell, ...] = (
            received,
            closed,
            Share(5 * number, closed),
            Share(4 * number, closed),
            number,
            HIDDEN if number % 3 == 1 else number // 2,
            number // 3,
            Mean(61 * number, closed),
            number // 2,
            Mean(9 * number, received),
            Median(1.5 if number else None),
            Rate(number, received),
            2 * number,
            number // 4,
            0,
        )
        return Row(name, cells)

    rows = tuple(row(name, number) for number, name in enumerate(TEAMS))
    return Table(
        caption,
        "Team",
        tuple(Column(*title) for title in titles),
        rows,
        row("All teams", sum(range(len(TEAMS)))),
        "“<5” is a figure that is withheld because it would tell too much of a few people.",
    )


def committee_paper() -> Paper:
    """Twelve tables and four charts, in sections and sub-sections."""
    on_time = Chart(
        "Answered on time, stage 1 and stage 2",
        QUARTERS,
        (
            Series("Stage 1", (71, 74, 69, 78, 80, 81, 85, 83, 88, 90, 91, 94)),
            Series("Stage 2", (40, 50, 55, None, None, 62, 60, 66, 71, 70, 75, 78)),
        ),
        "Stage 1 rose from 71 % in Q1 2024/25 to 94 % in Q4 2026/27; stage 2 from 40 % to 78 %, with no cases in two quarters.",
        "%",
        lines=True,
        first="Quarter",
    )
    received = Chart(
        "Received and closed by team",
        TEAMS,
        (Series("Received", (48, 36, 31, 29, 12, 9, 4, 0)), Series("Closed", (45, 37, 30, 22, 12, 8, None, 0))),
        "First Response and Assessment received most, 48, and closed 45.",
        "complaints",
        first="Team",
    )
    themes = Chart(
        "What complaints are about",
        ("Communication", "Delay", "Conduct of staff", "Quality of assessment", "Contact with family"),
        (Series("Complaints", (61, 44, 37, 20, 7)),),
        "Communication is the commonest theme, in 61 of 169 complaints.",
        first="Theme",
    )
    days = Chart(
        "Average days to answer",
        QUARTERS[-4:],
        (
            Series("This council", (12.4, 11.1, 10.8, 9.6)),
            Series("Limit", (10, 10, 10, 10)),
            Series("Region", (14, 13.2, 13.5, 12.9)),
        ),
        "The average fell from 12.4 to 9.6 working days.",
        "working days",
        lines=True,
        first="Quarter",
    )
    learned = Table(
        "What was learned, and what was done",
        "Theme",
        (
            Column("Complaints"),
            Column("What was done", "as its owner recorded it"),
            Column("Verified", "actions that somebody else has seen to be done, as a share of all"),
        ),
        (
            Row(
                "Communication",
                (
                    61,
                    "Letters are read by two people before they go out; a missed visit is explained that day.",
                    Share(9, 11),
                ),
            ),
            Row("Delay", (44, "A duty manager allocates by noon.", Share(4, 4))),
            Row("Contact with family", (7, None, Share(0, 0))),
        ),
    )
    return Paper(
        "complaints-2026-27",
        "Complaints about children’s social care: annual report 2026/27",
        (
            "This report says how many complaints the council received, how quickly they were answered, "
            "what they were about and what was learned from them.",
            "It covers 1 April 2026 to 31 March 2027. Every figure is counted from the register.",
        ),
        MADE_ON,
        (
            Section(
                "Summary",
                ("The council received 169 complaints and answered 91 % of them on time.",),
                charts=(on_time,),
                tables=(table(4, 3, caption="The year at a glance"),),
            ),
            Section(
                "Stage 1: local resolution",
                ("Managers of the service complained about answer within 10 working days.",),
                charts=(received, days),
                tables=(team_table("Stage 1 by team"),),
                sections=(
                    Section(
                        "By quarter",
                        tables=(table(12, 5, caption="Stage 1 by quarter"), table(12, 6, caption="Open at the end")),
                    ),
                    Section(
                        "By customer group",
                        ("Who complained.",),
                        tables=(table(6, 4, caption="Stage 1 by customer group"),),
                    ),
                ),
            ),
            Section("Stage 2: investigation", tables=(team_table("Stage 2 by team"), table(3, 5, caption="Findings"))),
            Section(
                "Stage 3 and the Ombudsman",
                tables=(table(2, 4, caption="Review panels"), table(0, 3, caption="Ombudsman", total=False)),
            ),
            Section(
                "What complaints are about, and what was learned",
                charts=(themes,),
                tables=(table(9, 5, caption="Themes"), learned, table(5, 2, caption="Compliments")),
            ),
        ),
    )


def nasty_paper() -> Paper:
    """Everything from outside that a renderer must take as text, in every place where there is text."""
    columns = tuple(Column(text, text) for text in NASTY)
    rows = tuple(Row(text, tuple(NASTY)) for text in NASTY)
    numbers = Table("Empty", "Team", (), ())
    charts = tuple(
        Chart(
            text,
            NASTY,
            tuple(Series(name, tuple(range(len(NASTY)))) for name in NASTY[:3]),
            text,
            text,
            lines=bool(at % 2),
        )
        for at, text in enumerate(NASTY)
    )
    tables = tuple(Table(text, text, columns, rows[:2], rows[at], text) for at, text in enumerate(NASTY))
    inside = Section(
        NASTY[1], NASTY, tables=(numbers,), sections=(Section("d", sections=(Section("e", sections=(Section("f"),)),)),)
    )
    return Paper("nasty", SCRIPT, NASTY, MADE_ON, (Section(SCRIPT, NASTY, charts, tables, (inside,)), Section("Empty")))


def long_paper() -> Paper:
    """40 columns and 100 rows, with long names."""
    wide = table(100, 40, caption="Everything about everybody")
    rows = tuple(
        Row(f"{TEAMS[at % len(TEAMS)]}, area team {at + 1} of the county", row.cells)
        for at, row in enumerate(wide.rows)
    )
    columns = tuple(Column(f"Acknowledged in {column.title.lower()}", column.definition) for column in wide.columns)
    return of(Table(wide.caption, wide.first, columns, rows, wide.total, wide.note))
