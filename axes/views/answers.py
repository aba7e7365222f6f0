"""The partner's side of a campaign: its questionnaires, its form, what it sent."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from axes.doors import submission_page
from axes.submissions import guests, moves


@require_safe
@submission_page
def fill(request, submission, party):
    context = {"submission": submission, "party": party, "questions": moves.questions_of(submission)}
    return render(request, "axes/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def guest(request, token):
    """The page of a guest link: a mailbox that follows links opens nothing, a person confirms by a button."""
    link = guests.link_of(token)
    if link is None:
        return render(request, "axes/guest_refused.html", status=404)
    if request.method != "POST":
        return render(request, "axes/guest.html", {"link": link})
    guests.open_in(request.session, link)
    year = link.submission.campaign.year
    return redirect("axes:fill", year.territory.code, year.number, link.submission_id)
