"""How numbers, dates, states and filters show on the French screens. Nothing here knows the domain's rules.

`{{ 34500|number }}`, `{{ sum|money }}`, `{{ rate|percent }}`, `{{ at|datetime_fr }}`, `{{ day|date_fr }}`,
`{{ word|state_badge:code }}`, `{{ table|result_count }}`, `{% active_filters filter as chips %}`,
`{{ sentence|quotes_held }}`, `{% watched request %}`.
"""

import datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import stringfilter
from django.utils import dates, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from logement.numbers import NO_BREAK_SPACE, format_number, round_half_up
from logement.unsent import mark_of

register = template.Library()

# A state is a shape, a tone and a word: never a colour alone. 16 x 16, drawn in the colour of the text.
DISC = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z"
RING = f"{DISC}m0 1.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8z"
SHAPES = {
    "check": f"{DISC}m-1 10.3L3.6 7.9l1.2-1.2L7 8.9l4.2-4.2 1.2 1.2z",
    "half": f"{DISC}m0 1.8v10.4A5.2 5.2 0 0 1 8 2.8z",
    "play": f"{RING}M6.4 5v6L11 8z",
    "later": f"{RING}M7.1 4.4v4.3h3.8V7.2H8.7V4.4z",
    "cross": f"{DISC}M5.6 4.4 8 6.8l2.4-2.4 1.2 1.2L9.2 8l2.4 2.4-1.2 1.2L8 9.2l-2.4 2.4-1.2-1.2L6.8 8 4.4 5.6z",
    "alert": "M8 1l7.3 13.4H.7zM7.2 5.6v4.6h1.6V5.6zm0 5.6v1.6h1.6v-1.6z",
    "ring": RING,
    "lock": "M8 1a3.6 3.6 0 0 0-3.6 3.6V7H3v8h10V7h-1.4V4.6A3.6 3.6 0 0 0 8 1z"
    "m0 1.7a1.9 1.9 0 0 1 1.9 1.9V7H6.1V4.6A1.9 1.9 0 0 1 8 2.7z",
    "diamond": "M8 1l7 7-7 7-7-7zm0 2.5L3.5 8 8 12.5 12.5 8z",
}
BADGES = {
    # outcomes of an action
    "done": ("good", "check"),
    "partial": ("warn", "half"),
    "ongoing": ("active", "play"),
    "postponed": ("warn", "later"),
    "dropped": ("bad", "cross"),
    "not_started": ("idle", "ring"),
    # an exercise
    "preparation": ("idle", "ring"),
    "collection": ("active", "play"),
    "writing": ("active", "play"),
    "review": ("active", "half"),
    "sent": ("good", "check"),
    "closed": ("good", "lock"),
    # a job
    "queued": ("idle", "later"),
    "running": ("active", "play"),
    "failed": ("bad", "alert"),
    # a partner's submission
    "to_fill": ("idle", "ring"),
    "draft": ("active", "half"),
    "returned": ("warn", "alert"),
    "validated": ("good", "lock"),
    # a version of a report
    "final": ("good", "lock"),
    "reopened": ("warn", "half"),
    # what the State asks
    "waiting": ("warn", "later"),
    "answered": ("good", "check"),
    "settled": ("good", "lock"),
    "withdrawn": ("idle", "ring"),
    # the health of the instance
    "ok": ("good", "check"),
    "à surveiller": ("warn", "alert"),
    "en panne": ("bad", "cross"),
    # a text or a figure
    "missing": ("idle", "ring"),
    "stale": ("warn", "alert"),
}
MISSING_BADGE = ("idle", "ring")
OTHER_BADGE = ("plain", "diamond")


