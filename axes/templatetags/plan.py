"""Template tags of the plan."""

from django import template
from django.urls import reverse

from logement.roles import Permission as P

register = template.Library()

#: The tabs of an exercise: title, address name, the permissions of which one is enough.
TABS = [
    ("Tableau de bord", "axes:dashboard", (P.EDIT_PLAN,)),
    ("Axes et actions", "axes:axes", (P.VIEW_LINES, P.VIEW_OWN_LINES)),
    ("Textes", "axes:chapters", (P.EDIT_PLAN,)),
    ("Indicateurs", "axes:indicators", (P.VIEW_FIGURES, P.VIEW_OWN_FIGURES)),
    ("Rapport", "reporting:report", (P.VIEW_DRAFT_REPORT, P.VIEW_SHARED_REPORT)),
]


@register.inclusion_tag("axes/_year_nav.html", takes_context=True)
def year_nav(context, year, current):
    """The tabs of an exercise that its reader may open; `current` is the address name of the open one."""
    user = context["request"].user
    tabs = [
        {"title": title, "url": reverse(name, args=[year.territory.code, year.number]), "is_current": name == current}
        for title, name, permissions in TABS
        if any(user.may(permission, year.territory_id) for permission in permissions)
    ]
    return {"year": year, "tabs": tabs}
