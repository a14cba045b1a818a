"""Reads the corpus of invented messages from team channels: complaints passed on, and ordinary talk."""

from pathlib import Path

# tune, unseen, second and third: the rules were changed after each was looked at. heldout: written when that was over and left
# alone since, so it alone says how the rules do on messages they have never met.
SEEN = ("tune", "unseen", "second", "third")
HELD_OUT = "heldout"

_HERE = Path(__file__).parent


def passed_on(*parts: str) -> list[str]:
    """Messages that pass a complaint on."""
    return [line for part in parts for line in _lines(f"passed_on_{part}")]


def ordinary(*parts: str) -> list[str]:
    """Messages that don't: team talk, thanks, the procedure itself."""
    return [line for part in parts for line in _lines(f"ordinary_{part}")]


def _lines(name: str) -> list[str]:
    return [line for line in (_HERE / f"{name}.txt").read_text("utf-8").splitlines() if line.strip()]
