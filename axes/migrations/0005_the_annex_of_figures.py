from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0004_registers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='block',
            name='kind',
            field=models.CharField(choices=[('text', 'Texte'), ('actions', "Tableau d'actions d'un axe"), ('axes', 'Liste des axes'), ('context', 'Chiffres de contexte'), ('figures', "Chiffres de l'exercice")], max_length=10, verbose_name='nature'),
        ),
    ]
