"""The import of a whole report: nothing lost, nothing half written, every error at its place."""

import json
import re
from collections import Counter
from contextlib import suppress
from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from axes.imports import ReportFileError, load_report, read_json, read_report
from axes.imports.headings import roles_of
from axes.imports.states import propose_inflection
from axes.imports.texts import Notes, rich
from axes.models import Action, Agreement, Axis, Block, Chapter, Column, Layout, Line, State, TextBlock, Year
from axes.table import tables_of
from logement.models import Event, Territory
from logement.richtext import List, Note, Paragraph, Text, parse, plain
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    AxisFactory,
    ChapterFactory,
    LayoutFactory,
    LineFactory,
    StateFactory,
    TerritoryFactory,
    UserFactory,
    YearFactory,
)

HEADINGS = ["Les actions menées en 2024", "État", "Indicateurs", "Observations"]


def row(action="Ouvrir un guichet", etat="Réalisée", **cells):
    return {"action": action, "etat": etat, "indicateurs": ["3 permanences"], "observations": []} | cells


def table(titre="Accueillir", numero=1, entetes=HEADINGS, lignes=None):
    lignes = [row()] if lignes is None else lignes
    return {"numero": numero, "titre": titre, "tableau": {"entetes": entetes, "lignes": lignes}}


def section(*blocs, titre="Bilan", numero=1):
    return {"numero": numero, "titre": titre, "blocs": list(blocs)}


def report(*sections, notes=(), **changes):
    return {
        "page_de_titre": ["Plan local", "Rapport de la convention triennale 2024"],
        "preambule": ["Voici l'année."],
        "sections": list(sections) or [section(table())],
        "notes": [{"numero": numero, "texte": texte} for numero, texte in dict(notes).items()],
    } | changes


# --- What is stored, word by word ---


def words_of_file(data):
    """Every word of a file: its texts, titles, headings and numbers."""
    return Counter(unraised(" ".join(_strings(data))).split())


def unraised(text):
    """Without the marks of the superscripts."""
    return re.sub(r"\^\{([^{}]+)\}", r"\1", text)


def _strings(node):
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _strings(child)
    elif node is not None:
        yield str(node)


def words_stored(year):
    """Every word that the exercise holds."""
    texts = [
        f"{chapter.number or ''} {chapter.title}"
        for chapter in year.chapters.filter(kind=Chapter.Kind.SECTION)
    ]
    for held in tables_of(year, lines=Line.objects.all()):
        texts += [str(held.axis.number or ""), held.axis.label]
        texts += [column.heading_for(year.number) for column in held.columns]
    texts += [f"{line.title} {line.state_word}" for line in year.lines.select_related("state")]
    texts += [plain(parse(text.content), with_notes=True) for text in year.texts.all()]
    return Counter(" ".join(texts).replace("(", "").replace(")", "").split())


OTHER_CONVENTION = report(
    section(
        "Un mot d'entrée¹.",
        table(
            "Loger",
            None,
            ["Pilote", "Commentaires", "Chantiers de 2031", "Livrables", "Avancement", "Financement"],
            [
                row(
                    "Trouver 12 000 m² de planchers",
                    "En bonne voie",
                    indicateurs=["- *un* bail¹¹ ", "- <deux> baux, 30 m² & plus", "puis [[note: rien]]"],
                    observations=["Le 3^{e} lot^{2} est ^{ouvert"],
                    autres={"Pilote": ["La ville³"], "Financement": ["**10 k€**⁴", "dont 1 k€¹²"]},
                ),
                row("Vendre", "", indicateurs=[], autres={"Pilote": ["L'office"]}),
            ],
        ),
        "Entre deux tableaux.",
        "Encore.",
        table("Prévenir", None, ["Projet", "Stade"], [{"action": "Écouter", "etat": "en cours"}]),
        table(
            "Animer", 7, ["Remarques", "Opération"], [{"action": "Réunir", "observations": ["Oui\u000bnon⁵"]}]
        ),
        titre="Ce qui fut fait",
        numero=None,
    ),
    section(titre="Rien encore", numero=2),
    page_de_titre=["Accord 2031⁶", "AMI « Toits »"],
    preambule=["Un⁷ deux⁸", "trois⁹ quatre¹⁰"],
    notes={number: f"Note{number}, 3^{{e}} du nom." for number in range(1, 13)},
)
CALLS = "¹ ¹¹ ^{2} ³ ⁴ ¹² ⁵ ⁶ ⁷ ⁸ ⁹ ¹⁰".split()


