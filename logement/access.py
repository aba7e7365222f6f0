"""The doors of the views: each view says which permission it asks."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from logement.models import Organisation, Territory


def requires(permission, *, sees=None):
    """Opens a view `(request, territory, …)` to whoever holds `permission` in the territory named by its code.

    Who does not even see (`sees`, by default `permission` itself) gets the 404 of an address that does not exist;
    who sees but may not act gets 403. `permission` and `sees` may be tuples: one of them is enough.
    """
    acts = permission if isinstance(permission, tuple) else (permission,)
    looks = acts if sees is None else (sees if isinstance(sees, tuple) else (sees,))

    def decorate(view):
        @wraps(view)
        def guarded(request, territory, *args, **kwargs):
            place = get_object_or_404(Territory.objects.visible_to(request.user), code=territory)
            if not any(request.user.may(look, place) for look in (*looks, *acts)):
                raise Http404
            if not any(request.user.may(act, place) for act in acts):
                raise PermissionDenied
            return view(request, place, *args, **kwargs)

        guarded.permissions = acts
        return guarded

    return decorate


def acting_for(user, permission, territory):
    """The organisations in whose name `user` holds `permission` in this territory, as a QuerySet."""
    held = user.organisations_with(permission)
    keys = [organisation for place, organisation in held if place == territory.pk]
    return Organisation.objects.filter(pk__in=keys)
