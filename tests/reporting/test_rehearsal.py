"""« Répétition générale »: each kind of line appears, leads to its place, and disappears when it is mended."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from axes import staleness
from axes.justifications import justify, verdict_of
from axes.models import Column, Justification, TextBlock, Year
from axes.submissions import moves
from axes.workflow import record_entry, save_text
from logement.richtext import Paragraph, Text, parse, plain
from reporting import gate
from reporting.document import Cell, Chart, Charts, Document, Row, Section
from reporting.document import Column as ReportColumn
from reporting.rehearsal import Weight, layout, rehearse
from tests.factories import (
    ActionFactory,
    BlockFactory,
    EntryFactory,
    IndicatorFactory,
    JustificationFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TextBlockFactory,
    UserFactory,
)
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in
from tests.factories.reporting import InquiryFactory
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.postgresql

ALERT = "<p>Sur les 48 ménages suivis, 17 ont été relogés, 3 sont hébergés, 12 sont orientés et 8 sont maintenus.</p>"
BLOCKING = "<p>16 personnes, soit 10 adultes et 5 enfants.</p>"


@pytest.fixture
def exercise(db):
    """Nothing to say about it: every cell is written, every figure given."""
    exercise = Exercise()
    observations = exercise.table.layout.columns.get(role="observations")
    TextBlockFactory(cell=True, line=exercise.line, column=observations, content="<p>Sans objet.</p>")
    TextBlock.objects.filter(pk=exercise.text.pk).update(content="<p>Places ouvertes.</p>")
    exercise.observations = observations
    return exercise


@pytest.fixture
def lead(client, exercise):
    client.force_login(exercise.lead)
    return client


def group(exercise, code):
    year = Year.objects.select_related("territory", "agreement").get(pk=exercise.year.pk)
    return next(group for group in rehearse(year).groups if group.code == code)


def lines(exercise, code):
    """[(weight, sentence)] of a group."""
    return [(flaw.weight, flaw.sentence) for flaw in group(exercise, code).flaws]


def write(exercise, content, text=None):
    text = TextBlock.objects.get(pk=(text or exercise.text).pk)
    return save_text(text=text, version=text.version, content=content, by=exercise.lead)


def url(exercise, name="rehearsal", *args):
    return reverse(f"reporting:{name}", args=[exercise.territory.code, exercise.year.number, *args])


def correct(exercise, number):
    entry = exercise.indicator.entries.current().get(year=exercise.year)
    record_entry(
        indicator=exercise.indicator,
        year=exercise.year,
        by=exercise.lead,
        number=Decimal(number),
        corrects=entry,
        reason="Recompté",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
    )


def cite(exercise, words=""):
    """A sentence that cites the figure of the territory: 100 demandes."""
    return write(exercise, f'<p>Soit <span data-ref="{exercise.indicator.code}{words}"></span> en tout.</p>')


def test_an_exercise_without_a_flaw_has_every_point_right(exercise):
    found = rehearse(exercise.year)

    assert found.flaws == []
    assert found.right == found.checked > 20
    assert found.may_be_sent
    assert gate.obstacles(exercise.year) == []


def test_each_line_leads_to_a_page_that_opens_at_its_place(exercise, lead):
    """One of each group, with its place and its anchor in the page."""
    plant_everything(exercise)

    found = rehearse(exercise.year)
    spots = {spot.url for _, flaw in found.flaws for spot in flaw.places}
    pages = {spot: lead.get(spot.partition("#")[0]) for spot in spots}

    assert {group.code for group, _ in found.flaws} == {group.code for group in found.groups} - {"images"}
    assert {response.status_code for response in pages.values()} == {200}
    missing = {
        spot
        for spot, response in pages.items()
        if "#" in spot and f'id="{spot.partition("#")[2]}"' not in response.content.decode()
    }
    assert missing == set()


def plant_everything(exercise):
    """A flaw of each group."""
    InquiryFactory(year=exercise.year)
    exercise.add_line("Sans état", state=None, position=9)
    IndicatorFactory(territory=exercise.territory, kind="context", label="Attendu")
    SubmissionFactory(campaign=CampaignFactory(year=exercise.year, opened=True))
    write(exercise, "<p>Le SIAO oriente 12 ménages.</p>" + BLOCKING + f"<p>{'mot ' * 3000}</p>")
    write(exercise, f'<p><span data-ref="{exercise.indicator.code}"></span>.</p>', exercise.narrative)
    correct(exercise, 101)
    TextBlock.objects.filter(line=exercise.line, column=exercise.observations).update(is_to_reread=True)


# --- Each group: a line appears, and disappears when it is mended ---


def test_a_missing_state_blocks(exercise):
    line = exercise.add_line("Sans état", state=None)
    assert lines(exercise, "etats") == [(Weight.BLOCKS, "« Sans état » n'a pas d'état de réalisation.")]

    line.state = exercise.done
    line.save()
    assert lines(exercise, "etats") == []


def test_a_state_without_its_reason_is_to_complete(exercise):
    exercise.line.state = StateFactory(
        agreement=exercise.year.agreement, outcome="postponed", fs="Reportée", ms="Reporté"
    )
    exercise.line.save()
    assert lines(exercise, "etats") == [
        (Weight.COMPLETE, "« Ouvrir dix places (0) » est « Reportée » sans motif.")
    ]

    exercise.line.state_reason = "Faute de terrain"
    exercise.line.save()
    assert lines(exercise, "etats") == []


@pytest.mark.parametrize("mended", [{}, {"unavailable": True}, {"not_applicable": True}])
def test_a_figure_that_nobody_gave_is_to_complete(exercise, mended):
    indicator = IndicatorFactory(territory=exercise.territory, kind="context", label="Demandes reçues")
    assert lines(exercise, "chiffres") == [(Weight.COMPLETE, "« Demandes reçues » n'est pas encore reçu.")]

    EntryFactory(indicator=indicator, year=exercise.year, **mended)
    assert lines(exercise, "chiffres") == []


def test_a_partial_total_is_to_complete_until_every_partner_answered(exercise):
    campaign = CampaignFactory(year=exercise.year, opened=True)
    asked = IndicatorFactory(territory=exercise.territory, label="Places", source="submitted", kind="context")
    for state in ("validated", "sent"):
        submission = SubmissionFactory(campaign=campaign)
        QuestionFactory(submission=submission, indicator=asked)
        submission_in(state, figures=0, submission=submission)
    assert lines(exercise, "chiffres") == [
        (Weight.COMPLETE, "« Places » est un total partiel : des partenaires n'ont pas répondu.")
    ]

    submission.refresh_from_db()
    moves.validate(submission=submission, by=UserFactory(), organisation=OrganisationFactory())
    assert lines(exercise, "chiffres") == []


def test_a_partner_is_listed_until_its_answers_are_validated(exercise):
    campaign = CampaignFactory(year=exercise.year, opened=True, closes_on=date(2100, 12, 31))
    partner = SubmissionFactory(campaign=campaign, organisation__name="Le Toit")
    assert lines(exercise, "partenaires") == [
        (Weight.COMPLETE, "Le Toit n'a pas répondu (date limite : 31\u00a0décembre 2100).")
    ]

    campaign.closes_on = date(2024, 1, 15)
    campaign.save()
    [(_, late)] = lines(exercise, "partenaires")
    assert late == "Le Toit n'a pas répondu (date limite : 15\u00a0janvier 2024, en retard)."

    submission_in("sent", submission=partner)
    [flaw] = group(exercise, "partenaires").flaws
    assert flaw.sentence == "Le bilan transmis par Le Toit attend votre examen."
    assert flaw.places[0].url.endswith(f"/bilans/{partner.pk}/examen/")

    partner.refresh_from_db()
    moves.validate(submission=partner, by=UserFactory(), organisation=OrganisationFactory())
    assert lines(exercise, "partenaires") == []


def test_a_campaign_that_is_not_open_says_so(exercise):
    SubmissionFactory(campaign=CampaignFactory(year=exercise.year), organisation__name="Le Toit")
    assert lines(exercise, "partenaires") == [(Weight.COMPLETE, "Le Toit n'est pas encore interrogé.")]


def test_a_blocking_finding_goes_when_its_numbers_are_right(exercise):
    write(exercise, BLOCKING)
    assert lines(exercise, "constats") == [(Weight.BLOCKS, "10 + 5 = 15, et non 16\u00a0personnes.")]

    write(exercise, BLOCKING.replace("16", "15"))
    assert lines(exercise, "constats") == []


def test_an_alert_goes_when_it_is_justified(exercise):
    write(exercise, ALERT)
    [flaw] = group(exercise, "constats").flaws
    assert (flaw.weight, flaw.sentence) == (
        Weight.JUSTIFY,
        "17 + 3 + 12 + 8 = 40 sur 48\u00a0ménages : il en manque 8.",
    )
    assert [spot.label for spot in flaw.places] == [
        f"Axe {exercise.table.axis.number}, Ouvrir dix places (0), Indicateurs de suivi et résultats"
    ]

    justify(year=exercise.year, key=flaw.finding.key, reason="En cours.", by=exercise.lead)
    found = rehearse(exercise.year)
    assert lines(exercise, "constats") == []
    assert [finding for finding, _ in found.justified] == [flaw.finding]


def test_a_changed_figure_shows_its_sentence_until_it_is_accepted(exercise):
    cite(exercise)
    assert lines(exercise, "a-revoir") == []

    correct(exercise, 101)
    [flaw] = group(exercise, "a-revoir").flaws
    assert flaw.weight is Weight.BLOCKS
    assert flaw.sentence.startswith("« 100 » se lit à présent « 101 » : Demandes")
    assert [(one.before, one.after) for one in flaw.sentences] == [("Soit ", " en tout.")]

    staleness.accept(citation=flaw.use.citation, by=exercise.lead)
    assert lines(exercise, "a-revoir") == []
    assert group(exercise, "a-revoir").checked == 1


def test_a_total_whose_part_changed_leads_to_the_total(exercise):
    total = IndicatorFactory(territory=exercise.territory, kind="context", code="TOTAL")
    exercise.indicator.whole = total
    exercise.indicator.save()
    period = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
    record_entry(indicator=total, year=exercise.year, by=exercise.lead, number=300, **period)
    correct(exercise, 101)

    [flaw] = group(exercise, "a-revoir").flaws
    assert flaw.places[0].url.endswith("/indicateurs/TOTAL/")
    assert flaw.sentences == ()


def test_an_empty_cell_and_an_empty_text_are_to_complete(exercise):
    TextBlock.objects.filter(pk__in=[exercise.text.pk, exercise.narrative.pk]).update(content="")
    assert lines(exercise, "vides") == [
        (
            Weight.COMPLETE,
            "« Ouvrir dix places (0) » : la cellule « Indicateurs de suivi et résultats » est vide.",
        ),
        (Weight.COMPLETE, "Un texte de « Préambule » n'est pas écrit."),
    ]

    write(exercise, "<p>Places.</p>")
    write(exercise, "<p>Texte.</p>", exercise.narrative)
    assert lines(exercise, "vides") == []


def test_a_table_without_any_action_is_to_complete(exercise):
    table = BlockFactory(chapter=exercise.table.chapter, actions=True, position=2)
    assert lines(exercise, "vides") == [(Weight.COMPLETE, "Aucune action n'est saisie pour cet axe.")]

    line = LineFactory(action=ActionFactory(axis=table.axis), year=exercise.year, state=exercise.done)
    for column in table.layout.columns.filter(role__in=Column.TEXT_ROLES):
        TextBlockFactory(cell=True, line=line, column=column)
    assert lines(exercise, "vides") == []


def test_a_text_of_last_year_is_listed_until_it_is_read(exercise):
    TextBlock.objects.filter(pk=exercise.text.pk).update(is_to_reread=True)
    [flaw] = group(exercise, "relire").flaws
    assert (flaw.weight, flaw.places[0].label) == (
        Weight.COMPLETE,
        f"Axe {exercise.table.axis.number}, Ouvrir dix places (0), Indicateurs de suivi et résultats",
    )

    write(exercise, "<p>Places ouvertes.</p>")
    assert lines(exercise, "relire") == []


def test_a_number_that_no_figure_holds_goes_when_it_is_linked(exercise):
    write(exercise, "<p>Soit 100 demandes.</p>", exercise.narrative)
    assert lines(exercise, "nombres") == [
        (Weight.KNOW, "Un nombre n'est relié à aucun chiffre (1 peut l'être) : 100.")
    ]

    cited = f'<p>Soit <span data-ref="{exercise.indicator.code}"></span> demandes.</p>'
    write(exercise, cited, exercise.narrative)
    assert lines(exercise, "nombres") == []


def test_an_acronym_goes_when_it_is_spelled_out(exercise):
    write(exercise, "<p>Le SIAO oriente.</p>")
    assert lines(exercise, "sigles") == [(Weight.KNOW, "« SIAO » n'est jamais accompagné de son nom entier.")]

    write(exercise, "<p>Le service intégré d'accueil et d'orientation (SIAO) oriente.</p>")
    assert lines(exercise, "sigles") == []


def test_a_row_taller_than_a_page_goes_when_it_is_shortened(exercise):
    write(exercise, f"<p>{'mot ' * 3000}</p>")
    [flaw] = group(exercise, "pages").flaws
    assert (flaw.weight, flaw.sentence) == (
        Weight.KNOW,
        "La ligne « Ouvrir dix places (0) » tient sur plus d'une page.",
    )
    assert flaw.places[0].url.endswith(f"#action-{exercise.line.pk}")

    write(exercise, "<p>Places ouvertes.</p>")
    assert lines(exercise, "pages") == []


@pytest.mark.parametrize(
    ("alt", "description", "weights"),
    [
        ("", "", [Weight.COMPLETE]),
        (" ", "", [Weight.COMPLETE]),
        ("31 en 2022", "", [Weight.KNOW]),
        ("31 en 2022", "Les demandes ont doublé.", []),
    ],
)
def test_a_chart_without_words_is_listed_once(exercise, alt, description, weights):
    chart = Chart("graphique-7-series", "series", "Demandes", alt, (), description=description)
    again = replace(chart, anchor="synthese-graphique-7-series")
    sections = tuple(
        Section(held.anchor, "Axe 1", 2, content=(Charts("Chiffres clés", (held,)),))
        for held in (again, chart)
    )
    drawn = Document("", "", "fr", (), "", "", sections=sections)

    found = layout.pictures(exercise.year, drawn)

    assert [flaw.weight for flaw in found.flaws] == weights
    assert found.checked == 1
    assert [flaw.places[0].url for flaw in found.flaws] == [
        "/ici/2023/graphiques/#graphique-7-series" for _ in weights
    ]


def test_a_row_is_measured_by_its_lines_and_its_paragraphs():
    """What a page was seen to hold: 39 lines of one paragraph, or 30 paragraphs of a line."""
    columns = (ReportColumn("Intitulé", "title", 50), ReportColumn("Observations", "observations", 50))

    def fills(*lines):
        cells = (Cell(paragraphs("Titre"), is_header=True), Cell(paragraphs(*lines)))
        return layout.fills_a_page(Row("action-1", cells), columns)

    line = "x" * 87
    assert [fills(line * count) for count in (38, 41)] == [False, True]
    assert [fills(*["x"] * count) for count in (30, 31)] == [False, True]


def paragraphs(*lines):
    return tuple(Paragraph((Text(line),)) for line in lines)


# --- What it counts ---


def test_a_line_that_is_only_to_be_known_counts_nowhere(exercise):
    before = rehearse(exercise.year)
    write(exercise, "<p>Le SIAO oriente.</p>")
    after = rehearse(exercise.year)

    assert (after.right, after.checked) == (before.right, before.checked)
    assert after.counts == [
        (Weight.BLOCKS, 0),
        (Weight.JUSTIFY, 0),
        (Weight.COMPLETE, 0),
        (Weight.KNOW, 1),
    ]
    assert after.may_be_sent


def test_a_mended_line_is_one_more_point_right_of_as_many(exercise):
    TextBlock.objects.filter(pk=exercise.narrative.pk).update(content="")
    before = rehearse(exercise.year)
    write(exercise, "<p>Texte.</p>", exercise.narrative)
    after = rehearse(exercise.year)

    assert before.checked - before.right == 1
    assert after.checked == after.right


@pytest.mark.parametrize("rows", [1, 3])
def test_a_rehearsal_takes_the_same_queries_whatever_its_rows(db, rows, django_assert_num_queries):
    exercise = Exercise(rows=rows)
    campaign = CampaignFactory(year=exercise.year, opened=True)
    for rank in range(rows):
        exercise.add_line(f"Sans état {rank}", state=None)
        IndicatorFactory(territory=exercise.territory, action=exercise.lines[rank].action)
        SubmissionFactory(campaign=campaign)
        JustificationFactory(year=exercise.year)
        text = TextBlockFactory(block=BlockFactory(chapter=exercise.table.chapter), content="<p>12 SIAO.</p>")
        write(exercise, f'<p><span data-ref="{exercise.indicator.code}"></span></p>', text)
    correct(exercise, 101)
    year = Year.objects.select_related("territory", "agreement").get(pk=exercise.year.pk)

    with django_assert_num_queries(81):
        found = rehearse(year)

    assert sum(flaw.use is not None for _, flaw in found.flaws) == rows


# --- The gate says the same ---


def test_the_gate_refuses_what_the_rehearsal_says_is_not_ready(exercise):
    write(exercise, ALERT + BLOCKING)
    write(exercise, f'<p><span data-ref="{exercise.indicator.code}"></span></p>', exercise.narrative)
    correct(exercise, 101)

    assert not rehearse(exercise.year).may_be_sent
    with pytest.raises(ValidationError) as refused:
        exercise.transmit()
    assert [sentence.partition(" : ")[0] for sentence in refused.value.messages] == [
        "Un chiffre cité a changé",
        "Constat bloquant",
        "Alerte",
    ]
    assert exercise.state() == "review"


def test_the_gate_opens_once_each_is_answered(exercise):
    write(exercise, ALERT)
    write(exercise, f'<p><span data-ref="{exercise.indicator.code}"></span></p>', exercise.narrative)
    correct(exercise, 101)
    [alert] = verdict_of(exercise.year).alerts
    justify(year=exercise.year, key=alert.key, reason="En cours.", by=exercise.lead)
    [use] = staleness.stale_of(exercise.year)
    staleness.keep(citation=use.citation, reason="Chiffre de la convention", by=exercise.lead)

    assert gate.obstacles(exercise.year) == []
    exercise.transmit()
    assert exercise.state() == "sent"


# --- The page and its acts ---


def test_the_page_shows_a_form_for_each_alert_and_each_change(exercise, lead):
    write(exercise, ALERT)
    write(exercise, f'<p>Soit <span data-ref="{exercise.indicator.code}"></span>.</p>', exercise.narrative)
    correct(exercise, 101)

    page = lead.get(url(exercise)).content.decode()

    assert "Soit <del>100</del> <ins>101</ins>." in page
    assert (page.count("Justifier ce constat"), page.count("Accepter « 101 »")) == (1, 1)
    assert "Le rapport ne peut pas encore être transmis." in page


def test_the_page_of_a_flawless_exercise_says_so(exercise, lead):
    page = lead.get(url(exercise)).content.decode()
    assert "Rien à reprendre" in page
    assert "Plus rien ne s'oppose à la transmission." in page


def test_an_alert_is_justified_from_the_page(exercise, lead):
    write(exercise, ALERT)
    [alert] = verdict_of(exercise.year).alerts

    response = lead.post(url(exercise, "justify"), {"key": alert.key, "reason": "En cours."})

    assert (response.status_code, response.url) == (302, url(exercise) + "#constats")
    page = lead.get(url(exercise)).content.decode()
    assert "Constats justifiés" in page
    assert "Justifier ce constat" not in page


def test_a_justification_without_a_reason_comes_back_beside_its_field(exercise, lead):
    write(exercise, ALERT)
    [alert] = verdict_of(exercise.year).alerts

    response = lead.post(url(exercise, "justify"), {"key": alert.key, "reason": " "})

    assert response.status_code == 422
    page = response.content.decode()
    assert f'id="motif-{alert.key}-erreur">Écrivez pourquoi ce constat peut rester.' in page
    assert not Justification.objects.exists()


def test_a_reason_too_long_is_kept_in_its_field(exercise, lead):
    write(exercise, ALERT)
    [alert] = verdict_of(exercise.year).alerts
    response = lead.post(url(exercise, "justify"), {"key": alert.key, "reason": "x" * 1001})
    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()


def test_a_justification_is_taken_back(exercise, lead):
    row = JustificationFactory(year=exercise.year)
    page = lead.get(url(exercise)).content.decode()
    assert "N'est plus relevé avec ces nombres" in page

    response = lead.post(url(exercise, "withdraw_justification", row.pk))

    assert response.status_code == 302
    assert not Justification.objects.exists()


def test_a_justification_of_another_exercise_is_out_of_reach(exercise, lead):
    row = JustificationFactory()
    assert lead.post(url(exercise, "withdraw_justification", row.pk)).status_code == 404
    assert Justification.objects.filter(pk=row.pk).exists()


def test_every_change_of_a_text_is_accepted_at_once_as_it_was_shown(exercise, lead):
    code = exercise.indicator.code
    write(exercise, f'<p><span data-ref="{code}"></span>, <span data-ref="{code}, lettres"></span>.</p>')
    correct(exercise, 101)
    seen = {f"vu-{use.citation.pk}": use.words for use in staleness.stale_of(exercise.year)}

    response = lead.post(url(exercise, "accept_changes"), seen)

    assert (response.status_code, response.url) == (302, url(exercise) + "#a-revoir")
    text = TextBlock.objects.get(pk=exercise.text.pk)
    assert plain(parse(text.content)) == "101, cent un."
    assert text.history.filter(history_change_reason="Chiffre mis à jour").count() == 1


def test_what_moved_after_the_page_was_shown_is_not_accepted(exercise, lead):
    cite(exercise)
    correct(exercise, 101)
    [use] = staleness.stale_of(exercise.year)
    correct(exercise, 102)

    response = lead.post(url(exercise, "accept_changes"), {f"vu-{use.citation.pk}": "101"})

    assert response.status_code == 422
    assert "a encore changé" in response.content.decode()
    assert "100" in TextBlock.objects.get(pk=exercise.text.pk).content


def test_the_old_figure_is_kept_with_a_reason(exercise, lead):
    cite(exercise)
    correct(exercise, 101)
    [use] = staleness.stale_of(exercise.year)
    seen = {f"vu-{use.citation.pk}": "101"}

    refused = lead.post(url(exercise, "keep_changes"), seen | {"reason": ""})
    assert refused.status_code == 422
    assert f'id="motif-{use.citation.pk}-erreur">Écrivez pourquoi' in refused.content.decode()

    kept = lead.post(url(exercise, "keep_changes"), seen | {"reason": "Chiffre de la convention"})
    assert kept.status_code == 302
    use.citation.refresh_from_db()
    assert (use.citation.kept_reason, use.citation.kept_against) == ("Chiffre de la convention", "101")
    assert staleness.stale_of(exercise.year) == []


@pytest.mark.parametrize(
    "data", [{}, {"vu-": "1"}, {"vu-x": "1"}, {"vu-²": "1"}, {"vu-99999999999": "1"}, {"vu-999": "1"}]
)
def test_nonsense_accepts_nothing(exercise, lead, data):
    cite(exercise)
    correct(exercise, 101)
    assert lead.post(url(exercise, "accept_changes"), data).status_code == 422
    assert len(staleness.stale_of(exercise.year)) == 1


def test_a_change_of_another_exercise_is_not_accepted_here(exercise, lead):
    elsewhere = Exercise(territory="la-bas")
    cite(elsewhere)
    correct(elsewhere, 101)
    [use] = staleness.stale_of(elsewhere.year)

    response = lead.post(url(exercise, "accept_changes"), {f"vu-{use.citation.pk}": "101"})

    assert response.status_code == 422
    assert len(staleness.stale_of(elsewhere.year)) == 1


def test_the_exercise_that_was_sent_is_read_and_no_longer_answered(exercise, lead):
    write(exercise, ALERT)
    cite(exercise)
    Year.objects.update(state="sent")

    page = lead.get(url(exercise))
    assert page.status_code == 200
    assert "<form" not in page.content.decode().partition("<main")[2]
    assert lead.post(url(exercise, "accept_changes"), {"vu-1": "1"}).status_code == 403


def test_the_spreadsheet_says_the_same_lines(exercise, lead):
    plant_everything(exercise)
    expected = [
        (group.title, flaw.weight.label, flaw.sentence) for group, flaw in rehearse(exercise.year).flaws
    ]

    response = lead.get(url(exercise, "rehearsal_file"))

    assert response["Content-Disposition"] == 'attachment; filename="repetition-ici-2023.xlsx"'
    headings, *rows = (
        CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    )
    assert headings == [
        "Rubrique",
        "Importance",
        "Ce qui ne va pas",
        "Que faire",
        "Endroit",
        "Phrase",
        "Lien",
    ]
    assert [tuple(row[:3]) for row in rows] == expected
    assert all(row[3] and row[6].startswith("http://testserver/ici/2023/") for row in rows)


def test_the_page_belongs_to_the_lead(exercise, client):
    for role in ("partner", "ddets", "reader"):
        client.force_login(MembershipFactory(territory=exercise.territory, **{role: True}).user)
        assert client.get(url(exercise)).status_code == 404