def without_calls(data):
    """The same file where each call is the text of its note, as `plain` writes it."""
    text = json.dumps({key: value for key, value in data.items() if key != "notes"}, ensure_ascii=False)
    for call in sorted(CALLS, key=len, reverse=True):
        number = int(call.strip("^{}").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
        text = text.replace("m²", "m_").replace(call, f" Note{number}, 3e du nom.").replace("m_", "m²")
    return json.loads(text)


@pytest.mark.django_db
def test_another_convention_is_stored_word_for_word():
    year = load_report(OTHER_CONVENTION, territory=TerritoryFactory(), number=2031)

    expected = words_of_file(without_calls(OTHER_CONVENTION))
    expected.subtract(["-", "-"])  # the dashes of the bullets
    assert words_stored(year) == +expected


@pytest.mark.django_db
def test_another_convention_keeps_its_columns_and_axes():
    year = load_report(OTHER_CONVENTION, territory=TerritoryFactory(), number=2031)

    tables = tables_of(year, lines=Line.objects.all())
    assert [(held.axis.number, held.axis.label, len(held.rows)) for held in tables] == [
        (None, "Loger", 2),
        (None, "Prévenir", 1),
        (7, "Animer", 1),
    ]
    assert [[(column.role, column.heading) for column in held.columns] for held in tables] == [
        [
            ("other", "Pilote"),
            ("observations", "Commentaires"),
            ("title", "Chantiers de {annee}"),
            ("indicators", "Livrables"),
            ("state", "Avancement"),
            ("other", "Financement"),
        ],
        [("title", "Projet"), ("state", "Stade")],
        [("observations", "Remarques"), ("title", "Opération")],
    ]
    assert [(line.title, line.state_word) for line in Line.objects.order_by("pk")] == [
        ("Trouver 12 000 m² de planchers", "En bonne voie"),
        ("Vendre", ""),
        ("Écouter", "en cours"),
        ("Réunir", ""),
    ]
    assert year.agreement.title == "Convention"
    assert year.agreement.call == "AMI « Toits »"


@pytest.mark.django_db
def test_outline_groups_paragraphs_between_tables():
    year = load_report(OTHER_CONVENTION, territory=TerritoryFactory(), number=2031)

    outline = [
        (chapter.kind, chapter.number, chapter.title, [block.kind for block in chapter.blocks.all()])
        for chapter in year.chapters.all()
    ]
    assert outline == [
        ("cover", None, "Page de titre", ["text"]),
        ("preamble", None, "Préambule", ["text"]),
        ("section", None, "Ce qui fut fait", ["text", "actions", "text", "actions", "actions"]),
        ("section", 2, "Rien encore", []),
    ]
    between = TextBlock.objects.filter(block__isnull=False).order_by("pk")[3]
    assert between.content == "<p>Entre deux tableaux.</p><p>Encore.</p>"


WORDS = st.sampled_from("un *deux* <b> 3^{e} m² km² - & \\ [[note: [x] ** 1. é ^{ } ^{1} ^^{a}".split())
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1).map(" ".join), max_size=5)


@given(cover=PARAGRAPHS, cell=PARAGRAPHS, extra=PARAGRAPHS)
def test_no_word_is_lost_whatever_is_typed(cover, cell, extra):
    def expected(paragraphs):
        return " ".join(unraised(text.removeprefix("- ")) for text in paragraphs).split()

    def stored(html):
        return plain(parse(html)).split()

    lines = [row(indicateurs=cell, autres={"Pilote": extra})]
    data = report(section(table(entetes=[*HEADINGS, "Pilote"], lignes=lines)), page_de_titre=cover)

    read = read_report(data)

    assert stored("".join(read.cover)) == expected(cover)
    assert [stored(html) for html in read.tables[0].rows[0].texts] == [expected(cell), [], expected(extra)]


