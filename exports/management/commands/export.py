"""Ask for an export and write it, from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports.client.choices import read_choice
from exports.enums import ExportState
from exports.selection import read_selection
from exports.services.folders import address_of
from exports.services.requests import request_export
from exports.services.writing import write_export
from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.errors import DomainError


class Command(BaseCommand):
    """Write an export of a campaign in this process; print where it is."""

    help = "Write an export of a campaign, and print the folder and the checksum of its data."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the campaign, who asks, and the choices of the selection."""
        parser.add_argument("campaign", type=int)
        parser.add_argument(
            "--as-user", metavar="EMAIL", help="who asks (default: who created the campaign)"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="CHOICE=VALUE",
            help='a choice of the selection, its value as JSON or text: configs=["trl","kto"]',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, write and report; a refusal or a failure ends with 1."""
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        try:
            selection = read_selection(dict(map(read_choice, options["set"])))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        except ValueError as error:
            raise CommandError(str(error)) from error
        user = _user(options["as_user"], campaign)
        asked, _ = request_export(
            campaign=campaign, user=user, selection=selection, now=database_now()
        )
        written = write_export(export_id=asked.pk, now=database_now())
        if written is None:
            raise CommandError(f"Another worker is writing export {asked.pk}.")
        if written.state != ExportState.READY:
            raise CommandError(f"Export {written.pk}: {written.error}")
        self.stdout.write(f"Export {written.pk}: {written.pair_count} pairs")
        self.stdout.write(address_of(written))
        self.stdout.write(f"sha256 {written.manifest['data_sha256']}")


def _user(email: str | None, campaign: Campaign) -> User:
    if email is None:
        return campaign.created_by
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody has the address {email}.")
    return found
