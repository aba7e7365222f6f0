"""The pages of an exercise: its dashboard, its axes and their lines, its texts, its history, its steps."""

import pytest
from django.urls import reverse

from axes.models import Action, Block, Column, Line, TextBlock, Year
from logement.models import Event
from logement.text import MAX_RICH
from tests.factories import (
    ActionFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TextBlockFactory,
    YearFactory,
)

pytestmark = pytest.mark.postgresql

HTMX = {"HX-Request": "true"}
ROWS = pytest.mark.parametrize("rows", [1, 3])


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def table(year):
    """The block of an axis: « Axe 1 »."""
    axis = AxisFactory(agreement=year.agreement, number=1, label="Accueillir")
    return BlockFactory(chapter=ChapterFactory(year=year, number=2, position=2), actions=True, axis=axis)


@pytest.fixture
def line(year, table):
    return LineFactory(
        year=year, action=ActionFactory(axis=table.axis, label="Ouvrir dix places"), position=1
    )


@pytest.fixture
def column(table):
    return table.layout.columns.get(role=Column.Role.INDICATORS)


@pytest.fixture
def late(year):
    return StateFactory(
        agreement=year.agreement, outcome="postponed", fs="Reportée", ms="Reporté", fp="Rs", mp="Rs"
    )


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory, user__full_name="Camille").user
    client.force_login(user)
    return user


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def words(response):
    return " ".join(response.content.decode().split())


def fill(year, block, rows, by=None):
    """So many of everything that an axis page can show: lines, cells, leads, partners, indicators with values."""
    done = StateFactory(agreement=year.agreement, fs=f"Faite {block.pk}")
    for rank in range(rows):
        action = ActionFactory(axis=block.axis)
        line = LineFactory(year=year, action=action, state=done, lead=OrganisationFactory(), position=rank)
        line.partners.add(OrganisationFactory(), OrganisationFactory())
        year.territory.organisations.add(*line.partners.all())
        for column in block.layout.columns.filter(role__in=Column.TEXT_ROLES):
            TextBlockFactory(cell=True, line=line, column=column)
        for kind in ("headcount", "context"):
            indicator = IndicatorFactory(
                territory=year.territory, kind=kind, action=action if kind == "headcount" else None
            )
            EntryFactory(indicator=indicator, year=year)


# --- The number of queries: the same literal number with 1 and 3 rows ---


@ROWS
def test_dashboard_queries(client, lead, year, table, rows, django_assert_num_queries):
    for _ in range(rows):
        block = BlockFactory(chapter=table.chapter, actions=True)
        fill(year, block, rows)
        TextBlockFactory(block=BlockFactory(chapter__year=year))

    with django_assert_num_queries(15):
        client.get(url("dashboard", year))


@ROWS
def test_axis_queries(client, lead, year, table, rows, django_assert_num_queries):
    fill(year, table, rows)

    with django_assert_num_queries(13):
        client.get(url("axis", year, table.axis_id))


@ROWS
def test_axis_queries_of_a_partner(client, year, table, rows, django_assert_num_queries):
    fill(year, table, rows)
    partner = MembershipFactory(partner=True, territory=year.territory)
    for line in Line.objects.all():
        line.partners.add(partner.organisation)
    client.force_login(partner.user)

    with django_assert_num_queries(12):
        page = words(client.get(url("axis", year, table.axis_id)))

    assert page.count('scope="row"') == rows


@ROWS
def test_axes_list_queries(client, lead, year, table, rows, django_assert_num_queries):
    for _ in range(rows):
        fill(year, BlockFactory(chapter=table.chapter, actions=True), rows)

    with django_assert_num_queries(10):
        client.get(url("axes", year))


@ROWS
def test_chapters_list_queries(client, lead, year, rows, django_assert_num_queries):
    for _ in range(rows):
        TextBlockFactory(block=BlockFactory(chapter__year=year))

    with django_assert_num_queries(6):
        client.get(url("chapters", year))


@ROWS
def test_chapter_queries(client, lead, year, table, rows, django_assert_num_queries):
    chapter = ChapterFactory(year=year, preamble=True)
    for _ in range(rows):
        TextBlockFactory(block=BlockFactory(chapter=chapter))
        BlockFactory(chapter=chapter, actions=True)
        BlockFactory(chapter=chapter, axes=True)
    BlockFactory(chapter=chapter, context=True)
    fill(year, table, rows)

    with django_assert_num_queries(12):
        client.get(url("chapter", year, chapter.pk))