@pytest.mark.parametrize("length", [1, 59_000])
def test_a_long_chapter_is_cut_at_a_paragraph(length):
    text = "mot " * (length // 4) + "fin"
    parts = read_report(report(section(text, text, text))).sections[0].parts

    assert len(parts) == (1 if length == 1 else 3)
    assert " ".join(plain(parse(part)) for part in parts).split() == (text + " ").split() * 3


# --- Texts ---

A, B = Note((Text("a"),)), Note((Text("b"),))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("un¹", (Text("un"), A)),
        ("un ¹ deux²", (Text("un "), A, Text(" deux"), B)),
        ("un¹²", (Text("un"), A, B)),
        ("un^{1} ^{3}", (Text("un"), A, Text(" "), Text("3", superscript=True))),
        ("12 m² et 3 km²", (Text("12 m² et 3 km²"),)),
        ("5 m^{2}", (Text("5 m"), Text("2", superscript=True))),
        ("m²¹", (Text("m²"), A)),
        ("atom²", (Text("atom"), B)),
        ("3^{e} *a*", (Text("3"), Text("e", superscript=True), Text(" *a*"))),
        ("a^{ et ^{}", (Text("a^{ et ^{}"),)),
    ],
)
def test_signs_of_a_paragraph(text, content):
    notes = Notes({1: "a", 2: "b"})

    assert rich(text, notes) == (Paragraph(content),)
    assert notes.missing == set()


def test_a_call_of_two_digits_is_one_note_where_it_exists():
    notes = Notes({1: "a", 2: "b", 12: "c"})

    assert rich("un¹²", notes) == (Paragraph((Text("un"), Note((Text("c"),)))),)
    assert notes.called == {12}


def test_paragraphs_with_a_dash_make_one_list():
    read = read_report(report(section("Avant", "- un", "- deux", "après", "-trois")))

    assert parse(read.sections[0].parts[0]) == (
        Paragraph((Text("Avant"),)),
        List(((Paragraph((Text("un"),)),), (Paragraph((Text("deux"),)),))),
        Paragraph((Text("après"),)),
        Paragraph((Text("-trois"),)),
    )


# --- Headings ---


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (
            "Les actions réalisées en 2023|État de la réalisation|Indicateurs de suivi et résultats|Observations",
            "tsio",
        ),
        ("Observations|Résultats|Avancement de l'action|Projet", "oist"),
        ("STATUT|MESURE|PRÉCISIONS|CHIFFRES CLÉS", "stoi"),
        ("Intitulé|Où en est-on ?|Ce qui compte|Le reste", "tsio"),
        ("Chantier|Difficultés rencontrées|Divers", "tos"),
        ("État des actions|Actions", "st"),
        ("Observations sur les résultats|Action|Résultats", "oti"),
        ("Quoi|Comment", "ts"),
        ("Action|État|Indicateurs|Observations|Pilote|Coût", "tsioxx"),
    ],
)
def test_roles_of_headings(headings, roles):
    names = {"t": "title", "s": "state", "i": "indicators", "o": "observations", "x": "other"}

    assert roles_of(headings.split("|"), others=set(), needed=set()) == [names[role] for role in roles]


def test_a_heading_that_rows_fill_by_its_name_is_a_further_column():
    headings = ["Action", "Résultats", "Bilan chiffré"]

    assert roles_of(headings, others={"resultats"}, needed={"indicators"}) == ["title", "other", "indicators"]


def test_a_needed_role_takes_the_heading_that_is_left():
    assert roles_of(["Action", "Dire"], others=set(), needed={"observations"}) == ["title", "observations"]


# --- States ---


