
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0002_thresholds_hold_from_a_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='distributionlist',
            name='language',
            field=models.CharField(choices=[('nl', 'Dutch'), ('en', 'English')], default='nl', max_length=5, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='historicaldistributionlist',
            name='language',
            field=models.CharField(choices=[('nl', 'Dutch'), ('en', 'English')], default='nl', max_length=5, verbose_name='language'),
        ),
    ]
