"""What the plan lacks: states, reasons, figures, partners' answers, texts."""

from django.urls import reverse
from django.utils import timezone

from axes.dossier import place_of, place_of_cell, place_of_text
from axes.models import Block, Campaign, Column, Submission, TextBlock
from axes.values import PENDING
from logement.templatetags.ui import date_fr
from reporting.models import Inquiry
from reporting.rehearsal.flaws import Flaw, Group, Spot, Weight
from reporting.rehearsal.spots import spot_of

State = Submission.State


def at(place, year, weight, sentence, mend):
    """A Flaw at a Place of the exercise."""
    return Flaw(weight, sentence, (spot_of(place, year),), mend)


def states(year, tables):
    """The lines without a state, and the states whose reason is missing."""
    cells = [(table.axis, cell) for table in tables for row in table.rows for cell in row]
    cells = [(axis, cell) for axis, cell in cells if cell.column.role == Column.Role.STATE]
    flaws, checked = [], 0
    for axis, cell in cells:
        checked += 2 if cell.line.state and cell.line.state.asks_reason else 1
        place = place_of_cell(cell, axis, year)
        if cell.line.state is None:
            sentence = f"« {cell.line.title} » n'a pas d'état de réalisation."
            flaws.append(at(place, year, Weight.BLOCKS, sentence, "Choisissez l'état de l'action."))
        elif cell.line.lacks_reason:
            sentence = f"« {cell.line.title} » est « {cell.line.state_word} » sans motif."
            flaws.append(at(place, year, Weight.COMPLETE, sentence, "Dites pourquoi, en une phrase."))
    why = "Un état vide ne s'imprime jamais ; tout autre état que « réalisée » s'explique."
    return Group("etats", "États de réalisation", why, tuple(flaws), checked)


def figures(year, dossier):
    """The figures that nobody gave (neither a number, nor « non disponible » or « sans objet »), the partial totals."""
    flaws = []
    for figure in dossier.figures:
        if figure.blank == PENDING:
            sentence = f"« {figure.label} » n'est pas encore reçu."
            mend = "Saisissez la valeur, ou dites qu'elle est non disponible ou sans objet."
        elif figure.is_partial:
            sentence = f"« {figure.label} » est un total partiel : des partenaires n'ont pas répondu."
            mend = "Relancez-les, ou validez ce qu'ils ont transmis."
        else:
            continue
        flaws.append(at(figure.place, year, Weight.COMPLETE, sentence, mend))
    why = "L'annexe imprime « pas encore reçu », ou « total partiel »."
    return Group("chiffres", "Chiffres manquants", why, tuple(flaws), len(dossier.figures))


def partners(year):
    """The partners whose answers are not all validated."""
    campaign = Campaign.objects.filter(year=year).first()
    submissions = Submission.objects.filter(campaign=campaign).select_related("organisation")
    submissions = list(submissions) if campaign else []
    flaws = [
        partner(year, campaign, submission)
        for submission in submissions
        if submission.state != State.VALIDATED
    ]
    why = "Sans leur réponse validée, les totaux restent partiels."
    return Group("partenaires", "Réponses des partenaires", why, tuple(flaws), len(submissions))


def partner(year, campaign, submission):
    name, code, number = submission.organisation.name, year.territory.code, year.number
    if submission.state == State.SENT:
        url = reverse("axes:review", args=[code, number, submission.pk])
        sentence, spot = f"Le bilan transmis par {name} attend votre examen.", Spot(name, url)
        return Flaw(Weight.COMPLETE, sentence, (spot,), "Examinez-le.")
    url = reverse("axes:campaign", args=[code, number]) + f"#bilan-{submission.pk}"
    if not campaign.opened_at:
        sentence, mend = f"{name} n'est pas encore interrogé.", "Ouvrez la campagne."
    elif submission.state == State.RETURNED:
        sentence, mend = f"{name} n'a pas encore corrigé son bilan.", "Relancez ce partenaire."
    else:
        late = ", en retard" if campaign.is_past_due(timezone.localdate()) else ""
        sentence = f"{name} n'a pas répondu (date limite : {date_fr(campaign.closes_on)}{late})."
        mend = "Relancez ce partenaire, ou saisissez pour son compte."
    return Flaw(Weight.COMPLETE, sentence, (Spot(f"Campagne, {name}", url),), mend)


def inquiries(year):
    """What the State asked of the report, and that has no answer yet."""
    url = reverse("reporting:inquiries", args=[year.territory.code, year.number])
    asked = list(Inquiry.objects.filter(year=year, withdrawn_at__isnull=True))
    flaws = [
        Flaw(
            Weight.COMPLETE,
            f"Un complément est demandé sur « {inquiry.about} ».",
            (Spot("Demandes de complément", f"{url}#demande-{inquiry.pk}"),),
            "Répondez, ou dites à la transmission que la version y répond.",
        )
        for inquiry in asked
        if inquiry.is_waiting
    ]
    why = "L'État attend la réponse."
    return Group("demandes", "Demandes de complément", why, tuple(flaws), len(asked))


def blanks(year, tables):
    """The cells and the texts of chapters that hold nothing, the tables without any action."""
    flaws, checked = [], 0
    for table in tables:
        cells = [cell for row in table.rows for cell in row if cell.column.role in Column.TEXT_ROLES]
        checked += len(cells) or 1
        flaws += [blank_cell(cell, table.axis, year) for cell in cells if cell.is_empty]
        if not table.rows:
            url = reverse("axes:axis", args=[year.territory.code, year.number, table.axis.pk])
            sentence, mend = "Aucune action n'est saisie pour cet axe.", "Ajoutez-en une."
            spot = Spot(table.axis.full_label, url)
            flaws.append(Flaw(Weight.COMPLETE, sentence, (spot,), mend))
    for block, chapter in text_blocks(year):
        checked += 1
        if not block.content:
            place = place_of_text(block, chapter)
            sentence = f"Un texte de « {chapter} » n'est pas écrit."
            flaws.append(at(place, year, Weight.COMPLETE, sentence, "Écrivez-le."))
    why = "Une cellule vide s'imprime vide."
    return Group("vides", "Textes à écrire", why, tuple(flaws), checked)


def blank_cell(cell, axis, year):
    column = cell.column.heading_for(year.number)
    sentence = f"« {cell.line.title} » : la cellule « {column} » est vide."
    return at(place_of_cell(cell, axis, year), year, Weight.COMPLETE, sentence, "Écrivez-la.")


def text_blocks(year):
    """[(Block, its Chapter)] of the blocks that hold a text, in the order of the report."""
    blocks = Block.objects.filter(chapter__year=year, kind=Block.Kind.TEXT)
    blocks = blocks.select_related("chapter", "text")
    return [
        (block, block.chapter) for block in blocks.order_by("chapter__position", "chapter", "position", "pk")
    ]


def rereads(year):
    """The texts that come from the exercise before and that nobody has read again."""
    written = TextBlock.objects.filter(year=year).exclude(content="")
    waiting = written.filter(is_to_reread=True).select_related("line__axis", "column", "block__chapter")
    flaws = [
        at(
            place_of(text, year),
            year,
            Weight.COMPLETE,
            "Ce texte vient de l'exercice précédent et n'a pas été relu.",
            "Relisez-le, puis enregistrez-le.",
        )
        for text in waiting
    ]
    why = "Repris de l'an dernier, il peut dire ce qui n'est plus vrai."
    return Group("relire", "Textes à relire", why, tuple(flaws), written.count())
