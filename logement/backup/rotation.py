"""The backup of each night, and those that are kept: the last ones, then the last of each month for a year."""

import re
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from logement.backup import saving

NAME = re.compile(r"sauvegarde-(?P<month>\d{6})(?P<day>\d{2})-\d{6}\.tar\.gz(\.age)?")
MONTHS = 12


def save_tonight():
    """Saves the instance in the folder of BACKUP_DIR, if there is one and nothing was saved there today."""
    if not settings.BACKUP_DIR:
        return None
    folder = Path(settings.BACKUP_DIR)
    if any(folder.glob(f"sauvegarde-{timezone.localdate():%Y%m%d}-*")):
        return None
    made, _ = saving.save(folder, key=settings.BACKUP_PUBLIC_KEY)
    for name in left(path.name for path in folder.iterdir()):
        (folder / name).unlink()
    return made.name


def left(names):
    """Of the names of a folder, those of the backups that are no longer kept."""
    backups = sorted(name for name in names if NAME.fullmatch(name))
    months = {NAME.fullmatch(name)["month"]: name for name in backups}  # the last of each
    kept = {*backups[-settings.BACKUP_KEPT :], *sorted(months.values())[-MONTHS:]}
    return [name for name in backups if name not in kept]
