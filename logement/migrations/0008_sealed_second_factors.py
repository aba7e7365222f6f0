from django.db import migrations

from logement.sealing import seal, sealed_data, unseal


def change_all(change):
    def run(apps, schema_editor):
        for factor in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
            factor.data = sealed_data(factor.data, change)
            factor.save(update_fields=["data"])

    return run


class Migration(migrations.Migration):
    dependencies = [("logement", "0007_people_come_in"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(change_all(seal), change_all(unseal))]
