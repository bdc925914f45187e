"""Of which gates other systems were told, and the questions that gates begin with."""

from django.db import migrations, models

QUESTIONS = {
    "prepare": (
        "Are the boundary, the displacement ring and the comparison places fixed?",
        "Is the baseline fixed, and does it leave out the period in which the place was selected?",
        "Has each responsible authority named who leads for it?",
        "Are the sharing agreement and the data protection impact assessment in force?",
    ),
    "clear": (
        "Is the principal threat, such as an organised crime group, disrupted?",
        "Is a contingency plan written, so that nobody else fills the gap?",
        "Are the conditions of orders in force, and are the ward teams briefed on them?",
    ),
    "hold": (
        "Has recorded crime stayed inside or below its baseline range for the months agreed?",
        "Is there no sign of displacement to the ring around the place?",
        "Is crime at the repeat locations falling?",
    ),
    "build": (
        "Does each root cause in the analysis have an owner outside policing?",
        "Has the community survey been repeated?",
        "Are somebody who keeps the place safe from now on, and a review date, named?",
    ),
    "sustain": (
        "Are the triggers defined that would bring the place back?",
        "Has the look-back after 6 or 12 months been held?",
    ),
}


def add(apps, schema_editor):
    question = apps.get_model("hotspots", "GateQuestion")
    question.objects.bulk_create(
        question(phase=phase, text=text, position=position)
        for phase, texts in QUESTIONS.items()
        for position, text in enumerate(texts)
    )


class Migration(migrations.Migration):
    dependencies = [("hotspots", "0006_hotspots_and_phases")]

    operations = [
        migrations.AddField("phaseperiod", "told_soon", models.DateField(blank=True, null=True)),
        migrations.AddField("phaseperiod", "told_overdue", models.DateField(blank=True, null=True)),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
