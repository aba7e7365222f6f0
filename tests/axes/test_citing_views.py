"""Figures on the pages of the texts: found by words, shown where they are cited, linked to numbers already typed."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from axes.models import Column, TextBlock
from axes.workflow import record_entry, save_text
from tests.factories import (
    ActionFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    YearFactory,
)

pytestmark = pytest.mark.postgresql

HTMX = {"HX-Request": "true"}
PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
ROWS = pytest.mark.parametrize("rows", [1, 3])


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def table(year):
    axis = AxisFactory(agreement=year.agreement, number=1, label="Accueillir")
    return BlockFactory(chapter=ChapterFactory(year=year, number=1, position=2), actions=True, axis=axis)


@pytest.fixture
def line(year, table):
    return LineFactory(year=year, action=ActionFactory(axis=table.axis, label="Loger"), position=1)


@pytest.fixture
def column(table):
    return table.layout.columns.get(role=Column.Role.INDICATORS)


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


@pytest.fixture
def figure(year, line, lead):
    """`figure(code, label, number)`: an indicator of the line's action with its value."""

    def figure(code, label="Ménages", number=35, *, of=line.action, unit="ménages", **fields):
        indicator = IndicatorFactory(
            territory=year.territory, action=of, code=code, label=label, unit=unit, **fields
        )
        if number is not None:
            record_entry(indicator=indicator, year=year, by=lead, number=Decimal(number), **PERIOD)
        return indicator

    return figure


@pytest.fixture
def write(year, line, column, lead):
    """`write(html)`: the cell of the line, as saved."""

    def write(html):
        text = TextBlock.objects.filter(line=line, column=column).first()
        text = text or TextBlock(year=year, line=line, column=column, version=0)
        return save_text(text=text, version=text.version, content=html, by=lead)

    return write


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def words(response):
    return " ".join(unescape(response.content.decode()).split())


def find(client, year, **asked):
    return client.get(url("figures_to_cite", year), {f"chiffre-{name}": it for name, it in asked.items()})


def listed(response):
    return re.findall(r'name="chiffre-code"\s+id="[^"]*"\s+value="([^"]*)"', response.content.decode())


def chosen(response):
    """(ref, words, markup) of the figure that would be inserted, or None."""
    found = re.search(
        r'data-ref="([^"]*)"\s+data-words="([^"]*)"\s+data-markup="([^"]*)"', response.content.decode()
    )
    return tuple(unescape(piece).replace("\u00a0", " ") for piece in found.groups()) if found else None


# --- The finder ---


@pytest.mark.parametrize("asked", ["menages entres", "MÉNAGE", "A3-06", "logé dans", "entré menages"])
def test_a_figure_is_found_by_its_words_whatever_the_accents_and_the_plural(client, year, figure, asked):
    figure("A3-06", "Ménages entrés dans un logement", definition="Ménages logés dans l'année")
    figure("B1", "Réunions")

    response = find(client, year, mots=asked)

    assert listed(response) == ["A3-06"]
    assert chosen(response) == ("A3-06", "35", "[[chiffre: A3-06 | 35]]")


def test_those_of_the_action_come_first_then_those_of_the_axis(client, year, figure, line, table):
    figure("A", of=None)
    figure("B", of=ActionFactory(axis__agreement=year.agreement))
    figure("C", of=ActionFactory(axis=table.axis))
    figure("D", definition="Ménages", label="Autre nom")
    figure("E")

    assert listed(find(client, year, mots="ménages", action=line.action_id))[:3] == ["E", "D", "C"]
    assert listed(find(client, year, mots="ménages"))[0] == "A"
    assert listed(find(client, year, action=line.action_id)) == ["D", "E"]


def test_a_figure_shows_its_value_and_that_of_the_year_before(client, year, figure, lead):
    before = YearFactory(agreement=year.agreement, number=2022)
    indicator = figure("A1", number=35)
    period = {"starts_on": date(2022, 1, 1), "ends_on": date(2022, 12, 31)}
    record_entry(indicator=indicator, year=before, by=lead, number=Decimal(31), **period)

    page = words(find(client, year, mots="ménages"))
    assert "35 ménages" in page.replace("\u00a0", " ")
    assert "2022 : 31 ménages" in page.replace("\u00a0", " ")
    assert chosen(find(client, year, mots="ménages", exercice="2022"))[:2] == ("A1", "35")
    assert chosen(find(client, year, mots="ménages", code="A1", exercice="2022"))[:2] == ("A1, 2022", "31")
    assert chosen(find(client, year, mots="ménages", code="A1", exercice="2023"))[:2] == ("A1", "35")


