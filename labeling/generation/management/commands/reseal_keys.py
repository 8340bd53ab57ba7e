"""Seal the keys of model servers with the newest of SEALING_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.generation.services.sealing import CannotOpen
from labeling.generation.services.servers import reseal_keys


class Command(BaseCommand):
    """Seal every key anew, after a new one was put first in SEALING_KEYS."""

    help = "Seal the keys of model servers with the first of SEALING_KEYS; then drop the old one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal all, or none and say why."""
        try:
            count = reseal_keys()
        except CannotOpen as error:
            raise CommandError(
                "A key cannot be opened, and nothing was changed. Put the key that sealed it "
                "behind the first of SEALING_KEYS, or set that server's key anew."
            ) from error
        self.stdout.write(f"{count} keys are sealed with the first of SEALING_KEYS.")
