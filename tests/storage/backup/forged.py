"""Backups that somebody changed, and made whole again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from storage.backup.manifest import NAME, member

Manifest = dict[str, Any]


def with_rows(file: Path, table: str, change: Callable[[list[Any]], object]) -> Path:
    """The same with one table's rows changed, the first of which are the names of its columns; counts and sums are right."""

    def changed(members: dict[str, bytes], manifest: Manifest) -> None:
        rows = [json.loads(line) for line in members[member(table)].splitlines()]
        change(rows)
        text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        members[member(table)] = text
        (part,) = [part for part in manifest["tables"] if part["name"] == table]
        part |= {"rows": len(rows) - 1, "sha256": hashlib.sha256(text).hexdigest()}

    return with_members(file, changed)


def with_manifest(file: Path, **values: object) -> Path:
    """The same with other values in its manifest."""
    return with_members(file, lambda _members, manifest: manifest.update(values))


def with_members(file: Path, change: Callable[[dict[str, bytes], Manifest], object]) -> Path:
    """The same with other members, or another manifest."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop(NAME))
    change(members, manifest)
    forged = file.with_name("forged.zip")
    with ZipFile(forged, "w", ZIP_DEFLATED) as archive:
        for name, content in {**members, NAME: json.dumps(manifest).encode()}.items():
            archive.writestr(name, content)
    return forged
