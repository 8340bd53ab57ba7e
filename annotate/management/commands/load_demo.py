"""manage.py load_demo: bring the demo campaigns in, once."""

from typing import Any

from django.core.management.base import BaseCommand

from annotate.demo import DEMOS, load


class Command(BaseCommand):
    """Bring the demo campaigns in; a second run changes nothing."""

    help = "Bring the demo campaigns in, with a manager and an annotator without passwords."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each demo campaign."""
        for demo in DEMOS:
            campaign = load(demo)
            count = campaign.comparisons.count()
            self.stdout.write(f"{campaign.name}: {count} comparisons")