@pytest.mark.django_db
def test_states_of_a_new_convention_are_the_six_usual_ones():
    year = load_report(report(), territory=TerritoryFactory(), number=2024)

    assert [(state.outcome, state.fs, state.mp) for state in year.agreement.states.all()] == [
        ("done", "Réalisée", "Réalisés"),
        ("partial", "Partiellement réalisée", "Partiellement réalisés"),
        ("ongoing", "En cours", "En cours"),
        ("postponed", "Reportée", "Reportés"),
        ("dropped", "Abandonnée", "Abandonnés"),
        ("not_started", "Non engagée", "Non engagés"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "title", "outcome", "inflection"),
    [
        ("Réalisé", "Réalisation d'un film", "done", "ms"),
        ("Réalisées", "Un film", "done", "fp"),
        ("Partiellement réalisés", "Un film", "partial", "mp"),
        ("En cours", "Réunions du comité", "ongoing", "fp"),
        ("En cours", "Relogement", "ongoing", "ms"),
        ("RÉALISÉE", "Enquête", "done", "fs"),
        ("abandonne", "Relogement", "dropped", "ms"),
        ("À 80 %", "Enquête", "other", "fs"),
    ],
)
def test_state_is_kept_as_written(word, title, outcome, inflection):
    data = report(section(table(lignes=[row(title, word)])))

    line = load_report(data, territory=TerritoryFactory(), number=2024).lines.get()

    assert (line.state_word, line.state.outcome, line.inflection) == (word, outcome, inflection)


@pytest.mark.django_db
def test_one_new_state_serves_all_its_lines():
    data = report(section(table(lignes=[row("Un", "Suspendue"), row("Deux", "Suspendue")])))

    year = load_report(data, territory=TerritoryFactory(), number=2024)

    assert year.lines.values("state").distinct().count() == 1
    assert year.agreement.states.count() == 7


@pytest.mark.parametrize(
    ("title", "inflection"),
    [
        ("Réalisation d'une enquête", "fs"),
        ("Mises à disposition", "fp"),
        ("Développement des résidences", "ms"),
        ("Les ateliers", "mp"),
        ("Suivi", "ms"),
        ("Mettre à disposition", "ms"),
        ("Un accompagnement", "ms"),
        ("Plateforme", "fs"),
        ("Repérage", "ms"),
        ("", "ms"),
    ],
)
def test_proposed_inflection(title, inflection):
    assert propose_inflection(title) == inflection


# --- What exists is used ---


@pytest.mark.django_db
def test_the_next_year_of_a_convention_carries_over():
    agreement = AgreementFactory()
    done = StateFactory(agreement=agreement)
    first = load_report(report(), territory=agreement.territory, number=2024)
    again = json.loads(json.dumps(report()).replace("2024", "2025"))

    second = load_report(again, territory=agreement.territory, number=2025)

    assert first.agreement == second.agreement == agreement
    assert [model.objects.count() for model in (Axis, Layout, Column, Action, State)] == [1, 1, 4, 1, 1]
    assert [line.action for line in Line.objects.all()] == [Action.objects.get()] * 2
    assert Column.objects.get(role="title").heading == "Les actions menées en {annee}"
    assert {line.state for line in Line.objects.all()} == {done}


@pytest.mark.django_db
def test_two_rows_of_one_title_are_two_actions():
    axis = AxisFactory(number=1, label="Accueillir")
    lasting = ActionFactory(axis=axis, label="Ouvrir un guichet")

    year = load_report(
        report(section(table(lignes=[row(), row()]))), territory=axis.agreement.territory, number=2024
    )

    actions = [line.action for line in year.lines.all()]
    assert actions[0] == lasting
    assert actions[1] != lasting


@pytest.mark.django_db
def test_other_columns_make_another_layout():
    agreement = AgreementFactory()
    LayoutFactory(agreement=agreement, name="Tableau 1")

    load_report(report(), territory=agreement.territory, number=2024)

    assert [layout.name for layout in agreement.layouts.all()] == ["Tableau 1", "Tableau 2"]


@pytest.mark.django_db
def test_an_earlier_convention_of_the_same_title_is_left_alone():
    earlier = AgreementFactory(title="Convention triennale", starts_on="2020-01-01", ends_on="2022-12-31")

    year = load_report(report(), territory=earlier.territory, number=2024)

    assert year.agreement.title == "Convention triennale (2024)"
    assert (str(year.agreement.starts_on), str(year.agreement.ends_on)) == ("2024-01-01", "2024-12-31")