@ROWS
def test_line_history_queries(client, lead, year, line, column, rows, django_assert_num_queries):
    for version in range(1, rows + 1):
        client.post(url("edit_title", year, line.pk), {"title": f"Titre {version}", "version": version})
        client.post(
            url("edit_cell", year, line.pk, column.pk),
            {"html": f"<p>Texte {version}</p>", "version": version - 1},
        )

    with django_assert_num_queries(9):
        page = words(client.get(url("line_history", year, line.pk)))

    assert page.count("Camille, ") == 2 * rows


@ROWS
@pytest.mark.parametrize("role", ["lead", "reader", "partner", "ddets"])
def test_home_queries(client, year, table, rows, role, django_assert_max_num_queries):
    fill(year, table, rows)
    member = MembershipFactory(**{role: True}, territory=year.territory)
    for number in range(rows):
        earlier = YearFactory(agreement=year.agreement, number=2010 + number)
        LineFactory(year=earlier, action=ActionFactory(axis=table.axis), lead=member.organisation)
    client.force_login(member.user)

    with django_assert_max_num_queries(9):
        client.get("/")


# --- The dashboard ---


def test_dashboard_of_an_empty_exercise_says_where_to_begin(client, lead, year, table):
    page = words(client.get(url("dashboard", year)))

    assert "aucune action saisie" in page
    assert "Continuer : Axe 1 : Accueillir" in page


def test_dashboard_counts_what_is_filled_and_names_what_is_missing(client, lead, year, table, line, late):
    LineFactory(year=year, action=ActionFactory(axis=table.axis), state=late)
    TextBlockFactory(cell=True, line=line, column=table.layout.columns.get(role="indicators"))
    indicator = IndicatorFactory(territory=year.territory, action=line.action)
    IndicatorFactory(territory=year.territory, action=line.action)
    EntryFactory(indicator=indicator, year=year, unavailable=True)
    preamble = ChapterFactory(year=year, preamble=True, position=1)
    BlockFactory(chapter=preamble)

    items = client.get(url("dashboard", year)).context["items"]

    assert [(item.title, item.done, item.total, item.missing) for item in items] == [
        ("Préambule", 0, 1, ("texte à écrire",)),
        ("Axe 1 : Accueillir", 1, 6, ("1 état à renseigner", "1 motif à donner", "3 cellules vides")),
        ("Indicateurs", 1, 2, ("1 chiffre pas encore reçu",)),
    ]


# --- The axes ---


def test_axis_page_shows_the_table_as_the_report_will(client, lead, year, table, line, column, late):
    line.state, line.inflection, line.state_reason = late, "ms", "Faute de locaux"
    line.save()
    TextBlockFactory(cell=True, line=line, column=column, content="<p>Le 3<sup>e</sup> lieu</p>")

    page = words(client.get(url("axis", year, table.axis_id)))

    headings = [
        "Les actions réalisées en 2023",
        "État de la réalisation",
        "Indicateurs de suivi et résultats",
        "Observations",
    ]
    places = [page.index(f">{heading}</th>") for heading in headings]
    assert places == sorted(places)
    assert "<p>Le 3<sup>e</sup> lieu</p>" in page
    assert "Reporté" in page
    assert "Faute de locaux" in page
    assert "Rien n'est encore écrit." in page


def test_an_axis_of_another_convention_is_not_in_the_exercise(client, lead, year, table):
    assert client.get(url("axis", year, AxisFactory().pk)).status_code == 404


def test_an_axis_without_action_leads_to_the_first(client, lead, year, table):
    page = words(client.get(url("axis", year, table.axis_id)))

    assert "Aucune action n'a encore été saisie pour cet axe" in page
    assert url("add_line", year, table.axis_id) in page


def test_a_reader_finds_no_way_to_write(client, year, table, line):
    client.force_login(MembershipFactory(reader=True, territory=year.territory).user)

    page = words(client.get(url("axis", year, table.axis_id)))

    assert "Ouvrir dix places" in page
    assert "Modifier" not in page
    assert "Ajouter une action" not in page
    assert 'method="post" action="/ter' not in page


# --- The lines ---


