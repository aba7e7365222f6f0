from django.db import migrations

from logement.triggers import append_only


class Migration(migrations.Migration):
    """A figure is never rewritten: the database itself refuses it."""

    dependencies = [("axes", "0002_initial")]
    operations = [append_only("axes_entry")]