@pytest.mark.django_db
def test_axis_says_itself_that_it_is_not_funded():
    data = report(section(table(), table("Autres actions (non financées)", None)))

    load_report(data, territory=TerritoryFactory(), number=2024)

    assert [(str(axis), axis.is_funded) for axis in Axis.objects.all()] == [
        ("Axe 1 : Accueillir", True),
        ("Autres actions (non financées)", False),
    ]


@pytest.mark.django_db
def test_an_empty_exercise_is_filled():
    year = YearFactory(number=2024)

    assert load_report(report(), territory=year.territory, number=2024) == year
    assert year.lines.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fill", [LineFactory, ChapterFactory])
def test_an_exercise_that_holds_something_is_never_overwritten(fill):
    year = YearFactory(number=2024)
    fill(year=year)

    with pytest.raises(
        ReportFileError, match=f"L'exercice 2024 de {year.territory} existe et n'est pas vide"
    ):
        load_report(report(), territory=year.territory, number=2024)


@pytest.mark.django_db
def test_a_sent_exercise_is_refused():
    year = YearFactory(number=2024, state=Year.State.SENT)

    with pytest.raises(ReportFileError, match="existe et n'est pas vide"):
        load_report(report(), territory=year.territory, number=2024)


@pytest.mark.django_db
def test_an_implausible_year_is_refused():
    with pytest.raises(ReportFileError, match="L'année 1024 n'est pas plausible"):
        load_report(report(), territory=TerritoryFactory(), number=1024)


# --- All or nothing, history, cost ---

MODELS = (
    Territory,
    Agreement,
    State,
    Year,
    Axis,
    Layout,
    Column,
    Chapter,
    Block,
    Action,
    Line,
    TextBlock,
    Event,
)


@pytest.mark.django_db
def test_a_late_refusal_leaves_nothing_behind():
    axis = AxisFactory(number=2, label="Loger")
    before = [model.objects.count() for model in MODELS]

    with pytest.raises(ReportFileError) as refused:
        load_report(
            report(section(table(), table("Autre nom", 2), table("Loger", 3))),
            territory=axis.agreement.territory,
            number=2024,
        )

    assert refused.value.errors == (
        "sections[1] > blocs[2] (« Axe 2 ») > titre : la convention a déjà « Axe 2 : Loger », mettez l'un d'accord.",
        "sections[1] > blocs[3] (« Axe 3 ») > titre : la convention a déjà « Axe 2 : Loger », mettez l'un d'accord.",
    )
    assert [model.objects.count() for model in MODELS] == before


@pytest.mark.django_db
def test_history_names_the_person():
    by = UserFactory()

    year = load_report(report(), territory=TerritoryFactory(), number=2024, by=by)

    for model, count in ((Chapter, 3), (Line, 1), (TextBlock, 4)):
        rows = model.history.all()
        assert {(row.history_type, row.history_user, row.history_change_reason) for row in rows} == {
            ("+", by, "Import d'un rapport")
        }
        assert rows.count() == count
    assert {text.updated_by for text in year.texts.exclude(content="")} == {by}
    assert Event.objects.get().actor == str(by)


@pytest.mark.django_db
def test_a_command_signs_nothing():
    year = load_report(report(), territory=TerritoryFactory(), number=2024)

    assert {(text.updated_by, text.updated_at) for text in year.texts.all()} == {(None, None)}
    assert [history.history_user for history in TextBlock.history.all()] == [None] * 4
    assert Event.objects.get().actor == "Commande d'import"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_whatever_the_rows(count):
    from django.db import connection

    tables = [table(f"Axe {n}", n, lignes=[row(f"Action {m}") for m in range(count)]) for n in range(count)]
    data, territory = report(section("Texte", *tables)), TerritoryFactory()

    with CaptureQueriesContext(connection) as queries:
        load_report(data, territory=territory, number=2024)

    assert len(queries) == 28


# --- Errors, each at its place ---


def changed(path, value, data=None):
    """The usual report with `value` at `path`; `...` removes the key."""
    data = deepcopy(report() if data is None else data)
    *steps, last = path
    node = data
    for step in steps:
        node = node[step]
    if value is ...:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(value)
    else:
        node[last] = value
    return data


