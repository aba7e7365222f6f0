"""Is every version still what it was? The chain of each territory, walked from its first link."""

import hashlib
from dataclasses import dataclass

from logement.canonical import fingerprint_of
from reporting.models import Version, VersionFile

CHUNK = 50  # versions in memory at once


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many versions and files hold; `fault`, a French sentence, is about the first that does not."""

    versions: int
    files: int
    fault: str = ""


def verify(territory) -> Verdict:
    """Walks the chain of a territory, then its files. Stops at the first fault.

    Versions missing at the end leave no trace in the chain: the printed fingerprint of one of them does.
    """
    versions = Version.objects.filter(territory=territory).select_related("year").order_by("rank")
    held, previous = 0, ""
    for version in versions.iterator(CHUNK):
        if fault := fault_of(version, rank=held + 1, previous=previous):
            return Verdict(held, 0, f"Exercice {version.year.number}, version {version.number} : {fault}")
        held, previous = held + 1, version.fingerprint
    files = 0
    made = VersionFile.objects.filter(version__territory=territory).select_related("version__year")
    for file in made.defer("version__report").order_by("version__rank", "pk").iterator(CHUNK):
        if hashlib.sha256(file.content).hexdigest() != file.digest:
            return Verdict(held, files, f"{file.name} n'est plus le fichier qui a été produit.")
        files += 1
    return Verdict(held, files)


def fault_of(version, *, rank, previous):
    """What is wrong with a version, found where `rank` and `previous` were expected; or nothing."""
    if version.rank != rank:
        return f"la version de rang {rank} de la chaîne manque."
    if fingerprint_of(version.content) != version.fingerprint:
        return "son contenu ne correspond plus à son empreinte."
    act = version.facts
    if act.previous != previous:
        return "elle ne suit pas la version qui la précède dans la chaîne."
    stored = (version.rank, version.number, version.year.number, version.frozen_at)
    if (act.rank, act.number, act.year, act.frozen_at) != stored:
        return "son numéro, son exercice ou sa date ne sont plus ceux de l'acte."
    return ""
