"""Files of past complaints as hypothesis draws them: right and wrong, whole and with gaps."""

from datetime import date, timedelta

from hypothesis import strategies as st

Row = dict[str, str]
DAY = date(2020, 2, 3)


def _day(after: int | None) -> str:
    return "" if after is None else (DAY + timedelta(days=after)).isoformat()


@st.composite
def _stages(draw: st.DrawFn, reference: str) -> list[Row]:
    """A complaint with up to three rows, of which some are wrong or missing."""
    rows: list[Row] = []
    began = 0
    for number in (1, 2, 3):
        ended = draw(st.one_of(st.none(), st.integers(began - 1, began + 120)))
        stopped = draw(st.integers(0, 5)) == 0
        row = {
            "Reference": reference,
            "Stage": str(number) if number > 1 else "",
            "Received": _day(began),
            "Team": draw(st.sampled_from(["East", "West", "" if number > 1 else "East", "Nowhere"])),
            "Withdrawn" if stopped else "Responded": _day(ended),
            "Owner": draw(st.sampled_from(["", "", "UMANAGER1", "UMANAGER2"])),
            "Acknowledged": draw(st.sampled_from(["", _day(began + 1)])),
            "Recorded": draw(st.sampled_from(["", _day(began + 3)])),
            "Stage started": draw(st.sampled_from(["", _day(began + 2)])),
            "How received": draw(st.sampled_from(["", "Letter"])),
            "Outcome": draw(
                st.sampled_from(["", "", "Upheld", "Not upheld", "Request for this stage refused", "Withdrawn"])
            ),
        }
        if draw(st.integers(0, 3)) == 0:
            row |= {"Extension agreed on": _day(began + 4), "Extended to": _day(began + 40)}
        if draw(st.integers(0, 7)):
            rows.append(row)
        began = (ended if ended is not None else began + 30) + draw(st.integers(-2, 20))
    return rows


@st.composite
def files(draw: st.DrawFn) -> list[Row]:
    """The rows of a file with up to four complaints."""
    return [row for number in range(draw(st.integers(1, 4))) for row in draw(_stages(str(number)))]


def named(rows: list[Row], prefix: str) -> list[Row]:
    """The same rows of complaints that no other file has."""
    return [row | {"Reference": f"{prefix}/{row['Reference']}"} for row in rows]
