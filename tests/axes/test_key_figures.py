"""The key figures: what may be drawn, what is proposed, what is chosen, and what a corrected figure does to it."""

from datetime import date
from decimal import Decimal

import lxml.html
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes import staleness, steps
from axes.key_figures import MOST, Wish, candidates_of, choose, drawn_in
from axes.models import Citation, Illustration, KeyFigure
from axes.workflow import record_entry
from logement.locking import Conflict
from logement.models import Event
from tests.factories import (
    ActionFactory,
    AxisFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    SeriesBreakFactory,
    TargetFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db
SERIES, PARTS = "series", "parts"


@pytest.fixture
def year():
    return YearFactory(number=2023, state="writing", agreement__territory__code="ici")


@pytest.fixture
def before(year):
    return YearFactory(agreement=year.agreement, number=2022)


@pytest.fixture
def lead(year):
    return MembershipFactory(lead=True, territory=year.territory).user


@pytest.fixture
def action(year):
    action = ActionFactory(axis=AxisFactory(agreement=year.agreement, number=1))
    LineFactory(action=action, year=year)
    return action


@pytest.fixture
def make(year, before, action):
    """`make("A1", 31, 35)`: an indicator with its value of 2022 (None: none) and of 2023."""

    def make(code, earlier, number, **fields):
        common = {"territory": year.territory, "action": action, "unit": "ménages", "label": f"Compte {code}"}
        indicator = IndicatorFactory(code=code, **common | fields)
        if earlier is not None:
            EntryFactory(indicator=indicator, year=before, number=earlier)
        EntryFactory(indicator=indicator, year=year, number=number)
        return indicator

    return make


def save(year, lead, *wanted, version=0, has_synthesis=False):
    """`wanted`: (indicator, shape, description)."""
    chosen = {(one.pk, shape): Wish(words) for one, shape, words in wanted}
    return choose(year=year, version=version, has_synthesis=has_synthesis, chosen=chosen, by=lead)


def correct(indicator, year, number, lead):
    record_entry(
        indicator=indicator,
        year=year,
        number=Decimal(number),
        by=lead,
        corrects=indicator.entries.current().get(year=year),
        reason="Relu",
        starts_on=date(year.number, 1, 1),
        ends_on=date(year.number, 12, 31),
    )


# --- What may be drawn ---


def test_a_series_asks_for_two_years_and_never_looks_ahead(make, year):
    YearFactory(agreement=year.agreement, number=2024)
    make("A0", None, 3)
    indicator = make("A1", 31, 35)
    EntryFactory(indicator=indicator, year=year.territory.years.get(number=2024), number=99)

    [drawn] = candidates_of(year)
    assert (drawn.indicator, drawn.shape) == (indicator, SERIES)
    assert [(point.label, point.number) for point in drawn.points] == [("2022", 31), ("2023", 35)]
    assert drawn.said.replace("\u00a0", " ") == "31 ménages en 2022 ; 35 ménages en 2023"


def test_a_series_breaks_where_what_is_counted_changes_alone(make, year):
    redefined, moved = make("A1", 31, 35), make("A2", 31, 35)
    SeriesBreakFactory(indicator=redefined, number=2023, is_redefined=True, source_after="typed")
    SeriesBreakFactory(indicator=moved, number=2023, is_redefined=False, source_after="typed")

    points = {drawn.indicator.code: drawn.points[-1] for drawn in candidates_of(year)}
    assert [(points[code].begins, points[code].note) for code in ("A1", "A2")] == [
        (True, "rupture de série"),
        (False, "autre mode d'obtention"),
    ]


def test_the_target_is_said_as_it_prints(make, year):
    TargetFactory(indicator=make("A1", 31, 35), year=year, number=40)

    [drawn] = candidates_of(year)
    assert (drawn.target.replace("\u00a0", " "), drawn.target_number) == ("40 ménages", 40)
    assert drawn.said.endswith(f"cible : {drawn.target}")


def test_a_whole_is_drawn_by_its_parts(make, year):
    whole = make("A1", None, 56)
    make("A2", None, 45, whole=whole)
    make("A3", None, 11, whole=whole)

    [drawn] = candidates_of(year)
    assert (drawn.indicator, drawn.shape, drawn.whole.replace("\u00a0", " ")) == (whole, PARTS, "56 ménages")
    assert [(point.label, point.number) for point in drawn.points] == [("Compte A2", 45), ("Compte A3", 11)]


def test_without_a_choice_each_axis_has_the_series_of_its_largest_headcount(make, year):
    make("A1", 1, 2, kind="event")
    make("A2", 900, 1000, kind="amount", unit="€")
    largest = make("A3", 31, 35, kind="headcount")
    make("A4", 3, 4, kind="headcount")
    make("C1", 3, 4, action=None)

    assert [(drawn.indicator, drawn.is_in_synthesis) for drawn in drawn_in(year)] == [(largest, False)]


# --- The choice ---


def test_the_report_draws_what_was_chosen_in_the_order_of_print(make, year, lead):
    first, second = make("A1", 31, 35, position=1), make("A2", 3, 4, position=2)
    make("A3", 3, 5, position=3)
    save(year, lead, (second, SERIES, ""), (first, SERIES, "  Un tiers de plus.\x00 "), has_synthesis=True)

    assert [(one.indicator, one.description, one.is_in_synthesis) for one in drawn_in(year)] == [
        (first, "Un tiers de plus.", True),
        (second, "", True),
    ]
    assert drawn_in(year)[0].alt.startswith("Un tiers de plus. 31")
    assert Event.objects.filter(act="Graphiques du rapport choisis").count() == 1


def test_nothing_chosen_draws_nothing(make, year, lead):
    make("A1", 31, 35)
    save(year, lead)

    assert drawn_in(year) == []


def test_the_synthesis_holds_so_many_charts_and_no_more(make, year, lead):
    many = [make(f"A{rank}", 1, 2, position=rank) for rank in range(MOST + 2)]
    illustration = save(year, lead, *((one, SERIES, "") for one in many), has_synthesis=True)
    illustration.key_figures.filter(indicator=many[0]).update(is_in_synthesis=False)

    assert [one.is_in_synthesis for one in drawn_in(year)] == [False, *[True] * MOST, False]


def test_who_read_another_choice_is_told_and_writes_nothing(make, year, lead):
    indicator = make("A1", 31, 35)
    save(year, lead)
    with pytest.raises(Conflict):
        save(year, lead, (indicator, SERIES, ""))
    assert KeyFigure.objects.count() == 0
    save(year, lead, (indicator, SERIES, ""), version=1)
    assert KeyFigure.objects.count() == 1


def test_what_cannot_be_drawn_or_was_sent_is_refused_whole(make, year, lead):
    drawable, alone = make("A1", 31, 35), make("A0", None, 3)
    with pytest.raises(ValidationError, match="ne se dessine pas"):
        save(year, lead, (drawable, SERIES, ""), (alone, SERIES, ""))
    with pytest.raises(ValidationError, match="300"):
        save(year, lead, (drawable, SERIES, "x" * 301))
    year.state = "sent"
    year.save()
    with pytest.raises(ValidationError, match="transmis"):
        save(year, lead)
    assert not Illustration.objects.exists()


# --- A figure that moves ---


def test_a_corrected_figure_marks_its_chart_until_somebody_reads_it_again(make, year, before, lead):
    indicator = make("A1", 31, 35)
    save(year, lead, (indicator, SERIES, "Quatre de plus."))
    assert staleness.stale_of(year) == []

    correct(indicator, before, 30, lead)
    [use] = staleness.stale_of(year)
    assert (use.citation.key_figure.indicator, use.citation.words, use.words) == (indicator, "31", "30")

    save(year, lead, (indicator, SERIES, "Quatre de plus."), version=1)  # saving is not reading again
    assert len(staleness.stale_of(year)) == 1
    with pytest.raises(ValidationError, match="suit ses chiffres"):
        staleness.keep(citation=use.citation, reason="Daté", by=lead)
    staleness.accept(citation=use.citation, by=lead)
    assert staleness.stale_of(year) == []


def test_a_part_that_moves_marks_the_chart_and_a_chart_left_out_marks_nothing(make, year, lead):
    whole = make("A1", None, 56)
    part = make("A2", None, 45, whole=whole)
    make("A3", None, 11, whole=whole)
    save(year, lead, (whole, PARTS, ""))
    correct(part, year, 44, lead)
    assert [use.citation.ref for use in staleness.stale_of(year)] == ["A2"]

    save(year, lead, version=1)
    assert staleness.stale_of(year) == []
    assert Citation.objects.filter(key_figure__isnull=False).count() == 0


def test_a_figure_that_comes_later_marks_the_chart_that_waited_for_it(make, year, lead):
    earlier = YearFactory(agreement=year.agreement, number=2021)
    series, whole = make("A1", 31, 35), make("A2", None, 56)
    parts = [make(code, None, number, whole=whole) for code, number in (("A3", 40), ("A4", 11))]
    late = IndicatorFactory(code="A5", territory=year.territory, action=whole.action, whole=whole)
    save(year, lead, (series, SERIES, ""), (whole, PARTS, ""))
    assert staleness.stale_of(year) == []

    EntryFactory(indicator=series, year=earlier, number=20)
    EntryFactory(indicator=late, year=year, number=5)

    assert len(drawn_in(year)[1].points) == len([*parts, late])
    assert {use.citation.ref for use in staleness.stale_of(year)} == {"A1, 2021", "A5"}


def test_what_is_proposed_is_kept_in_review_and_marked_when_a_figure_moves(make, year, lead):
    indicator = make("A1", 31, 35, kind="headcount")
    correct(indicator, year, 36, lead)
    assert staleness.stale_of(year) == []

    steps.move_year(year=year, to="review", by=lead)
    assert [drawn.indicator for drawn in drawn_in(year)] == [indicator]
    correct(indicator, year, 37, lead)

    [use] = staleness.stale_of(year)
    assert (use.citation.key_figure.indicator, use.citation.words, use.words) == (indicator, "36", "37")
    staleness.accept(citation=use.citation, by=lead)
    assert staleness.stale_of(year) == []


def test_review_leaves_the_choice_of_the_lead_and_chooses_nothing_where_nothing_is_drawn(make, year, lead):
    steps.move_year(year=year, to="review", by=lead)
    assert not Illustration.objects.exists()

    steps.move_year(year=year, to="writing", by=lead)
    make("A1", 31, 35)
    save(year, lead)
    steps.move_year(year=year, to="review", by=lead)
    assert drawn_in(year) == []


# --- The page ---


@pytest.fixture
def open_page(client, lead):
    client.force_login(lead)
    return client


URL = "/ici/2023/graphiques/"


def test_the_page_proposes_then_shows_what_was_chosen(open_page, make, year):
    indicator = make("A1", 31, 35)
    page = open_page.get(URL).content.decode()
    assert "Personne n'a encore choisi" in page
    assert page.count("<svg") == 1
    assert reverse("axes:key_figures", args=["ici", 2023]) == URL

    code = f"{indicator.pk}-series"
    data = {"version": 0, "synthese": "on", "choisi": [code], f"description-{code}": "Quatre de plus <b>"}
    answer = open_page.post(URL, data, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(URL, 302)]
    assert "Quatre de plus &lt;b&gt;</textarea>" in page
    assert "Personne n'a encore choisi" not in page
    [row] = KeyFigure.objects.all()
    assert (row.description, row.is_in_synthesis) == ("Quatre de plus <b>", False)


def test_a_refused_or_late_choice_comes_back_as_it_was_typed(open_page, make, year, lead):
    indicator = make("A1", 31, 35)
    code = f"{indicator.pk}-series"
    save(year, lead)
    data = {"version": 0, "choisi": [code], f"description-{code}": "Quatre de plus"}
    answer = open_page.post(URL, data)
    assert answer.status_code == 409
    assert "Quatre de plus</textarea>" in answer.content.decode()
    assert 'name="version" value="1"' in answer.content.decode()

    answer = open_page.post(URL, data | {"version": 1, f"description-{code}": "x" * 301})
    assert answer.status_code == 422
    assert "x" * 301 in answer.content.decode()
    assert KeyFigure.objects.count() == 0


def test_once_sent_the_page_shows_what_the_report_draws_and_no_form(open_page, make, year, lead):
    drawn, _ = make("A1", 31, 35), make("A2", 3, 4)
    save(year, lead, (drawn, SERIES, "Quatre de plus"))
    year.state = "sent"
    year.save()

    page = lxml.html.fromstring(open_page.get(URL).content).find(".//main")

    assert page.findall(".//form") == []
    assert "Quatre de plus" in page.text_content()
    assert [heading.text for heading in page.iter("h3")] == [candidates_of(year, only={drawn.pk})[0].title]
    assert "ne dessine aucun graphique" not in page.text_content()
    assert open_page.post(URL, {"version": 1}).status_code == 403


def test_an_exercise_without_anything_to_draw_says_what_to_do(open_page, year):
    assert "Rien ne se dessine encore" in open_page.get(URL).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_whatever_its_rows(
    open_page, make, year, rows, django_assert_num_queries
):
    for rank in range(rows):
        make(f"A{rank}", 31, 35)
    with django_assert_num_queries(12):
        open_page.get(URL)


def test_the_explanation_of_a_figure_leads_to_the_chart_that_draws_it(open_page, make, year, lead):
    indicator = make("A1", 31, 35)
    save(year, lead, (indicator, SERIES, ""))

    page = open_page.get("/ici/2023/chiffres-expliques/A1/2022/").content.decode()
    assert f'href="{URL}#graphique-{indicator.pk}-series"' in page
