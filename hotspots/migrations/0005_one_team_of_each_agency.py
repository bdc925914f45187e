"""A ward's team is one of each agency: that another keeps a team, which may be hidden, must not be felt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotspots", "0004_ward_teams")]

    operations = [
        migrations.RemoveConstraint("wardteam", "one_team_of_a_ward_now"),
        migrations.AddConstraint(
            "wardteam",
            models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("owner", "ward"),
                name="one_team_of_an_agency_and_ward_now",
            ),
        ),
    ]