def options(response):
    return re.findall(r'id="chiffre-forme-([^"]*)"', response.content.decode())


@pytest.mark.parametrize(
    ("value", "forms", "offered", "printed"),
    [
        ({"number": 35}, [], ["lettres", "unité"], "35"),
        ({"number": 35}, ["lettres"], ["lettres", "unité"], "trente-cinq"),
        ({"number": 21}, ["lettres"], ["lettres", "féminin", "unité"], "vingt et un"),
        ({"number": 21}, ["lettres", "féminin"], ["lettres", "féminin", "unité"], "vingt et une"),
        ({"number": 35}, ["unité"], ["lettres", "nombre", "unité"], "35 ménages"),
        ({"number": None}, [], [], "pas encore reçu"),
    ],
)
def test_the_forms_offered_are_those_that_change_the_words(
    client, year, figure, value, forms, offered, printed
):
    figure("A1", **value)

    response = find(client, year, mots="ménages", code="A1", forme=forms)

    assert options(response) == offered
    assert chosen(response)[1] == printed


def test_a_rate_is_written_with_its_base_and_without_its_sign(client, year, figure, lead):
    share = figure("A1", "Part", None, unit="%", kind="rate")
    record_entry(
        indicator=share, year=year, by=lead, numerator=Decimal(40), denominator=Decimal(56), **PERIOD
    )

    assert options(find(client, year, mots="part")) == ["lettres", "nombre", "base"]
    assert chosen(find(client, year, code="A1", forme=["base"], mots="part"))[1] == "71 % (40 sur 56)"


def test_a_cumul_and_its_year_are_one_click_apart(client, year, figure):
    flow = figure("A1", "Ménages de l'année")
    figure("A2", "Ménages depuis le début", 142, temporality="cumulative", since=date(2019, 11, 1), flow=flow)

    response = find(client, year, mots="année", code="A1")
    assert "Plutôt le cumul depuis novembre 2019" in words(response)

    response = find(client, year, mots="année", code="A1", serie="A2", forme=["lettres"])
    assert chosen(response)[:2] == ("A2, lettres", "cent quarante-deux")
    assert "Plutôt l'année seule" in words(response)
    assert listed(response) == ["A2", "A1"]


