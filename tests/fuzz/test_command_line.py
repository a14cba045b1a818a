"""What the command line is given in files and in words: done, or refused in plain words; never a trace of a failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import bot.cli
from bot.cli import build
from storage import checking
from storage.ladder import LADDER
from storage.policy import Policy
from tests.fuzz import sheets, toml, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

# No system gives a program a NUL among its words; bytes that are no UTF-8 arrive as halves of characters.
ARGUMENT = st.one_of(
    st.sampled_from((*words.DAYS, *words.PERIODS, *words.REFERENCES, *words.PLAIN, "\udcff", "a\udc80")),
    words.harm(),
    words.written(),
).map(lambda word: word.replace("\0", "")[:4000])
DAY = st.one_of(
    st.sampled_from(("2026-12-28", "2026-12-25", "2027-06-03", "0001-01-01", "9999-12-31", "2026-02-30")), ARGUMENT
)
VALUE = st.one_of(
    ARGUMENT,
    st.sampled_from(
        (
            "6", "0", "-1", "true", "null", '"statement"', "statement", "receipt_day", '["Letter", "E-mail"]', "[]", '[""]',
            '["a", "a"]', "C0FIRSTRESP", '{"due in 5": {"days": 3}}', '{"x": {}}', '["\\ud800"]', '["\\u0000"]', '["a\\nb"]',
            "1e400", '["=1+1", "<!channel>"]', "NaN", "AB", "CS\\u0000",
        )
    ),
)  # fmt: skip
CALENDAR = st.builds(
    "{}\n{}".format,
    st.sampled_from(("date,title", "date,title", "date,title", "day,title", "\ufeffdate,title")),
    st.lists(st.builds("{},{}".format, DAY, st.one_of(st.just("A holiday"), words.written())), max_size=3).map(
        "\n".join
    ),
)


class Line:
    """The command line of a site's register."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self._commands, self._runner = build(), CliRunner()

    def file(self, content: str | bytes, name: str = "file.toml") -> str:
        """A file with this in it; characters that no UTF-8 can say are in it all the same."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return str(path)

    def run(self, *said: str) -> Result:
        """Runs a command. Whatever it answers is fit for people; what is refused changes nothing; what is done can be checked."""
        office = self.site.office
        before = contents(office)
        try:
            result = self._runner.invoke(self._commands, list(said))
            told = f"{said!r:.500}\n{result.output[-1500:]!r}\n{result.exception!r:.1000}"
            assert result.exception is None or isinstance(result.exception, SystemExit), told
            assert result.exit_code in {0, 1, 2}, told
            assert "Traceback" not in result.output, told
            if result.exit_code:
                assert result.output.strip(), told
                assert contents(office) == before, told
            else:
                with office.look(None, world.NOW) as desk:
                    assert checking.check(desk).differences == (), told
                for name in ("status", "new", "mine", "themes", "nudges"):
                    self.site.judge(self.site.command(world.IN_CHARGE, name))
        finally:
            self.site.put_back()
        return result


@pytest.fixture(scope="module")
def line(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("line")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", str(site.database.url))
        for module in vars(bot.cli).values():
            if hasattr(module, "real_clock"):
                environment.setattr(module, "real_clock", lambda: world.NOW)
        environment.chdir(folder)
        yield Line(site, folder)


@inputs(15, share=0.02)
@given(toml.organisation())
def test_an_organisation_is_loaded_or_refused(line: Line, tries: Tries, text: str) -> None:
    if not tries.over():
        line.run("org", "load", line.file(text))


@inputs(4, share=0.005)
@given(st.one_of(st.just(()), st.tuples(st.one_of(ARGUMENT, st.integers(-2, 2**70).map(str)))), st.booleans())
def test_an_import_is_taken_back_or_refused(line: Line, tries: Tries, number: tuple[str, ...], dry: bool) -> None:
    if not tries.over():
        line.run("undo-import", "--yes", *(("--dry-run",) if dry else ()), *(("--", *number) if number else ()))


@inputs(12, share=0.01)
@given(toml.procedure(), st.sampled_from(("check", "load")))
def test_a_procedure_is_put_in_force_or_refused(line: Line, tries: Tries, text: str, what: str) -> None:
    if not tries.over():
        line.run("procedure", what, line.file(text))


@inputs(10, share=0.01)
@given(CALENDAR)
def test_bank_holidays_are_loaded_or_refused(line: Line, tries: Tries, text: str) -> None:
    if not tries.over():
        line.run("calendar", "load", "--yes", line.file(text, "holidays.csv"))


@inputs(15, share=0.01)
@given(st.one_of(st.sampled_from(tuple(Policy.model_fields)), ARGUMENT), VALUE)
def test_a_setting_is_set_or_refused(line: Line, tries: Tries, key: str, value: str) -> None:
    if not tries.over():
        line.run("settings", "set", "--", key, value)


@inputs(18, share=0.02)
@given(st.data(), st.lists(ARGUMENT, min_size=3, max_size=3))
def test_whatever_is_given_to_a_command_is_done_or_refused(
    line: Line, tries: Tries, data: st.DataObject, given_words: list[str]
) -> None:
    one, other, third = given_words
    reference = data.draw(st.one_of(st.sampled_from(words.REFERENCES), st.just(one)))
    rung = data.draw(st.one_of(st.sampled_from([rung.name for rung in LADDER]), st.just(one)))
    (line.folder / "report.html").unlink(missing_ok=True)
    commands: tuple[tuple[str, ...], ...] = (
        ("hold", "--", reference, other),
        ("unhold", "--", world.WITHDRAWN, other),
        ("history", "--", reference),
        ("subject-access", "--", reference),
        ("calendar", "add", "--", data.draw(DAY), other),
        ("calendar", "remove", "--", data.draw(DAY), other),
        ("calendar", "show", "--", one),
        ("procedure", "show", "--", one),
        ("procedure", "show", "--version", other, "--", "statutory"),
        ("nudges", "set", "--days", third, "--", rung),
        ("nudges", "reset", "--", rung),
        ("report", "--", data.draw(st.one_of(st.sampled_from(words.PERIODS), st.just(one))), "report.html"),
        ("check", "--seal", one),
    )
    chosen = data.draw(st.sampled_from(commands))
    if not tries.over():
        line.run(*chosen)


@inputs(6, share=0.005)
@given(sheets.file(sheets.rows()))
def test_a_sheet_of_complaints_is_brought_in_or_refused_in_words(line: Line, tries: Tries, file: sheets.File) -> None:
    if not tries.over():
        line.run("import", "--yes", line.file(file.content, f"sheet.{file.ending}"))


@inputs(6, share=0.005)
@given(sheets.file(sheets.caseload()), DAY)
def test_an_extract_of_the_caseload_is_kept_or_refused_in_words(
    line: Line, tries: Tries, file: sheets.File, day: str
) -> None:
    if not tries.over():
        line.run("caseload", "import", "--yes", "--date", day, "--", line.file(file.content, f"sheet.{file.ending}"))
