"""The lists of the ground floor."""

import django_tables2 as tables

from logement.models import AccessLog
from logement.templatetags.ui import datetime_fr

NUMBERS = {"td": {"class": "num"}, "th": {"class": "num"}}


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