def test_an_action_is_added_last_of_its_table(client, lead, year, table, line):
    answer = client.post(url("add_line", year, table.axis_id), {"title": "Ouvrir  vingt places"})

    added = Line.objects.exclude(pk=line.pk).get()
    assert answer.url == url("axis", year, table.axis_id) + f"#action-{added.pk}"
    assert (added.title, added.position, added.action.axis) == ("Ouvrir  vingt places", 2, table.axis)
    assert added.history.get().history_user == lead
    assert Event.objects.get().act == "Ajout d'une action"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "Donnez un intitulé à l&#x27;action."),
        ("   ", "Donnez un intitulé à l&#x27;action."),
        ("x" * 301, "au plus 300 caractères"),
    ],
)
@pytest.mark.parametrize("name", ["add_line", "edit_title"])
def test_an_impossible_title_is_refused_and_stays_in_the_field(
    client, lead, year, table, line, name, title, sentence
):
    place = table.axis_id if name == "add_line" else line.pk

    answer = client.post(url(name, year, place), {"title": title, "version": 1})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert answer.context["form"]["title"].value() == title
    assert [line.title for line in Line.objects.all()] == ["Ouvrir dix places"]


def test_a_title_changes_its_lasting_action_while_it_has_one_exercise(client, lead, year, line):
    client.post(url("edit_title", year, line.pk), {"title": "Ouvrir vingt places", "version": 1})

    line.refresh_from_db()
    assert (line.title, line.action.label) == ("Ouvrir vingt places", "Ouvrir vingt places")


def test_a_title_leaves_the_action_of_other_exercises_alone(client, lead, year, line):
    LineFactory(year=YearFactory(agreement=year.agreement, number=2022), action=line.action)

    client.post(url("edit_title", year, line.pk), {"title": "Ouvrir vingt places", "version": 1})

    assert Action.objects.get().label == "Ouvrir dix places"


def test_a_state_agrees_with_its_title(client, lead, year, line, late):
    form = {"state": late.pk, "inflection": "ms", "reason": "Faute de locaux", "version": 1}

    cell = words(client.post(url("edit_state", year, line.pk), form, headers=HTMX))

    assert "Reporté<" in cell
    assert "Faute de locaux" in cell
    assert 'data-state="saved" data-said>Enregistré<' in cell
    assert "<html" not in cell


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_state_that_asks_a_reason_is_refused_without(client, lead, year, line, late, headers):
    form = {"state": late.pk, "inflection": "ms", "reason": " ", "version": 1}

    answer = client.post(url("edit_state", year, line.pk), form, headers=headers)

    assert answer.status_code == 422
    assert "demande un motif : dites en une phrase pourquoi." in words(answer)
    assert f'value="{late.pk}" selected' in words(answer)
    assert Line.objects.get().state is None


def test_a_state_of_another_convention_is_refused(client, lead, year, line):
    form = {"state": StateFactory().pk, "inflection": "fs", "version": 1}

    answer = client.post(url("edit_state", year, line.pk), form)

    assert answer.status_code == 422
    assert Line.objects.get().state is None


def test_people_of_a_line_are_those_of_the_territory(client, lead, year, line):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    year.territory.organisations.add(ours)
    address = url("edit_people", year, line.pk)

    refused = client.post(address, {"partners": [theirs.pk], "version": 1})
    accepted = client.post(address, {"lead": ours.pk, "partners": [ours.pk], "version": 1})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    line.refresh_from_db()
    assert (line.lead, list(line.partners.all())) == (ours, [ours])


@pytest.mark.parametrize(
    ("moved", "way", "expected"),
    [
        (1, "haut", "bac"),
        (1, "bas", "acb"),
        (0, "haut", "abc"),
        (2, "bas", "abc"),
    ],
)
def test_a_line_moves_by_one_rank_and_stops_at_the_ends(client, lead, year, table, moved, way, expected):
    lines = [LineFactory(year=year, action=ActionFactory(axis=table.axis), title=title) for title in "abc"]

    answer = client.post(url("move_line", year, lines[moved].pk), {"sens": way})

    assert answer.url == url("axis", year, table.axis_id) + f"#action-{lines[moved].pk}"
    assert "".join(Line.objects.values_list("title", flat=True)) == expected


def test_a_move_does_not_reach_the_lines_of_another_axis(client, lead, year, table, line):
    other = LineFactory(year=year, action=ActionFactory(axis__agreement=year.agreement), position=2)

    client.post(url("move_line", year, line.pk), {"sens": "bas"})

    other.refresh_from_db()
    assert (other.position, other.version) == (2, 1)


