"""Template tags of the plan."""

from datetime import date

from django import template
from django.forms import ChoiceField, ModelChoiceField
from django.urls import reverse
from django.utils.safestring import mark_safe
from django_prose_editor.widgets import prose_editor_base_media
from js_asset import Media, Script

from axes.models import Submission
from axes.periods import day_label
from axes.shown import Shown
from logement.richtext import parse, to_html
from logement.roles import Permission as P
from logement.templatetags.ui import state_badge

register = template.Library()

#: The tabs of an exercise: title, address name, the permissions of which one is enough.
TABS = [
    ("Tableau de bord", "axes:dashboard", (P.EDIT_PLAN,)),
    ("Axes et actions", "axes:axes", (P.VIEW_LINES, P.VIEW_OWN_LINES)),
    ("Textes", "axes:chapters", (P.EDIT_PLAN,)),
    ("Indicateurs", "axes:indicators", (P.VIEW_FIGURES, P.VIEW_OWN_FIGURES)),
    ("Événements", "axes:gatherings", (P.VIEW_LINES, P.VIEW_OWN_LINES)),
    ("Chiffres", "axes:sources", (P.VIEW_REGISTER_COUNTS, P.VIEW_OWN_REGISTERS)),
    ("Bilans", "axes:submissions", (P.ANSWER_CAMPAIGN,)),
    ("Campagne", "axes:campaign", (P.RUN_CAMPAIGN,)),
    ("Rapport", "reporting:report", (P.VIEW_DRAFT_REPORT, P.VIEW_SHARED_REPORT)),
]

#: The badge of each state of a submission: what waits for the lead stands out.
SUBMISSION_BADGES = {
    Submission.State.TO_FILL: "to_fill",
    Submission.State.DRAFT: "draft",
    Submission.State.SENT: "running",
    Submission.State.RETURNED: "returned",
    Submission.State.VALIDATED: "validated",
}


@register.inclusion_tag("axes/_year_nav.html", takes_context=True)
def year_nav(context, year):
    """The tabs of an exercise that its reader may open. The current one is that which the view names (`tab`), else the
    longest that the address begins with."""
    request = context["request"]
    tabs = [
        (title, name, reverse(name, args=[year.territory.code, year.number]))
        for title, name, permissions in TABS
        if any(request.user.may(permission, year.territory_id) for permission in permissions)
    ]
    current = max((url for _, _, url in tabs if request.path.startswith(url)), key=len, default="")
    current = next((url for _, name, url in tabs if name == context.get("tab")), current)
    return {
        "year": year,
        "tabs": [{"title": title, "url": url, "is_current": url == current} for title, _, url in tabs],
    }


@register.simple_tag(takes_context=True)
def editor_media(context):
    """The scripts and styles of the rich-text editor, with the nonce that the page's policy asks for."""
    media = prose_editor_base_media + Media(
        css={"all": ["css/editor.css"]},
        js=[reverse("javascript_catalog"), Script("js/prose.js", type="module")],
    )
    return media.with_nonce(context["request"].csp_nonce)


@register.filter
def rich(content):
    """A stored rich text as HTML: parsed into its few nodes and written again, so nothing else can come out."""
    return mark_safe(to_html(parse(content)))  # noqa: S308  every character of it was escaped by to_html


@register.filter
def shown_as(text, shown):
    """The Shown of a text among those that the view prepared; for who does not write the report, its words alone."""
    return shown.get(text.pk) or Shown(text.content)


@register.filter
def heading(column, year):
    return column.heading_for(year.number)


@register.filter
def short_axis(axis):
    """« Axe 3 », or the first words of an axis without number."""
    return f"Axe {axis.number}" if axis.number is not None else truncate_words(axis.label, 3)


def truncate_words(text, count):
    words = text.split()
    return text if len(words) <= count else " ".join(words[:count]) + "…"


@register.filter
def initial_words(field):
    """The initial value of a bound field in words, for the conflict notice."""
    value = field.initial
    if hasattr(value, "all"):
        return ", ".join(str(item) for item in value) or "—"
    if isinstance(field.field, ChoiceField) and not isinstance(field.field, ModelChoiceField):
        return dict(field.field.choices).get(value, value)
    return "—" if value in (None, "") else value


@register.filter
def lead_badge(submission):
    """The state of a partner's submission, as the lead reads it."""
    return state_badge(submission.lead_state, SUBMISSION_BADGES[submission.state])


@register.filter
def cell_words(content):
    """A cell of a list of rows: a day in French, « oui » or « non », nothing as a dash."""
    if content is None or content == "":
        return "—"
    if isinstance(content, bool):
        return "oui" if content else "non"
    return day_label(content) if isinstance(content, date) else content
