"""Dates, amounts, times and our own references: full of digits, and harmless."""

import re

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_HARMLESS = re.compile(
    rf"(?<!\d)(?<!\d[-/.]){_DAY}(?P<sep>[-/.]){_MONTH}(?P=sep)(?:19|20)?\d\d(?![-/.]?\d)"  # a date
    rf"|(?<![\d-])(?:19|20)\d\d-{_MONTH}-{_DAY}(?![-\d])"  # a date, ISO
    r"|(?<!\w)[A-Z]{1,6}[-/](?:19|20)?\d\d[-/]\d{2,6}(?![-\w])"  # our references: CS-2026-0042
    r"|£\s?\d[\d,]*(?:\.\d\d)?"  # money
    r"|(?<!\d)\d{1,2}[.:]\d\d\s?(?:am|pm)?\s?(?:-|to)\s?\d{1,2}[.:]\d\d(?!\d)"  # times
    r"|(?<![\d-])(?:19|20)\d\d\s?[-/]\s?(?:19|20)?\d\d(?![-/]?\d)"  # years
)


def blot(text: str) -> str:
    """``text`` with these blotted out, each character by one that no detector knows, so that offsets hold.

    Done before numbers are joined across spaces and dashes.
    """
    return _HARMLESS.sub(lambda match: "\x00" * len(match.group()), text)
