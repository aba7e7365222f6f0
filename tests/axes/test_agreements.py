"""The frame of a convention: the usual one or that of the one before, changed list by list, and a first exercise."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes.agreements import acts, lists, outline, usual
from axes.models import Agreement, Axis, Block, Chapter, Column, Line, State, Year
from axes.table import tables_of
from logement.locking import Conflict
from logement.models import Event, Organisation
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    TextBlockFactory,
    YearFactory,
)
from tests.world import listed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DAYS = {"starts_on": date(2025, 1, 1), "ends_on": date(2027, 12, 31)}


@pytest.fixture
def lead():
    return MembershipFactory(lead=True).user


@pytest.fixture
def territory(lead):
    return lead.memberships.get().territory


@pytest.fixture
def agreement(territory, lead):
    return acts.create_agreement(territory=territory, title="Convention 2025-2027", call="", by=lead, **DAYS)


def axis_rows(agreement, *labels):
    """New axes numbered in this order, after those that the convention has."""
    held = [
        (axis.pk, {"number": axis.number, "label": axis.label, "is_funded": axis.is_funded})
        for axis in agreement.axes.all()
    ]
    first = len(held) + 1
    return held + [
        (None, {"number": rank, "label": label, "is_funded": True})
        for rank, label in enumerate(labels, start=first)
    ]


def save_axes(agreement, rows, by):
    lists.save_axes(agreement=agreement, rows=rows, seen=lists.AXES.seen(agreement), by=by)


@pytest.fixture
def axes(agreement, lead):
    save_axes(agreement, axis_rows(agreement, "Capter", "Accompagner"), lead)
    return list(agreement.axes.all())


@pytest.fixture
def year(agreement, axes, lead):
    return outline.open_first(agreement=agreement, number=2025, sections=usual.SECTIONS, by=lead)


def labels(agreement):
    return [(axis.number, axis.label) for axis in agreement.axes.all()]


# --- Making one ---


def test_a_convention_starts_with_the_usual_frame(territory, lead):
    own = OrganisationFactory()
    made = acts.create_agreement(
        territory=territory, title="  Une\tconvention ", signatories=[own], by=lead, **DAYS
    )

    assert made.title == "Une convention"
    assert [str(signatory) for signatory in made.signatories.all()] == [str(own)]
    assert [(column.role, column.heading) for column in made.layouts.get().columns.all()] == list(
        usual.COLUMNS
    )
    assert [(state.fs, state.mp) for state in made.states.all()][:2] == [
        ("Réalisée", "Réalisés"),
        ("Partiellement réalisée", "Partiellement réalisés"),
    ]
    assert made.states.count() == 6
    assert not made.axes.exists()


def test_the_next_convention_of_a_territory_takes_the_frame_of_the_one_before(agreement, axes, year, lead):
    lists.save_signatories(
        agreement=agreement,
        organisations=[OrganisationFactory(), OrganisationFactory(), OrganisationFactory()],
        seen=lists.SIGNATORIES.seen(agreement),
        by=lead,
    )
    following = acts.create_agreement(
        territory=agreement.territory,
        title="Convention 2028",
        starts_on=date(2028, 1, 1),
        ends_on=date(2029, 12, 31),
        like=agreement,
        by=lead,
    )

    def frame(held):
        return (
            labels(held),
            [signatory.organisation for signatory in held.signatories.all()],
            [(state.outcome, state.fs, state.mp) for state in held.states.all()],
            [[(c.role, c.heading) for c in layout.columns.all()] for layout in held.layouts.all()],
        )

    assert frame(following) == frame(agreement)
    assert not set(following.axes.all()) & set(axes)
    assert not following.years.exists()
    assert outline.proposed_number(following) == 2028


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": date(2024, 1, 1)}, "finit avant de commencer"),
        ({"title": "Convention 2025-2027"}, "déjà une convention de cet intitulé"),
    ],
)
def test_a_convention_that_cannot_be_is_refused(agreement, lead, changes, sentence):
    fields = {"title": "Autre", "call": "", **DAYS} | changes
    with pytest.raises(ValidationError, match=sentence):
        acts.create_agreement(territory=agreement.territory, by=lead, **fields)


def test_dates_still_hold_the_exercises(agreement, year, lead):
    fields = {"title": "Convention", "call": "", "starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    with pytest.raises(ValidationError, match="L'exercice 2025 est de cette convention"):
        acts.save_agreement(agreement=agreement, seen=acts.seen_of(agreement), by=lead, **fields)


def test_two_people_on_one_convention_lose_nothing(agreement, lead):
    seen = acts.seen_of(agreement)
    acts.save_agreement(agreement=agreement, seen=seen, title="Un titre", call="", by=lead, **DAYS)
    with pytest.raises(Conflict):
        acts.save_agreement(agreement=agreement, seen=seen, title="Un autre", call="", by=lead, **DAYS)

    assert Agreement.objects.get(pk=agreement.pk).title == "Un titre"


# --- Its lists ---


def test_axes_are_renamed_renumbered_and_exchanged(agreement, axes, lead):
    first, second = axis_rows(agreement)
    first[1]["number"], second[1]["number"] = 2, 1
    first[1]["label"], second[1]["label"] = "Accompagner", "Capter"
    save_axes(
        agreement, [second, first, (None, {"number": None, "label": "Autres", "is_funded": False})], lead
    )

    assert labels(agreement) == [(1, "Capter"), (2, "Accompagner"), (None, "Autres")]
    assert [axis.pk for axis in agreement.axes.all()][:2] == [axes[1].pk, axes[0].pk]
    assert "Axe 1 : Capter ; Axe 2 : Accompagner ; Autres" in Event.objects.latest("pk").detail


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(1, "Un"), (1, "Deux")], "« Axe 1 : Deux » : Cette convention a déjà un axe de ce numéro"),
        ([(1, "Un"), (2, "Un")], "déjà un axe de cet intitulé"),
    ],
)
def test_an_axis_twice_is_refused(agreement, lead, rows, sentence):
    made = [(None, {"number": number, "label": label, "is_funded": True}) for number, label in rows]
    with pytest.raises(ValidationError, match=sentence):
        save_axes(agreement, made, lead)
    assert not agreement.axes.exists()


def test_two_axes_without_number_stand_together(agreement, lead):
    rows = [(None, {"number": None, "label": label, "is_funded": False}) for label in ("Autres", "Hors plan")]
    save_axes(agreement, rows, lead)

    assert labels(agreement) == [(None, "Autres"), (None, "Hors plan")]


def test_a_list_changed_meanwhile_is_not_overwritten(agreement, axes, lead):
    seen = lists.AXES.seen(agreement)
    rows = axis_rows(agreement, "Nouveau")
    save_axes(agreement, axis_rows(agreement)[::-1], lead)
    with pytest.raises(Conflict):
        lists.save_axes(agreement=agreement, rows=rows, seen=seen, by=lead)
    assert [label for _, label in labels(agreement)] == ["Accompagner", "Capter"]


def test_a_form_sent_twice_writes_once(agreement, lead):
    seen, rows = lists.AXES.seen(agreement), axis_rows(agreement, "Capter")
    for _ in range(2):
        lists.save_axes(agreement=agreement, rows=rows, seen=seen, by=lead)
    assert labels(agreement) == [(1, "Capter")]


def test_an_axis_with_an_action_stays(agreement, axes, lead):
    ActionFactory(axis=axes[1])
    with pytest.raises(ValidationError, match="« Axe 2 : Accompagner » a des actions"):
        save_axes(agreement, axis_rows(agreement)[:1], lead)
    assert len(labels(agreement)) == 2


def test_an_axis_of_a_sent_report_stays(agreement, axes, year, lead):
    Year.objects.update(state="sent")
    with pytest.raises(ValidationError, match="ou sa place dans un rapport transmis"):
        save_axes(agreement, axis_rows(agreement)[:1], lead)


def test_columns_are_added_and_moved(agreement, lead):
    layout = agreement.layouts.get()
    rows = [(c.pk, {"role": c.role, "heading": c.heading}) for c in layout.columns.all()]
    rows.insert(2, (None, {"role": "other", "heading": "Perspectives {annee}"}))
    lists.save_columns(layout=layout, rows=rows, seen=lists.COLUMNS.seen(layout), by=lead)

    assert [c.heading_for(2026) for c in layout.columns.all()] == [
        "Les actions réalisées en 2026",
        "État de la réalisation",
        "Perspectives 2026",
        "Indicateurs de suivi et résultats",
        "Observations",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows[1:], "colonne d'intitulés des actions, et une seule"),
        (lambda rows: [*rows[:3]], "La colonne « Observations » a des textes : elle ne peut plus"),
        (
            lambda rows: [*rows[:3], (rows[3][0], {"role": "other", "heading": "Observations"})],
            "son contenu ne change plus de nature",
        ),
        (
            lambda rows: [*rows, (None, {"role": "state", "heading": "État bis"})],
            "déjà une colonne de ce contenu",
        ),
    ],
)
def test_a_table_keeps_its_titles_and_its_texts(agreement, year, axes, lead, change, sentence):
    layout = agreement.layouts.get()
    line = LineFactory(year=year, action=ActionFactory(axis=axes[0]))
    column = layout.columns.get(role="observations")
    TextBlockFactory(cell=True, line=line, column=column, content="<p>Vu</p>")
    rows = [(c.pk, {"role": c.role, "heading": c.heading}) for c in layout.columns.all()]
    with pytest.raises(ValidationError, match=sentence):
        lists.save_columns(layout=layout, rows=change(rows), seen=lists.COLUMNS.seen(layout), by=lead)
    assert layout.columns.count() == 4


def test_a_state_in_use_stays(agreement, year, axes, lead):
    used = agreement.states.first()
    LineFactory(year=year, action=ActionFactory(axis=axes[0]), state=used)
    rows = [
        (s.pk, {"outcome": s.outcome, "fs": s.fs, "ms": s.ms, "fp": s.fp, "mp": s.mp})
        for s in agreement.states.exclude(pk=used.pk)
    ]
    with pytest.raises(ValidationError, match="« Réalisée » est celui d'une action"):
        lists.save_states(agreement=agreement, rows=rows, seen=lists.STATES.seen(agreement), by=lead)


@pytest.mark.parametrize(
    ("feminine", "forms"),
    [
        ("Différée", ("Différée", "Différé", "Différées", "Différés")),
        ("En cours", ("En cours",) * 4),
    ],
)
def test_the_agreement_of_a_state_is_guessed(feminine, forms):
    assert usual.agreed_forms(feminine) == forms


# --- The first exercise and its parts ---


def test_the_first_exercise_has_the_parts_of_a_report(year, agreement, axes):
    assert [(chapter.kind, chapter.full_title) for chapter in year.chapters.all()] == [
        ("cover", "Page de titre"),
        ("preamble", "Préambule"),
        ("section", f"1 {usual.SECTIONS[0]}"),
        ("section", f"2 {usual.SECTIONS[1]}"),
        ("section", f"3 {usual.SECTIONS[2]}"),
        ("section", "Annexe : chiffres de l'exercice"),
    ]
    assert [table.axis for table in tables_of(year, lines=Line.objects.all())] == axes
    assert "Rapport d'exécution 2025" in year.texts.get().content


@pytest.mark.parametrize("number", [2024, 2028])
def test_the_first_exercise_is_within_the_convention(agreement, axes, lead, number):
    with pytest.raises(ValidationError, match="La convention va de 2025 à 2027"):
        outline.open_first(agreement=agreement, number=number, sections=["Bilan"], by=lead)


def test_the_first_exercise_needs_axes(agreement, lead):
    with pytest.raises(ValidationError, match="Donnez d'abord ses axes"):
        outline.open_first(agreement=agreement, number=2025, sections=["Bilan"], by=lead)


def test_the_first_exercise_opens_once(agreement, year, lead):
    with pytest.raises(ValidationError, match="déjà son premier exercice"):
        outline.open_first(agreement=agreement, number=2026, sections=["Bilan"], by=lead)


def test_an_axis_added_later_gets_its_table_in_the_open_reports_only(agreement, year, axes, lead):
    sent = YearFactory(agreement=agreement, number=2026, state="sent")
    BlockFactory(
        chapter=ChapterFactory(year=sent), actions=True, axis=axes[0], layout=agreement.layouts.get()
    )
    rows = axis_rows(agreement, "Reloger")
    save_axes(agreement, [rows[2], rows[0], rows[1]], lead)

    assert [table.axis.label for table in tables_of(year, lines=Line.objects.all())] == [
        "Reloger",
        "Capter",
        "Accompagner",
    ]
    assert [table.axis.label for table in tables_of(sent, lines=Line.objects.all())] == ["Capter"]


def test_an_axis_removed_without_action_leaves_the_open_reports(agreement, year, axes, lead):
    save_axes(agreement, axis_rows(agreement)[:1], lead)

    assert [table.axis.label for table in tables_of(year, lines=Line.objects.all())] == ["Capter"]
    assert Axis.objects.filter(agreement=agreement).count() == 1


def part_rows(year):
    return [(c.pk, {"number": c.number, "title": c.title}) for c in year.chapters.all()]


def test_parts_are_renamed_moved_and_added_with_their_history(year, lead):
    rows = part_rows(year)
    rows[3], rows[4] = (rows[4][0], rows[4][1] | {"number": 2}), (rows[3][0], rows[3][1] | {"number": 3})
    rows.insert(5, (None, {"number": 4, "title": "Perspectives"}))
    outline.save_outline(year=year, rows=rows, seen=outline.seen_of(year), by=lead)

    assert [chapter.full_title for chapter in year.chapters.all()][3:6] == [
        f"2 {usual.SECTIONS[2]}",
        f"3 {usual.SECTIONS[1]}",
        "4 Perspectives",
    ]
    assert year.chapters.get(title="Perspectives").blocks.get().kind == Block.Kind.TEXT
    assert year.chapters.get(number=2).history.first().history_user == lead


@pytest.mark.parametrize(("place", "sentence"), [(0, "ne se retire pas"), (2, "un texte ou un tableau")])
def test_a_part_that_holds_something_stays(year, lead, place, sentence):
    rows = part_rows(year)
    del rows[place]
    with pytest.raises(ValidationError, match=sentence):
        outline.save_outline(year=year, rows=rows, seen=outline.seen_of(year), by=lead)
    assert year.chapters.count() == 6


def test_an_empty_part_goes(year, lead):
    rows = part_rows(year)
    del rows[3]
    outline.save_outline(year=year, rows=rows, seen=outline.seen_of(year), by=lead)
    assert Chapter.objects.filter(year=year).count() == 5


def test_parts_changed_meanwhile_are_not_overwritten(year, lead):
    seen, rows = outline.seen_of(year), part_rows(year)
    changed = part_rows(year)
    changed[3][1]["title"] = "Autre titre"
    outline.save_outline(year=year, rows=changed, seen=seen, by=lead)
    with pytest.raises(Conflict):
        outline.save_outline(year=year, rows=rows, seen=seen, by=lead)


# --- The pages ---


@pytest.fixture
def logged(client, lead):
    client.force_login(lead)
    return client


def page_of(name, agreement, *more):
    return reverse(f"axes:{name}", args=[agreement.territory.code, agreement.pk, *more])


def posted(page, rows):
    """What the browser sends of a list: `rows` are {field: value}, in order."""
    return listed(rows, page.context["seen"])


def test_the_pages_make_a_convention_from_nothing(logged, territory, lead):
    """Ten minutes: what it takes, counted. See docs/guide/cheffe-de-projet.md."""
    fields, posts = 0, 0

    def send(address, data, typed):
        nonlocal fields, posts
        fields, posts = fields + typed, posts + 1
        response = logged.post(address, data)
        assert response.status_code == 302, response.content.decode()
        return response.url

    new = reverse("axes:add_agreement", args=[territory.code])
    data = {"title": "Convention d'objectifs", "call": "", "starts_on": "2025-01-01", "ends_on": "2026-12-31"}
    home = send(new, data, 3)
    agreement = Agreement.objects.get()
    page = logged.get(page_of("signatories", agreement))
    first = {name: page.context["rows"].initial[0][name] for name in ("key", "name", "kind")}
    others = [{"name": "Département fictif", "kind": "authority"}, {"name": "DDETS fictive", "kind": "state"}]
    assert send(page_of("signatories", agreement), posted(page, [first, *others]), 4) == home
    page = logged.get(page_of("agreement_axes", agreement))
    rows = [{"number": n, "label": f"Axe fictif {n}", "is_funded": "on"} for n in (1, 2, 3)]
    send(page_of("agreement_axes", agreement), posted(page, rows), 6)
    page = logged.get(page_of("first_year", agreement)).context["form"]
    data = {"number": page["number"].value()} | {
        f"section_{n}": page[f"section_{n}"].value() for n in (1, 2, 3)
    }
    board = send(page_of("first_year", agreement), data, 0)

    assert logged.get(board).status_code == 200
    assert [str(signatory) for signatory in agreement.signatories.all()][1:] == [
        "Département fictif",
        "DDETS fictive",
    ]
    assert [axis.full_label for axis in agreement.axes.all()] == [
        f"Axe {n} : Axe fictif {n}" for n in (1, 2, 3)
    ]
    assert Year.objects.get().number == 2025
    assert (fields, posts) == (13, 4)


def test_a_refused_list_keeps_what_was_typed_and_says_which_row(logged, agreement):
    page = logged.get(page_of("agreement_axes", agreement))
    rows = [{"number": "1", "label": "Capter", "is_funded": "on"}, {"number": "x", "label": "Loger"}]
    response = logged.post(page_of("agreement_axes", agreement), posted(page, rows))
    content = response.content.decode()

    assert response.status_code == 422
    assert "Ligne 2, Numéro :" in content
    assert 'value="Loger"' in content
    assert not agreement.axes.exists()


def test_a_stale_list_shows_both(logged, agreement, lead):
    page = logged.get(page_of("agreement_axes", agreement))
    save_axes(agreement, axis_rows(agreement, "Celui d'une autre"), lead)
    rows = [{"number": "1", "label": "Le mien", "is_funded": "on"}]
    response = logged.post(page_of("agreement_axes", agreement), posted(page, rows))
    content = response.content.decode()

    assert response.status_code == 409
    assert "modifiée pendant que cette page était ouverte" in content
    assert "Celui d" in content
    assert 'value="Le mien"' in content

    again = logged.post(page_of("agreement_axes", agreement), posted(response, rows))
    assert again.status_code == 302
    assert labels(agreement) == [(1, "Le mien")]


def test_a_row_ticked_is_removed_and_ranks_say_the_order(logged, agreement, axes):
    page = logged.get(page_of("agreement_axes", agreement))
    held = page.context["rows"].initial
    rows = [
        dict(held[0]) | {"DELETE": "on"},
        dict(held[1]) | {"ORDER": 5},
        {"number": "3", "label": "C", "ORDER": 1},
    ]
    logged.post(page_of("agreement_axes", agreement), posted(page, rows))

    assert labels(agreement) == [(3, "C"), (2, "Accompagner")]


@pytest.mark.parametrize(
    ("name", "row", "stored"),
    [
        (
            "states",
            {"fs": "Différée", "outcome": "postponed"},
            lambda a: State.objects.filter(agreement=a, mp="Différés"),
        ),
        (
            "columns",
            {"heading": "Suites", "role": "other"},
            lambda a: Column.objects.filter(layout__agreement=a, heading="Suites"),
        ),
        (
            "signatories",
            {"name": "DDETS fictive", "kind": "state"},
            lambda a: Organisation.objects.filter(territories=a.territory, kind="state"),
        ),
    ],
)
def test_each_list_takes_one_more(logged, agreement, name, row, stored):
    more = [agreement.layouts.get().pk] if name == "columns" else []
    address = page_of(name, agreement, *more)
    page = logged.get(address)
    response = logged.post(address, posted(page, [*page.context["rows"].initial, row]))

    assert response.status_code == 302
    assert stored(agreement).count() == 1


def test_the_page_of_a_convention_says_what_is_left(logged, agreement):
    content = logged.get(agreement.get_absolute_url()).content.decode()

    assert "Continuer : Signataires" in content
    assert "aucun axe" in content
    assert "4 colonnes" in content
    assert "6 états" in content


def test_a_convention_of_elsewhere_is_not_found(logged):
    other = AgreementFactory()
    assert logged.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("agreement", 13), ("agreement_axes", 7), ("agreements", 7)])
def test_pages_cost_the_same_whatever_the_rows(
    logged, agreement, django_assert_num_queries, rows, name, queries
):
    for number in range(rows):
        AxisFactory(agreement=agreement, number=number)
        YearFactory(agreement=agreement, number=2025 + number)
        if name == "agreements":
            AgreementFactory(territory=agreement.territory)
    args = [agreement.territory.code] if name == "agreements" else [agreement.territory.code, agreement.pk]
    with django_assert_num_queries(queries):
        logged.get(reverse(f"axes:{name}", args=args))
