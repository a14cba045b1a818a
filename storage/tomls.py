"""Reading TOML that people wrote: whatever is wrong with it is wrong in one way."""

import tomllib
from typing import Any


def loads(text: str) -> dict[str, Any]:
    """What a TOML file says.

    Raises tomllib.TOMLDecodeError, also for what is nested too deep to follow and for numbers that are too long to read.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("it is nested too deep") from None
    except ValueError:
        raise tomllib.TOMLDecodeError("a number in it is too long") from None
