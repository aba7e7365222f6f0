"""The lists of the ground floor."""

import django_tables2 as tables

from logement.models import AccessLog
from logement.templatetags.ui import datetime_fr

NUMBERS = {"td": {"class": "num"}, "th": {"class": "num"}}


def arrange(table, request, *, per_page):
    """Sorts the list by the columns that the address names, and shows the page that it names or the nearest one.

    In place of `RequestConfig`, which takes from the address any path to sort by and any length of page.
    """
    table.request = request
    asked = request.GET.getlist(table.prefixed_order_by_field)
    if known := [alias for alias in asked if alias.removeprefix("-") in table.columns]:
        table.order_by = known
    table.paginate(per_page=per_page)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))


class AccessLogTable(tables.Table):
    caption = "Lectures et exports des registres, sur douze mois"
    at = tables.Column(verbose_name="Le")
    actor = tables.Column(verbose_name="Par")
    organisation = tables.Column(
        verbose_name="Lignes de", default="plusieurs associations", order_by="organisation__name"
    )
    count = tables.Column(verbose_name="Lignes", accessor="rows", attrs=NUMBERS)

    class Meta:
        model = AccessLog
        fields = ["at", "actor", "act", "register", "organisation", "count", "detail", "reason"]
        attrs = {"class": "table table-dense table-stack"}
        empty_text = "Aucune lecture ni aucun export."

    def render_at(self, value):
        return datetime_fr(value)

    def render_actor(self, record):
        return f"{record.actor} ({record.email})"
