"""Backups: one file that an empty instance takes back, whatever its database. See ADR 28.

rows.py       rows <-> lines of JSON, the same on SQLite and PostgreSQL
archive.py    members <-> one compressed file, with the fingerprint of each; encrypted when a key is given
saving.py     the whole instance, or one territory -> a file
restoring.py  a file -> an empty instance
rotation.py   the one of each night, and those that are kept
"""


class Refused(Exception):
    """What was asked cannot be done, and nothing was changed; its text is a French sentence that says what to do."""
