from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0004_who_suspended_an_agreement_and_what_it_replaces'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='sent',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
