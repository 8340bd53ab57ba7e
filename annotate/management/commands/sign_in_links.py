"""manage.py sign_in_links: let the demo's people in."""

from typing import Any
from urllib.parse import urlencode

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from annotate.demo import ANNOTATOR, MANAGER, PAIRS, campaign_of_demo
from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import User
from labeling.accounts.queries import link_url
from labeling.accounts.services.links import give_link
from labeling.clock import database_now


class Command(BaseCommand):
    """Print a fresh single-use sign-in link for the demo's manager and for its annotator."""

    help = "Print fresh single-use sign-in links for the demo's manager and annotator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a person: the role, then the link."""
        campaign = campaign_of_demo(PAIRS)
        if campaign is None:
            raise CommandError("The demo is not loaded. Run: manage.py load_demo")
        for role, email, place in (
            ("manager", MANAGER, "campaign"),
            ("annotator", ANNOTATOR, "rank"),
        ):
            signed = give_link(
                user=User.objects.get(email=email),
                purpose=LinkPurpose.SIGN_IN,
                created_by=None,
                now=database_now(),
            )
            query = urlencode({"next": reverse(place, args=[campaign.pk])}, safe="/")
            self.stdout.write(f"{role:<10} {link_url(signed)}?{query}")
