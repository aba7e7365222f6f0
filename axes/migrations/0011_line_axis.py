"""Each line says the axis of its table: its action may move to the next convention (docs/adr)."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    actions = apps.get_model("axes", "Action").objects.filter(pk=OuterRef("action"))
    for name in ("Line", "HistoricalLine"):
        apps.get_model("axes", name).objects.update(axis=Subquery(actions.values("axis")[:1]))


class Migration(migrations.Migration):
    dependencies = [("axes", "0010_key_figures")]

    operations = [
        migrations.AddField(
            model_name="line",
            name="axis",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="axes.axis",
                verbose_name="axe",
            ),
        ),
        migrations.AddField(
            model_name="historicalline",
            name="axis",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="axes.axis",
                verbose_name="axe",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
