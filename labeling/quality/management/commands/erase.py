"""Erase a person or a prompt, or do again what a restored backup has brought back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.accounts.models import User
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.prompts.models import Prompt
from labeling.quality.services.erasing import ON_REQUEST, erase_person, erase_prompt
from labeling.quality.services.remembering import erase_again, note_erasures

OF_PERSON = """Person {key}, who has the address {name}, in every campaign:
  gone: name, address, password, every way in, memberships, and every text they wrote or were told
  left: their judgments without texts, under a number that is nobody's any more
"""
OF_PROMPT = """Prompt {key} of the campaign "{name}":
  gone: its turns, its responses, every word about it; nobody is asked about it any more
  left: its judgments without texts
"""
ALWAYS = """Issued exports with rows that rest on it are withdrawn: their files are deleted.
Nothing brings it back. Copies that others have, and backups, are not reached.
"""


class Command(BaseCommand):
    """Erase one thing for good."""

    help = "Erase a person or a prompt for good, or again after a backup was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is erased."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--person", metavar="ADDRESS", help="the e-mail address of a person")
        what.add_argument("--prompt", metavar="ID", type=int, help="the number of a prompt")
        what.add_argument(
            "--again", action="store_true", help="erase all that was ever erased: after a restore"
        )
        parser.add_argument("--reason", default=ON_REQUEST, help="why a prompt; it is logged")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what will be lost, ask, erase, and have exports looked through."""
        if options["again"]:
            self._again()
            return
        found = _found(options["person"], options["prompt"])
        if not options["yes"]:
            self._ask(found)
        try:
            is_new = _erase(found, options["reason"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        note_erasures()
        ring("exports.find_removals")
        self.stdout.write("It is erased." if is_new else "It was erased before. Nothing is left.")

    def _ask(self, found: User | Prompt) -> None:
        if isinstance(found, User):
            self.stdout.write(OF_PERSON.format(key=found.pk, name=found.email))
        else:
            self.stdout.write(OF_PROMPT.format(key=found.pk, name=found.campaign.name))
        self.stdout.write(ALWAYS)
        if input("Type the word erase to go on: ").strip() != "erase":
            raise CommandError("Nothing was erased.")

    def _again(self) -> None:
        refused = 0
        for one in erase_again(now=database_now()):
            self.stdout.write(f"{one.target} {one.outcome}")
            refused += one.is_refused
        note_erasures()
        ring("exports.find_removals")
        if refused:
            raise CommandError(f"{refused} could not be erased again; see above.")


def _found(address: str | None, prompt_id: int | None) -> User | Prompt:
    found: User | Prompt | None
    if address is not None:
        found, missing = User.objects.filter(email__iexact=address).first(), f"address {address}"
    else:
        prompts = Prompt.objects.select_related("campaign__created_by")
        found, missing = prompts.filter(pk=prompt_id or 0).first(), f"number {prompt_id}"
    if found is None:
        raise CommandError(f"Nothing has the {missing}.")
    return found


def _erase(found: User | Prompt, reason: str) -> bool:
    if isinstance(found, User):
        return erase_person(person=found, by=None, now=database_now())
    by = found.campaign.created_by
    return erase_prompt(prompt=found, by=by, reason=reason, now=database_now())