BLOCKS = ("sections", 0, "blocs")
TABLE = (*BLOCKS, 0, "tableau")
ROW = (*TABLE, "lignes", 0)
HERE = "sections[1] > blocs[1] (« Axe 1 »)"
REFUSED = [
    ((), [], "fichier : attendu un objet, trouvé une liste."),
    (("titre",), "x", "fichier : clé inconnue « titre »."),
    (("note",), [], "fichier : clé inconnue « note » : vouliez-vous « notes » ?"),
    (("page_de_titre",), ..., "fichier : il manque la clé « page_de_titre »."),
    (("sections",), ..., "fichier : il manque la clé « sections »."),
    (("page_de_titre",), "Plan", "page_de_titre : attendu une liste, trouvé un texte."),
    (("page_de_titre", 1), None, "page_de_titre[2] : attendu un texte, trouvé rien (null)."),
    (("preambule", 0), 3, "preambule[1] : attendu un texte, trouvé un nombre."),
    (("preambule", 0), "Un¹", "preambule[1] : la note 1 est appelée ici, mais « notes » ne la contient pas."),
    (
        ("preambule", 0),
        "a" * 60_001,
        "preambule : un paragraphe ou une liste dépasse 60000 caractères : coupez-le en deux.",
    ),
    (
        ("notes", 0),
        {"numero": 4, "texte": "x"},
        "notes : la note 4 n'est appelée nulle part dans le rapport.",
    ),
    (("notes", 0), "x", "notes[1] : attendu un objet, trouvé un texte."),
    (("notes", 0), {"texte": "x"}, "notes[1] : il manque la clé « numero »."),
    (("notes", 0), {"numero": None, "texte": "x"}, "notes[1] > numero : attendu un nombre entier."),
    (
        ("notes", 0),
        {"numero": "1", "texte": "x"},
        "notes[1] > numero : attendu un nombre entier de 0 à 9999, ou rien.",
    ),
    (("sections", 0), True, "sections[1] : attendu un objet, trouvé vrai ou faux."),
    (("sections", 0, "titre"), " ", "sections[1] > titre : ce texte est vide."),
    (
        ("sections", 0, "titre"),
        "x" * 301,
        "sections[1] > titre : ce texte a 301 caractères, le maximum est 300.",
    ),
    (("sections", 0, "numero"), 1.5, "sections[1] > numero : attendu un nombre entier de 0 à 9999, ou rien."),
    (("sections", 0, "blocs"), ..., "sections[1] : il manque la clé « blocs »."),
    ((*BLOCKS, 1), 3, "sections[1] > blocs[2] : attendu un texte, trouvé un nombre."),
    (
        (*BLOCKS, 1),
        "Un²",
        "sections[1] > blocs[2] : la note 2 est appelée ici, mais « notes » ne la contient pas.",
    ),
    ((*BLOCKS, 0, "titre"), "", f"{HERE} > titre : ce texte est vide."),
    ((*BLOCKS, 0, "titre"), ..., f"{HERE} : il manque la clé « titre »."),
    (
        (*BLOCKS, 0, "numero"),
        True,
        "sections[1] > blocs[1] (« Axe True ») > numero : attendu un nombre entier",
    ),
    ((*BLOCKS, 0, "tableau"), ..., f"{HERE} : il manque la clé « tableau »."),
    ((*BLOCKS, 0, "table"), {}, f"{HERE} : clé inconnue « table » : vouliez-vous « tableau » ?"),
    (
        (*BLOCKS, 1),
        table(numero=2),
        "sections[1] > blocs[2] (« Axe 2 ») : ce titre de tableau est déjà celui de " + HERE,
    ),
    (
        (*BLOCKS, 1),
        table("B"),
        "sections[1] > blocs[2] (« Axe 1 ») : ce numéro de tableau est déjà celui de " + HERE,
    ),
    ((*TABLE, "entetes"), [], f"{HERE} > entetes : aucune colonne ne peut porter l'intitulé des actions."),
    ((*TABLE, "entetes", 1), "", f"{HERE} > entetes[2] : ce texte est vide."),
    (
        (*TABLE, "entetes", 1),
        "indicateurs",
        f"{HERE} > entetes[3] : la colonne « Indicateurs » est écrite deux fois.",
    ),
    (
        (*TABLE, "entetes"),
        [f"Colonne {n}" for n in range(17)],
        f"{HERE} > entetes : 17 colonnes, c'est plus que les 16",
    ),
    (
        (*TABLE, "entetes"),
        ["Action", "État"],
        f"{HERE} > lignes[1] > indicateurs : aucune colonne de « entetes »",
    ),
    ((*TABLE, "lignes"), {}, f"{HERE} > lignes : attendu une liste, trouvé un objet."),
    ((*ROW, "action"), ..., f"{HERE} > lignes[1] : il manque la clé « action »."),
    ((*ROW, "action"), "\u0007 ", f"{HERE} > lignes[1] > action : ce texte est vide."),
    (
        (*ROW, "action"),
        "x" * 301,
        f"{HERE} > lignes[1] > action : ce texte a 301 caractères, le maximum est 300.",
    ),
    ((*ROW, "etat"), ["Réalisée"], f"{HERE} > lignes[1] > etat : attendu un texte, trouvé une liste."),
    ((*ROW, "etat"), "x" * 61, f"{HERE} > lignes[1] > etat : ce texte a 61 caractères, le maximum est 60."),
    (
        (*ROW, "observation"),
        [],
        f"{HERE} > lignes[1] : clé inconnue « observation » : vouliez-vous « observations » ?",
    ),
    ((*ROW, "indicateurs"), "3", f"{HERE} > lignes[1] > indicateurs : attendu une liste, trouvé un texte."),
    (
        (*ROW, "indicateurs", 1),
        {},
        f"{HERE} > lignes[1] > indicateurs[2] : attendu un texte, trouvé un objet.",
    ),
    ((*ROW, "indicateurs", 1), "Un¹", f"{HERE} > lignes[1] > indicateurs[2] : la note 1 est appelée ici"),
    (
        (*ROW, "indicateurs"),
        ["a" * 59_999] * 2,
        f"{HERE} > lignes[1] > indicateurs : le texte dépasse 60000 caractères",
    ),
    ((*ROW, "autres"), [], f"{HERE} > lignes[1] > autres : attendu un objet, trouvé une liste."),
    (
        (*ROW, "autres"),
        {"Pilote": ["x"]},
        f"{HERE} > lignes[1] > autres > « Pilote » : cette colonne n'est pas dans",
    ),
    (
        (*ROW, "autres"),
        {"A": [], "A ": []},
        f"{HERE} > lignes[1] > autres : la colonne « A » est écrite deux fois.",
    ),
]


