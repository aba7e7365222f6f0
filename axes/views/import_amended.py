"""An export that was amended in Word: its differences with the exercise, accepted one by one or together."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from axes.doors import import_page
from axes.imports import decisions
from axes.imports.amended import Amended, save_amended
from axes.imports.decisions import Verdict
from axes.progress import count_words
from axes.views.import_review import review_url
from logement.locking import Conflict

MOVED = "Cet écart n'est plus celui que vous avez lu : le voici tel qu'il est maintenant."


def amended_page(view):
    """Opens a view `(request, report, Amended)` of an export that was understood; 404 for any other report."""

    @import_page
    def opened(request, report):
        if not (report.compared_to_id and report.is_understood):
            raise Http404
        return view(request, report, Amended(report))

    return opened


@require_safe
@amended_page
def amended(request, report, found):
    return render(request, "axes/import_amended.html", {"report": report, "found": found})


@require_POST
@amended_page
def decide(request, report, found):
    """A difference, as it was read, or all those that wait."""
    wanted = request.POST.get("item", "")
    verdict = request.POST.get("verdict", "")
    chosen = [one for one in found.waiting if not wanted] or [
        one for one in found.differences if one.key == wanted
    ]
    if verdict not in Verdict.values or not chosen:
        messages.error(request, MOVED)
        return redirect("axes:amended", report.territory.code, report.pk)
    try:
        for one in chosen:
            if wanted and request.POST.get("version", "") != str(one.version):
                raise Conflict(one)
            held = one.decision.version if one.decision else 0
            decisions.decide(
                report=report, item=one.key, version=held, by=request.user, verdict=verdict, fields=one.seen
            )
    except Conflict:
        messages.error(request, MOVED)
    except ValidationError as error:
        messages.error(request, error.message)
    anchor = f"#{chosen[0].anchor}" if wanted else ""
    return redirect(f"{review_url(report)}ecarts/{anchor}")


@require_POST
@amended_page
def save(request, report, found):
    try:
        done = save_amended(report=report, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("axes:amended", report.territory.code, report.pk)
    messages.success(
        request, f"{count_words(done, 'écart enregistré', 'écarts enregistrés') or 'Aucun écart enregistré'}."
    )
    return redirect("axes:axes", report.territory.code, report.compared_to.number)