def test_a_chip_is_opened_again_on_its_own_choices(client, year, figure):
    figure("A1", "Réunions")
    figure("A2")

    response = find(client, year, ref="A2, lettres")

    assert chosen(response)[:2] == ("A2, lettres", "trente-cinq")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"ref": "A9"}, "« A9 » n'existe pas"),
        ({"ref": "A1, majuscules"}, "« majuscules » n'est ni un exercice ni une forme"),
        ({"code": "A1", "forme": "x"}, "« x » n'est ni un exercice ni une forme"),
        ({"mots": "licorne"}, "Aucun chiffre n'a tous ces mots"),
        ({"mots": "%_'\" <>"}, "Écrivez un ou deux mots"),
        ({"action": "²"}, "Écrivez un ou deux mots"),
        ({"action": "9" * 30, "mots": "x" * 500}, "Aucun chiffre"),
        ({"code": "A1", "exercice": "2001"}, "Écrivez un ou deux mots"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(client, year, lead, asked, sentence):
    response = find(client, year, **asked)

    assert response.status_code == 200
    if "exercice" not in asked:
        assert sentence in words(response)
    assert chosen(response) is None


def test_figures_of_another_territory_are_not_found(client, year, lead):
    IndicatorFactory(code="B1", label="Ménages")

    assert listed(find(client, year, mots="ménages")) == []
    assert "n'existe pas" in words(find(client, year, ref="B1"))


@ROWS
def test_finder_queries(client, year, lead, figure, rows, django_assert_num_queries):
    YearFactory(agreement=year.agreement, number=2022)
    for rank in range(rows):
        flow = figure(f"A{rank}")
        figure(f"B{rank}", of=None, temporality="cumulative", since=date(2019, 1, 1), flow=flow)

    with django_assert_num_queries(15):
        response = find(client, year, mots="ménages", action=flow.action_id)
    assert len(listed(response)) == 2 * rows


def test_a_fragment_for_the_editor_a_page_without_it(client, year, figure):
    figure("A1")

    assert "<html" in find(client, year, mots="ménages").content.decode()
    fragment = client.get(url("figures_to_cite", year), {"chiffre-mots": "ménages"}, headers=HTMX)
    assert "<html" not in fragment.content.decode()
    assert chosen(fragment)[0] == "A1"


# --- Without JavaScript, in the form of the text ---


def test_searching_keeps_what_was_typed_and_saves_nothing(client, year, line, column, figure):
    figure("A1")
    typed = {"markup": "Soit **beaucoup** de\n- ménages", "version": "0", "chiffre-mots": "ménage"}

    response = client.post(url("edit_cell", year, line.pk, column.pk), typed | {"chercher": "1"})

    assert response.status_code == 200
    assert "Soit **beaucoup** de\n- ménages</textarea>" in response.content.decode()
    assert "[[chiffre: A1 | 35]]" in words(response)
    assert not TextBlock.objects.exists()


def test_a_figure_typed_by_hand_gets_its_words_and_a_wrong_one_a_sentence(client, year, line, column, figure):
    figure("A1")
    address = url("edit_cell", year, line.pk, column.pk)

    response = client.post(address, {"markup": "Soit [[chiffre: A9 | 35]].", "version": "0"})
    assert response.status_code == 422
    assert "Le chiffre « A9 » n'existe pas sur ce territoire" in words(response)
    assert "Soit [[chiffre: A9 | 35]].</textarea>" in response.content.decode()

    client.post(address, {"markup": "Soit [[chiffre: A1, lettres]].", "version": "0"})
    assert TextBlock.objects.get().content == '<p>Soit <span data-ref="A1, lettres">trente-cinq</span>.</p>'


# --- Where it is read ---


@pytest.fixture
def stale(year, figure, write, lead):
    """A cell that cites « 35 » in its sentence and in a note; it is 36 now."""
    indicator = figure("A1", "Ménages logés")
    text = write(
        '<p>Soit <span data-ref="A1"></span>, 12 lits<span data-note="Ou [[chiffre: A1, lettres]]."></span></p>'
    )
    record_entry(
        indicator=indicator,
        year=year,
        by=lead,
        number=Decimal(36),
        corrects=indicator.entries.get(),
        reason="Relu",
        **PERIOD,
    )
    return text


def test_a_cited_figure_leads_to_its_explanation_and_says_that_it_changed(client, year, table, stale):
    page = words(client.get(url("axis", year, table.axis_id)))

    explained = reverse("axes:explain", args=[year.territory.code, 2023, "A1", 2023])
    link = f'<a class="cited" data-ref="A1" href="{explained}" title="A1 Ménages logés">35</a>'
    assert f'Soit {link} <mark class="stale">à revoir : 36</mark>, 12 lits' in page
    assert 'Dans une note, trente-cinq <mark class="stale">à revoir : trente-six</mark>' in page
    assert "1 nombre sans chiffre connu" in page


def test_who_reads_the_figures_follows_them_and_is_not_told_what_is_to_be_done(client, year, table, stale):
    client.force_login(MembershipFactory(reader=True, territory=year.territory).user)

    page = words(client.get(url("axis", year, table.axis_id)))

    assert re.search(r'<a class="cited" data-ref="A1" href="[^"]*/chiffres-expliques/A1/2023/"', page)
    assert "revoir" not in page
    assert "sans chiffre" not in page


def test_a_partner_reads_the_words_alone(client, year, table, stale):
    partner = MembershipFactory(partner=True, territory=year.territory)
    stale.line.partners.add(partner.organisation)
    client.force_login(partner.user)

    page = words(client.get(url("axis", year, table.axis_id)))

    assert 'Soit <span class="cited" data-ref="A1">35</span>, 12 lits' in page
    assert "revoir" not in page
    assert "chiffres-expliques" not in page
    assert "36" not in re.sub(r"<[^>]+>", " ", page).split()


@ROWS
def test_axis_queries(client, year, table, lead, rows, django_assert_num_queries):
    for rank in range(rows):
        line = LineFactory(year=year, action=ActionFactory(axis=table.axis), position=rank)
        indicator = IndicatorFactory(territory=year.territory, action=line.action, code=f"A{rank}")
        record_entry(indicator=indicator, year=year, by=lead, number=Decimal(35), **PERIOD)
        for column in table.layout.columns.filter(role__in=Column.TEXT_ROLES):
            text = TextBlock(year=year, line=line, column=column)
            html = f'<p><span data-ref="A{rank}"></span> ou 35</p>'
            save_text(text=text, version=0, content=html, by=lead)

    with django_assert_num_queries(20):
        page = words(client.get(url("axis", year, table.axis_id)))
    assert page.count("1 nombre à lier") == 2 * rows


# --- Linking ---


def link(client, year, text, *, headers=None, **fields):
    return client.post(url("link_figures", year, text.pk), fields, headers=headers or {})


def test_a_number_is_linked_in_one_click(client, year, table, figure, write):
    figure("A1")
    text = write("<p>Soit 35 ménages, ou 35.</p>")
    page = client.get(url("axis", year, table.axis_id)).content.decode()
    start = re.search(r'name="place" value="(\d+)"', page)[1]

    response = link(client, year, text, version=1, place=start, chiffre="A1")

    assert response.url == f"{url('axis', year, table.axis_id)}#action-{text.line_id}"
    text.refresh_from_db()
    assert text.content == '<p>Soit <span data-ref="A1">35</span> ménages, ou 35.</p>'
    assert text.updated_by == year.territory.memberships.get().user


def test_those_without_doubt_are_linked_together(client, year, table, figure, write):
    figure("A1", "Ménages", 35)
    figure("A2", "Réunions", 4, unit="réunions")
    text = write("<p>Soit 35 ménages et 4 réunions, puis 4 bals.</p>")

    page = words(client.get(url("axis", year, table.axis_id)))
    assert "Lier les 2 qui ne font pas de doute" in page
    response = link(client, year, text, version=1, place=[5, 19], chiffre=["A1", "A2"], headers=HTMX)

    assert response.status_code == 200
    assert "1 nombre à lier" in words(response)
    assert '<details class="to-link" open>' in words(response)
    text.refresh_from_db()
    assert text.content.count("data-ref") == 2


def test_a_text_full_of_numbers_offers_them_by_thirty(client, year, table, figure, write):
    figure("A1")
    write("<p>" + "35 ménages, " * 4000 + "</p>")

    page = words(client.get(url("axis", year, table.axis_id)))

    assert "4000 nombres à lier" in page
    assert "Lier les 30 qui ne font pas de doute" in page
    assert page.count("Lier <span") == 30


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"version": 1},
        {"version": 1, "place": "5"},
        {"version": 1, "place": "x", "chiffre": "A1"},
        {"version": 1, "place": "5", "chiffre": "A1, unité"},
        {"version": 1, "place": "²", "chiffre": "A1"},
        {"version": 2, "place": "5", "chiffre": "A1"},
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_link_that_is_not_offered_changes_nothing_and_says_so(client, year, figure, write, fields, headers):
    figure("A1")
    text = write("<p>Soit 35 ménages.</p>")

    response = link(client, year, text, headers=headers, **fields)
    page = words(response) if headers else words(client.get(response.url))

    assert "relisez" in page
    text.refresh_from_db()
    assert text.content == "<p>Soit 35 ménages.</p>"


def test_a_number_of_a_chapter_is_linked_too(client, year, figure, lead):
    figure("C1", of=None)
    block = BlockFactory(chapter=ChapterFactory(year=year, preamble=True))
    text = TextBlock(year=year, block=block, version=0)
    text = save_text(text=text, version=0, content="<p>Soit 35 ménages.</p>", by=lead)
    page = client.get(url("chapter", year, block.chapter_id)).content.decode()
    assert "1 nombre à lier" in page

    response = link(client, year, text, version=1, place=5, chiffre="C1")

    assert response.url == url("chapter", year, block.chapter_id)
    assert 'data-ref="C1"' in client.get(response.url).content.decode()


def test_nothing_is_linked_in_an_exercise_that_was_sent(client, year, table, figure, write):
    figure("A1")
    text = write("<p>Soit 35 ménages.</p>")
    type(year).objects.update(state="sent")

    assert "à lier" not in client.get(url("axis", year, table.axis_id)).content.decode()
    assert link(client, year, text, version=1, place=5, chiffre="A1").status_code == 403
