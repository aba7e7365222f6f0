"""Where files are kept: a file is there whole, or it is not there."""

import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes a file under another name, to the disk, then gives it its own: nobody reads half of one.

    A full disk leaves nothing. A process killed while it writes leaves the other name, which delete() takes away too.
    """

    def _save(self, name, content):
        part = part_of(name)
        try:
            part = super()._save(part, content)
            with Path(self.path(part)).open("rb") as written:
                os.fsync(written.fileno())
            return self._named(part, name)
        finally:
            super().delete(part)

    def _named(self, part, name):
        """Gives the file its name, or one beside it if another has taken it meanwhile: it never takes its place."""
        while True:
            try:
                os.link(self.path(part), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name

    def delete(self, name):
        super().delete(name)
        super().delete(part_of(name))


def part_of(name):
    return f"{name}.part"