def test_removing_asks_first_and_shows_what_would_go(client, lead, year, line, column):
    TextBlockFactory(cell=True, line=line, column=column, content="<p>À relire</p>")

    page = words(client.get(url("remove_line", year, line.pk)))

    assert "<p>À relire</p>" in page
    assert "Garder l'action" in page
    assert Line.objects.count() == 1


def test_a_removed_line_goes_with_its_action_and_leaves_its_trace(client, lead, year, table, line, column):
    TextBlockFactory(cell=True, line=line, column=column)

    answer = client.post(url("remove_line", year, line.pk), {"version": 1})

    assert answer.url == url("axis", year, table.axis_id)
    assert (Line.objects.count(), Action.objects.count(), TextBlock.objects.count()) == (0, 0, 0)
    event = Event.objects.get()
    assert (event.actor, event.act, event.object_label) == (
        "Camille",
        "Retrait d'une action",
        "Ouvrir dix places",
    )


@pytest.mark.parametrize("reason", ["another exercise", "an indicator"])
def test_a_lasting_action_stays_while_something_needs_it(client, lead, year, line, reason):
    if reason == "an indicator":
        IndicatorFactory(territory=year.territory, action=line.action)
    else:
        LineFactory(year=YearFactory(agreement=year.agreement, number=2022), action=line.action)

    client.post(url("remove_line", year, line.pk), {"version": 1})

    assert Action.objects.count() == 1


# --- The texts ---


def test_a_cell_is_edited_in_place_and_reads_as_it_was_cleaned(client, lead, year, line, column):
    typed = "<h1>Titre</h1><p onclick='x()'>Un <b>mot</b><script>alert(1)</script></p>"

    cell = words(
        client.post(url("edit_cell", year, line.pk, column.pk), {"html": typed, "version": 0}, headers=HTMX)
    )

    assert TextBlock.objects.get().content == "<p>Titre</p><p>Un <strong>mot</strong></p>"
    assert "<p>Titre</p><p>Un <strong>mot</strong></p>" in cell
    assert "Enregistré" in cell


def test_the_plain_page_speaks_the_light_markup(client, lead, year, line, column):
    address = url("edit_cell", year, line.pk, column.pk)
    markup = "Un **mot** et 3^{e}\n\n- une puce\n- une autre[[note: sa note]]"

    saved = client.post(address, {"markup": markup, "version": 0})
    page = words(client.get(address))

    assert saved.status_code == 302
    assert TextBlock.objects.get().content == (
        "<p>Un <strong>mot</strong> et 3<sup>e</sup></p>"
        '<ul><li><p>une puce</p></li><li><p>une autre<span data-note="sa note"></span></p></li></ul>'
    )
    assert " ".join(markup.split()) in page


@pytest.mark.parametrize("field", ["html", "markup"])
def test_too_long_a_text_is_refused_and_stays_in_the_field(client, lead, year, line, column, field):
    typed = "mot " * (MAX_RICH // 4 + 1)
    headers = HTMX if field == "html" else {}

    answer = client.post(
        url("edit_cell", year, line.pk, column.pk), {field: typed, "version": 0}, headers=headers
    )

    assert answer.status_code == 422
    assert "caractères : raccourcissez-le" in words(answer)
    assert words(answer).count("mot") >= MAX_RICH // 4
    assert TextBlock.objects.count() == 0


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30, None])
def test_a_version_that_nobody_had_is_a_conflict_not_an_error(client, lead, year, line, column, version):
    TextBlockFactory(cell=True, line=line, column=column, content="<p>Là</p>")
    form = {"html": "<p>Autre</p>"} | ({} if version is None else {"version": version})

    answer = client.post(url("edit_cell", year, line.pk, column.pk), form)

    assert answer.status_code == 409
    assert TextBlock.objects.get().content == "<p>Là</p>"


def test_a_version_that_nobody_had_of_a_text_never_written_says_so(client, lead, year, line, column):
    answer = client.post(url("edit_cell", year, line.pk, column.pk), {"markup": "Mon texte", "version": "7"})

    assert answer.status_code == 422
    assert "Mon texte</textarea>" in words(answer)


def test_a_column_of_another_table_is_no_cell_of_the_line(client, lead, year, line):
    other = BlockFactory(chapter__year=year, actions=True).layout.columns.get(role="indicators")

    assert client.get(url("edit_cell", year, line.pk, other.pk)).status_code == 404


