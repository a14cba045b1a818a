"""Uploaded files, in memory."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.practice.errors import Json
from bot.practice.ids import Ids


@dataclass
class File:
    """A file: announced, then uploaded, then shared in channels."""

    id: str
    name: str
    owner: str
    length: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    created: int = 0
    complete: bool = False

    def for_api(self, base: str) -> Json:
        """Slack's file object; `base` is the server's address."""
        mimetype = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        ending = PurePosixPath(self.name).suffix.removeprefix(".")
        address = f"{base}/files/get/{self.id}/{self.name}"
        shown: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetype,
            "filetype": ending or "binary",
            "pretty_type": ending.upper() or "Binary",
            "user": self.owner,
            "editable": False,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "permalink": address,
        }
        return shown | ({"alt_txt": self.alt_text} if self.alt_text else {})


class Files:
    """Every file of a workspace."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._known: dict[str, File] = {}

    def announce(self, *, name: str, owner: str, length: int, alt_text: str, created: int) -> File:
        """Make room for a file that will be uploaded."""
        file = File(self._ids.new("F"), name, owner, length, alt_text, created=created)
        self._known[file.id] = file
        return file

    def find(self, file_id: str) -> File | None:
        """The file with this id."""
        return self._known.get(file_id)
