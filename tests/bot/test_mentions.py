import pytest

from bot.mentions import mentions


@pytest.mark.parametrize(
    ("words", "ids", "rest"),
    [
        ("<@U0MABEL|mabel>", ("U0MABEL",), ""),
        ("<@U0MABEL> <@W0NOOR|noor.eastham>", ("U0MABEL", "W0NOOR"), ""),
        ("<@U0MABEL|mabel> <@U0NOOR|noor>  First  Response ", ("U0MABEL", "U0NOOR"), "First Response"),
        ("First Response", (), "First Response"),
        ("", (), ""),
    ],
)
def test_people_are_read_out_of_what_was_typed(words: str, ids: tuple[str, ...], rest: str) -> None:
    found = mentions(words)
    assert (found.slack_ids, found.rest, found.unread) == (ids, rest, None)


def test_a_name_that_slack_did_not_recognise_is_told() -> None:
    assert mentions("@mabel <@U0NOOR|noor>").unread == "@mabel"
    assert mentions("mail to office@example.org").unread is None
