"""What may stand beside a workspace: chapters of steps for whoever tries it, and what only the workspace's owner can do."""

from typing import Protocol

from bot.practice.errors import Json


class Guide(Protocol):
    """Knows what is tried out here; the workspace only shows it, and passes on what was pressed.

    Both are called in threads of their own, several at once.
    """

    def shown(self) -> Json:
        """`chapters`, each with `id`, `title`, `about`, `begun` and `steps`; `controls`, each with `name` and `label`.

        A step has `id`, `title`, `text`, `done`, and where it is taken: `as` (whose it is), in a `channel` or, where `app` is
        true, in the app's messages. What it offers is `offer` (a text to write into the conversation), `press` with its `label`
        (what `press` then gets), or neither; `by_hand`: whoever looks says that they have.
        """
        ...

    def press(self, name: str) -> None:
        """Does what a step or a control offers. Raises PageError, in words for whoever pressed."""
        ...
