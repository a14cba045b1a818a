"""CSV files, in the encodings and with the separators that spreadsheets save them in."""

import codecs
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from storage.importing import layout
from storage.importing.columns import Named
from storage.importing.layout import LOOK_AT, Layout
from storage.importing.sheet import CannotRead, Row, Sheet

SEPARATORS = (",", ";", "\t")
_CHUNK = 1 << 20
_BINARY_SHOWS = 64  # bytes


def read(path: Path, read_as: Named) -> Sheet:
    """A CSV file as a sheet. Raises CannotRead; OSError when the file can't be opened."""
    encoding = encoding_of(path)
    candidates = [(separator, layout.find(_head(path, encoding, separator), read_as)) for separator in SEPARATORS]
    separator, best = max(candidates, key=lambda pair: pair[1].score if pair[1] else (False, -1))
    if best is None:
        raise CannotRead(
            f"{path.name} has nothing in it but blank rows. Choose the file that has the complaints in it."
        )
    best.refuse_unless_usable()
    total = sum(1 for _ in records(path, encoding, separator)) - best.row

    def rows() -> Iterator[Row]:
        return _rows(path, encoding, separator, best)

    return Sheet(path.name, best.headings(), best.ignored(), total, rows, best.proposals())


def _rows(path: Path, encoding: str, separator: str, found: Layout) -> Iterator[Row]:
    fields = found.fields
    for number, values in enumerate(records(path, encoding, separator), start=1):
        if number > found.row and (row := found.row_of(number, values, fields, ragged=True)) is not None:
            yield row


def _head(path: Path, encoding: str, separator: str) -> list[list[str]]:
    return list(islice(records(path, encoding, separator), LOOK_AT))


def records(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    """The rows of a file, as texts. Raises CannotRead where a quotation mark is never closed."""
    read = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            for values in csv.reader(file, delimiter=separator):
                read += 1
                yield values
        except csv.Error as problem:
            raise CannotRead(
                f"{path.name} can't be read after row {read}: a quotation mark seems to be opened there and never closed. "
                "Correct that row, or save the file as an Excel workbook (.xlsx)."
            ) from problem


def encoding_of(path: Path) -> str:
    """Decodes the whole file once. Raises CannotRead for what isn't text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            if b"\x00" in chunk[:_BINARY_SHOWS]:
                raise CannotRead(
                    f"{path.name} is neither a CSV file nor an Excel workbook (.xlsx). Save the spreadsheet as one of them."
                )
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(_CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
