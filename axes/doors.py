"""The door of every page of an exercise: `/<territory>/<year>/…`."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from axes.models import Year
from logement.access import requires


def year_page(permission, *, sees=None):
    """Opens a view `(request, year, …)`, as `requires` does; `year` comes with its territory and its convention."""

    def decorate(view):
        @requires(permission, sees=sees)
        @wraps(view)
        def opened(request, territory, number, *args, **kwargs):
            year = get_object_or_404(
                Year.objects.select_related("territory", "agreement"), territory=territory, number=number
            )
            return view(request, year, *args, **kwargs)

        return opened

    return decorate


def check_still_open(year):
    """Refuses a form on an exercise that was sent: who sees it may read, nobody may write."""
    if not year.is_open:
        raise PermissionDenied("Cet exercice a été transmis : il ne se modifie plus sans être rouvert.")
