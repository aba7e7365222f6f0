"""What a partner answered last year to what it is asked now."""

from axes.models import Accepted, Question, Sending, Year
from axes.submissions.content import figures_of
from axes.values import value_of_fields, values_of


def values_last_year(submission, indicators):
    """{indicator.pk: Value}: the partner's own answer of last year; else the value that the indicator had, where nobody
    else was asked for it then or now: a total would tell what the others answered. Nothing for what has none.

    The same queries whatever the number of indicators.
    """
    campaign = submission.campaign
    before = Year.objects.filter(
        territory=campaign.year.territory_id, number=campaign.year.number - 1
    ).first()
    if before is None:
        return {}
    by_key = {indicator.pk: indicator for indicator in indicators}
    found = {
        key: value_of_fields(figure.quantity, before.number, indicator=by_key[key])
        for key, figure in own_answers(submission, before, by_key).items()
    }
    shared = set(
        Question.objects.filter(submission__campaign__year__in=[campaign.year, before], indicator__in=by_key)
        .exclude(submission__organisation=submission.organisation_id)
        .values_list("indicator", flat=True)
    )
    alone = [indicator for key, indicator in by_key.items() if key not in found and key not in shared]
    values = values_of(alone, before)
    return found | {key: value for key, value in values.items() if not value.is_pending}


def own_answers(submission, before, keys):
    """{indicator.pk: figure}: what the partner last sent for the exercise `before`, what was accepted of it first."""
    own = {"submission__organisation": submission.organisation_id, "submission__campaign__year": before}
    sending = Sending.objects.filter(**own).order_by("-rank").first()
    indicators = dict(Question.objects.filter(**own, indicator__in=keys).values_list("pk", "indicator"))
    sent = figures_of(sending) if sending else {}
    accepted = Accepted.objects.current().filter(question__in=indicators)
    figures = sent | {answer.question_id: answer for answer in accepted}
    return {indicators[key]: figure for key, figure in figures.items() if key in indicators}
