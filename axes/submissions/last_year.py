"""What a partner answered last year to what it is asked now."""

from axes.models import Accepted, Question, Year
from axes.values import Value, period_of, values_of


def value_of_quantity(quantity, *, unit, indicator, number):
    """The Value of a Quantity (a row, or a figure as it was sent) for the exercise `number`."""
    return Value(unit=unit, period=period_of(indicator, number), **quantity.quantity)


def values_last_year(submission, indicators):
    """{indicator.pk: Value}: the partner's own accepted answer of last year; else, where it alone is asked, the value
    that the indicator had. Nothing for what has none. The same queries whatever the number of indicators."""
    campaign = submission.campaign
    before = Year.objects.filter(
        territory=campaign.year.territory_id, number=campaign.year.number - 1
    ).first()
    if before is None:
        return {}
    by_key = {indicator.pk: indicator for indicator in indicators}
    own = (
        Accepted.objects.current()
        .filter(
            question__indicator__in=by_key,
            question__submission__organisation=submission.organisation_id,
            question__submission__campaign__year=before,
        )
        .select_related("question")
    )
    found = {
        accepted.question.indicator_id: value_of_quantity(
            accepted,
            unit=by_key[accepted.question.indicator_id].unit,
            indicator=by_key[accepted.question.indicator_id],
            number=before.number,
        )
        for accepted in own
    }
    shared = set(
        Question.objects.filter(submission__campaign=campaign, indicator__in=by_key)
        .exclude(submission=submission)
        .values_list("indicator", flat=True)
    )
    alone = [indicator for key, indicator in by_key.items() if key not in found and key not in shared]
    values = values_of(alone, before)
    return found | {key: value for key, value in values.items() if not value.is_pending}
