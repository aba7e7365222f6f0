"""What the report of the demonstration draws: its key figures, and the page that opens it."""

from axes import key_figures
from axes.key_figures import Wish
from axes.models import Indicator

SERIES, PARTS = key_figures.Shape.SERIES, key_figures.Shape.PARTS
#: (code, shape, description, whether it is in « L'année en chiffres »)
CHOSEN = (
    ("P07", SERIES, "La demande de logement social continue de monter.", True),
    ("A1-10", SERIES, "", False),
    ("A2-03", SERIES, "", False),
    ("A3-06", SERIES, "Un tiers de ménages de plus qu'un an avant.", True),
    ("A3-11", PARTS, "Une personne sur cinq qui entre dans un logement est un enfant.", True),
    ("A3-14", SERIES, "Toutes les mesures prévues par la convention sont ouvertes.", True),
    ("A4-10", SERIES, "", True),
    ("A4-15", PARTS, "Un ménage sur trois a été relogé ; huit suivis restent sans issue connue.", True),
    ("A5-01", SERIES, "", False),
)


def choose(year, *, by):
    indicators = {row.code: row.pk for row in Indicator.objects.filter(territory=year.territory)}
    chosen = {
        (indicators[code], shape): Wish(description, is_in_synthesis)
        for code, shape, description, is_in_synthesis in CHOSEN
    }
    key_figures.choose(year=year, version=0, has_synthesis=True, chosen=chosen, by=by)
