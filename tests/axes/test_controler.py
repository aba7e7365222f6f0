"""`manage.py controler --fichier`: the findings of a report in its file, counted by level."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.axes.checks.dossiers import DEMO

REPORT = {
    "page_de_titre": ["Rapport 2023"],
    "preambule": ["35 ménages, dont 36 en 2023.", "Un fond de garantie ; le fonds de garantie."],
    "sections": [],
}


def told(path, **options):
    out = StringIO()
    call_command("controler", fichier=path, stdout=out, **options)
    return out.getvalue()


def written(folder, report):
    path = folder / "rapport.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    return path


def test_findings_are_printed_by_level_with_place_and_mend(tmp_path):
    assert told(written(tmp_path, REPORT)) == (
        "bloquant : 1\n"
        "- [inclusion] La partie dépasse le tout : 36 > 35\u00a0ménages.\n"
        "    « 35 ménages, dont 36 en 2023. »\n"
        "    Préambule\n"
        "    → Corrigez le nombre qui est faux, ou dites autrement ce dont le second est une partie.\n"
        "alerte : 0\n"
        "information : 1\n"
        "- [orthographe] Le même nom est écrit de deux façons : « fond de garantie » et « fonds de garantie ».\n"
        "    Préambule\n"
        "    → Gardez une seule orthographe.\n"
    )


def test_the_demonstration_has_no_blocking_finding():
    assert told(DEMO / "rapport-2023.json").startswith("bloquant : 0\nalerte : 1\n")


def test_the_year_may_be_given(tmp_path):
    nameless = written(tmp_path, REPORT | {"page_de_titre": ["Rapport"], "preambule": []})

    assert told(nameless, annee=2022) == "bloquant : 0\nalerte : 0\ninformation : 0\n"
    with pytest.raises(CommandError, match="Option --annee"):
        told(nameless)


def test_a_file_that_is_not_a_report_says_why(tmp_path):
    with pytest.raises(CommandError, match="il manque la clé « sections »"):
        told(written(tmp_path, {"page_de_titre": [], "preambule": []}))
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        told(tmp_path / "absent.json")
