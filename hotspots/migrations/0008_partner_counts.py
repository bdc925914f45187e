from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hotspots", "0007_gate_notices_and_questions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="slice",
            name="source",
            field=models.CharField(
                choices=[
                    ("street", "police.uk street-level crime"),
                    ("outcomes", "police.uk outcomes"),
                    ("searches", "police.uk stop and search"),
                    ("api", "data.police.uk API"),
                    ("mps-ward", "Metropolitan Police ward table"),
                    ("mps-borough", "Metropolitan Police borough table"),
                    ("partner", "Partners' monthly counts"),
                    ("partner-quarter", "Partners' quarterly counts"),
                ],
                max_length=20,
            ),
        ),
    ]
