"""The errors of a file, all at once, each with its place. Pure: imports no Django."""

from dataclasses import dataclass


class ReportFileError(Exception):
    """The file, or the place it should go to, is refused; `errors` are French sentences."""

    def __init__(self, *errors):
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file, « sections[1] > blocs[3] (« Axe 3 ») > lignes[2] > etat »: ranks start at 1.

    All the places of one file share the list of its errors.
    """

    errors: list
    path: tuple[str, ...] = ()

    def at(self, step):
        return Place(self.errors, (*self.path, step))

    def item(self, rank, name=""):
        """The item of this rank in the list found here; `name` helps to find it."""
        step = f"{self.path[-1]}[{rank}]" + (f" (« {name} »)" if name else "")
        return Place(self.errors, (*self.path[:-1], step))

    def refuse(self, message):
        self.errors.append(f"{self} : {message}")

    def __str__(self):
        return " > ".join(self.path) or "fichier"
