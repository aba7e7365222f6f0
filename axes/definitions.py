"""What an indicator counts: changing it breaks its series; saying it better does not."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from axes.computation import breaks_of
from axes.models import Indicator, SeriesBreak
from axes.workflow import check_open
from logement import audit
from logement.locking import Conflict
from logement.text import clean_text


@dataclass(frozen=True, slots=True)
class Definition:
    """What is counted, and where."""

    definition: str
    perimeter: str


def definitions_over(indicators, numbers):
    """{(indicator.pk, exercise number): Definition} in force there, in one query.

    That of before the first redefinition after the exercise, else today's.
    """
    breaks = breaks_of(indicators)
    return {
        (indicator.pk, number): definition_in(indicator, number, breaks.get(indicator.pk, ()))
        for indicator in indicators
        for number in numbers
    }


def definitions_of(indicators, number):
    """{indicator.pk: Definition} in the exercise `number`; see `definitions_over`."""
    return {pk: definition for (pk, _), definition in definitions_over(indicators, [number]).items()}


def definition_in(indicator, number, breaks):
    later = next((held for held in breaks if held.number > number and held.is_redefined), None)
    if later is None:
        return Definition(indicator.definition, indicator.perimeter)
    return Definition(later.definition_before, later.perimeter_before)


def version_of(indicator):
    """What a form read: the last record of the indicator's history."""
    last = indicator.history.first()
    return last.pk if last else 0


@transaction.atomic
def change_definition(*, indicator, year, version, is_redefined, reason, by, **fields):
    """Writes `fields` (definition, perimeter, flow) of an indicator read at `version`; raises Conflict.

    With `is_redefined`, what is counted changes from the exercise `year` on: the series breaks there, and the earlier
    exercises keep what was in force. Without, it is the same measure, better said. Both need a reason; raises
    ValidationError with French sentences.
    """
    check_open(year)
    current = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    if version_of(current) != version:
        raise Conflict(current)
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError({"reason": "Dites en une phrase pourquoi la définition change."})
    if is_redefined:
        break_series(current, year, reason, by)
    for name, value in fields.items():
        setattr(current, name, clean_text(value).strip() if isinstance(value, str) else value)
    current.clean_fields(exclude=["base"])
    current.validate_constraints()
    current._history_user, current._change_reason = by, reason[:100]
    current.save()
    audit.record(
        by=by,
        act="Définition changée : rupture de série" if is_redefined else "Définition précisée",
        about=current,
        territory=year.territory,
        detail=reason,
    )
    return current


def break_series(indicator, year, reason, by):
    """Keeps what was in force before; the way of obtaining it stays."""
    if indicator.breaks.filter(number__gt=year.number).exists():
        raise ValidationError("Cet indicateur a déjà changé dans un exercice plus récent : changez-le là.")
    origin = {
        "source_before": indicator.source,
        "figure_key_before": indicator.figure_key,
        "gathering_kind_before": indicator.gathering_kind,
    }
    SeriesBreak.objects.create(
        indicator=indicator,
        number=year.number,
        source_after=indicator.source,
        is_redefined=True,
        definition_before=indicator.definition,
        perimeter_before=indicator.perimeter,
        reason=reason,
        created_by=by,
        **origin,
    )
