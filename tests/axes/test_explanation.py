"""A figure explained: what each reader learns of it, and nothing more; to everybody else it does not exist."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from axes.explanation import explanation_of
from axes.models import Block
from axes.workflow import record_entry, save_text
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    IndicatorFactory,
    MembershipFactory,
    OrganisationFactory,
    SeriesBreakFactory,
    TargetFactory,
    TextBlockFactory,
    YearFactory,
    bail_dabord,
)
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


class Place:
    """An exercise under review, a figure of 12 corrected to 35, supplied by an association, cited by the preamble."""

    def __init__(self):
        self.year = YearFactory(number=2023, state="review", agreement__territory__code="ici")
        self.territory = self.year.territory
        self.supplier, self.other = OrganisationFactory.create_batch(2, kind="association")
        metropole = OrganisationFactory(kind="authority")
        self.lead = self.member(lead=True, organisation=metropole, user__full_name="Camille Ferrand")
        self.reader = self.member(reader=True, organisation=metropole)
        self.state = self.member(ddets=True)
        self.partner = self.member(partner=True, organisation=self.supplier)
        self.stranger = self.member(partner=True, organisation=self.other)
        self.indicator = IndicatorFactory(
            territory=self.territory,
            code="A3-06",
            label="Ménages entrés",
            definition="Entrés dans un logement.",
            unit="ménages",
            base="Ménages orientés",
            perimeter="Métropole",
            source_detail="Bilan du Toit",
            supplier=self.supplier,
        )
        first = self.record(self.indicator, number=12, note="Provisoire")
        self.record(self.indicator, number=35, corrects=first, reason="Relu avec le Toit")
        self.chapter = ChapterFactory(year=self.year, preamble=True)
        self.text = self.cite("A3-06")

    def member(self, **fields):
        return MembershipFactory(territory=self.territory, **fields).user

    def record(self, indicator, *, year=None, number, **fields):
        return record_entry(
            indicator=indicator,
            year=year or self.year,
            number=Decimal(number),
            by=self.lead,
            **PERIOD | fields,
        )

    def cite(self, ref, words=""):
        text = TextBlockFactory(block=BlockFactory(chapter=self.chapter))
        content = f'<p><span data-ref="{ref}">{words}</span></p>'
        return save_text(text=text, version=text.version, content=content, by=self.lead)

    def move(self, state):
        type(self.year).objects.filter(pk=self.year.pk).update(state=state)
        self.year.refresh_from_db()

    def explain(self, user, code="A3-06", number=2023):
        user = type(user).objects.get(
            pk=user.pk
        )  # as at each request: nothing is remembered of what it may do
        return explanation_of(code=code, number=number, year=self.year, user=user)


@pytest.fixture
def place(time_machine):
    time_machine.move_to(datetime(2024, 3, 12, 10, tzinfo=UTC), tick=False)
    return Place()


def url(code="A3-06", number=2023):
    return f"/ici/2023/chiffres-expliques/{code}/{number}/"


# --- What it says ---


def test_it_says_what_the_figure_is_and_who_gave_it(place):
    found = place.explain(place.lead)

    assert found.value.display == "35\u00a0ménages"
    assert (found.meaning.definition, found.meaning.perimeter) == ("Entrés dans un logement.", "Métropole")
    assert (found.value.by, found.value.at) == ("Camille Ferrand", datetime(2024, 3, 12, 10, tzinfo=UTC))
    assert [(value.figure, is_replaced) for _, value, is_replaced in found.history] == [
        ("12", True),
        ("35", False),
    ]


def test_it_says_the_year_before_and_the_target(place):
    before = YearFactory(agreement=place.year.agreement, number=2022, state="closed")
    TargetFactory(indicator=place.indicator, year=place.year, number=40)
    type(before).objects.update(state="writing")
    place.record(
        place.indicator, year=before, number=30, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)
    )
    type(before).objects.update(state="sent")
    place.move("review")

    found = place.explain(place.state)

    assert found.row.before.figure == "30"
    assert found.row.change.display.startswith("+5")
    assert found.row.target_display == "40\u00a0ménages"
    assert [(year.number, value.figure) for year, value, _ in found.series] == [(2023, "35"), (2022, "30")]


def test_before_a_redefinition_it_says_what_was_counted_then(place):
    YearFactory(agreement=place.year.agreement, number=2024)
    SeriesBreakFactory(
        indicator=place.indicator,
        number=2024,
        source_before="typed",
        source_after="typed",
        is_redefined=True,
        definition_before="Orientés.",
        perimeter_before="Ville",
    )

    found = place.explain(place.lead)

    assert (found.meaning.definition, found.meaning.perimeter) == ("Orientés.", "Ville")
    assert [held.number for held in found.breaks] == [2024]


def test_the_lead_finds_every_place_that_cites_it_and_those_that_changed(place, client):
    whole = IndicatorFactory(territory=place.territory, code="A3-05", label="Total")
    place.indicator.whole = whole
    place.indicator.save()
    place.record(whole, number=50)
    entry = place.indicator.entries.current().get()
    place.record(place.indicator, number=36, corrects=entry, reason="Recompté")
    client.force_login(place.lead)

    uses = place.explain(place.lead).uses

    assert [(use.citation.words, use.words, use.is_stale, name) for use, name, _ in uses] == [
        ("35", "36", True, str(place.chapter)),
        ("35", "36", True, "Indicateur A3-05, Total"),
    ]
    assert [client.get(address).status_code for _, _, address in uses] == [200, 200]


def test_nobody_but_who_writes_the_report_learns_where_it_is_cited(place):
    place.move("sent")

    assert [place.explain(user).uses for user in (place.reader, place.state, place.partner)] == [[], [], []]


# --- The answers of the partners ---


@pytest.fixture
def answered(place):
    """An indicator that both associations were asked; the second's answer is accepted, the first's is not."""
    indicator = IndicatorFactory(territory=place.territory, code="S1", source="submitted", supplier=None)
    campaign = CampaignFactory(year=place.year, opened=True)
    for organisation, state in ((place.supplier, "sent"), (place.other, "validated")):
        submission = SubmissionFactory(campaign=campaign, organisation=organisation)
        QuestionFactory(submission=submission, indicator=indicator)
        submission_in(state, figures=0, submission=submission, by=place.lead)
    place.cite("S1")
    return place


def names(explanation):
    return [(answer.submission.organisation, answer.accepted is not None) for answer in explanation.answers]


def test_the_lead_learns_what_each_partner_answered(answered):
    both = {(answered.supplier, False), (answered.other, True)}
    assert set(names(answered.explain(answered.lead, "S1"))) == both


def test_who_reads_every_figure_and_the_state_learn_what_was_accepted(answered):
    assert names(answered.explain(answered.reader, "S1")) == [(answered.other, True)]
    assert names(answered.explain(answered.state, "S1")) == [(answered.other, True)]


def test_a_partner_learns_of_its_own_answer_alone(answered):
    answered.move("sent")

    assert names(answered.explain(answered.partner, "S1")) == [(answered.supplier, False)]
    assert names(answered.explain(answered.stranger, "S1")) == [(answered.other, True)]


def test_the_page_says_how_many_answered_and_names_no_other_partner(answered, client):
    answered.move("sent")
    client.force_login(answered.partner)

    page = client.get(url("S1")).content.decode().replace("\u00a0", " ")

    assert "1 association sur 2 a répondu" in page
    assert str(answered.supplier) in page
    assert str(answered.other) not in page


# --- The rows of a register ---


@pytest.fixture
def counted(place):
    register = bail_dabord.RegisterFactory(territory=place.territory, organisation=place.supplier)
    bail_dabord.TenancyFactory(household__register=register, entered_on=date(2023, 5, 1))
    IndicatorFactory(
        territory=place.territory,
        code="R1",
        source="register",
        figure_key="bail_dabord.households_entered",
        supplier=place.supplier,
    )
    place.cite("R1")
    return place


def test_the_rows_open_to_the_association_that_keeps_them(counted, client):
    client.force_login(counted.partner)
    page = client.get(url("R1")).content.decode()

    link = "/ici/2023/chiffres/bail_dabord.households_entered/?indicateur=R1"
    assert link in page
    assert client.get(link).status_code == 200


def test_nobody_else_is_shown_a_way_to_the_rows(counted, client):
    counted.move("sent")
    for user in (counted.lead, counted.reader, counted.state, counted.stranger):
        client.force_login(user)
        page = client.get(url("R1")).content.decode()
        assert "Formule" in page
        assert "Ouvrir les lignes" not in page


def test_how_many_rows_stand_behind_is_for_who_may_know_the_details(counted, client):
    counted.move("sent")
    shown = {}
    for name in ("lead", "reader", "state", "partner", "stranger"):
        client.force_login(getattr(counted, name))
        shown[name] = "Lignes comptées" in client.get(url("R1")).content.decode()

    assert shown == {"lead": True, "reader": True, "state": True, "partner": True, "stranger": False}


# --- Who may open it ---


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("writing", {"lead", "reader", "partner"}),
        ("review", {"lead", "reader", "partner", "state"}),
        ("sent", {"lead", "reader", "partner", "state", "stranger"}),
    ],
)
def test_a_figure_of_the_report_opens_to_who_may_read_it(place, state, readers):
    place.move(state)
    cast = ("lead", "reader", "partner", "state", "stranger")

    assert {name for name in cast if place.explain(getattr(place, name))} == readers


@pytest.mark.parametrize("name", ["state", "stranger"])
def test_a_figure_that_the_report_does_not_show_does_not_exist(place, name, client):
    place.record(IndicatorFactory(territory=place.territory, code="Z9"), number=3)
    place.move("sent")
    client.force_login(getattr(place, name))

    assert [client.get(url(code)).status_code for code in ("A3-06", "Z9", "INCONNU")] == [200, 404, 404]


def test_a_sentence_that_cites_it_no_more_closes_it(place):
    assert place.explain(place.state)
    save_text(text=place.text, version=place.text.version, content="<p>Rien</p>", by=place.lead)

    assert place.explain(place.state) is None


def test_another_exercise_than_the_one_cited_does_not_exist(place):
    YearFactory(agreement=place.year.agreement, number=2022, state="sent")

    assert place.explain(place.state, number=2022) is None
    assert place.explain(place.lead, number=2022)
    assert place.explain(place.lead, number=2019) is None


def test_the_part_of_a_total_is_not_shown_by_it(place):
    whole = IndicatorFactory(territory=place.territory, code="T1")
    part = IndicatorFactory(territory=place.territory, code="T1-a", whole=whole)
    place.record(part, number=3)
    place.record(whole, number=9)

    assert place.explain(place.state, "T1-a") is None


def test_the_figures_of_the_tables_open_too(place):
    context = IndicatorFactory(territory=place.territory, code="C1", kind="context", action=None)
    assert place.explain(place.state, "C1") is None

    BlockFactory(chapter=place.chapter, context=True)
    assert place.explain(place.state, "C1") is None, "It prints once it is received"
    place.record(context, number=3)
    assert place.explain(place.state, "C1")


def test_the_annex_opens_every_figure_of_the_exercise(place):
    IndicatorFactory(territory=place.territory, code="X1")
    elsewhere = IndicatorFactory(
        territory=place.territory,
        code="X2",
        action=BlockFactory(actions=True).axis.actions.create(label="Ailleurs"),
    )
    BlockFactory(chapter=place.chapter, kind=Block.Kind.FIGURES)

    assert place.explain(place.state, "X1")
    assert place.explain(place.state, elsewhere.code) is None


def test_who_only_reads_the_report_learns_nothing_of_exercises_that_are_not_sent(place):
    following = YearFactory(agreement=place.year.agreement, number=2024, state="review")
    place.record(
        place.indicator, year=following, number=99, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )

    assert [year.number for year, _, _ in place.explain(place.state).series] == [2023]
    assert [year.number for year, _, _ in place.explain(place.lead).series] == [2024, 2023]


def test_a_partner_of_the_report_learns_neither_names_nor_corrections(place, client):
    place.move("sent")
    client.force_login(place.stranger)

    page = client.get(url()).content.decode()

    assert "Entrés dans un logement." in page
    assert [word for word in ("Camille Ferrand", "Relu avec le Toit", "Provisoire") if word in page] == []


def test_the_state_learns_who_corrected_it_and_why(place, client):
    client.force_login(place.state)

    page = client.get(url()).content.decode()

    assert [word for word in ("Camille Ferrand", "Relu avec le Toit", "Provisoire") if word not in page] == []


# --- The page ---


def test_a_dialog_gets_the_explanation_alone(place, client):
    client.force_login(place.state)

    fragment = client.get(url(), headers={"HX-Request": "true"})

    assert fragment.content.decode().strip().startswith('<h2 id="explication">Ménages entrés</h2>')
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]


def fill(place, count):
    """So many corrections, places that cite, partners that answered, exercises and breaks."""
    for rank in range(count):
        entry = place.indicator.entries.current().get(year=place.year)
        place.record(place.indicator, number=40 + rank, corrects=entry, reason="Encore")
        place.cite("A3-06")
        YearFactory(agreement=place.year.agreement, number=2022 - rank, state="sent")
        SeriesBreakFactory(
            indicator=place.indicator, number=2023 - rank, source_before="typed", source_after="typed"
        )


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow(place, count, django_assert_num_queries):
    fill(place, count)
    lead = type(place.lead).objects.get(pk=place.lead.pk)

    with django_assert_num_queries(12):
        found = explanation_of(code="A3-06", number=2023, year=place.year, user=lead)

    assert (len(found.history), len(found.uses), len(found.series)) == (count + 2, count + 1, count + 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_answers(place, count, django_assert_num_queries):
    campaign = CampaignFactory(year=place.year, opened=True)
    indicator = IndicatorFactory(territory=place.territory, code="S1", source="submitted", supplier=None)
    for _ in range(count):
        submission = SubmissionFactory(campaign=campaign)
        QuestionFactory(submission=submission, indicator=indicator)
        submission_in("validated", figures=0, submission=submission, by=place.lead)
    lead = type(place.lead).objects.get(pk=place.lead.pk)

    with django_assert_num_queries(16):
        found = explanation_of(code="S1", number=2023, year=place.year, user=lead)

    assert len(found.answers) == count
