"""`complaints doctor` before, during and after setting up: what it finds, and that it says how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build, main
from bot.demo import county
from bot.manifest import SCOPES
from bot.practice.seed import Seed
from bot.practice.server import PracticeServer

VARIABLES = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "DATABASE_URL", "COMPLAINTS_CHANNEL",
    "COMPLAINTS_MANAGERS", "HOST", "PORT", "LOG_FORMAT",
)  # fmt: skip
Diagnosis = tuple[int, list[str], list[str]]


@pytest.fixture(scope="module")
def slack() -> Iterator[PracticeServer]:
    with PracticeServer(county.workspace()) as server:
        yield server


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """An environment in which nothing is set, whatever this machine has; the result sets variables."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def set_(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return set_


@pytest.fixture
def set_up(empty: Callable[..., None], slack: PracticeServer, tmp_path: Path) -> Callable[..., None]:
    """Everything is set as the README says; there is no database yet."""
    empty(
        SLACK_BOT_TOKEN=county.BOT_TOKEN,
        SLACK_APP_TOKEN=county.APP_TOKEN,
        SLACK_SIGNING_SECRET=county.SIGNING_SECRET,
        SLACK_API_URL=slack.api_url,
        COMPLAINTS_CHANNEL=county.CHANNEL,
        COMPLAINTS_MANAGERS="U0CORA",
        DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}",
    )
    return empty


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(build(), arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


def diagnosis() -> Diagnosis:
    """Exit code, what has to be mended, what is well."""
    code, output = run("doctor")
    said = output.splitlines()
    mend = [line.removeprefix("Mend").strip() for line in said if line.startswith("Mend")]
    well = [line.removeprefix("OK").strip() for line in said if line.startswith("OK")]
    assert len(mend) + len(well) == len(said), output
    assert code == (1 if mend else 0)
    return code, mend, well


def test_before_anything_is_set_it_says_what_is_missing_and_where_it_comes_from(empty: Callable[..., None]) -> None:
    code, mend, _well = diagnosis()
    assert code == 1
    for missing in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "COMPLAINTS_CHANNEL"):
        assert any(missing in line for line in mend), missing
    assert any("complaints db upgrade" in line for line in mend)
    assert all(line.endswith(".") and ". " in line for line in mend), "each says what is wrong, then what to do"


def test_during_setup_it_says_what_is_left_and_afterwards_that_all_is_well(set_up: Callable[..., None]) -> None:
    code, mend, well = diagnosis()
    assert code == 1
    assert any("migrations are missing" in line and "complaints db upgrade" in line for line in mend)
    assert any("bot token is good, in Fictional County Council" in line for line in well)
    assert any("app token is good" in line for line in well)
    assert any("channel #complaints" in line for line in well)
    assert run("db", "upgrade")[0] == 0
    assert run("org", "load", str(Path(county.__file__).parent / "county.toml"))[0] == 0
    code, mend, well = diagnosis()
    assert (code, mend) == (0, [])
    assert any("migrations up to date" in line for line in well)
    assert any("calendar reaches" in line for line in well)