@pytest.mark.parametrize(("path", "value", "message"), REFUSED, ids=[message[:60] for *_, message in REFUSED])
def test_error_names_its_place(path, value, message):
    data = changed(path, value) if path else value

    with pytest.raises(ReportFileError) as refused:
        read_report(data)

    assert [error for error in refused.value.errors if error.startswith(message)] != []


def test_a_title_may_not_call_a_note():
    data = report(section("Un¹", table(lignes=[row("Deux¹")])), notes={1: "x"})

    with pytest.raises(ReportFileError) as refused:
        read_report(data)

    assert [error.partition(" : ")[0] for error in refused.value.errors] == [
        "sections[1] > blocs[2] (« Axe 1 ») > lignes[1] > action"
    ]
    assert "un intitulé ne peut pas appeler de note" in refused.value.errors[0]


@pytest.mark.parametrize("notes", [[{"numero": 1, "texte": " "}], [{"numero": 1, "texte": "a"}] * 2])
def test_notes_are_written_once_and_say_something(notes):
    with pytest.raises(ReportFileError, match=r"le texte de la note est vide|la note 1 est écrite deux fois"):
        read_report(report(section("Un¹"), notes=()) | {"notes": notes})


def test_errors_come_together():
    data = changed((*ROW, "etat"), 3, changed(("preambule",), 3, changed(("notes",), ...)))

    with pytest.raises(ReportFileError) as refused:
        read_report(data)

    assert refused.value.errors == (
        "preambule : attendu une liste, trouvé un nombre.",
        f"{HERE} > lignes[1] > etat : attendu un texte, trouvé un nombre.",
    )


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(path=st.sampled_from([path for path, *_ in REFUSED if path]), value=JSON_VALUES)
def test_any_value_anywhere_is_read_or_refused(path, value):
    with suppress(ReportFileError):
        read_report(changed(path, value))


