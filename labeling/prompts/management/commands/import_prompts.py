"""Import a file of prompts into a campaign, here and now."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.accounts.models import User
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import PromptSet
from labeling.prompts.queries import problems_of
from labeling.prompts.services import import_prompt_set, receive_file


class Command(BaseCommand):
    """Import a file of prompts; exits with 1 when the file, or every row of it, is refused."""

    help = (
        "Import prompts from a JSONL, CSV or Parquet file into a campaign. Exits with 1 when the "
        "file, or every row of it, is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("campaign", type=int, help="the campaign's number")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=FileFormat.values, help="found out from the file unless told"
        )
        parser.add_argument(
            "--as-user", metavar="EMAIL", help="who imports (default: who created the campaign)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file and print what became of it."""
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        user = _user(campaign, options["as_user"])
        given = options["format"]
        try:
            with options["file"].open("rb") as stream:
                prompt_set, created = receive_file(
                    campaign=campaign,
                    user=user,
                    name=options["file"].name,
                    stream=stream,
                    now=database_now(),
                    format=FileFormat(given) if given else None,
                )
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._say_known(prompt_set, created=created)
        self._finish(
            import_prompt_set(
                prompt_set_id=prompt_set.pk, now=database_now(), report=self._progress
            )
        )

    def _say_known(self, prompt_set: PromptSet, *, created: bool) -> None:
        if not created:
            self.stdout.write(f"The campaign has this file already, as import {prompt_set.pk}.")

    def _progress(self, prompt_set: PromptSet) -> None:
        self.stdout.write(
            f"{prompt_set.get_state_display()}: {prompt_set.handled_rows:,} of "
            f"{prompt_set.checked_rows:,} rows handled"
        )

    def _finish(self, prompt_set: PromptSet) -> None:
        for problem in problems_of(prompt_set):
            field = f" {problem.field}:" if problem.field else ""
            self.stdout.write(f"row {problem.row}:{field} {problem.reason} [{problem.code}]")
        if prompt_set.state == PromptSetState.FAILED:
            raise CommandError(f"{prompt_set.error} [{prompt_set.error_code}]")
        if not prompt_set.is_finished:
            raise CommandError("Another process is importing this file. Look again in a minute.")
        self.stdout.write(f"Import {prompt_set.pk}: {prompt_set.counts}.")
        if prompt_set.refused_rows == prompt_set.handled_rows:
            raise CommandError("Every row was refused; nothing was stored.")
        ring("generation.adopt_responses", prompt_set_id=prompt_set.pk)
        self.stdout.write("The worker makes candidates of the responses that came along, if any.")


def _user(campaign: Campaign, email: str | None) -> User:
    if email is None:
        return campaign.created_by
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email}.")
    return user
