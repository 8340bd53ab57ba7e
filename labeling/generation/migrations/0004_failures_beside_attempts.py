"""Count what failed apart from what was taken up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the count; candidates under way begin anew with it."""

    dependencies = [("generation", "0003_rounds_and_routing")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
