"""A scale from nothing to the largest number, in steps that people count in. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = 7
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Scale:
    """Zero is always on it: a scale that begins elsewhere makes small differences look large."""

    low: float
    high: float
    step: float
    unit: str

    @classmethod
    def over(cls, numbers: Iterable[float], unit: str) -> "Scale":
        """Room for all of them; for nothing, or nothing but what is as good as zero, up to one."""
        found = [0.0, *numbers]
        least, most = min(found), max(found)
        if most - least < _NOTHING:
            found, most = [0.0], 1.0
        step = _round_step((most - least) / _STEPS)
        if all(number == int(number) for number in found):
            step = max(1.0, step)
        return cls(math.floor(least / step) * step, math.ceil(most / step) * step, step, unit)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(count + 1)]

    def along(self, number: float) -> float:
        """Where a number is, between 0 and 1."""
        return (number - self.low) / (self.high - self.low)

    def said(self, number: float) -> str:
        """`62 %` where the unit is per cent; other units are said once, above the chart."""
        decimals = max(1, -math.floor(math.log10(self.step)))
        # Adding nothing makes zero of what is rounded to less than zero by a sign.
        rounded = round(number, decimals) + 0.0
        text = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.{decimals}f}"
        text = text.replace("-", "−")
        return f"{text} %" if self.unit == "%" else text


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … that is no smaller."""
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
