"""Fill an empty installation for the load: `python -m tests.faults.prepare PEOPLE PROMPTS`."""

import json
import sys
from importlib import import_module

import django
from django.core.management import call_command

RESPONSES = 5  # of each prompt, which makes ten pairs
OVERLAP = 3


def main(people: int, prompts: int) -> None:
    """Make the tables, a campaign with pairs and its people; print what a client needs."""
    call_command("migrate", verbosity=0)
    factories, stock = import_module("tests.factories"), import_module("tests.stock")
    models = import_module("labeling.assignment.models")
    campaign = factories.make_campaign(overlap=OVERLAP)
    models.Allocation.objects.update_or_create(
        campaign=campaign, defaults={"share_percent": 100, "repeat_percent": 0}
    )
    stock.stock(campaign, prompts, texts=[f"answer {number}" for number in range(RESPONSES)])
    members = [factories.make_member(campaign).email for _ in range(people)]
    found = {"campaign": campaign.pk, "people": members, "password": factories.PASSWORD}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
