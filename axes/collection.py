"""What the partners answered to many questions at once: the accepted answers, and how many partners were asked."""

from dataclasses import dataclass, field

from django.db.models import Count

from axes.models.answer import Accepted
from axes.models.campaign import Question


@dataclass(slots=True)
class Answers:
    """The accepted answers to an indicator in an exercise, and how many partners of its campaign are asked."""

    asked: int
    accepted: list = field(default_factory=list)


def answers_over(keys):
    """{(indicator.pk, exercise number): Answers} of those asked in an opened campaign; two queries, none for no key."""
    if not keys:
        return {}
    wanted = {
        "indicator__in": {indicator for indicator, _ in keys},
        "submission__campaign__year__number__in": {number for _, number in keys},
        "submission__campaign__opened_at__isnull": False,
    }
    asked = Question.objects.filter(**wanted).order_by()
    counts = asked.values_list("indicator", "submission__campaign__year__number").annotate(Count("pk"))
    found = {(indicator, number): Answers(count) for indicator, number, count in counts}
    accepted = Accepted.objects.current().filter(
        **{f"question__{name}": value for name, value in wanted.items()}
    )
    related = ("question__submission__campaign__year", "question__submission__organisation")
    for answer in accepted.select_related(*related, "accepted_by", "sending"):
        key = answer.question.indicator_id, answer.question.submission.campaign.year.number
        found[key].accepted.append(answer)
    return found
