"""Any file, any word given to the commands of manage.py: done, or refused by French sentences; never a traceback."""

import io
import json
import random
import re
import tarfile
from hashlib import sha256

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from logement.backup import saving
from logement.backup.archive import DESCRIPTION, FINGERPRINTS
from tests.factories import TerritoryFactory, UserFactory
from tests.fuzz import CASES, SEED
from tests.hostile import hostile_files, received, some_texts

pytestmark = [pytest.mark.once, pytest.mark.django_db]
REPORT = settings.BASE_DIR / "axes/demo/rapport-2023.json"
COMMANDS = {
    "importer_rapport": ["--territoire=ici", "--annee=2023"],
    "importer_document": ["--territoire=ici", "--ecrire"],
    "importer_convention": ["--territoire=ici", "--par=moi@ici.example"],
    "controler": ["--annee=2023"],
    "restaurer": [],
}
FRENCH = re.compile(r"\b(?:le|la|les|un|une|pas|est|du|de|d'|l')\b|[«éèà]", re.IGNORECASE)
JUNK = [None, True, -1, 10**400, 1.5, [], {}, [[]], {"a": 1}]


@pytest.fixture(autouse=True)
def _place():
    TerritoryFactory(code="ici")
    UserFactory(email="moi@ici.example")


def refused(command, *arguments):
    """The sentences with which a command refuses, "" where it does what is asked."""
    said = io.StringIO()
    try:
        call_command(command, *arguments, stdout=said, stderr=said)
    except CommandError as error:
        refusal = str(error)
    else:
        return ""
    assert FRENCH.search(refusal), (command, refusal)
    return refusal


def given(command, path):
    return [f"--fichier={path}" if command == "controler" else str(path), *COMMANDS[command]]


@pytest.mark.parametrize("command", COMMANDS)
def test_any_file_is_read_or_refused_by_a_sentence(command, tmp_path, record_property):
    files = [*hostile_files(SEED)]
    for rank, (name, content) in enumerate(files):
        path = tmp_path / f"{rank}{name[-9:].replace('/', '')}"
        path.write_bytes(content)
        refused(command, *given(command, path))

    assert refused(command, *given(command, tmp_path / "absent"))
    assert refused(command, *given(command, tmp_path))
    record_property("cases", len(files) + 2)


@pytest.mark.parametrize("command", ["importer_rapport", "controler"])
def test_a_report_spoiled_anywhere_is_read_or_refused_by_a_sentence(command, tmp_path, record_property):
    chance, path = random.Random(SEED), tmp_path / "rapport.json"  # noqa: S311  the same ones each time
    texts = [received(text) for text in some_texts(f"{command} {SEED}", CASES)]
    found = []

    for text in texts[: CASES // 5]:
        tree = json.loads(REPORT.read_text(encoding="utf-8"))
        for _ in range(3):
            holder, key = chance.choice([*places_of(tree)])
            holder[key] = chance.choice([text, text, *JUNK])
        path.write_text(json.dumps(tree), encoding="utf-8")
        found.append(refused(command, *given(command, path)))

    assert any(found)
    record_property("cases", len(found))


def places_of(tree):
    """(holder, key) of each value of a tree of JSON."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from places_of(value)


def test_any_words_in_the_place_of_a_code_or_an_address_are_refused_by_a_sentence(tmp_path, record_property):
    texts = some_texts(SEED, CASES // 5)
    for text in texts:
        word = text.replace("\0", "")  # no command line holds one
        for command, arguments in (
            ("importer_rapport", [REPORT, f"--territoire={word}", "--annee=2023"]),
            ("importer_rapport", [REPORT, "--territoire=ici", "--annee=2023", f"--par={word}"]),
            ("controler", [f"--territoire={word}", "--exercice=2023"]),
            ("rapport", ["2023", f"--territoire={word}", "--format=json", f"--sortie={tmp_path}/r"]),
            ("sauvegarder", [f"--dossier={tmp_path}", f"--territoire={word}"]),
            ("sauvegarder", [f"--dossier={tmp_path}", f"--cle={word}"]),
            ("sauvegarder", [f"--dossier={tmp_path}/{word[:50]}"]),
        ):
            assert refused(command, *map(str, arguments)), (command, arguments)
    record_property("cases", 7 * len(texts))


def description(**fields):
    return {"format": saving.FORMAT, "nature": saving.WHOLE, "migrations": saving.migrations(), **fields}


SPOILED = {
    "no description": {},
    "a description that is a list": {DESCRIPTION: []},
    "one that is no JSON": {DESCRIPTION: b"{"},
    "one without migrations": {DESCRIPTION: {"format": saving.FORMAT, "nature": saving.WHOLE}},
    "a table that is not ours": {"tables/autre.Table": b'["id"]\n'},
    "a column that is not ours": {"tables/logement.Territory": b'["autre"]\n[1]\n'},
    "no columns": {"tables/logement.Territory": b""},
    "lines that are no JSON": {"tables/logement.Territory": b'["id"]\n\xff\n'},
    "a row that is too short": {"tables/logement.Territory": b'["id","code"]\n[1]\n'},
    "a row that breaks a rule": {"tables/logement.Territory": b'["id"]\n[1]\n'},
    "a number that is none": {"tables/logement.Territory": b'["id","code","name"]\n["x","a","b"]\n'},
    "a number too large": {"tables/logement.Territory": b'["id","code","name"]\n[1e400,"a","b"]\n'},
    "a file out of its folder": {"fichiers/../../ailleurs.txt": b"x"},
    "a file beside a row that is refused": {
        "fichiers/a.txt": b"x",
        "tables/logement.Territory": b'["id"]\n[]\n',
    },
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_backup_forged_with_good_fingerprints_is_refused_and_restores_nothing(what, tmp_path):
    path = tmp_path / "sauvegarde.tar.gz"
    members = SPOILED[what] if what == "no description" else {DESCRIPTION: description()} | SPOILED[what]
    pack(path, members)

    assert refused("restaurer", str(path), "--force")


def test_a_backup_that_holds_something_else_than_files_is_refused(tmp_path):
    path = tmp_path / "sauvegarde.tar.gz"
    for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
        with tarfile.open(path, "w:gz") as tar:
            member = tarfile.TarInfo("tables/logement.Territory")
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)

        assert "n'est pas un fichier" in refused("restaurer", str(path), "--force")


def pack(path, members):
    """An archive of {name: bytes, or what is written as JSON}, with its list of fingerprints."""
    contents = {
        name: value if isinstance(value, bytes) else json.dumps(value).encode()
        for name, value in members.items()
    }
    listed = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    with tarfile.open(path, "w:gz") as tar:
        for name, content in (contents | {FINGERPRINTS: listed.encode()}).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
