"""Year on year: the difference in a count, and in percentage points for a share (FIGURES.md). Pure."""

from dataclasses import dataclass

from storage.figures.values import Mean, Median, Rate, Share, Value, Withheld


@dataclass(frozen=True, slots=True)
class Change:
    """A figure now and in the same period a year before."""

    now: Value
    before: Value

    @property
    def more(self) -> int | None:
        """How many more, of a count."""
        if isinstance(self.now, int) and isinstance(self.before, int):
            return self.now - self.before
        return None

    @property
    def percent(self) -> int | None:
        """That as a share of the count before, without its sign, rounded half up; None where there was none before."""
        if self.more is None or not isinstance(self.before, int) or not self.before:
            return None
        return Share(abs(self.more), self.before).percent

    @property
    def points(self) -> float | None:
        """Percentage points between two shares, or rates, as they are printed; None when either has none."""
        match self.now, self.before:
            case Share(percent=int(now)), Share(percent=int(before)):
                return now - before
            case Rate(tenths=int(now)), Rate(tenths=int(before)):
                return (now - before) / 10
        return None

    @property
    def days(self) -> float | None:
        """Working days between two means, or medians, as they are printed; None when either has none."""
        now, before = _days(self.now), _days(self.before)
        return None if now is None or before is None else round(now - before, 1)

    @property
    def withheld(self) -> bool:
        """Whether either may not be told, so that the difference may not either."""
        return isinstance(self.now, Withheld) or isinstance(self.before, Withheld)


def _days(value: Value) -> float | None:
    if isinstance(value, Mean):
        return None if value.tenths is None else value.tenths / 10
    return value.value if isinstance(value, Median) else None