@pytest.mark.parametrize("role", ["title", "state"])
def test_a_column_that_holds_no_text_is_not_edited_as_one(client, lead, year, table, line, role):
    column = table.layout.columns.get(role=role)

    answer = client.post(url("edit_cell", year, line.pk, column.pk), {"html": "<p>Texte</p>", "version": 0})

    assert answer.status_code == 404
    assert TextBlock.objects.count() == 0


@pytest.mark.parametrize("place", ["cell", "block"])
def test_cancelling_reads_the_text_again(client, lead, year, line, column, place):
    if place == "cell":
        TextBlockFactory(cell=True, line=line, column=column, content="<p>Là</p>")
        address = url("read_cell", year, line.pk, column.pk)
    else:
        block = BlockFactory(chapter__year=year)
        TextBlockFactory(block=block, content="<p>Là</p>")
        address = url("read_block", year, block.pk)

    fragment = words(client.get(address, headers=HTMX))

    assert "<p>Là</p>" in fragment
    assert "Modifier" in fragment
    assert "<html" not in fragment


def test_a_narrative_is_written_and_read_in_its_chapter(client, lead, year):
    block = BlockFactory(chapter=ChapterFactory(year=year, preamble=True))
    chapter = url("chapter", year, block.chapter_id)
    assert "Ce texte n'est pas encore écrit." in words(client.get(chapter))

    saved = client.post(url("edit_block", year, block.pk), {"markup": "Le préambule.", "version": 0})

    assert saved.url == chapter
    assert "<p>Le préambule.</p>" in words(client.get(chapter))


def test_a_table_is_not_edited_as_a_text(client, lead, year, table):
    assert client.get(url("edit_block", year, table.pk)).status_code == 404


def test_a_chapter_shows_its_axes_and_context_figures(client, lead, year, table):
    chapter = ChapterFactory(year=year, preamble=True)
    for kind in (Block.Kind.AXES, Block.Kind.CONTEXT):
        BlockFactory(chapter=chapter, kind=kind)
    indicator = IndicatorFactory(
        territory=year.territory, kind="context", label="Habitants", unit="habitants"
    )
    EntryFactory(indicator=indicator, year=year, number=500_000)

    page = words(client.get(url("chapter", year, chapter.pk)))

    assert "<li>Axe 1 : Accueillir</li>" in page
    assert "500 000 habitants" in page


# --- The history ---


def test_history_shows_who_changed_which_words(client, lead, year, line, column, late):
    cell = url("edit_cell", year, line.pk, column.pk)
    client.post(cell, {"html": "<p>Dix places ouvertes</p>", "version": 0})
    client.post(cell, {"html": "<p>Vingt places ouvertes</p>", "version": 1})
    client.post(url("edit_title", year, line.pk), {"title": "Ouvrir vingt places", "version": 1})
    form = {"state": late.pk, "inflection": "ms", "reason": "Faute de locaux", "version": 2}
    client.post(url("edit_state", year, line.pk), form)

    changes = client.get(url("line_history", year, line.pk)).context["changes"]

    assert [(change.what, change.by, change.words) for change in changes] == [
        ("État", "Camille", [("ins", "Reporté")]),
        ("Motif", "Camille", [("ins", "Faute de locaux")]),
        ("Intitulé", "Camille", [("same", "Ouvrir "), ("del", "dix"), ("ins", "vingt"), ("same", " places")]),
        (
            "Indicateurs de suivi et résultats",
            "Camille",
            [("del", "Dix"), ("ins", "Vingt"), ("same", " places ouvertes")],
        ),
        ("Indicateurs de suivi et résultats", "Camille", [("ins", "Dix places ouvertes")]),
        ("Action ajoutée", "Import", [("ins", "Ouvrir dix places")]),
    ]


def test_history_of_a_chapter_shows_its_words(client, lead, year):
    block = BlockFactory(chapter=ChapterFactory(year=year, preamble=True))
    address = url("edit_block", year, block.pk)
    client.post(address, {"markup": "Un plan.", "version": 0})
    client.post(address, {"markup": "Le plan.", "version": 1})

    page = words(client.get(url("chapter_history", year, block.chapter_id)))

    assert "<del>Un</del> <ins>Le</ins> plan." in page


