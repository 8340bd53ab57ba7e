"""Give every campaign its first round, and the version of its guide."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make round 1 of each campaign, and note the version of the guide in force."""
    campaigns = apps.get_model("campaigns", "Campaign").objects
    rounds = apps.get_model("campaigns", "Round").objects
    rounds.bulk_create(
        rounds.model(campaign_id=pk, number=1, name="Round 1")
        for pk in campaigns.values_list("pk", flat=True)
    )
    for campaign in campaigns.annotate(latest=Max("guidelines__version")).exclude(latest=None):
        campaigns.filter(pk=campaign.pk).update(guideline_version=campaign.latest)


class Migration(migrations.Migration):
    """Fill what 0002 added."""

    dependencies: ClassVar = [("campaigns", "0002_rounds_and_routing")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
