"""After 0011 in a transaction of its own: PostgreSQL alters no table that waits for checks of its keys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("axes", "0011_line_axis")]

    operations = [
        migrations.AlterField(
            model_name="line",
            name="axis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="axes.axis",
                verbose_name="axe",
            ),
        ),
    ]
