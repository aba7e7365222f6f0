"""The lead's reading of what a partner sent: accept, return, contest."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from axes.doors import year_page
from axes.models import Submission
from logement.roles import Permission as P


@require_safe
@year_page(P.RUN_CAMPAIGN)
def review(request, year, pk):
    submission = get_object_or_404(Submission.objects.filter(campaign__year=year), pk=pk)
    return render(request, "axes/review.html", {"year": year, "submission": submission})
