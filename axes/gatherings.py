"""The figures that count gatherings: those of an indicator's action, of the kind that the indicator names."""

from django.db.models import Count, Q, Sum

from axes.figures import figure
from axes.models import Gathering
from axes.models.quantity import Blank

SCOPE = (("action_id", "action_id"), ("kind_id", "gathering_kind_id"))
COLUMNS = (
    ("Date", "held_on"),
    ("Type", "kind"),
    ("Intitulé", "title"),
    ("Action", "action"),
    ("Participants", "participants_display"),
)


@figure(
    "axes.gatherings",
    label="Événements : nombre",
    unit="événements",
    formula="Nombre d'événements de l'action, du type choisi, tenus dans la période",
    breakdown="kind__label",
    aggregate=Count("pk"),
    scope=SCOPE,
    columns=COLUMNS,
    is_about_people=False,
)
def gatherings(territory, period):
    return Gathering.objects.of(territory).held(period).select_related("kind", "action")


@figure(
    "axes.participants",
    label="Événements : participants",
    unit="participants",
    formula="Somme des participants aux événements de l'action, du type choisi, tenus dans la période",
    breakdown="kind__label",
    aggregate=Sum("participants"),
    lacking=Q(participants__isnull=True) & ~Q(participants_blank=Blank.NOT_APPLICABLE),
    scope=SCOPE,
    columns=COLUMNS,
    is_about_people=False,
)
def participants(territory, period):
    return gatherings(territory, period)
