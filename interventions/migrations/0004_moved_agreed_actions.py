from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interventions", "0003_registers_of_earlier_records")]

    operations = [
        migrations.AddField(
            model_name="agreedaction",
            name="moved_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="agreedaction",
            name="moved_why",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