# --- The file ---


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            b'{"a": 1,\n "b" 2}',
            "Ligne 2, colonne 6 : le fichier n'est pas du JSON valide, un deux-points est attendu.",
        ),
        (b"", "Ligne 1, colonne 1 : le fichier n'est pas du JSON valide, une valeur est attendue."),
        (b'["\\q"]', "une barre oblique inverse est mal placée."),
        ('{\n"a": "é"}'.encode("latin-1"), "Ligne 2 : le fichier n'est pas en UTF-8."),
        (b'{"a": [1], "a": [2]}', "La clé « a » est écrite deux fois dans le même objet : gardez-en une."),
        (b"[" * 100_000, "ses listes s'emboîtent trop profondément"),
        (b"[" + b"9" * 5000 + b"]", "un nombre y est démesuré"),
    ],
)
def test_a_file_that_is_no_json_says_where(raw, message):
    with pytest.raises(ReportFileError) as refused:
        read_json(raw)

    assert message in refused.value.errors[0]


def test_a_byte_order_mark_is_no_error():
    assert read_json('\ufeff{"a": "é"}'.encode()) == {"a": "é"}


# --- The command ---


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rapport.json"
    path.write_text(json.dumps(report()), encoding="utf-8")
    return path


def run(*arguments, **options):
    out = StringIO()
    call_command("importer_rapport", *map(str, arguments), stdout=out, skip_checks=True, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_command_creates_the_territory_that_it_names(file):
    out = run(file, "--territoire", "ailleurs", "--annee", 2024, "--nom", "Ailleurs")

    assert Territory.objects.get().name == "Ailleurs"
    assert Year.objects.get().lines.count() == 1
    assert out.splitlines() == [
        "Exercice 2024 de Ailleurs importé.",
        "  convention : Convention triennale",
        "  parties du rapport : 3",
        "  tableaux : 1",
        "  actions : 1",
        "  actions sans état : 0",
        "  textes : 3",
        "  cases vides : 1",
    ]


@pytest.mark.django_db
def test_command_names_the_person(file):
    by = UserFactory(email="cheffe@ville.example")

    run(file, "--territoire", TerritoryFactory().code, "--annee", 2024, "--par", "Cheffe@ville.example")

    assert {row.history_user for row in Line.history.all()} == {by}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--territoire", "inconnu"], "Le territoire « inconnu » n'existe pas : donnez son nom avec --nom"),
        (["--territoire", "deux mots", "--nom", "X"], "« deux mots » ne peut pas être créé"),
        (["--territoire", "x", "--nom", "X", "--par", "a@b.example"], "Personne n'a l'adresse a@b.example"),
    ],
)
def test_command_refuses_what_it_does_not_know(file, arguments, message):
    with pytest.raises(CommandError, match=message):
        run(file, "--annee", 2024, *arguments)

    assert not Territory.objects.exists()


@pytest.mark.django_db
def test_command_leaves_no_territory_behind_a_bad_file(file):
    file.write_text(json.dumps(changed(("preambule",), 3)), encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        run(file, "--territoire", "x", "--annee", 2024, "--nom", "X")

    assert str(refused.value) == (
        "Rien n'a été importé de rapport.json :\n  - preambule : attendu une liste, trouvé un nombre."
    )
    assert not Territory.objects.exists()


@pytest.mark.django_db
def test_command_refuses_a_file_that_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.json n'existe pas"):
        run(tmp_path / "absent.json", "--territoire", "x", "--annee", 2024)
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        run(tmp_path, "--territoire", "x", "--annee", 2024)


@pytest.mark.django_db
def test_command_refuses_a_huge_file_before_reading_it(tmp_path):
    path = tmp_path / "gros.json"
    with path.open("wb") as huge:
        huge.truncate(20 * 1024 * 1024 + 1)

    with pytest.raises(CommandError, match="dépasse 20 Mo"):
        run(path, "--territoire", "x", "--annee", 2024)
