"""The whole register as one file, and back into an empty database of either engine.

A zip with one text a table, a row a line, and a manifest: rows and no engine's own format, so that a register can move from
SQLite to PostgreSQL and back.
"""

from storage.backup.aftermath import Aftermath, restored_from
from storage.backup.manifest import Manifest
from storage.backup.reading import Backup, opened
from storage.backup.restoring import restore
from storage.backup.writing import write

__all__ = ["Aftermath", "Backup", "Manifest", "opened", "restore", "restored_from", "write"]
