"""Push a ready export to the Hub, from the command line alone."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]  # documented, unlisted

from exports.queries import export_in
from exports.services.pushing import push_export
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.errors import DomainError


class Command(BaseCommand):
    """Commit the files of an export to a dataset repository; print the commit's address."""

    help = "Push a ready export to a dataset repository of the Hub. It cannot be taken back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the export, the repository, and what may leave the deployment."""
        parser.add_argument("campaign", type=int)
        parser.add_argument("export", type=int)
        parser.add_argument("repo", metavar="OWNER/NAME")
        parser.add_argument(
            "--public", action="store_true", help="make the repository public, or take a public one"
        )
        parser.add_argument(
            "--with-judgments", action="store_true", help="send the reasons that people typed, too"
        )
        parser.add_argument(
            "--despite-revoked", action="store_true", help="send rows that rest on what is revoked"
        )
        parser.add_argument("--as-user", metavar="EMAIL", help="whom the audit log names")

    def handle(self, *args: Any, **options: Any) -> None:
        """Push and report; a refusal ends with 1."""
        if not sys.stderr.isatty():
            disable_progress_bars()
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        user = _user(options["as_user"])
        try:
            address = push_export(
                export=export_in(campaign, options["export"]),
                repo_id=options["repo"],
                private=not options["public"],
                with_judgments=options["with_judgments"],
                despite_revoked=options["despite_revoked"],
                by=user,
                say=self.stdout.write,
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(address)


def _user(email: str | None) -> User | None:
    if email is None:
        return None
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody has the address {email}.")
    return found
