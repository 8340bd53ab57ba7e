"""Build the toy chat model that the demo campaign generates with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.generation.backends.port import BackendUnavailable
from labeling.generation.queries.offers import toy_folder
from labeling.generation.services.toy import build_toy_model


class Command(BaseCommand):
    """Train the toy model in about a minute, unless it is there already."""

    help = "Train a tiny chat model from the demo text, in the models folder (a toy)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --force."""
        parser.add_argument("--force", action="store_true", help="build it anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say what it took."""
        try:
            trained = build_toy_model(force=options["force"])
        except BackendUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
        if trained is None:
            self.stdout.write(f"{toy_folder()} is there already; --force builds it anew.")
            return
        self.stdout.write(
            f"Built {toy_folder()} in {trained.seconds:.0f} s: {trained.parameters:,} parameters, "
            f"{trained.steps} steps, loss {trained.loss:.2f}. It is a toy."
        )
