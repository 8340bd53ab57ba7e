from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assignment", "0006_vote_value_due")]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="share_people",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
