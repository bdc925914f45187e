from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_place_counts_and_candidate_sets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="candidate",
            name="hot_class",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("consecutive", "Consecutive"),
                    ("intensifying", "Intensifying"),
                    ("persistent", "Persistent"),
                    ("diminishing", "Diminishing"),
                    ("sporadic", "Sporadic"),
                    ("oscillating", "Oscillating"),
                    ("historical", "Historical"),
                    ("none", "No pattern"),
                    ("unknown", "Not known"),
                ],
                max_length=20,
            ),
        ),
    ]
