"""Opening an exercise from the one before it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes import opening, staleness
from axes.carried import Preview, is_proposed, lines_of
from axes.models import Campaign, Citation, Column, Entry, Line, TextBlock, Year
from axes.workflow import save_text
from tests.factories import (
    ActionFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    KeyFigureFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TargetFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory

NARRATIVE = '<p>Soit <span data-ref="A3-06"></span> ménages, après <span data-ref="A3-06, 2022"></span>.</p>'


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


@pytest.fixture
def table(year):
    return BlockFactory(chapter=ChapterFactory(year=year, number=1, position=2), actions=True)


@pytest.fixture
def line(year, table):
    state = StateFactory(agreement=year.agreement, outcome="ongoing", fs="En cours")
    line = LineFactory(
        year=year,
        action=ActionFactory(axis=table.axis),
        title="Capter des logements",
        state=state,
        state_reason="Suite en 2024",
        lead=OrganisationFactory(),
    )
    line.partners.add(OrganisationFactory())
    for column in table.layout.columns.filter(role__in=Column.TEXT_ROLES):
        TextBlockFactory(cell=True, line=line, column=column, content=f"<p>{column.role}</p>")
    return line


@pytest.fixture
def households(year):
    before = YearFactory(agreement=year.agreement, number=2022)
    indicator = IndicatorFactory(territory=year.territory, code="A3-06", unit="ménages")
    EntryFactory(indicator=indicator, year=before, number=30)
    EntryFactory(indicator=indicator, year=year, number=35)
    return indicator


@pytest.fixture
def narrative(year, households, lead):
    block = BlockFactory(chapter=ChapterFactory(year=year, title="Dynamique", position=1))
    return save_text(text=TextBlock(year=year, block=block, version=0), version=0, content=NARRATIVE, by=lead)


def opened_from(year, *lines):
    return opening.open_year(
        previous=year, lines=Line.objects.filter(pk__in=[line.pk for line in lines]), by=UserFactory()
    )


def test_the_frame_is_carried(year, table, line):
    opened = opened_from(year, line)

    assert (opened.number, opened.agreement, opened.state) == (2024, year.agreement, "preparation")
    assert list(opened.chapters.values_list("number", "title", "position", "kind")) == list(
        year.chapters.values_list("number", "title", "position", "kind")
    )
    assert list(opened.chapters.get().blocks.values_list("kind", "axis", "layout", "position")) == [
        ("actions", table.axis_id, table.layout_id, table.position)
    ]


def test_a_line_goes_on_with_its_action_and_its_people_not_its_results(year, line):
    [following] = opened_from(year, line).lines.all()

    assert (following.action, following.title, following.lead) == (line.action, line.title, line.lead)
    assert list(following.partners.all()) == list(line.partners.all())
    assert (following.state, following.state_reason) == (None, "")


def test_sentences_are_carried_to_be_read_again_observations_are_not(year, line):
    opened = opened_from(year, line)

    assert list(opened.texts.values_list("content", "is_to_reread", "column__role")) == [
        ("<p>indicators</p>", True, "indicators")
    ]


def test_a_line_left_out_leaves_its_sentences(year, line):
    opened = opened_from(year)

    assert not opened.lines.exists()
    assert not opened.texts.exists()


def test_figures_of_sentences_point_at_the_new_year(year, narrative, households):
    opened = opened_from(year)

    assert opened.texts.get().content == (
        '<p>Soit <span data-ref="A3-06">pas encore reçu</span> ménages, '
        'après <span data-ref="A3-06, 2023">35</span>.</p>'
    )
    assert list(Citation.objects.filter(year=opened).values_list("indicator", "number", "words")) == [
        (households.pk, 2024, "pas encore reçu"),
        (households.pk, 2023, "35"),
    ]


def test_the_targets_of_the_year_are_carried_if_one_says_so(year, line, households):
    going, over = households, IndicatorFactory(territory=year.territory, action=ActionFactory(), code="FINI")
    for indicator in (going, over):
        TargetFactory(indicator=indicator, year=year, number=40)
    opened = opening.open_year(
        previous=year, lines=Line.objects.filter(pk=line.pk), targets=True, by=UserFactory()
    )

    assert list(opened.targets.values_list("indicator", "number")) == [(going.pk, 40)]


def test_no_target_is_carried_otherwise(year, line, households):
    TargetFactory(indicator=households, year=year)
    assert not opened_from(year, line).targets.exists()


@pytest.fixture
def asked(year, line):
    """The questionnaire of a partner, on the action that goes on, and its answer."""
    campaign = CampaignFactory(
        year=year, opens_on=date(2024, 1, 15), closes_on=date(2024, 2, 29), instructions="Merci."
    )
    indicator = IndicatorFactory(territory=year.territory, action=line.action, code="Q")
    return QuestionFactory(
        submission=SubmissionFactory(campaign=campaign), indicator=indicator, action=line.action
    )


def test_the_questionnaires_are_carried_without_their_answers(client, year, lead, line, asked):
    page = client.get(address(year))
    form = page.context["form"]
    assert [form[name].value() for name in ("with_campaign", "opens_on", "closes_on")] == [
        True,
        date(2025, 1, 15),
        date(2025, 2, 28),
    ]
    assert "1 questionnaire de la campagne 2023" in page.content.decode()

    days = {"opens_on": "2025-01-15", "closes_on": "2025-02-28"}
    client.post(address(year), {"lines": [line.pk], "with_campaign": "on"} | days)
    campaign = Campaign.objects.get(year__number=2024)
    assert (campaign.closes_on, campaign.instructions, campaign.opened_at) == (
        date(2025, 2, 28),
        "Merci.",
        None,
    )
    [submission] = campaign.submissions.all()
    assert submission.organisation == asked.submission.organisation
    assert [(q.indicator, hasattr(q, "answer")) for q in submission.questions.all()] == [
        (asked.indicator, False)
    ]


def test_a_campaign_left_out_asks_for_no_day(client, year, lead, line, asked):
    assert client.post(address(year), {"lines": [line.pk]}).status_code == 302
    assert not Campaign.objects.filter(year__number=2024).exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"opens_on": "", "closes_on": "2025-02-28"}, "Donnez la date d'ouverture"),
        ({"opens_on": "2025-03-01", "closes_on": "2025-02-28"}, "La date limite précède l'ouverture"),
    ],
)
def test_a_campaign_without_its_days_is_refused_before_anything_opens(
    client, year, lead, line, asked, days, sentence
):
    response = client.post(address(year), {"lines": [line.pk], "with_campaign": "on"} | days)

    assert response.status_code == 422
    assert sentence in response.content.decode().replace("&#x27;", "'")
    assert not Year.objects.filter(number=2024, territory=year.territory).exists()


def test_the_page_counts_what_goes_on(client, year, lead, line, narrative):
    page = client.get(address(year))

    assert page.context["form"].preview == Preview(
        parts=2, axes=1, lines=1, indicators=1, texts=2, figures=2, targets=0, questionnaires=0
    )


def test_the_end_of_a_convention_leads_to_the_next_one(client, year, lead):
    year.agreement.ends_on = date(2023, 12, 31)
    year.agreement.save()
    conventions = reverse("axes:agreements", args=[year.territory.code])

    board = client.get(reverse("axes:dashboard", args=[year.territory.code, 2023]))
    assert conventions in client.get(address(year)).content.decode()
    assert conventions in board.content.decode()


def test_no_value_is_carried(year, narrative):
    before = Entry.objects.count()
    opened = opened_from(year)

    assert Entry.objects.count() == before
    assert not opened.entries.exists()


def test_the_text_of_the_year_before_keeps_its_own_words(year, narrative, households, lead):
    opened_from(year)
    narrative.refresh_from_db()

    assert '<span data-ref="A3-06">35</span>' in narrative.content
    assert narrative.is_to_reread is False


def test_a_read_text_is_to_be_read_no_more(year, narrative, lead):
    text = opened_from(year).texts.get()
    save_text(text=text, version=text.version, content=text.content, by=lead)

    text.refresh_from_db()
    assert text.is_to_reread is False


def test_the_key_figures_are_carried_without_what_was_said_of_them(year, line, households):
    chosen = KeyFigureFactory(
        illustration__year=year,
        illustration__has_synthesis=True,
        indicator=households,
        description="En hausse",
    )
    copy = opened_from(year, line).illustration

    assert (copy.has_synthesis, copy.history.count()) == (True, 1)
    assert list(copy.key_figures.values_list("indicator", "shape", "description")) == [
        (chosen.indicator_id, chosen.shape, "")
    ]


def test_a_key_figure_that_is_carried_waits_to_be_read_with_the_figures_of_the_year(year, line, households):
    KeyFigureFactory(illustration__year=year, indicator=households)
    opened = opened_from(year, line)
    assert staleness.stale_of(opened) == []

    EntryFactory(indicator=households, year=opened, number=40)

    assert [(use.citation.words, use.words) for use in staleness.stale_of(opened)] == [
        ("pas encore reçu", "40")
    ]


def test_an_exercise_opens_once(year):
    opened_from(year)
    with pytest.raises(ValidationError, match="L'exercice 2024 est déjà ouvert"):
        opened_from(year)


def test_an_exercise_outside_the_convention_does_not_open(year):
    year.agreement.ends_on = date(2023, 12, 31)
    year.agreement.save()
    with pytest.raises(ValidationError, match="finit le 31/12/2023"):
        opened_from(year)
    assert not Year.objects.filter(number=2024).exists()


@pytest.mark.parametrize(
    ("outcome", "temporality", "is_ticked"),
    [
        ("done", "flow", False),
        ("done", "cumulative", True),
        ("dropped", "cumulative", False),
        ("ongoing", "flow", True),
        ("postponed", "flow", True),
    ],
)
def test_an_action_that_is_over_is_left_out_by_default(
    client, year, lead, line, outcome, temporality, is_ticked
):
    line.state.outcome = outcome
    line.state.save()
    since = date(2019, 11, 1) if temporality == "cumulative" else None
    IndicatorFactory(territory=year.territory, action=line.action, temporality=temporality, since=since)
    page = client.get(address(year)).content.decode()

    box = page[page.index(f'id="action-{line.pk}"') :].split(">")[0]
    assert ("checked" in box) is is_ticked


def test_a_finished_action_counted_the_year_before_goes_on(year, line, households):
    line.state.outcome = "done"
    line.state.save()
    households.action = line.action
    households.save()

    assert [is_proposed(each) for each in lines_of(year)] == [True]


def address(year):
    return reverse("axes:open_next", args=[year.territory.code, year.number])


def test_the_page_opens_the_exercise(client, year, lead, line, narrative):
    response = client.post(address(year), {"lines": [line.pk]}, follow=True)

    assert (
        "L&#x27;exercice 2024 est ouvert : 1 action reprise, 2 textes à relire." in response.content.decode()
    )
    assert response.redirect_chain == [(reverse("axes:dashboard", args=[year.territory.code, 2024]), 302)]


def test_the_same_form_sent_twice_leads_to_the_exercise(client, year, lead, line):
    client.post(address(year), {"lines": [line.pk]})
    response = client.post(address(year), {"lines": [line.pk]})

    assert response.status_code == 422
    assert "Tableau de bord 2024" in response.content.decode()


def test_a_line_of_elsewhere_is_refused_and_what_was_ticked_stays(client, year, lead, line):
    response = client.post(address(year), {"lines": [line.pk, LineFactory().pk]})

    assert response.status_code == 422
    page = response.content.decode()
    assert "relisez la liste" in page
    assert "checked" in page[page.index(f'id="action-{line.pk}"') :].split(">")[0]
    assert not Year.objects.filter(number=2024, territory=year.territory).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_cost_does_not_grow_with_the_lines(
    django_assert_num_queries, year, table, households, lead, rows
):
    column = table.layout.columns.get(role="indicators")
    for rank in range(rows):
        line = LineFactory(year=year, action=ActionFactory(axis=table.axis), position=rank)
        text = TextBlock(year=year, line=line, column=column, version=0)
        save_text(text=text, version=0, content=NARRATIVE, by=lead)
    lines = list(year.lines.all())
    with django_assert_num_queries(29):
        opening.open_year(previous=year, lines=lines, by=lead)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_the_lines(
    client, django_assert_num_queries, year, table, lead, rows
):
    for rank in range(rows):
        LineFactory(year=year, action=ActionFactory(axis=table.axis), position=rank)
    with django_assert_num_queries(17):
        client.get(address(year))


@pytest.fixture
def carried(year, narrative, line, client, lead):
    """The texts of 2024: a cell, then a narrative block."""
    opened = opened_from(year, line)
    return [opened.texts.get(line__isnull=False), opened.texts.get(block__isnull=False)]


def mark_read(client, text, **headers):
    return client.post(
        reverse("axes:mark_read", args=[text.year.territory.code, text.year.number, text.pk]), headers=headers
    )


@pytest.mark.parametrize("rank", [0, 1])
def test_a_text_is_read_in_place_or_on_its_page(client, carried, rank):
    text = carried[rank]
    response = mark_read(client, text, **{"HX-Request": "true"})

    text.refresh_from_db()
    assert (text.is_to_reread, text.version) == (False, 2)
    assert "À relire" not in response.content.decode()
    assert mark_read(client, text).status_code == 302


def test_what_is_to_be_read_shows_and_counts(client, carried):
    cell, block = carried
    year = cell.year
    axis = client.get(reverse("axes:axis", args=[year.territory.code, 2024, cell.line.action.axis_id]))
    chapter = client.get(reverse("axes:chapter", args=[year.territory.code, 2024, block.block.chapter_id]))
    board = client.get(reverse("axes:dashboard", args=[year.territory.code, 2024]))

    for page in (axis, chapter):
        assert "À relire : repris de 2023" in page.content.decode()
    assert board.content.decode().count("1 texte à relire") == 2


def test_an_exercise_may_open_without_any_action(client, year, lead, line):
    response = client.post(address(year), {})

    assert response.status_code == 302
    assert not Year.objects.get(number=2024).lines.exists()
