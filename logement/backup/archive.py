"""Members <-> one compressed file, with the list of their fingerprints; encrypted by `age` when a key is given.

The first member is `sauvegarde.json` (what it is), the last `empreintes.sha256`, in the format of sha256sum.
Compressed, the file carries a check of all that it holds; encrypted, all its bytes are authenticated.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path

import pyrage

from logement.backup import Refused

DESCRIPTION, FINGERPRINTS = "sauvegarde.json", "empreintes.sha256"
ENCRYPTED = b"age-encryption.org/v1"
BLOCK = 1024 * 1024
DAMAGED = "Cette sauvegarde est abîmée ou incomplète ({}). Rien n'a été restauré : prenez-en une autre."


class Writer:
    def __init__(self, tar, aside):
        self.tar, self.aside, self.digests = tar, aside, []

    def add(self, name, chunks):
        """Writes a member, read once: its size comes before its bytes in the file, hence the detour by the disk."""
        digest = hashlib.sha256()
        with (self.aside / "member").open("wb+") as held:
            for chunk in chunks:
                digest.update(chunk)
                held.write(chunk)
            info = tarfile.TarInfo(name)
            info.size = held.tell()
            held.seek(0)
            self.tar.addfile(info, held)
        self.digests.append(f"{digest.hexdigest()}  {name}\n")

    def describe(self, description):
        self.add(DESCRIPTION, [json.dumps(description, ensure_ascii=False, indent=1).encode()])

    def end(self):
        content = "".join(self.digests).encode()
        info = tarfile.TarInfo(FINGERPRINTS)
        info.size = len(content)
        self.tar.addfile(info, io.BytesIO(content))


@contextmanager
def writing(path, *, key=""):
    """Yields a Writer; the file takes its name once it is whole and on the disk, in the place of another if any.

    `key` is the public key of `age` for which it is encrypted. Raises Refused where it is none.
    """
    try:
        recipients = [pyrage.x25519.Recipient.from_str(key)] if key else []
    except (pyrage.RecipientError, UnicodeEncodeError) as error:
        raise Refused("La clé publique n'est pas une clé d'age : elle commence par « age1 ».") from error
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sauvegarde-") as folder:
        made = Path(folder, "archive")
        with (
            made.open("wb") as file,
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
            tarfile.open(mode="w", fileobj=packed, format=tarfile.PAX_FORMAT) as tar,
        ):
            writer = Writer(tar, Path(folder))
            yield writer
            writer.end()
        if recipients:
            plain, made = made, Path(folder, "encrypted")
            pyrage.encrypt_file(str(plain), str(made), recipients)
        made.chmod(0o600)
        with made.open("rb") as whole:
            os.fsync(whole.fileno())
        made.replace(path)


class Reader:
    """A file that was found whole: its members, by their names."""

    def __init__(self, members):
        self.members = members
        self.description = _described(members)

    def open(self, name):
        return self.members[name].open("rb")

    def under(self, folder):
        """The names of the members of a folder, in their order, without it."""
        prefix = f"{folder}/"
        return [name.removeprefix(prefix) for name in self.members if name.startswith(prefix)]


def _described(members):
    """{"format", "nature", "migrations"…}, as `Writer.describe` wrote it."""
    unreadable = Refused(DAMAGED.format(f"« {DESCRIPTION} » ne se lit pas"))
    try:
        described = json.loads(members[DESCRIPTION].read_bytes())
    except (KeyError, ValueError, RecursionError) as error:
        raise unreadable from error
    match described:
        case {"format": _, "nature": _, "migrations": list(names)} if all(isinstance(n, str) for n in names):
            return described
    raise unreadable


@contextmanager
def reading(path, *, key=""):
    """Yields a Reader, once every byte was checked. `key` is the secret key, where it is encrypted. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="sauvegarde-") as folder:
        try:
            plain = _decrypted(path, Path(folder), key)
            with tarfile.open(plain, "r:gz") as tar:
                members, digests = _extracted(tar, Path(folder))
                while tar.fileobj.read(BLOCK):  # to its end, where the check of all its bytes is
                    pass
            listed = members.pop(FINGERPRINTS).read_text(encoding="utf-8")
        except (OSError, EOFError, zlib.error, tarfile.TarError, UnicodeDecodeError, KeyError) as error:
            raise Refused(DAMAGED.format(f"le fichier ne se lit pas : {type(error).__name__}")) from error
        _compare(listed, digests)
        yield Reader(members)


def _decrypted(path, folder, key):
    with path.open("rb") as file:
        if file.read(len(ENCRYPTED)) != ENCRYPTED:
            return path
    if not key:
        raise Refused("Cette sauvegarde est chiffrée : donnez le fichier de la clé secrète avec --cle.")
    plain = folder / "archive"
    try:
        pyrage.decrypt_file(str(path), str(plain), [pyrage.x25519.Identity.from_str(key)])
    except pyrage.IdentityError as error:
        raise Refused(
            "La clé secrète n'est pas une clé d'age : elle commence par « AGE-SECRET-KEY-1 »."
        ) from error
    except pyrage.DecryptError as error:
        raise Refused(f"{DAMAGED.format('ou chiffrée pour une autre clé')}") from error
    return plain


def _extracted(tar, folder):
    """({name: file}, {name: SHA-256}). The files have names of ours: those of the archive lead nowhere."""
    members, digests = {}, {}
    for info in tar:
        if not info.isfile():
            raise Refused(DAMAGED.format(f"« {info.name} » n'est pas un fichier"))
        digest, target = hashlib.sha256(), folder / f"member-{len(members)}"
        with tar.extractfile(info) as source, target.open("wb") as file:
            while chunk := source.read(BLOCK):
                digest.update(chunk)
                file.write(chunk)
        members[info.name], digests[info.name] = target, digest.hexdigest()
    return members, digests


def _compare(listed, found):
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in listed.splitlines())}
    for name in sorted({*expected, *found} - {FINGERPRINTS}):
        if name not in found:
            raise Refused(DAMAGED.format(f"« {name} » y manque"))
        if name not in expected or expected[name] != found[name]:
            raise Refused(DAMAGED.format(f"« {name} » n'a pas l'empreinte attendue"))