def _decimal(value):
    """`value` as a Decimal, or None when there is no number in it."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def number(value, places=4):
    """34500 -> « 34 500 », Decimal("5.8000") -> « 5,8 »; at most `places` decimals, rounded half up. None -> ""."""
    amount = _decimal(value)
    return "" if amount is None else format_number(round_half_up(amount, int(places)))


@register.filter
def money(value):
    """2770 -> « 2 770 € », 12.5 -> « 12,50 € »: cents only when there are some. None -> ""."""
    amount = _decimal(value)
    if amount is None:
        return ""
    cents = round_half_up(amount, 2)
    return format_number(cents, 0 if cents == cents.to_integral_value() else 2) + NO_BREAK_SPACE + "€"


@register.filter
def percent(value, places=1):
    """A value already in hundredths: 96.25 -> « 96,3 % ». None -> ""."""
    text = number(value, places)
    return text and text + NO_BREAK_SPACE + "%"


@register.filter(is_safe=True)
@stringfilter
def quotes_held(text):
    """« mot » -> the same, whose guillemets stay on the line of their word."""
    return text.replace("« ", f"«{NO_BREAK_SPACE}").replace(" »", f"{NO_BREAK_SPACE}»")


@register.filter
def date_fr(value):
    """A day (or the day of a moment, in Paris) -> « 1er mars 2024 ». None -> ""."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    day = "1er" if value.day == 1 else value.day
    return f"{day}{NO_BREAK_SPACE}{dates.MONTHS[value.month]} {value.year}"


def time_fr(value):
    """A moment -> « 14 h 05 », in Paris."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local.minute:02d}"


@register.filter
def datetime_fr(value):
    """A moment -> « 12 mars 2024 à 14 h 05 », in Paris. None -> ""."""
    return f"{date_fr(value)} à {time_fr(value)}" if value else ""


@register.filter
def state_badge(label, code=None):
    """`{{ word|state_badge:code }}`; a member of a TextChoices needs no code. No word -> « À renseigner »."""
    if not label:
        tone, shape = MISSING_BADGE
        label = "À renseigner"
    else:
        tone, shape = BADGES.get(str(label if code is None else code), OTHER_BADGE)
        label = getattr(label, "label", label)
    return format_html(
        '<span class="badge-state is-{}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path fill-rule="evenodd" d="{}"/></svg>{}</span>',
        tone,
        mark_safe(SHAPES[shape]),  # noqa: S308 - a constant of this module
        label,
    )


@register.filter
def result_count(table):
    """« 1 résultat », « 1 234 résultats » of a django-tables2 table, on all its pages."""
    page = getattr(table, "page", None)
    count = page.paginator.count if page else len(table.rows)
    return f"{number(count)} résultat{'s' if count > 1 else ''}"


@register.simple_tag
def active_filters(filterset):
    """The filters in force of a FilterSet: [{label, value, url}], the url being the list without this one."""
    data = filterset.data or QueryDict()
    return [
        {"label": field.label, "value": _word(field, value), "url": _without(data, name, value)}
        for field in filterset.form.visible_fields()
        for name in _names(field)
        for value in data.getlist(name)
        if value
    ]


def _word(field, value):
    """What the reader sees for a value as it is sent: the label of a choice, or the value."""
    choices = getattr(field.field.widget, "choices", ())
    return next((label for code, label in _flat(choices) if str(code) == value), value)


def _names(field):
    """The names under which a field is sent: one, or one for each end of a range."""
    suffixes = getattr(field.field.widget, "suffixes", None)
    return [f"{field.html_name}_{suffix}" for suffix in suffixes] if suffixes else [field.html_name]


def _without(data, name, value):
    """The address of the list without one value of one filter, on its first page."""
    rest = data.copy()
    rest.pop("page", None)
    rest.setlist(name, [other for other in data.getlist(name) if other != value])
    return f"?{rest.urlencode()}"


def _flat(choices):
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


@register.simple_tag
def watched(request):
    """What the scripts know of the page: who opened it, when the session ends, how much a form may hold."""
    mark = mark_of(request)
    ends_at = getattr(request.session, "ends_at", None) if mark else None
    facts = {
        "typed-by": mark,
        "is-guest": "1" if mark and not request.user.is_authenticated else "",
        "session-ends": int(ends_at.timestamp()) if ends_at else "",
        "session-warning": settings.SESSION_WARNING,
        "most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }
    return format_html_join(" ", 'data-{}="{}"', facts.items())
