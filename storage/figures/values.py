"""What a figure can be: a count, a share of a whole, a rate, a mean, or a median. Nothing of nothing has no value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. A whole of nothing has no percentage."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded half up to a whole number; None of nothing."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over a number of cases; no cases have no mean."""

    total: int
    cases: int

    @property
    def value(self) -> float | None:
        return self.total / self.cases if self.cases else None

    @property
    def tenths(self) -> int | None:
        """Tenths, rounded half up; None of nothing."""
        return (20 * self.total + self.cases) // (2 * self.cases) if self.cases else None


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of some number of days; of no cases there is none."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole to one decimal, where whole numbers would say too little: complaints among open cases."""

    part: int
    whole: int

    @property
    def tenths(self) -> int | None:
        """Tenths of a percent, rounded half up; None of nothing."""
        return (2000 * self.part + self.whole) // (2 * self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that is not printed because it, or others with it, would tell too much of a few people."""

    shown: str


Value = int | Share | Rate | Mean | Median | Withheld