def test_history_of_a_chapter_never_written_says_so(client, lead, year):
    chapter = ChapterFactory(year=year, preamble=True)

    page = words(client.get(url("chapter_history", year, chapter.pk)))

    assert "Aucune modification n'a encore été enregistrée" in page


# --- The steps of the exercise ---


@pytest.mark.parametrize("state", ["sent", "closed"])
def test_an_exercise_that_was_sent_reads_and_does_not_change(client, lead, year, table, line, column, state):
    Year.objects.update(state=state)
    addresses = {
        "add_line": table.axis_id,
        "edit_title": line.pk,
        "edit_state": line.pk,
        "edit_people": line.pk,
        "remove_line": line.pk,
    }

    page = words(client.get(url("axis", year, table.axis_id)))
    codes = {
        name: client.post(url(name, year, place), {"title": "Autre", "version": 1}).status_code
        for name, place in addresses.items()
    }

    assert "a été transmis : ses actions se lisent et ne se modifient plus." in page
    assert "Modifier" not in page
    assert codes == dict.fromkeys(addresses, 403)
    assert Line.objects.get().version == 1


def test_a_step_forward_is_made_and_noted(client, lead, year):
    answer = client.post(url("move_year", year), {"to": "review"}, follow=True)

    assert Year.objects.get().state == "review"
    assert "est à l&#x27;étape « Relecture »." in words(answer)
    assert Event.objects.get().act == "Étape de l'exercice : Rédaction → Relecture"


@pytest.mark.parametrize(
    ("state", "form", "sentence"),
    [
        ("writing", {"to": "closed"}, "Un exercice à l&#x27;étape « Rédaction » ne passe pas à « Clos »."),
        ("review", {"to": "sent"}, "Un exercice à l&#x27;étape « Relecture » ne passe pas à « Transmis »."),
        ("sent", {"to": "closed"}, "Un exercice à l&#x27;étape « Transmis » ne passe pas à « Clos »."),
        ("closed", {"to": "review", "reason": "Erreur"}, "« Clos » ne passe pas à « Relecture »."),
    ],
)
def test_a_step_that_is_not_possible_is_explained(client, lead, year, state, form, sentence):
    Year.objects.update(state=state)

    answer = client.post(url("move_year", year), form, follow=True)

    assert sentence in words(answer)
    assert Year.objects.get().state == state


@pytest.mark.parametrize("to", ["", "nowhere", None])
def test_a_step_that_does_not_exist_is_no_error(client, lead, year, to):
    answer = client.post(url("move_year", year), {} if to is None else {"to": to})

    assert answer.status_code < 500
    assert Year.objects.get().state == "writing"


@pytest.mark.parametrize("state", ["sent", "closed"])
def test_an_exercise_that_was_sent_moves_from_the_versions_of_its_report(client, lead, year, state):
    Year.objects.update(state=state)

    page = words(client.get(url("dashboard", year)))

    assert reverse("reporting:versions", args=[year.territory.code, year.number]) in page
    assert 'name="to"' not in page


# --- The home page ---


def test_home_leads_each_to_their_own_pages(client, year, table, line):
    partner = MembershipFactory(partner=True, territory=year.territory)
    line.partners.add(partner.organisation)
    LineFactory(year=year, action=ActionFactory(axis=table.axis), title="Pas la sienne")
    client.force_login(partner.user)

    page = words(client.get("/"))

    assert "Les actions auxquelles votre organisme participe" in page
    assert "Ouvrir dix places" in page
    assert "Pas la sienne" not in page
    assert "Tableau de bord" not in page


def test_home_of_the_state_waits_for_the_report(client, year, table):
    client.force_login(MembershipFactory(ddets=True, territory=year.territory).user)
    before = words(client.get("/"))

    Year.objects.update(state="review")
    after = words(client.get("/"))

    assert "Rien à lire ici pour l'instant" in before
    assert reverse("reporting:report", args=[year.territory.code, 2023]) in after


@pytest.mark.parametrize("address", ["/", "dashboard"])
def test_pages_of_a_person_of_two_territories_keep_them_apart(client, year, table, line, address):
    user = MembershipFactory(lead=True, territory=year.territory).user
    other = YearFactory(number=2023)
    MembershipFactory(partner=True, territory=other.territory, user=user)
    LineFactory(year=other, title="D'ailleurs")
    client.force_login(user)

    page = words(client.get(address if address == "/" else url("dashboard", year)))

    assert "D'ailleurs" not in page
    assert client.get(url("dashboard", other)).status_code == 404
