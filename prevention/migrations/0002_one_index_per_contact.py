import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('prevention', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='household',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='prevention.household', verbose_name='ménage'),
        ),
        migrations.AlterField(
            model_name='contactchannel',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='channels', to='prevention.contact', verbose_name='contact'),
        ),
        migrations.AlterField(
            model_name='contactsubject',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='prevention.contact', verbose_name='contact'),
        ),
    ]
