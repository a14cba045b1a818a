"""Everything the register refuses, said so that the person who reads it knows what to do next."""


class Refusal(Exception):
    """Something that cannot be done, and why. Nothing was changed.

    `str()` of it is shown to people as it stands: plain English, no names of persons complained about, no text they typed.
    `field` names the input it belongs to, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class FieldProblems(Refusal):
    """Several inputs are wrong at once; `problems` maps the field's name to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        first = next(iter(problems))
        super().__init__(" ".join(problems.values()), field=first)
        self.problems = problems


class NotAllowed(Refusal):
    """The person's role does not include this operation; the message says whom to ask."""


class UnknownReference(Refusal):
    """No complaint the person may see has this reference. Guessing one that exists gives the same answer."""


class AlreadyOwned(Refusal):
    """Somebody was first; the message says who and when."""


class AlreadyDone(Refusal):
    """What was asked for has happened before (acknowledged, responded): the message says when."""


class RegisterAway(Refusal):
    """The database cannot be reached. Nothing was saved; trying again later is safe."""

    def __init__(self) -> None:
        super().__init__(
            "The register can't be reached just now, so nothing was saved. Try again in a minute. "
            "If it goes on, tell whoever runs the complaints app."
        )


class RegisterUnsure(RegisterAway):
    """The database went away while it was saving: nobody here knows whether it was saved."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "The register went away just as this was being saved, so it may or may not be there. Look before you try "
            "again. If it goes on, tell whoever runs the complaints app.",
        )


class RegisterFull(RegisterAway):
    """There is no room left to write. Nothing was saved, and trying again helps nobody before somebody makes room."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "The disk that the register is on is full, so nothing was saved. Tell whoever runs the complaints app: nothing can "
            "be saved until there is room again. What was saved before is still there.",
        )