def test_with_http_alone_no_app_token_is_asked_for(
    empty: Callable[..., None], slack: PracticeServer, sqlite_url: str
) -> None:
    empty(
        SLACK_BOT_TOKEN=county.BOT_TOKEN,
        SLACK_SIGNING_SECRET=county.SIGNING_SECRET,
        SLACK_API_URL=slack.api_url,
        COMPLAINTS_CHANNEL=county.CHANNEL,
        COMPLAINTS_MANAGERS="U0CORA",
        DATABASE_URL=sqlite_url,
    )
    assert not [line for line in diagnosis()[1] if "TOKEN" in line]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", ["invalid_auth", "Copy SLACK_BOT_TOKEN"]),
        ("SLACK_APP_TOKEN", "xapp-wrong", ["invalid_auth", "SLACK_APP_TOKEN"]),
        ("COMPLAINTS_CHANNEL", "C0NOWHERE", ["channel_not_found", "/invite @complaints"]),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", ["Slack could not be reached", "Check SLACK_API_URL"]),
        (
            "DATABASE_URL",
            "sqlite:////no/such/folder/x.db",
            ["the database can't be reached", "Check DATABASE_URL: there is no folder /no/such/folder."],
        ),
    ],
)
def test_what_is_set_wrongly_is_named_with_its_remedy(
    set_up: Callable[..., None], sqlite_url: str, name: str, value: str, told: list[str]
) -> None:
    set_up(**{"DATABASE_URL": sqlite_url, name: value})
    code, mend, _well = diagnosis()
    assert code == 1
    assert any(all(part in line for part in told) for line in mend), mend


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-secret", "SLACK_BOT_TOKEN: this is the app token; put it in the other variable."),
        ("SLACK_APP_TOKEN", "xoxb-secret", "SLACK_APP_TOKEN: this is the bot token; put it in the other variable."),
        ("SLACK_BOT_TOKEN", "secret", "SLACK_BOT_TOKEN: it begins with xoxb-. Copy the bot token"),
        ("COMPLAINTS_CHANNEL", "#complaints", "COMPLAINTS_CHANNEL: write the channel's id, such as C024BE91L."),
        ("COMPLAINTS_MANAGERS", "cora@council.example", "COMPLAINTS_MANAGERS: write Slack ids, such as U024BE7LH."),
        ("DATABASE_URL", "complaints.db", "DATABASE_URL: write sqlite:///complaints.db, or postgresql://"),
        ("DATABASE_URL", "mysql://a:secret@b/c", "DATABASE_URL: write sqlite:///complaints.db, or postgresql://"),
        ("PORT", "abc", "PORT: write a number, such as 3000."),
        ("PORT", "99999", "PORT: write a number from 0 to 65535."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT: write text or json."),
    ],
)
def test_what_cant_be_meant_is_refused_before_anything_starts(
    set_up: Callable[..., None], monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    set_up(**{name: value})
    for command in ("doctor", "bot"):
        monkeypatch.setattr("sys.argv", ["complaints", command])
        with pytest.raises(SystemExit) as ended:
            main()
        # Python prints such a code on the error stream and ends with 1 (docs.python.org, sys.exit).
        said = str(ended.value.code)
        assert told in said
        assert "secret" not in said
        assert said.startswith("Mend the environment, or the file .env in this folder:\n  ")


def changed(*, scopes: tuple[str, ...] | None = None, private: bool = True, member: bool = True) -> Seed:
    """The county's workspace with an app or a channel that isn't as it should be."""
    given = county.workspace()
    app = given.apps[0] if scopes is None else replace(given.apps[0], scopes=scopes)
    channel = given.channels[0]
    members = channel.members if member else tuple(one for one in channel.members if one != county.BOT)
    channel = replace(channel, private=private, members=members)
    return replace(given, apps=(app,), channels=(channel, *given.channels[1:]))


@pytest.mark.parametrize(
    ("workspace", "told"),
    [
        (changed(scopes=tuple(set(SCOPES) - {"im:write"})), "Add im:write and install the app again"),
        (changed(private=False), "channel #complaints is public. Case details go to its threads: make it private."),
        (changed(private=False, member=False), "channel #complaints. Invite the app: /invite @complaints"),
        (changed(member=False), "channel_not_found"),
    ],
)
def test_what_is_wrong_in_the_workspace_is_named_with_its_remedy(
    set_up: Callable[..., None], sqlite_url: str, workspace: Seed, told: str
) -> None:
    with PracticeServer(workspace) as server:
        set_up(DATABASE_URL=sqlite_url, SLACK_API_URL=server.api_url)
        code, mend, _well = diagnosis()
    assert code == 1
    assert any(told in line for line in mend), mend


def test_an_empty_register_is_told_to_be_filled(set_up: Callable[..., None], sqlite_url: str) -> None:
    set_up(DATABASE_URL=sqlite_url)
    code, mend, _well = diagnosis()
    assert code == 1
    assert any("nobody has a role yet" in line and "complaints org load" in line for line in mend)
