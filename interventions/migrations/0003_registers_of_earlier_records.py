"""Gives records from before there were registers their row in the register of their kind."""

from django.db import migrations

# Kind -> table, and what its columns that cannot be null hold where nobody said anything.
_TABLES = {
    "interventions_patrol": (("patrol",), {"purpose": "''"}),
    "interventions_licensingvisit": (
        ("licensing", "test-purchase"),
        {
            **dict.fromkeys(("sort", "premises_name", "licence_number", "uprn", "joint_with", "next_band"), "''"),
            **dict.fromkeys(("advice_given", "warning_given", "review_requested"), "false"),
        },
    ),
    "interventions_walk": (("walk",), dict.fromkeys(("light", "weather", "took_part"), "''")),
    "interventions_buildactivity": (
        ("outreach", "treatment", "youth", "community"),
        dict.fromkeys(("programme", "provider"), "''"),
    ),
    "interventions_jointwork": (
        ("school", "joint"),
        dict.fromkeys(("together_with", "topic", "outcome"), "''"),
    ),
    "interventions_warrant": (
        ("warrant",),
        {
            "power": "'other'",
            "court": "''",
            "entries_allowed": "1",
            "entry_forced": "false",
            "unit": "''",
            "damage": "''",
            "follow_up": "'{}'",
            "result": "''",
        },
    ),
}


def _forwards() -> str:
    statements = []
    for table, (kinds, values) in _TABLES.items():
        columns = ", ".join(f'"{name}"' for name in values)
        named = ", ".join(f"'{kind}'" for kind in kinds)
        statements.append(
            f"INSERT INTO {table} (intervention_ptr_id, {columns}) "  # noqa: S608 - names of our own, from above
            f"SELECT id, {', '.join(values.values())} FROM interventions_intervention WHERE kind IN ({named})"
        )
    return "; ".join(statements)


class Migration(migrations.Migration):
    dependencies = [("interventions", "0002_orders_powers_and_working_together")]

    operations = [migrations.RunSQL(_forwards(), migrations.RunSQL.noop)]
