"""A new indicator of a territory: its code, what it counts, its target."""

from datetime import date
from itertools import count

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from axes.models import Indicator, Target
from axes.workflow import check_open
from logement import audit
from logement.text import clean_text

WITHOUT_NUMBER, OUTSIDE = "X-", "C-"  # how the codes begin: of an axis without number, of no action


def next_code(territory, action):
    """« A3-07 » follows the last code of the axis 3 in the territory."""
    number = action.axis.number if action else None
    prefix = OUTSIDE if action is None else WITHOUT_NUMBER if number is None else f"A{number}-"
    held = set(
        Indicator.objects.filter(territory=territory, code__startswith=prefix).values_list("code", flat=True)
    )
    return next(code for rank in count(1) if (code := f"{prefix}{rank:02}") not in held)


@transaction.atomic
def add_indicator(*, year, action, target=None, by, **fields):
    """Writes an indicator of `action` (None: of the context), with its target in the exercise; gives it.

    A cumul that says no date counts from the first day of the convention. Raises ValidationError, by field.
    """
    check_open(year)
    cleaned = {
        name: clean_text(value).strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    indicator = Indicator(territory=year.territory, action=action, **cleaned)
    if indicator.temporality == Indicator.Temporality.CUMULATIVE:
        indicator.since = indicator.since or date(year.agreement.starts_on.year, 1, 1)
    elif indicator.since:
        raise ValidationError(
            {"since": "Seul un cumul porte la date depuis laquelle on compte : laissez-la vide."}
        )
    indicator.code = next_code(year.territory, action)
    last = Indicator.objects.filter(territory=year.territory).aggregate(last=Max("position"))["last"]
    indicator.position = (last or 0) + 1
    indicator.full_clean()
    indicator._history_user = by
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError as error:  # two people at once
        raise ValidationError("Quelqu'un vient d'ajouter un indicateur : recommencez.") from error
    if target is not None:
        Target.objects.create(indicator=indicator, year=year, number=target)
    audit.record(by=by, act="Ajout d'un indicateur", about=indicator, territory=year.territory)
    return indicator
