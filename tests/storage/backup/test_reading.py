"""Only a whole backup is opened; everything else is refused in words."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from storage import backup, schema
from storage.backup.manifest import member
from storage.errors import Refusal
from tests.storage.backup import forged

pytestmark = pytest.mark.slow


def refused(file: Path, why: str) -> None:
    with pytest.raises(Refusal, match=why) as said, backup.opened(file):
        pass
    assert str(file) in str(said.value)


def texts(file: Path) -> dict[str, bytes]:
    with backup.opened(file) as found:
        return {part.name: found.archive.read(member(part.name)) for part in found.manifest.tables}


def test_every_byte_is_looked_at_before_anything_is_done(file: Path) -> None:
    heard: list[tuple[int, int]] = []
    with backup.opened(file, lambda done, total: heard.append((done, total))) as found:
        tables = sum(one.file_size for one in found.archive.infolist() if one.filename.startswith("tables/"))
    assert heard[-1] == (tables, tables)


@pytest.mark.parametrize("name", ["nowhere.zip", "."])
def test_what_is_not_a_file_is_told(tmp_path: Path, name: str) -> None:
    refused(tmp_path / name, "can't be read")


def test_what_is_something_else_is_told(tmp_path: Path) -> None:
    something = tmp_path / "something.zip"
    for content in (b"", b"Reference,Received\n1,2026-11-23\n", b"\x00" * 5_000):
        something.write_bytes(content)
        refused(something, "is not a backup of a register. Name a file that complaints backup wrote")
    book = tmp_path / "book.xlsx"
    Workbook().save(book)
    refused(book, "is not a backup of a register")
    with ZipFile(something, "w") as archive:
        archive.writestr("manifest.json", '{"kind": "a lorry"}')
    refused(something, "is not a backup of a register")


def test_a_backup_of_something_else_is_told(file: Path) -> None:
    refused(forged.with_manifest(file, kind="backup of a parking register"), "is not a backup of a register")


@pytest.mark.parametrize("newer", [{"revision": "9999"}, {"format": 2}])
def test_one_of_a_newer_version_is_told_which_version_would_do(file: Path, newer: dict[str, object]) -> None:
    refused(forged.with_manifest(file, **newer), f"newer version of the program: .* up to {schema.heads()[0]}. Install")


def test_one_that_is_cut_short_is_told_wherever_it_ends(file: Path) -> None:
    content = file.read_bytes()
    for left in (*range(4, 200), *range(200, len(content), 97), len(content) - 1):
        file.write_bytes(content[:left])
        refused(file, "is damaged or cut short, so nothing was restored")


@pytest.mark.slow
def test_one_in_which_any_bit_fell_over_is_told_or_says_the_same(file: Path) -> None:
    """Some bits of a zip say nothing that is read: who wrote it, and when."""
    content, whole = file.read_bytes(), texts(file)
    chance, told = random.Random(7), 0  # noqa: S311 - nothing secret
    for _ in range(100):
        place = chance.randrange(len(content))
        spoiled = bytearray(content)
        spoiled[place] ^= 1 << chance.randrange(8)
        file.write_bytes(spoiled)
        try:
            assert texts(file) == whole, place
        except Refusal:
            told += 1
    assert told > 75


def without_a_row(members: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    members["tables/event.jsonl"] = b"".join(members["tables/event.jsonl"].splitlines(keepends=True)[:-1])


def with_a_word_changed(members: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    members["tables/person.jsonl"] = members["tables/person.jsonl"].replace(b"Mabel", b"Mable")


def without_a_table(members: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    members.pop("tables/event.jsonl")


def with_a_table_more(members: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    members["tables/parking.jsonl"] = b'["id"]\n'


def with_another_count(_members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["tables"][0]["rows"] += 1


@pytest.mark.parametrize(
    "change", [without_a_row, with_a_word_changed, without_a_table, with_a_table_more, with_another_count]
)
def test_one_that_is_not_what_its_manifest_says_is_told(file: Path, change: Callable[..., object]) -> None:
    refused(forged.with_members(file, change), "is damaged or cut short")
